import { APIUserAbortError } from './errors.js';

/**
 * The queue of a call's events, between the connection and the reader: a sink on
 * one side, an async iterator on the other. Events are decoded when they are read.
 *
 * @implements {AsyncIterableIterator<any, undefined>}
 */
export class EventQueue {
  /** @type {string[]} */
  #events = [];
  #head = 0;
  /** @type {string | undefined} */
  #result;
  #onResult = (/** @type {string} */ _json) => {};
  /** @type {Error | undefined} */
  #error;
  #ended = false;
  #aborted = false;
  /** Waiters for the next change. @type {(() => void)[]} */
  #waiting = [];
  #flow;
  #upstream;
  #onEnd;

  /**
   * @param {import('./flow.js').Flow} flow
   * @param {{ cancel: () => void, interrupt: () => void }} upstream cancels or interrupts the call at the server
   * @param {() => void} onEnd called once, when the call has ended
   */
  constructor(flow, upstream, onEnd) {
    this.#flow = flow;
    this.#upstream = upstream;
    this.#onEnd = onEnd;
  }

  /** Whether the call has ended. */
  get ended() {
    return this.#ended;
  }

  /** Whether there is a waiter. */
  get awaited() {
    return this.#waiting.length > 0;
  }

  /** @param {string} json */
  event(json) {
    this.#events.push(json);
    this.#flow.hold(json.length);
    if (this.#waiting.length > 0) this.#wake();
  }

  /** @param {string} json */
  result(json) {
    this.#result = json;
    this.#onResult(json);
    this.#end();
  }

  /** Calls back with the result of the call, if there is one. @param {(json: string) => void} callback */
  onResult(callback) {
    if (this.#result !== undefined) callback(this.#result);
    this.#onResult = callback;
  }

  /** @param {Error} error */
  fail(error) {
    this.#error = error;
    this.#end();
  }

  /** Fails the call, and cancels it at the server. @param {Error} error */
  giveUp(error) {
    if (this.#ended) return;
    this.#upstream.cancel();
    this.fail(error);
  }

  /** Interrupts the call. */
  interrupt() {
    if (!this.#ended) this.#upstream.interrupt();
  }

  /** Waits for the first event or the response. Throws an error without preceding events. */
  async opened() {
    while (!this.#ended && this.#events.length === 0) await this.#change();
    if (this.#error !== undefined && this.#events.length === 0) throw this.#error;
  }

  /**
   * Returns the next event. After the last one, throws the error of the call, if any.
   *
   * @returns {Promise<IteratorResult<any, undefined>>}
   */
  next() {
    return this.#head < this.#events.length ? Promise.resolve(this.#take()) : this.#wait();
  }

  /**
   * Returns the JSON of the unread events, waiting for the first: at least one, and
   * at most size characters if there are more. After the last one, returns none, or
   * throws the error of the call.
   *
   * @param {number} size
   * @returns {Promise<string[]>}
   */
  async texts(size) {
    /** @type {string[]} */
    const texts = [];
    while (texts.length === 0 && (await this.#arrived())) {
      for (; this.#head < this.#events.length && size > 0; size -= texts[texts.length - 1].length) texts.push(this.#takeText());
    }
    return texts;
  }

  /**
   * Ends the iteration, and the call unless it has ended.
   *
   * @returns {Promise<IteratorResult<any, undefined>>}
   */
  async return() {
    this.abort();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  /** Waits for the result of the call, and returns its JSON. */
  async final() {
    while (!this.#ended) await this.#change();
    if (this.#result === undefined) throw this.#error;
    return this.#result;
  }

  /**
   * Aborts the call: unread events are dropped, and the iteration ends without an
   * error, unlike after any other failure.
   */
  abort() {
    for (; this.#head < this.#events.length; this.#head++) this.#flow.release(this.#events[this.#head].length);
    this.#events = [];
    this.#head = 0;
    if (this.#ended) return;
    this.#aborted = true;
    this.giveUp(new APIUserAbortError());
  }

  /** @returns {IteratorResult<any, undefined>} */
  #take() {
    return { done: false, value: JSON.parse(this.#takeText()) };
  }

  #takeText() {
    const json = this.#events[this.#head++];
    if (this.#head === this.#events.length) {
      this.#events = [];
      this.#head = 0;
    }
    this.#flow.release(json.length);
    return json;
  }

  /** @returns {Promise<IteratorResult<any, undefined>>} */
  async #wait() {
    // Another waiter may have taken what arrived.
    while (await this.#arrived()) if (this.#head < this.#events.length) return this.#take();
    return { done: true, value: undefined };
  }

  /** Waits for an event or the end. Throws the error of the call. */
  async #arrived() {
    while (this.#head >= this.#events.length) {
      if (!this.#ended) await this.#change();
      else if (this.#error === undefined || this.#aborted) return false;
      else throw this.#error;
    }
    return true;
  }

  async #change() {
    this.#flow.wait();
    await new Promise((resolve) => this.#waiting.push(/** @type {() => void} */ (resolve)));
    this.#flow.waited();
  }

  #end() {
    this.#ended = true;
    this.#onEnd();
    this.#wake();
  }

  #wake() {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
