/**
 * The outcome of a call.
 *
 * @template T
 * @typedef {object} Answer
 * @property {T} data
 * @property {Record<string, string>} [headers] response headers, if included
 * @property {(take: (headers: Record<string, string>) => void) => void} [late] calls back with the headers of a stream at its end
 */

/**
 * The promise of a result, with access to the response headers.
 *
 *     const { data, response, request_id } = await client.responses.create({ input }).withResponse();
 *
 * @template T
 * @extends {Promise<T>}
 */
export class APIPromise extends Promise {
  #answer;

  /** @param {Promise<Answer<T>>} answer */
  constructor(answer) {
    super((resolve, reject) => {
      answer.then(({ data }) => resolve(data), reject);
    });
    this.#answer = answer;
  }

  /** then() and await return ordinary promises. */
  static get [Symbol.species]() {
    return Promise;
  }

  /**
   * Wait for the result, and return it with the backend's response: its status and
   * the headers that are meant for clients. For a stream the headers are available
   * after it has ended.
   *
   * @returns {Promise<{data: T, response: Response, readonly request_id: string | null}>}
   */
  async withResponse() {
    this.catch(() => {}); // reported by the returned promise
    const { data, headers = {}, late } = await this.#answer;
    const response = new Response(null, { headers });
    late?.((headers) => {
      for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
    });
    return {
      data,
      response,
      get request_id() {
        return response.headers.get('x-request-id');
      },
    };
  }

  /**
   * Wait for the result, and return it as a `Response` of `fetch`, with JSON or
   * server-sent events.
   *
   * @returns {Promise<Response>}
   */
  async asResponse() {
    this.catch(() => {});
    const { data, headers = {} } = await this.#answer;
    const events = /** @type {any} */ (data)?.toEventStream?.();
    const type = events ? 'text/event-stream' : 'application/json';
    return new Response(events ?? JSON.stringify(data), { headers: { ...headers, 'content-type': type } });
  }
}
