/**
 * Takes the lines of the server's log: a function, or an object with the methods
 * of `console`, of which the one is called that fits the line.
 *
 * @typedef {((line: string) => void) | LeveledLogger} Logger
 */

/**
 * @typedef {object} LeveledLogger
 * @property {(line: string) => void} debug
 * @property {(line: string) => void} info
 * @property {(line: string) => void} warn
 * @property {(line: string) => void} error
 */

/** What owns a logger. @typedef {{logger?: Logger}} LogReader */

/**
 * The log of a server that several clients share. Each of them may have a logger;
 * the same one is called once for each line. The readers are held weakly, since a
 * logger often holds the client that it belongs to.
 */
export class Log {
  /** @type {Set<WeakRef<LogReader>>} */
  #readers = new Set();
  #partial = '';

  /** @param {WeakRef<LogReader>} reader */
  add(reader) {
    this.#readers.add(reader);
  }

  /** @param {WeakRef<LogReader>} reader */
  delete(reader) {
    this.#readers.delete(reader);
  }

  /**
   * Takes the next piece of the log, cut anywhere.
   *
   * @param {string} text
   */
  write(text) {
    if (this.#readers.size === 0) return;
    const lines = (this.#partial + text).split('\n');
    this.#partial = lines.pop() ?? '';
    const loggers = new Set([...this.#readers].map((reader) => reader.deref()?.logger));
    for (const logger of loggers) {
      if (logger) for (const line of lines) tell(logger, line);
    }
  }
}

/**
 * Hands a line to a logger. What that throws, or rejects with, is its own affair:
 * a program does not end for want of a log.
 *
 * @param {Logger} logger
 * @param {string} line
 */
function tell(logger, line) {
  try {
    const result = /** @type {unknown} */ (typeof logger === 'function' ? logger(line) : logger[levelOf(line)]?.(line));
    if (result instanceof Promise) result.catch(() => {});
  } catch {}
}

/**
 * Returns the level of a line, as in `time=… level=WARN msg=…`. What a crash
 * writes has none.
 *
 * @param {string} line
 */
function levelOf(line) {
  const level = / level=(DEBUG|INFO|WARN)\b/.exec(line.slice(0, 80))?.[1].toLowerCase();
  return /** @type {keyof LeveledLogger} */ (level ?? 'error');
}
