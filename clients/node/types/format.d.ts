/**
 * Makes the text format for a Zod schema, as openai/helpers/zod does:
 *
 *     await client.responses.parse({input, text: {format: zodTextFormat(Person, 'person')}})
 *
 * @template T
 * @param {import('../types/api.js').Schema<T>} schema
 * @param {string} name
 * @returns {import('../types/api.js').ParseableFormat<T>}
 */
export declare function zodTextFormat<T>(schema: import('../types/api.js').Schema<T>, name: string): import('../types/api.js').ParseableFormat<T>;
/**
 * Makes a function tool whose arguments have the form of a Zod schema, as
 * openai/helpers/zod does. Of a response that was parsed its calls have
 * `parsed_arguments`, which the schema has checked.
 *
 * @template T
 * @param {{name: string, parameters: import('../types/api.js').Schema<T>, description?: string, function?: (args: T) => unknown}} options
 * @returns {import('../types/api.js').ParseableTool<T>}
 */
export declare function zodResponsesFunction<T>({ name, parameters, description, function: callback }: {
    name: string;
    parameters: import('../types/api.js').Schema<T>;
    description?: string;
    function?: (args: T) => unknown;
}): import('../types/api.js').ParseableTool<T>;
/**
 * What a call of responses.parse comes to: the method to call, with what
 * parameters, and what makes of its result the response with its values.
 *
 * @param {any} params
 * @returns {{method: string, params: object, finish: (result: any) => Promise<any>}}
 */
export declare function parsing({ text_format: given, text, ...rest }: any): {
    method: string;
    params: object;
    finish: (result: any) => Promise<any>;
};
/**
 * What a call of responses.stream comes to: as {@link parsing}, of a call of
 * responses.create.
 *
 * @param {any} params
 * @returns {{params: object, finish: (response: any) => Promise<any>}}
 */
export declare function streaming({ text_format: given, text, ...rest }: any): {
    params: object;
    finish: (response: any) => Promise<any>;
};
