import { APIUserAbortError, OpenAIError } from './errors.js';
import { onAbort } from './signals.js';
import { jsonLines } from './stream.js';

/** The number of unread events of a loop at which the stream pauses. */
const BACKLOG = 256;

/**
 * A stream of a response, as returned by `responses.stream`. It supports the
 * listeners of openai-node:
 *
 *     connect                                    the first event has arrived
 *     event                                      each event
 *     response.output_text.delta and so on       the events of a type; deltas of texts and
 *                                                arguments have a `snapshot` of the text so far
 *     error, abort                               the stream failed
 *     end                                        the stream has ended
 *
 * It is also iterable; leaving the loop cancels the call. The request is sent
 * immediately; events are delivered once there is a listener, a loop or a promise.
 * A loop that does not read pauses the stream, unless the end of the stream is
 * awaited.
 *
 * @template [T=unknown]
 * @implements {AsyncIterable<import('../types/api.js').ResponseStreamEvent>}
 */
export class ResponseStream {
  /** `abort()` cancels the call. */
  controller = new AbortController();
  ended = false;
  errored = false;
  aborted = false;
  /** @type {Map<string, {listener: (...args: any[]) => void, once: boolean}[]>} */
  #listeners = new Map();
  /** The number of unread events of each loop. @type {Set<() => number>} */
  #backlogs = new Set();
  #snapshots = new Map();
  #opening;
  #finish;
  #running = false;
  /** The number of waiters for the end. */
  #awaited = 0;
  /** Resumes a paused stream. */
  #goOn = () => {};
  /** @type {(value?: unknown) => void} */
  #resolve = () => {};
  /** @type {(error: Error) => void} */
  #reject = () => {};
  #end = new Promise((resolve, reject) => {
    this.#resolve = resolve;
    this.#reject = reject;
  });
  /** @type {import('../types/api.js').ParsedResponse<T> | undefined} */
  #response;

  /**
   * @param {(signal: AbortSignal) => Promise<import('./stream.js').Stream<any, any>>} open starts the call
   * @param {(response: any) => Promise<any>} finish converts the response for finalResponse()
   * @param {AbortSignal | null} [signal] the caller's
   */
  constructor(open, finish, signal) {
    this.#finish = finish;
    this.#end.catch(() => {}); // also reported to listeners and loops
    if (signal?.aborted) this.controller.abort();
    const unlisten = signal ? onAbort(signal, () => this.abort()) : () => {};
    this.#end.finally(unlisten).catch(() => {});
    this.controller.signal.addEventListener('abort', () => this.#goOn(), { once: true });
    this.#opening = open(this.controller.signal);
    this.#opening.catch(() => {});
  }

  /** Cancel the call. */
  abort() {
    this.controller.abort();
  }

  /** Interrupt the response and keep what was generated; see {@link import('./stream.js').Stream}. */
  interrupt() {
    this.#opening.then((stream) => stream.interrupt(), () => {});
  }

  /**
   * Add a listener for an event.
   *
   * @template {string} Name
   * @param {Name} name
   * @param {import('../types/api.js').ResponseStreamListener<Name>} listener
   * @returns {this}
   */
  on(name, listener) {
    return this.#add(name, listener, false);
  }

  /**
   * Add a listener for the next occurrence of an event.
   *
   * @template {string} Name
   * @param {Name} name
   * @param {import('../types/api.js').ResponseStreamListener<Name>} listener
   * @returns {this}
   */
  once(name, listener) {
    return this.#add(name, listener, true);
  }

  /**
   * Remove a listener added by on() or once().
   *
   * @template {string} Name
   * @param {Name} name
   * @param {import('../types/api.js').ResponseStreamListener<Name>} listener
   * @returns {this}
   */
  off(name, listener) {
    const listeners = this.#listeners.get(name) ?? [];
    const at = listeners.findIndex((one) => one.listener === listener);
    if (at >= 0) this.#listeners.set(name, listeners.toSpliced(at, 1));
    return this;
  }

  /**
   * Wait for the next occurrence of an event. Throws if the stream fails before it.
   *
   * @template {string} Name
   * @param {Name} name
   * @returns {Promise<Parameters<import('../types/api.js').ResponseStreamListener<Name>>[0]>}
   */
  emitted(name) {
    this.#wait();
    return new Promise((resolve, reject) => {
      this.#add(name, resolve, true);
      if (name !== 'error') this.#end.catch(reject);
    });
  }

  /** Wait for the end. Throws if the stream fails. */
  async done() {
    this.#wait();
    this.#start();
    await this.#end;
  }

  /**
   * Wait for the end and return the complete response, with its parsed texts and
   * arguments.
   *
   * @returns {Promise<import('../types/api.js').ParsedResponse<T>>}
   */
  async finalResponse() {
    await this.done();
    return /** @type {import('../types/api.js').ParsedResponse<T>} */ (this.#response);
  }

  /** @returns {AsyncIterableIterator<import('../types/api.js').ResponseStreamEvent>} */
  [Symbol.asyncIterator]() {
    return this.#loop();
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

  /** Cancels the stream at the end of an `await using` block. */
  async [Symbol.asyncDispose]() {
    this.abort();
  }

  /** @returns {AsyncIterableIterator<any>} */
  #loop() {
    /** @type {any[]} */
    let backlog = [];
    let head = 0;
    const left = () => backlog.length - head;
    /** @type {(() => void)[]} */
    let waiting = [];
    const wake = () => {
      for (const resolve of waiting) resolve();
      waiting = [];
    };
    /** @type {Error | undefined} */
    let failure;
    const leave = () => {
      this.#backlogs.delete(left);
      this.#goOn();
    };
    this.#backlogs.add(left);
    this.#add('event', (event) => (backlog.push(event), wake()), false);
    for (const how of ['error', 'abort']) this.#add(how, (error) => (failure = error), false);
    this.#add('end', wake, false);
    return {
      next: async () => {
        while (left() === 0 && !this.ended) await new Promise((resolve) => waiting.push(() => resolve(undefined)));
        if (left() > 0) {
          const value = backlog[head++];
          if (left() === 0) [backlog, head] = [[], 0];
          if (left() < BACKLOG) this.#goOn();
          return { done: false, value };
        }
        leave();
        const error = failure;
        failure = undefined; // thrown only once
        if (error) throw error;
        return { done: true, value: undefined };
      },
      return: async () => {
        [backlog, head] = [[], 0];
        leave();
        this.abort();
        return { done: true, value: undefined };
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  /**
   * @param {string} name
   * @param {(...args: any[]) => void} listener
   * @param {boolean} once
   */
  #add(name, listener, once) {
    this.#listeners.set(name, [...(this.#listeners.get(name) ?? []), { listener, once }]);
    this.#start();
    return this;
  }

  #wait() {
    this.#awaited++;
    this.#goOn();
  }

  #start() {
    if (this.#running) return;
    this.#running = true;
    void this.#run();
  }

  async #run() {
    try {
      const stream = await this.#opening;
      this.#emit('connect');
      for await (const event of stream) {
        this.#deliver(event);
        while (this.#full()) await new Promise((resolve) => (this.#goOn = () => resolve(undefined)));
      }
      if (this.controller.signal.aborted) throw new APIUserAbortError();
      this.#response = await this.#finish(await stream.finalResponse());
    } catch (error) {
      return this.#fail(error);
    }
    this.#over(() => this.#resolve());
  }

  /** Whether a loop has so many unread events that the stream pauses. */
  #full() {
    return this.#awaited === 0 && !this.controller.signal.aborted && [...this.#backlogs].some((left) => left() >= BACKLOG);
  }

  /** @param {any} event */
  #deliver(event) {
    this.#emit('event', event);
    if (event.type === 'response.output_text.delta' || event.type === 'response.function_call_arguments.delta') {
      const part = `${event.output_index}/${event.content_index}`;
      const snapshot = (this.#snapshots.get(part) ?? '') + event.delta;
      this.#snapshots.set(part, snapshot);
      this.#emit(event.type, { ...event, snapshot });
    } else {
      this.#emit(event.type, event);
    }
  }

  /** @param {unknown} cause */
  #fail(cause) {
    const error = cause instanceof OpenAIError ? cause : new OpenAIError(cause instanceof Error ? cause.message : String(cause), { cause });
    this.errored = true;
    this.aborted = error instanceof APIUserAbortError && this.controller.signal.aborted;
    const how = this.aborted ? 'abort' : 'error';
    // As in openai-node, an error without a listener is an unhandled rejection.
    if (this.#awaited === 0 && !this.#listeners.get(how)?.length) void Promise.reject(error);
    this.#emit(how, error);
    this.#over(() => this.#reject(error));
  }

  /** @param {() => void} settle */
  #over(settle) {
    this.ended = true;
    settle();
    this.#emit('end');
  }

  /**
   * @param {string} name
   * @param {any[]} args
   */
  #emit(name, ...args) {
    const listeners = this.#listeners.get(name);
    if (listeners === undefined) return;
    if (listeners.some(({ once }) => once)) this.#listeners.set(name, listeners.filter(({ once }) => !once));
    for (const { listener } of listeners) listener(...args);
  }
}
