import { APIUserAbortError, OpenAIError } from './errors.js';
import { onAbort } from './signals.js';

/** How many events may wait for a loop before the stream waits for it. */
const BACKLOG = 256;

/**
 * A response that is followed while it is made, as `responses.stream` returns it.
 * There are the listeners of openai-node's:
 *
 *     connect                                    the first event is there
 *     event                                      each event
 *     response.output_text.delta and so on       the events of a type; the deltas of texts and
 *                                                arguments with a `snapshot` of all so far
 *     error, abort                               how it failed
 *     end                                        after all else
 *
 * It may as well be looped over, which leaving cancels the call. The request
 * goes out at once; its events are given from when the first listener, loop or
 * promise is there. A loop that does not read stops the stream, unless somebody
 * waits for its end.
 *
 * @template [T=unknown]
 * @implements {AsyncIterable<import('../types/api.js').ResponseStreamEvent>}
 */
export class ResponseStream {
  /** Its `abort()` cancels the call. */
  controller = new AbortController();
  ended = false;
  errored = false;
  aborted = false;
  /** @type {Map<string, {listener: (...args: any[]) => void, once: boolean}[]>} */
  #listeners = new Map();
  /** How many events each loop has before it. @type {Set<() => number>} */
  #backlogs = new Set();
  #snapshots = new Map();
  #opening;
  #finish;
  #running = false;
  /** How many wait for the end. */
  #awaited = 0;
  /** Goes on with a stream that waits for its loops. */
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
   * @param {(signal: AbortSignal) => Promise<import('./stream.js').Stream<any, any>>} open makes the call
   * @param {(response: any) => Promise<any>} finish makes of the response what finalResponse() returns
   * @param {AbortSignal | null} [signal] the caller's
   */
  constructor(open, finish, signal) {
    this.#finish = finish;
    this.#end.catch(() => {}); // is told to listeners and loops, too
    if (signal?.aborted) this.controller.abort();
    const unlisten = signal ? onAbort(signal, () => this.abort()) : () => {};
    this.#end.finally(unlisten).catch(() => {});
    this.controller.signal.addEventListener('abort', () => this.#goOn(), { once: true });
    this.#opening = open(this.controller.signal);
    this.#opening.catch(() => {});
  }

  /** Cancels the call. */
  abort() {
    this.controller.abort();
  }

  /** Ends the response where it is, and keeps what was said; see {@link import('./stream.js').Stream}. */
  interrupt() {
    this.#opening.then((stream) => stream.interrupt(), () => {});
  }

  /**
   * Calls a listener for each event of a name.
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
   * Calls a listener for the next event of a name.
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
   * Takes a listener away that on() or once() has added.
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
   * Waits for the next event of a name; throws if the stream fails before.
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

  /** Waits for the end; throws what the stream fails with. */
  async done() {
    this.#wait();
    this.#start();
    await this.#end;
  }

  /**
   * Waits for the end and returns the whole response, with what its texts and the
   * arguments of its calls stand for.
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
   * The events as bytes: one JSON text a line. Cancelling it cancels the call.
   *
   * @returns {ReadableStream<Uint8Array>}
   */
  toReadableStream() {
    const events = this[Symbol.asyncIterator]();
    const encoder = new TextEncoder();
    return new ReadableStream({
      async pull(controller) {
        const { done, value } = await events.next();
        if (done) controller.close();
        else controller.enqueue(encoder.encode(`${JSON.stringify(value)}\n`));
      },
      cancel: () => this.abort(),
    });
  }

  /** `await using` a stream cancels it, if it has not ended. */
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
        failure = undefined; // is thrown once
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

  /** Whether a loop has so much before it that the stream waits for it. */
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
    // As with openai-node, a failure that nobody can hear of is an unhandled one.
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
