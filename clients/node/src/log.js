/**
 * Receives the lines of the server's log: a function, or an object with the methods
 * of `console`, called by the level of the line.
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

/** The owner of a logger. @typedef {{logger?: Logger}} LogReader */

/**
 * The log of a server that several clients share. Each of them can have a logger;
 * a shared one is called once per line. The readers are held weakly, since a
 * logger often refers to its client.
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
   * Processes the next chunk of the log.
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
 * Passes a line to a logger. Its errors and rejections are ignored: logging must not
 * end the program.
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
 * Returns the level of a line, as in `time=… level=WARN msg=…`. The output of a
 * crash has none.
 *
 * @param {string} line
 */
function levelOf(line) {
  const level = / level=(DEBUG|INFO|WARN)\b/.exec(line.slice(0, 80))?.[1].toLowerCase();
  return /** @type {keyof LeveledLogger} */ (level ?? 'error');
}
