/**
 * Create the text format for a Zod schema, as openai/helpers/zod does:
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
 * Create a function tool with a Zod schema for its arguments, as openai/helpers/zod
 * does. In a parsed response its calls have `parsed_arguments`, validated by the
 * schema.
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
 * Returns the method to call for responses.parse, its parameters, and the function
 * that parses its result.
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
 * Like {@link parsing}, for responses.stream, which calls responses.create.
 *
 * @param {any} params
 * @returns {{params: object, finish: (response: any) => Promise<any>}}
 */
export declare function streaming({ text_format: given, text, ...rest }: any): {
    params: object;
    finish: (response: any) => Promise<any>;
};
