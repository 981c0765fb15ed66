import { APIUserAbortError, OpenAIError } from './errors.js';
import { EventQueue } from './queue.js';

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
export class Session {
  /** What gives up each call that is under way. @type {Set<() => void>} */
  #calls = new Set();
  #closed = false;
  #server;

  /** @param {import('./server.js').Server} server */
  constructor(server) {
    this.#server = server;
  }

  /**
   * Calls a method and returns its result.
   *
   * @param {string} method
   * @param {object} [params]
   * @param {RequestOptions} [options]
   * @returns {Promise<any>}
   */
  async call(method, params, options) {
    return JSON.parse(await this.#open(method, params, options).final());
  }

  /**
   * Calls a method and returns its events; what the call fails with before
   * there are any is thrown.
   *
   * @param {string} method
   * @param {object} [params]
   * @param {RequestOptions} [options]
   */
  async stream(method, params, options) {
    const queue = this.#open(method, params, options);
    await queue.opened();
    return queue;
  }

  /** Cancels the calls under way, and lets go of the server. */
  async close() {
    if (this.#closed) return;
    this.#closed = true;
    for (const abort of this.#calls) abort();
    await this.#server.close();
  }

  /**
   * @param {string} method
   * @param {object} [params]
   * @param {RequestOptions} [options]
   */
  #open(method, params, options = {}) {
    const { signal } = options;
    const request = withOptions(method, params, options);
    if (this.#closed) throw new OpenAIError('The client is closed.');
    if (signal?.aborted) throw new APIUserAbortError();
    const process = this.#server.running();
    let cancel = () => {};
    const abort = () => queue.abort();
    const queue = new EventQueue(
      process.flow,
      () => cancel(),
      () => {
        this.#calls.delete(abort);
        signal?.removeEventListener('abort', abort);
      },
    );
    cancel = process.request(method, request, queue);
    this.#calls.add(abort);
    signal?.addEventListener('abort', abort);
    return queue;
  }
}

/**
 * Puts the options for the request among the parameters.
 *
 * @param {string} method
 * @param {object} params
 * @param {RequestOptions} options
 */
function withOptions(method, params = {}, { signal, timeout, headers, query, ...unknown }) {
  for (const name of Object.keys(unknown)) {
    throw new OpenAIError(`${method}: unknown request option ${name}; known are signal, timeout, headers and query`);
  }
  if ('timeout' in params) {
    throw new OpenAIError(`${method}: the timeout is a request option, in milliseconds: pass {timeout} after the parameters`);
  }
  return {
    ...params,
    ...(timeout !== undefined && { timeout: timeout / 1000 }),
    ...(headers && { extra_headers: headers }),
    ...(query && { extra_query: query }),
  };
}
