import { OpenAIError } from './errors.js';
import { readResult } from './result.js';

/**
 * The events of a response, as returned by `responses.create({stream: true})`:
 *
 *     for await (const event of stream) …
 *
 * Leaving the loop cancels the call. If the call fails, the loop throws its error
 * after the last event. If the caller aborts it, by the signal or the controller,
 * the loop ends without an error.
 *
 * Unread events are buffered as text; see {@link import('./flow.js').Flow} for the
 * flow control.
 *
 * @template Event
 * @template [Result=unknown]
 * @implements {AsyncIterable<Event>}
 */
export class Stream {
  #queue;
  #taken = false;

  /** @param {import('./queue.js').EventQueue} queue */
  constructor(queue) {
    this.#queue = queue;
    /** `abort()` ends the stream. */
    this.controller = new AbortController();
    this.controller.signal.addEventListener('abort', () => queue.abort(), { once: true });
  }

  /** @returns {AsyncIterator<Event, undefined, void>} */
  [Symbol.asyncIterator]() {
    if (this.#taken) throw new OpenAIError('A stream can be read only once; keep its events, or tee() it first.');
    this.#taken = true;
    return this.#queue;
  }

  /**
   * Wait for the end and return the complete response, as without `stream`. Can be
   * called during, after or instead of a loop.
   *
   * @returns {Promise<Result>}
   */
  async finalResponse() {
    return readResult(await this.#queue.final()).result;
  }

  /**
   * Interrupt the response and keep what was generated: the loop ends, and
   * finalResponse() has the status "incomplete" and the reason "interrupted", or is
   * complete if the response already was.
   */
  interrupt() {
    this.#queue.interrupt();
  }

  /**
   * Split the stream into two that can be read independently. Events that only one
   * of them has read are buffered for the other.
   *
   * @returns {[AsyncIterableIterator<Event>, AsyncIterableIterator<Event>]}
   */
  tee() {
    const source = this[Symbol.asyncIterator]();
    /** @type {Promise<IteratorResult<Event>>[]} */
    const left = [];
    /** @type {Promise<IteratorResult<Event>>[]} */
    const right = [];
    let open = 2;
    /** @param {Promise<IteratorResult<Event>>[]} mine @param {Promise<IteratorResult<Event>>[]} others */
    const branch = (mine, others) => ({
      next() {
        if (mine.length === 0) {
          const event = source.next();
          mine.push(event);
          others.push(event);
        }
        return /** @type {Promise<IteratorResult<Event>>} */ (mine.shift());
      },
      async return() {
        if (--open === 0) await source.return?.();
        return { done: /** @type {const} */ (true), value: undefined };
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    });
    return [branch(left, right), branch(right, left)];
  }

  /**
   * Return the events as a byte stream, one JSON text per line. Cancelling it cancels
   * the call.
   *
   * @returns {ReadableStream<Uint8Array>}
   */
  toReadableStream() {
    return jsonLines(this[Symbol.asyncIterator]());
  }

  /**
   * Return the events as a byte stream of server-sent events.
   *
   * @returns {ReadableStream<Uint8Array>}
   */
  toEventStream() {
    return bytes(this[Symbol.asyncIterator](), (event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  }

  /** Cancels the stream at the end of an `await using` block. */
  async [Symbol.asyncDispose]() {
    this.#queue.abort();
  }
}

/**
 * Returns events as a byte stream, one JSON text per line.
 *
 * @param {AsyncIterator<any>} events
 * @returns {ReadableStream<Uint8Array>}
 */
export function jsonLines(events) {
  return bytes(events, (event) => `${JSON.stringify(event)}\n`);
}

/**
 * Returns events as a byte stream. Cancelling it ends the iteration.
 *
 * @param {AsyncIterator<any>} events
 * @param {(event: any) => string} frame
 * @returns {ReadableStream<Uint8Array>}
 */
function bytes(events, frame) {
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await events.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(frame(value)));
    },
    async cancel() {
      await events.return?.();
    },
  });
}
