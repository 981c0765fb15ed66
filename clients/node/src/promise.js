/**
 * What a call gave.
 *
 * @template T
 * @typedef {object} Answer
 * @property {T} data
 * @property {Record<string, string>} [headers] of the backend's answer, if the server tells them
 * @property {(take: (headers: Record<string, string>) => void) => void} [late] brings those of a stream, at its end
 */

/**
 * The promise that the methods return: that of the result, from which the
 * backend's headers can be had, too.
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

  /** What then() and await make of it is an ordinary promise. */
  static get [Symbol.species]() {
    return Promise;
  }

  /**
   * Wait for the result, and return with it the backend's answer: its status and
   * those of its headers that say something to a client. Of a stream the headers
   * are there when it has ended.
   *
   * @returns {Promise<{data: T, response: Response, readonly request_id: string | null}>}
   */
  async withResponse() {
    this.catch(() => {}); // what fails, fails what is returned here
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
   * Wait for the result, and return it as a Response of `fetch`: JSON, or
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
