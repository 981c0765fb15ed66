/**
 * Decodes the result of a call and separates the response headers from it. As in
 * openai-node, the result has the id of its request as a non-enumerable property.
 *
 * @param {string} json
 * @returns {{result: any, headers: Record<string, string> | undefined}}
 */
export declare function readResult(json: string): {
    result: any;
    headers: Record<string, string> | undefined;
};
/**
 * @param {unknown} data
 * @param {Record<string, string> | undefined} headers
 */
export declare function identify(data: unknown, headers: Record<string, string> | undefined): void;
