import { spawn } from 'node:child_process';
import { Connection } from './connection.js';
import { APIConnectionError, ServerExitedError } from './errors.js';
import { Flow } from './flow.js';

/** How much of the end of stderr an error tells. */
const STDERR_KEPT = 4096;

/**
 * One run of codex-rpc and the connection to it. It keeps Node running only
 * while a call is under way. When Node goes, by whatever way, the pipe to the
 * server is closed with it and the server ends itself.
 */
export class ServerProcess {
  #child;
  #connection;
  #stderr = '';
  #exited;
  /** Whether it takes calls. */
  alive = true;

  /**
   * @param {import('./server.js').Command} command
   * @param {((line: string) => void) | undefined} log takes the lines of its log
   */
  constructor({ file, args, env }, log) {
    const child = spawn(file, args, { env, stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true });
    this.#child = child;
    this.#connection = new Connection((frame) => child.stdin.write(frame));
    child.on('error', (error) => this.#end(new APIConnectionError(`codex-rpc cannot be started: ${error.message}`)));
    // Without file descriptors left there are no pipes, which the types do not tell.
    if (child.stdout === undefined) throw new APIConnectionError('codex-rpc cannot be started: too many open files');
    this.flow = new Flow(
      () => child.stdout.pause(),
      () => child.stdout.resume(),
    );
    child.stdout.on('data', (/** @type {Buffer} */ chunk) => {
      this.#connection.receive(chunk.toString('latin1'));
      if (this.#connection.pending === 0) this.#unref();
    });
    child.stdin.on('error', () => {}); // that the server is gone, 'close' will tell
    this.#drain(log);
    this.#exited = new Promise((resolve) => {
      child.once('exit', resolve);
      child.once('error', resolve); // it never started
    });
    // Not 'exit': answers may still be in the pipe.
    child.once('close', (code, signal) => this.#end(new ServerExitedError(code, signal, this.#stderr)));
    this.#unref();
  }

  /**
   * Sends a request; returns what gives it up.
   *
   * @param {string} method
   * @param {object} params
   * @param {import('./connection.js').Sink} sink
   * @returns {() => void}
   */
  request(method, params, sink) {
    const id = this.#connection.request(method, params, sink);
    if (this.#connection.pending === 1) this.#ref();
    return () => {
      this.#connection.cancel(id);
      if (this.#connection.pending === 0) this.#unref();
    };
  }

  /**
   * Ends the process: its input, and if that does not do, by force. Resolves
   * when it is gone.
   *
   * @param {number} grace how long to wait before each harder way, in ms
   */
  async close(grace) {
    this.alive = false;
    this.#ref();
    this.#child.stdin.end();
    this.#child.stdout.resume();
    for (const signal of /** @type {const} */ (['SIGTERM', 'SIGKILL'])) {
      if (await settledWithin(this.#exited, grace)) return;
      this.#child.kill(signal);
    }
    await this.#exited;
  }

  /** @param {Error} error */
  #end(error) {
    this.alive = false;
    this.#connection.fail(error);
  }

  /** Reads stderr always: a server that cannot write its log would stop. @param {((line: string) => void) | undefined} log */
  #drain(log) {
    let partial = '';
    this.#child.stderr.setEncoding('utf8');
    this.#child.stderr.on('data', (/** @type {string} */ text) => {
      this.#stderr = (this.#stderr + text).slice(-STDERR_KEPT);
      if (log === undefined) return;
      const lines = (partial + text).split('\n');
      partial = lines.pop() ?? '';
      for (const line of lines) log(line);
    });
  }

  #ref() {
    this.#child.ref();
    socket(this.#child.stdout).ref();
  }

  #unref() {
    this.#child.unref();
    for (const pipe of this.#child.stdio) if (pipe) socket(pipe).unref();
  }
}

/**
 * The pipes of a child process are sockets, which the types do not tell.
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
