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
 * Reads the format that responses.parse was given: what to send for it, and
 * what makes the value of the answer.
 *
 * @param {any} params
 * @returns {{params: object, parse: (result: {response: any, output_parsed: any}) => any}}
 */
export declare function parseParams({ text_format: given, text, ...rest }: any): {
    params: object;
    parse: (result: {
        response: any;
        output_parsed: any;
    }) => any;
};
