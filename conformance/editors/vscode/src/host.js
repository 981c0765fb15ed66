import { ExitError, NoProgramError, Process, USAGE } from './process.js';

/** The wait before the first restart, doubled for each further one, in ms. */
const FIRST_WAIT = 500;

/** The number of automatic restarts in a row. After that, the next call starts the program. */
const RESTARTS = 6;

/** A crash after this time counts as the first, in ms. */
const STEADY = 60_000;

/**
 * @typedef {'stopped' | 'running' | 'restarting' | 'failed'} State
 *
 * @typedef {object} Options
 * @property {() => import('./process.js').Command} command returns the command for each start
 * @property {{name: string, version: string}} client
 * @property {(line: string) => void} log receives the lines that the program writes to stderr
 * @property {(state: State, reason?: Error) => void} changed
 */

/**
 * The one codex-rpc of a window. The first call starts it. After a crash it is
 * restarted with a delay that doubles with each crash; calls made meanwhile wait
 * for that. It does not depend on VS Code.
 */
export class Host {
  #options;
  #crashes = 0;
  #started = 0;
  /** @type {Process | undefined} */
  #process;
  /** The wait for a restart, and what ends it. @type {{over: Promise<void>, end: () => void} | undefined} */
  #wait;

  /** @param {Options} options */
  constructor(options) {
    this.#options = options;
  }

  /** The process id of the program, while it runs. */
  get pid() {
    return this.#process?.pid;
  }

  /**
   * Calls a method.
   *
   * @param {string} method
   * @param {object} [params]
   * @param {import('./process.js').CallOptions} [options]
   * @returns {Promise<any>} its result
   */
  async call(method, params = {}, options = {}) {
    if (this.#wait) await untilAborted(this.#wait.over, options.signal);
    return (this.#process ?? this.#start()).call(method, params, options);
  }

  /** Starts the program, unless it is running or about to start. */
  start() {
    if (!this.#wait && !this.#process) this.#start();
  }

  /** Restarts the program with the current settings. */
  async restart() {
    await this.stop();
    this.start();
  }

  /** Ends the program. A later call starts it again. */
  async stop() {
    const ended = this.#process;
    this.#process = undefined;
    this.#crashes = 0;
    this.#wait?.end();
    await ended?.close();
    if (!this.#process) this.#options.changed('stopped');
  }

  #start() {
    const { command, client, log, changed } = this.#options;
    const started = (this.#process = new Process(command(), log)); // before anything that may make a call
    this.#started = Date.now();
    // The program exits with the process whose id it receives, however that ends.
    started.call('initialize', { clientInfo: client, processId: process.pid }).catch(() => {});
    void started.ended.then((reason) => {
      if (started === this.#process) this.#crashed(reason);
    });
    changed('running');
    return started;
  }

  /** @param {Error} reason */
  #crashed(reason) {
    this.#process = undefined;
    if (Date.now() - this.#started > STEADY) this.#crashes = 0;
    const permanent = reason instanceof NoProgramError || (reason instanceof ExitError && reason.status === USAGE);
    if (permanent || this.#crashes === RESTARTS) {
      this.#crashes = 0;
      this.#options.changed('failed', reason);
      return;
    }
    this.#pause(FIRST_WAIT * 2 ** this.#crashes++);
    this.#options.changed('restarting', reason);
  }

  /** @param {number} ms */
  #pause(ms) {
    /** @type {() => void} */
    let resolve;
    const over = new Promise((/** @type {(value: void) => void} */ done) => (resolve = done));
    const end = () => {
      clearTimeout(timer);
      this.#wait = undefined;
      resolve();
    };
    const timer = setTimeout(() => {
      end();
      this.start();
    }, ms);
    this.#wait = { over, end };
  }
}

/**
 * @param {Promise<void>} promise
 * @param {AbortSignal | undefined} signal
 */
async function untilAborted(promise, signal) {
  if (!signal) return promise;
  signal.throwIfAborted();
  await new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort);
    void promise.then(() => {
      signal.removeEventListener('abort', abort);
      resolve(undefined);
    });
  });
}
