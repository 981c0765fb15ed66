import { APIPromise } from './promise.js';
import { EventQueue } from './queue.js';
export type RequestOptions = {
    /**
     * cancels the call
     */
    signal?: AbortSignal | null;
    /**
     * fail if the backend sends nothing for so long, in ms; Infinity waits for ever
     */
    timeout?: number;
    /**
     * to send with the request
     */
    headers?: import('./options.js').HeadersLike;
    /**
     * to send with the request
     */
    query?: import('./options.js').Query;
    /**
     * of openai-node; not looked at
     */
    maxRetries?: number;
    /**
     * of openai-node; not looked at
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
     * takes the lines of the server's log
     */
    logger?: import('./log.js').Logger;
    /**
     * is told of the account's limits
     */
    onLimits?: (limits: any) => void;
};
/**
 * What a call may be given beside its parameters, as its last argument.
 *
 * @typedef {object} RequestOptions
 * @property {AbortSignal | null} [signal] cancels the call
 * @property {number} [timeout] fail if the backend sends nothing for so long, in ms; Infinity waits for ever
 * @property {import('./options.js').HeadersLike} [headers] to send with the request
 * @property {import('./options.js').Query} [query] to send with the request
 * @property {number} [maxRetries] of openai-node; not looked at
 * @property {string} [idempotencyKey] of openai-node; not looked at
 */
/** The parameters of a call, or what makes them. @typedef {object | (() => Promise<object>) | null | undefined} Params */
/**
 * What holds for all calls of a client.
 *
 * @typedef {object} Defaults
 * @property {number} timeout in ms
 * @property {import('./options.js').HeadersLike} [headers]
 * @property {import('./options.js').Query} [query]
 * @property {import('./log.js').Logger} [logger] takes the lines of the server's log
 * @property {(limits: any) => void} [onLimits] is told of the account's limits
 */
/**
 * What the resources of one client call: methods by name, on a server that
 * other clients may share.
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
     * @param {(result: any) => T | Promise<T>} [make] makes of the result what the caller gets
     * @returns {APIPromise<T>}
     */
    call<T = any>(method: string, params?: Params, options?: RequestOptions | null, make?: (result: any) => T | Promise<T>): APIPromise<T>;
    /**
     * Calls a method and makes of its events what the caller gets. What the call
     * fails with before there are any is thrown.
     *
     * @template T
     * @param {string} method
     * @param {Params} params
     * @param {RequestOptions | null | undefined} options
     * @param {(queue: EventQueue) => T} make
     * @returns {APIPromise<T>}
     */
    stream<T>(method: string, params: Params, options: RequestOptions | null | undefined, make: (queue: EventQueue) => T): APIPromise<T>;
    /** Fails the calls under way, and lets go of the server. */
    close(): Promise<void>;
    /**
     * Calls a method, for those who make a promise of their own of what it gives.
     *
     * @template T
     * @param {string} method
     * @param {Params} params
     * @param {RequestOptions | null | undefined} options
     * @param {(result: any) => T | Promise<T>} make
     * @returns {Promise<import('./promise.js').Answer<T>>}
     */
    answer<T>(method: string, params: Params, options: RequestOptions | null | undefined, make: (result: any) => T | Promise<T>): Promise<import('./promise.js').Answer<T>>;
}
