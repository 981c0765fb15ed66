/**
 * Reads the result of a call, and takes the backend's headers out of it. Like
 * those of openai-node it has the id of its request: hidden, so that the result
 * is what it would be without.
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
