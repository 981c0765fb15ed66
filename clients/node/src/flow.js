/**
 * Decides when the server's output is read, so that memory stays bounded
 * without one reader holding up another.
 *
 * All calls share one pipe. Events that no loop has taken yet are held as text.
 * Once more than {@link Flow.LIMIT} characters are held the pipe is left alone,
 * and the server stops reading from the backend in its turn, but only while
 * nobody waits for anything: a loop that waits for its next event, or a caller
 * for a result, gets it however much another stream has piled up. So a slow
 * reader alone is throttled; beside others it costs memory, at most the size of
 * its own response. Nothing is ever dropped.
 */
export class Flow {
  /** Characters that may be held before reading pauses. */
  static LIMIT = 1 << 20;

  #held = 0;
  #waiting = 0;
  /** Whether the pipe is left alone. */
  paused = false;
  #pause;
  #resume;

  /**
   * @param {() => void} pause stop reading
   * @param {() => void} resume read on
   */
  constructor(pause, resume) {
    this.#pause = pause;
    this.#resume = resume;
  }

  /** An event of so many characters is held. @param {number} size */
  hold(size) {
    this.#held += size;
    if (this.#held > Flow.LIMIT && this.#waiting === 0 && !this.paused) {
      this.paused = true;
      this.#pause();
    }
  }

  /** An event was taken, or given up. @param {number} size */
  release(size) {
    this.#held -= size;
    if (this.paused && this.#held <= Flow.LIMIT / 2) this.#read();
  }

  /** Somebody waits for what only reading can bring. */
  wait() {
    this.#waiting++;
    if (this.paused) this.#read();
  }

  /** Somebody waits no longer. */
  waited() {
    this.#waiting--;
  }

  #read() {
    this.paused = false;
    this.#resume();
  }
}
