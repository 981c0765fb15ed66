/**
 * Flow control: decides when the server's output is read, so that memory is bounded
 * and a slow reader does not delay others.
 *
 * All calls share one pipe. Unread events are buffered as text. Above
 * {@link Flow.LIMIT} characters, reading pauses, and the server in turn pauses
 * reading from the backend, unless there is a waiter: a loop that waits for its next
 * event, or a caller for a result, gets it however much is buffered for another
 * stream. So a single slow reader is throttled; with other readers, it costs memory,
 * at most the size of its own response. Nothing is dropped.
 */
export class Flow {
  /** The number of buffered characters at which reading pauses. */
  static LIMIT = 1 << 20;

  #held = 0;
  #waiting = 0;
  /** Whether reading is paused. */
  paused = false;
  #pause;
  #resume;

  /**
   * @param {() => void} pause pauses reading
   * @param {() => void} resume resumes reading
   */
  constructor(pause, resume) {
    this.#pause = pause;
    this.#resume = resume;
  }

  /** Adds a buffered event. @param {number} size in characters */
  hold(size) {
    this.#held += size;
    if (this.#held > Flow.LIMIT && this.#waiting === 0 && !this.paused) {
      this.paused = true;
      this.#pause();
    }
  }

  /** Removes an event that was read or dropped. @param {number} size in characters */
  release(size) {
    this.#held -= size;
    if (this.paused && this.#held <= Flow.LIMIT / 2) this.#read();
  }

  /** Adds a waiter. */
  wait() {
    this.#waiting++;
    if (this.paused) this.#read();
  }

  /** Removes a waiter. */
  waited() {
    this.#waiting--;
  }

  #read() {
    this.paused = false;
    this.#resume();
  }
}
