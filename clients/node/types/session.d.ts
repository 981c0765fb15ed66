import { EventQueue } from './queue.js';
export type RequestOptions = {
    /**
     * cancels the call
     */
    signal?: AbortSignal;
    /**
     * fail if the backend sends nothing for so long, in ms
     */
    timeout?: number;
    /**
     * to send with the request
     */
    headers?: Record<string, string>;
    /**
     * to send with the request
     */
    query?: Record<string, string | number | boolean | string[]>;
};
/**
 * What a call may be given beside its parameters, as its last argument.
 *
 * @typedef {object} RequestOptions
 * @property {AbortSignal} [signal] cancels the call
 * @property {number} [timeout] fail if the backend sends nothing for so long, in ms
 * @property {Record<string, string>} [headers] to send with the request
 * @property {Record<string, string | number | boolean | string[]>} [query] to send with the request
 */
/**
 * What the resources of one client call: methods by name, on a server that
 * other clients may share.
 */
export declare class Session {
    #private;
    /** @param {import('./server.js').Server} server */
    constructor(server: import('./server.js').Server);
    /**
     * Calls a method and returns its result.
     *
     * @param {string} method
     * @param {object} [params]
     * @param {RequestOptions} [options]
     * @returns {Promise<any>}
     */
    call(method: string, params?: object, options?: RequestOptions): Promise<any>;
    /**
     * Calls a method and returns its events; what the call fails with before
     * there are any is thrown.
     *
     * @param {string} method
     * @param {object} [params]
     * @param {RequestOptions} [options]
     */
    stream(method: string, params?: object, options?: RequestOptions): Promise<EventQueue>;
    /** Cancels the calls under way, and lets go of the server. */
    close(): Promise<void>;
}
