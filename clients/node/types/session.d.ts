import { APIPromise } from './promise.js';
import { EventQueue } from './queue.js';
export type RequestOptions = {
    /**
     * cancels the call
     */
    signal?: AbortSignal | null;
    /**
     * idle timeout in ms; Infinity for none
     */
    timeout?: number;
    /**
     * additional headers of the request
     */
    headers?: import('./options.js').HeadersLike;
    /**
     * additional query parameters of the request
     */
    query?: import('./options.js').Query;
    /**
     * of openai-node; ignored
     */
    maxRetries?: number;
    /**
     * of openai-node; ignored
     */
    idempotencyKey?: string;
};
export type Params = object | (() => Promise<object>) | null | undefined;
export type Defaults = {
    /**
     * in ms
     */
    timeout: number;
    headers?: import('./options.js').HeadersLike;
    query?: import('./options.js').Query;
    /**
     * receives the lines of the server's log
     */
    logger?: import('./log.js').Logger;
    /**
     * called with changed account limits
     */
    onLimits?: (limits: any) => void;
};
/**
 * The options of a call, which are its last argument.
 *
 * @typedef {object} RequestOptions
 * @property {AbortSignal | null} [signal] cancels the call
 * @property {number} [timeout] idle timeout in ms; Infinity for none
 * @property {import('./options.js').HeadersLike} [headers] additional headers of the request
 * @property {import('./options.js').Query} [query] additional query parameters of the request
 * @property {number} [maxRetries] of openai-node; ignored
 * @property {string} [idempotencyKey] of openai-node; ignored
 */
/** The parameters of a call, or a function that creates them. @typedef {object | (() => Promise<object>) | null | undefined} Params */
/**
 * The default options of a client's calls.
 *
 * @typedef {object} Defaults
 * @property {number} timeout in ms
 * @property {import('./options.js').HeadersLike} [headers]
 * @property {import('./options.js').Query} [query]
 * @property {import('./log.js').Logger} [logger] receives the lines of the server's log
 * @property {(limits: any) => void} [onLimits] called with changed account limits
 */
/**
 * Calls methods by name, for the resources of a client. Clients can share the
 * server.
 */
export declare class Session {
    #private;
    /**
     * @param {import('./server.js').Server} server
     * @param {Defaults} [defaults]
     */
    constructor(server: import('./server.js').Server, defaults?: Defaults);
    /**
     * Calls a method.
     *
     * @template [T=any]
     * @param {string} method
     * @param {Params} [params]
     * @param {RequestOptions | null} [options]
     * @param {(result: any) => T | Promise<T>} [make] converts the result
     * @param {(event: any) => void} [onEvent] called with each event, of which most methods have none
     * @returns {APIPromise<T>}
     */
    call<T = any>(method: string, params?: Params, options?: RequestOptions | null, make?: (result: any) => T | Promise<T>, onEvent?: (event: any) => void): APIPromise<T>;
    /**
     * Calls a method and converts its events. Throws an error without preceding events.
     *
     * @template T
     * @param {string} method
     * @param {Params} params
     * @param {RequestOptions | null | undefined} options
     * @param {(queue: EventQueue) => T} make
     * @returns {APIPromise<T>}
     */
    stream<T>(method: string, params: Params, options: RequestOptions | null | undefined, make: (queue: EventQueue) => T): APIPromise<T>;
    /** Fails the pending calls, and releases the server. */
    close(): Promise<void>;
    /**
     * Calls a method, without the APIPromise.
     *
     * @template T
     * @param {string} method
     * @param {Params} params
     * @param {RequestOptions | null | undefined} options
     * @param {(result: any) => T | Promise<T>} make
     * @param {(event: any) => void} [onEvent]
     * @returns {Promise<import('./promise.js').Answer<T>>}
     */
    answer<T>(method: string, params: Params, options: RequestOptions | null | undefined, make: (result: any) => T | Promise<T>, onEvent?: (event: any) => void): Promise<import('./promise.js').Answer<T>>;
}
