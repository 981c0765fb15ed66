/**
 * The outcome of a call.
 *
 * @template T
 * @typedef {object} Answer
 * @property {T} data
 * @property {Record<string, string>} [headers] response headers, if included
 * @property {(take: (headers: Record<string, string>) => void) => void} [late] calls back with the headers of a stream at its end
 */
export type Answer<T> = {
    data: T;
    /**
     * response headers, if included
     */
    headers?: Record<string, string>;
    /**
     * calls back with the headers of a stream at its end
     */
    late?: (take: (headers: Record<string, string>) => void) => void;
};
/**
 * The promise of a result, with access to the response headers.
 *
 *     const { data, response, request_id } = await client.responses.create({ input }).withResponse();
 *
 * @template T
 * @extends {Promise<T>}
 */
export declare class APIPromise<T> extends Promise<T> {
    #private;
    /** @param {Promise<Answer<T>>} answer */
    constructor(answer: Promise<Answer<T>>);
    /** then() and await return ordinary promises. */
    static get [Symbol.species](): PromiseConstructor;
    /**
     * Wait for the result, and return it with the backend's response: its status and
     * the headers that are meant for clients. For a stream the headers are available
     * after it has ended.
     *
     * @returns {Promise<{data: T, response: Response, readonly request_id: string | null}>}
     */
    withResponse(): Promise<{
        data: T;
        response: Response;
        readonly request_id: string | null;
    }>;
    /**
     * Wait for the result, and return it as a `Response` of `fetch`, with JSON or
     * server-sent events.
     *
     * @returns {Promise<Response>}
     */
    asResponse(): Promise<Response>;
}
