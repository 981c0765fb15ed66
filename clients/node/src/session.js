import { isShuttingDown } from './connection.js';
import { APIError, APIUserAbortError, OpenAIError } from './errors.js';
import { extraHeaders, extraQuery, includeHeaders } from './methods.js';
import { given, headers, passOver, query, seconds } from './options.js';
import { APIPromise } from './promise.js';
import { EventQueue } from './queue.js';
import { identify, readResult } from './result.js';
import { onAbort } from './signals.js';
import { watch } from './watch.js';

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
export class Session {
  /** Releases the server of garbage collected sessions. */
  static #forgotten = new FinalizationRegistry((/** @type {() => void} */ release) => release());

  /** Cancels each pending call. @type {Set<(error: Error) => void>} */
  #calls = new Set();
  #closed = false;
  #server;
  #defaults;
  #release;

  /**
   * @param {import('./server.js').Server} server
   * @param {Defaults} [defaults]
   */
  constructor(server, defaults = { timeout: Infinity }) {
    this.#server = server;
    this.#defaults = defaults;
    const reader = new WeakRef(defaults);
    if (defaults.logger) server.log.add(reader);
    if (defaults.onLimits) server.limits.add(reader);
    this.#release = () => {
      server.limits.delete(reader);
      return server.close().finally(() => server.log.delete(reader));
    };
    Session.#forgotten.register(this, this.#release, this);
  }

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
  call(method, params, options, make = (result) => result, onEvent) {
    return new APIPromise(this.answer(method, params, options, make, onEvent));
  }

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
  stream(method, params, options, make) {
    return new APIPromise(this.#stream(method, params, options, make));
  }

  /** Fails the pending calls, and releases the server. */
  async close() {
    if (this.#closed) return;
    this.#closed = true;
    Session.#forgotten.unregister(this);
    for (const giveUp of this.#calls) giveUp(new APIUserAbortError('The client was closed.'));
    await this.#release();
  }

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
  async answer(method, params, options, make, onEvent) {
    const json = await this.#open(method, params, options, async (queue) => {
      if (onEvent) for await (const event of queue) onEvent(event);
      return queue.final();
    });
    const { result, headers } = readResult(json);
    const data = await make(result);
    identify(data, headers);
    return { data, headers };
  }

  /**
   * @template T
   * @param {string} method
   * @param {Params} params
   * @param {RequestOptions | null | undefined} options
   * @param {(queue: EventQueue) => T} make
   * @returns {Promise<import('./promise.js').Answer<T>>}
   */
  async #stream(method, params, options, make) {
    const queue = await this.#open(method, params, options, async (queue) => {
      await queue.opened();
      return queue;
    });
    // The headers arrive with the result.
    return { data: make(queue), late: (take) => queue.onResult((json) => take(readResult(json).headers ?? {})) };
  }

  /**
   * Makes a call and waits until it is ready. A call refused by a server that is
   * shutting down is repeated with the next server.
   *
   * @template T
   * @param {string} method
   * @param {Params} params
   * @param {RequestOptions | null | undefined} options
   * @param {(queue: EventQueue) => Promise<T>} ready
   * @returns {Promise<T>}
   */
  async #open(method, params, options, ready) {
    const own = typeof params === 'function' ? await params() : (params ?? {});
    const request = this.#request(method, own, options ?? {});
    const process = this.#server.running();
    try {
      return await ready(this.#send(process, method, request, options ?? {}));
    } catch (error) {
      if (!(error instanceof APIError && isShuttingDown(error))) throw error;
      return await ready(this.#send(this.#server.running(), method, request, options ?? {}));
    }
  }

  /**
   * @param {import('./process.js').ServerProcess} process
   * @param {string} method
   * @param {object} request
   * @param {RequestOptions} options
   */
  #send(process, method, request, { signal, timeout = this.#defaults.timeout }) {
    if (this.#closed) throw new OpenAIError('The client is closed.');
    if (signal?.aborted) throw new APIUserAbortError();
    let upstream = { cancel: () => {}, interrupt: () => {} };
    /** @type {(() => void)[]} */
    const ends = [];
    const queue = new EventQueue(
      process.flow,
      { cancel: () => upstream.cancel(), interrupt: () => upstream.interrupt() },
      () => {
        for (const end of ends) end();
      },
    );
    const giveUp = (/** @type {Error} */ error) => queue.giveUp(error);
    upstream = process.request(method, request, queue);
    this.#calls.add(giveUp);
    ends.push(() => this.#calls.delete(giveUp), watch(process, queue, timeout));
    if (signal) ends.push(onAbort(signal, () => queue.abort()));
    return queue;
  }

  /**
   * Adds the options of the request to the parameters.
   *
   * @param {string} method
   * @param {object} params
   * @param {RequestOptions} options
   */
  #request(method, params, { signal, timeout, headers: ownHeaders, query: ownQuery, ...others }) {
    passOver('call', given(others), (name) => `${method}: unknown request option ${name}; known are signal, timeout, headers and query`);
    if ('timeout' in params) {
      throw new OpenAIError(`${method}: the timeout is a request option, in milliseconds: pass {timeout} after the parameters`);
    }
    // The client's defaults are added if the method accepts them.
    const extra_headers = headers(extraHeaders.has(method) ? this.#defaults.headers : null, ownHeaders);
    const extra_query = query(extraQuery.has(method) ? this.#defaults.query : null, ownQuery);
    if (extra_headers && !extraHeaders.has(method)) throw new OpenAIError(`${method} does not take the request option headers`);
    if (extra_query && !extraQuery.has(method)) throw new OpenAIError(`${method} does not take the request option query`);
    return {
      ...params,
      ...(timeout !== undefined && timeout !== null && { timeout: seconds(timeout) }),
      ...(extra_headers && { extra_headers }),
      ...(extra_query && { extra_query }),
      ...(includeHeaders.has(method) && { include_headers: true }),
    };
  }
}
