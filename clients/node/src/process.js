import { spawn } from 'node:child_process';
import { Connection } from './connection.js';
import { APIConnectionError, ServerExitedError } from './errors.js';
import { Flow } from './flow.js';

/** How much of the end of stderr an error includes. */
const STDERR_KEPT = 4096;

/** How long to wait for the exit of a process before each signal, in ms. */
const GRACE = 2000;

/** How long to wait for the rest of its output after it has exited, in ms. */
const DRAIN = 1000;

const windows = process.platform === 'win32';

/**
 * A codex-rpc process and the connection to it. It keeps Node running only while a
 * call is pending and its events are read. When Node exits, for whatever reason, the
 * pipe to the server is closed and the server exits.
 */
export class ServerProcess {
  #child;
  #connection;
  #stderr = '';
  #holding = true;
  #silent = false;
  /** @type {Promise<unknown> | undefined} */
  #closing;
  /** Resolves when the process has exited and its output is read. @type {Promise<unknown>} */
  #drained;
  /** @type {Promise<boolean> | undefined} */
  #ping;
  #ended = false;
  /** When something was last received, by performance.now(). */
  heard = 0;

  /**
   * @param {import('./server.js').Command} command
   * @param {import('./log.js').Log} log
   * @param {import('./limits.js').Limits} limits
   */
  constructor({ file, args, env, options }, log, limits) {
    const child = start(file, args, env);
    const maxMessage = Number(env.CODEX_RPC_MAX_MESSAGE_BYTES); // the server reports an invalid one
    this.#child = child;
    this.#connection = new Connection(
      (parts) => {
        child.stdin.cork();
        for (const part of parts) child.stdin.write(part);
        child.stdin.uncork(); // writes all at once
      },
      undefined,
      (method, params) => limits.notice(method, params),
      maxMessage > 0 ? maxMessage : undefined,
    );
    child.on('error', (error) => this.#end(new APIConnectionError(`codex-rpc cannot be started: ${error.message}`)));
    // Without file descriptors left there are no pipes, contrary to the types.
    if (!child.stdout) throw new APIConnectionError('codex-rpc cannot be started: too many open files');
    this.flow = new Flow(
      () => {
        child.stdout.pause();
        this.#hold();
      },
      () => {
        child.stdout.resume();
        this.#hold();
      },
    );
    child.stdout.on('data', (/** @type {Buffer} */ chunk) => {
      this.heard = performance.now();
      this.#connection.receive(chunk.toString('latin1'));
      if (this.#connection.pending === 0) this.#hold();
    });
    for (const pipe of child.stdio) pipe?.on('error', () => {}); // 'close' reports that the server has exited
    // stderr is always read: a server that cannot write its log would block.
    child.stderr.setEncoding('utf8');
    child.stderr.on('data', (/** @type {string} */ text) => {
      this.#stderr = (this.#stderr + text).slice(-STDERR_KEPT);
      log.write(text);
    });
    /** Resolves when the process has exited. @type {Promise<unknown>} */
    this.exited = new Promise((resolve) => {
      child.once('exit', resolve);
      child.once('error', resolve); // not started
    });
    // Not 'exit': responses and lines of the log may still be in the pipes.
    this.#drained = new Promise((resolve) => {
      child.once('close', (code, signal) => {
        this.#end(new ServerExitedError(code, signal, this.#stderr));
        resolve(undefined);
      });
    });
    this.#initialize(options);
    this.#hold();
  }

  /** Whether it accepts calls. */
  get alive() {
    return !this.#ended && !this.#connection.stopping;
  }

  /**
   * Sends a request, and returns functions that cancel and interrupt it.
   *
   * @param {string} method
   * @param {object} params
   * @param {import('./connection.js').Sink} sink
   * @returns {{ cancel: () => void, interrupt: () => void }}
   */
  request(method, params, sink) {
    const id = this.#connection.request(method, params, sink);
    if (this.#connection.pending === 1) this.#hold();
    return {
      cancel: () => {
        this.#connection.cancel(id);
        this.#hold();
      },
      interrupt: () => this.#connection.interrupt(id),
    };
  }

  /**
   * Reports whether the server still responds. If it does not, it gets no more calls,
   * and is stopped when the pending ones have ended.
   *
   * @param {number} patience how long to wait for a response, in ms
   * @returns {Promise<boolean>}
   */
  answers(patience) {
    this.#ping ??= this.#answers(patience).finally(() => (this.#ping = undefined));
    return this.#ping;
  }

  /** @param {number} patience */
  async #answers(patience) {
    const asked = performance.now();
    /** @type {Promise<boolean>} */
    const answered = new Promise((resolve) => {
      // An undeclared method. A server that responds with a result does not speak
      // JSON-RPC.
      this.#connection.aside('rpc.ping', {}, {
        event() {},
        result: () => resolve(false),
        fail: () => resolve(true),
      });
      // After reading what has arrived while this process was busy.
      const late = () => setImmediate(() => resolve(this.heard > asked));
      setTimeout(late, patience).unref?.();
    });
    if (await answered) return true;
    this.#ended = true;
    this.#silent = true;
    this.#hold();
    return false;
  }

  /**
   * Stops the process, by closing its input and then by signals. Resolves when it has
   * exited and its log is read.
   *
   * @param {number} [grace] how long to wait before each signal, in ms
   * @returns {Promise<unknown>}
   */
  close(grace = GRACE) {
    this.#closing ??= this.#close(grace);
    return this.#closing;
  }

  /** @param {number} grace */
  async #close(grace) {
    this.#ended = true;
    this.#ref();
    this.#child.stdin.end();
    this.#child.stdout.resume();
    for (const signal of /** @type {const} */ (['SIGTERM', 'SIGKILL'])) {
      if (await settledWithin(this.exited, grace)) break;
      this.#child.kill(signal);
    }
    await this.exited;
    // A process that outlives the server may hold its stderr.
    await settledWithin(this.#drained, DRAIN);
  }

  /**
   * Sets the options of the session. Flags and the environment are limited in size
   * and visible to other users of the machine.
   *
   * @param {object} options
   */
  #initialize(options) {
    if (Object.keys(options).length === 0) return;
    const params = { clientInfo: { name: 'codex-rpc-node' }, processId: process.pid, options };
    this.#connection.aside('initialize', params, {
      event() {},
      result() {},
      fail: (error) => {
        // Calls must not run with other options.
        this.#end(error);
        this.#child.stdin.end();
      },
    });
  }

  /** @param {Error} error */
  #end(error) {
    this.#ended = true;
    this.#connection.fail(error);
    this.#hold();
  }

  /** Keeps Node running only for awaited calls. */
  #hold() {
    if (this.#silent && this.#connection.pending === 0) void this.close();
    const hold = this.#connection.pending > 0 && !this.flow.paused;
    if (hold === this.#holding || this.#closing) return;
    if (hold) this.#ref();
    else this.#unref();
  }

  #ref() {
    this.#holding = true;
    this.#child.ref?.();
    socket(this.#child.stdout).ref?.();
  }

  #unref() {
    this.#holding = false;
    this.#child.unref?.();
    // unref adds a listener to a closed pipe, with each call.
    for (const pipe of this.#child.stdio ?? []) if (pipe && !pipe.destroyed) socket(pipe).unref?.();
  }
}

/**
 * Starts the binary in its own process group, so that Ctrl-C in a terminal reaches
 * only this process, which may still need the server. On Windows hiding its window
 * has that effect, and detached would open a window.
 *
 * @param {string} file
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 */
function start(file, args, env) {
  try {
    return spawn(file, args, { env, stdio: ['pipe', 'pipe', 'pipe'], detached: !windows, windowsHide: true });
  } catch (error) {
    throw new APIConnectionError(`codex-rpc cannot be started: ${error instanceof Error ? error.message : error}`);
  }
}

/**
 * The pipes of a child process are sockets, contrary to the types.
 *
 * @param {unknown} pipe
 */
function socket(pipe) {
  return /** @type {import('node:net').Socket} */ (pipe);
}

/**
 * @param {Promise<unknown>} promise
 * @param {number} ms
 * @returns {Promise<boolean>}
 */
async function settledWithin(promise, ms) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const timeout = new Promise((resolve) => {
    timer = setTimeout(resolve, ms, false);
  });
  try {
    return await Promise.race([promise.then(() => true), timeout]);
  } finally {
    clearTimeout(timer);
  }
}
