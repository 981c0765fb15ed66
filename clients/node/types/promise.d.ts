/**
 * What a call gave.
 *
 * @template T
 * @typedef {object} Answer
 * @property {T} data
 * @property {Record<string, string>} [headers] of the backend's answer, if the server tells them
 * @property {(take: (headers: Record<string, string>) => void) => void} [late] brings those of a stream, at its end
 */
export type Answer<T> = {
    data: T;
    /**
     * of the backend's answer, if the server tells them
     */
    headers?: Record<string, string>;
    /**
     * brings those of a stream, at its end
     */
    late?: (take: (headers: Record<string, string>) => void) => void;
};
/**
 * The promise that the methods return: that of the result, from which the
 * backend's headers can be had, too.
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
    /** What then() and await make of it is an ordinary promise. */
    static get [Symbol.species](): PromiseConstructor;
    /**
     * Wait for the result, and return with it the backend's answer: its status and
     * those of its headers that say something to a client. Of a stream the headers
     * are there when it has ended.
     *
     * @returns {Promise<{data: T, response: Response, readonly request_id: string | null}>}
     */
    withResponse(): Promise<{
        data: T;
        response: Response;
        readonly request_id: string | null;
    }>;
    /**
     * Wait for the result, and return it as a Response of `fetch`: JSON, or
     * server-sent events.
     *
     * @returns {Promise<Response>}
     */
    asResponse(): Promise<Response>;
}
