import { APIUserAbortError } from './errors.js';

/**
 * The events of one call, between the connection that brings them and the loop
 * that takes them: a sink on one side, an async iterator on the other. An event
 * stays text until it is taken.
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
  /** Those who wait for the next change. @type {(() => void)[]} */
  #waiting = [];
  #flow;
  #upstream;
  #onEnd;

  /**
   * @param {import('./flow.js').Flow} flow
   * @param {{ cancel: () => void, interrupt: () => void }} upstream gives the call up there, or has it end
   * @param {() => void} onEnd called once, when the call is over
   */
  constructor(flow, upstream, onEnd) {
    this.#flow = flow;
    this.#upstream = upstream;
    this.#onEnd = onEnd;
  }

  /** Whether the call is over. */
  get ended() {
    return this.#ended;
  }

  /** Whether somebody waits for what comes next. */
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

  /** Calls back with the call's result, should there be one. @param {(json: string) => void} callback */
  onResult(callback) {
    if (this.#result !== undefined) callback(this.#result);
    this.#onResult = callback;
  }

  /** @param {Error} error */
  fail(error) {
    this.#error = error;
    this.#end();
  }

  /** Fails the call, and cancels it upstream. @param {Error} error */
  giveUp(error) {
    if (this.#ended) return;
    this.#upstream.cancel();
    this.fail(error);
  }

  /** Has the call end with what there is of it. */
  interrupt() {
    if (!this.#ended) this.#upstream.interrupt();
  }

  /** Waits for the first event, or the answer; throws if that is an error and all there is. */
  async opened() {
    while (!this.#ended && this.#events.length === 0) await this.#change();
    if (this.#error !== undefined && this.#events.length === 0) throw this.#error;
  }

  /**
   * Returns the next event; after the last one throws the call's error, if it has one.
   *
   * @returns {Promise<IteratorResult<any, undefined>>}
   */
  next() {
    return this.#head < this.#events.length ? Promise.resolve(this.#take()) : this.#wait();
  }

  /**
   * Returns the JSON of the events that are there, of so many characters at most
   * if they are more than one; waits for one if there are none. After the last
   * one returns none, or throws the call's error.
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
   * Ends the iteration and, if that has not ended, the call.
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

  /** Waits for the call's result, and returns its JSON. */
  async final() {
    while (!this.#ended) await this.#change();
    if (this.#result === undefined) throw this.#error;
    return this.#result;
  }

  /**
   * Cancels the call because its caller wants no more of it: what is held is
   * dropped, and the iteration is at its end. No other failure ends it so.
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
    // Another who waits may have taken what arrived.
    while (await this.#arrived()) if (this.#head < this.#events.length) return this.#take();
    return { done: true, value: undefined };
  }

  /** Waits until there is an event, or for the end; throws what that fails with. */
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
