import { OpenAIError } from './errors.js';
import { readResult } from './result.js';

/**
 * The events of a response, in order, as `responses.create({stream: true})`
 * returns them:
 *
 *     for await (const event of stream) …
 *
 * Leaving the loop cancels the call. A call that fails throws its error when
 * the events before it are through. Once its caller aborts it, by the signal or
 * the controller, the loop just ends.
 *
 * Events that wait to be taken are held as text; see {@link import('./flow.js').Flow}
 * for what becomes of a slow reader.
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
    /** Its `abort()` ends the stream. */
    this.controller = new AbortController();
    this.controller.signal.addEventListener('abort', () => queue.abort(), { once: true });
  }

  /** @returns {AsyncIterator<Event, undefined, void>} */
  [Symbol.asyncIterator]() {
    if (this.#taken) throw new OpenAIError('A stream can be read once; keep its events, or tee() it first.');
    this.#taken = true;
    return this.#queue;
  }

  /**
   * Waits for the end and returns what the call without `stream` would have:
   * the whole response. May be called during the loop, after it, or in its stead.
   *
   * @returns {Promise<Result>}
   */
  async finalResponse() {
    return readResult(await this.#queue.final()).result;
  }

  /**
   * Ends the response where it is, and keeps what was said: the loop comes to its
   * end by itself, and finalResponse() has the status "incomplete" for the reason
   * "interrupted", or is whole if that was done before.
   */
  interrupt() {
    this.#queue.interrupt();
  }

  /**
   * Splits the stream in two that are read on their own. What only one of them
   * has read is kept for the other.
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
   * The events as bytes: one JSON text a line. Cancelling it cancels the call.
   *
   * @returns {ReadableStream<Uint8Array>}
   */
  toReadableStream() {
    return this.#bytes((event) => `${JSON.stringify(event)}\n`);
  }

  /**
   * The events as bytes, as server-sent events have them.
   *
   * @returns {ReadableStream<Uint8Array>}
   */
  toEventStream() {
    return this.#bytes((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  }

  /**
   * @param {(event: any) => string} frame
   * @returns {ReadableStream<Uint8Array>}
   */
  #bytes(frame) {
    const events = this[Symbol.asyncIterator]();
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

  /** `await using` a stream cancels it, if it has not ended. */
  async [Symbol.asyncDispose]() {
    this.#queue.abort();
  }
}
