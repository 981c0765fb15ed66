import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** The error code of a cancelled call. */
export const CANCELLED = -32800;

/** The time to wait for the exit after each step of stopping a process, in ms. */
const GRACE = 1500;

/** An error response of the host. */
export class CallError extends Error {
  name = 'CallError';

  /** @param {{code: number, message: string, data?: {type?: string}}} error */
  constructor({ code, message, data }) {
    super(message);
    this.code = code;
    this.type = data?.type;
  }
}

/** The program was not found or cannot be started. */
export class NoProgramError extends Error {
  name = 'NoProgramError';

  /**
   * @param {string} program
   * @param {NodeJS.ErrnoException} cause
   */
  constructor(program, cause) {
    super(cause.code === 'ENOENT' ? `The program ${program} was not found.` : `${program} cannot be started: ${cause.message}.`, { cause });
  }
}

/** The process ended before it answered. */
export class ExitError extends Error {
  name = 'ExitError';

  /**
   * @param {string} message
   * @param {number | null} status the exit code, if it was not ended by a signal
   */
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

/** The exit code for an invalid command line. */
export const USAGE = 2;

/**
 * @typedef {object} Call
 * @property {(event: any) => void} [onEvent]
 * @property {(result: any) => void} resolve
 * @property {(error: Error) => void} reject
 *
 * @typedef {object} Command
 * @property {string} program
 * @property {string[]} args
 * @property {NodeJS.ProcessEnv} [env]
 *
 * @typedef {object} CallOptions
 * @property {(event: any) => void} [onEvent] receives the events of a stream
 * @property {AbortSignal} [signal] cancels the call
 */

/** One codex-rpc process, which exchanges lines of JSON. It does not depend on VS Code. */
export class Process {
  #child;
  #program;
  /** @type {Map<number, Call>} */
  #calls = new Map();
  #lastId = 0;
  #partial = '';
  #lastLine = '';
  /** @type {Error | undefined} */
  #fault;

  /** Resolves to the reason when the process is gone. @type {Promise<Error>} */
  ended;

  /**
   * @param {Command} command
   * @param {(line: string) => void} log takes the lines that the program writes to stderr
   */
  constructor({ program, args, env }, log) {
    this.#program = program;
    const child = (this.#child = spawn(program, args, { env, windowsHide: true }));
    child.stdout.setEncoding('latin1').on('data', (text) => this.#receive(text)); // the output is ASCII
    createInterface(child.stderr).on('line', (line) => {
      this.#lastLine = line || this.#lastLine;
      log(line);
    });
    for (const pipe of child.stdio) pipe?.on('error', () => {}); // 'close' reports the exit
    this.ended = new Promise((resolve) => {
      const end = (/** @type {Error} */ fault) => {
        this.#fault ??= fault;
        for (const call of this.#calls.values()) call.reject(this.#fault);
        this.#calls.clear();
        resolve(this.#fault);
      };
      child.on('error', (error) => end(new NoProgramError(program, error)));
      child.on('close', (code, signal) => end(this.#exit(code, signal)));
    });
  }

  /** The process id; undefined where it could not be started. */
  get pid() {
    return this.#child.pid;
  }

  /**
   * @param {string} method
   * @param {object} params
   * @param {CallOptions} [options]
   * @returns {Promise<any>} the result
   */
  call(method, params, { onEvent, signal } = {}) {
    return new Promise((resolve, reject) => {
      if (this.#fault) throw this.#fault;
      signal?.throwIfAborted();
      const id = ++this.#lastId;
      const cancel = () => this.#send({ method: '$/cancelRequest', params: { id } });
      signal?.addEventListener('abort', cancel);
      const settle = (/** @type {(value: any) => void} */ how) => (/** @type {any} */ value) => {
        signal?.removeEventListener('abort', cancel);
        how(value);
      };
      this.#calls.set(id, { onEvent, resolve: settle(resolve), reject: settle(reject) });
      this.#send({ id, method, params });
    });
  }

  /** Cancels the pending calls and stops the process: closes its input, and kills it if necessary. */
  async close() {
    for (const id of this.#calls.keys()) this.#send({ method: '$/cancelRequest', params: { id } });
    this.#child.stdin.end();
    for (const signal of /** @type {const} */ (['SIGTERM', 'SIGKILL'])) {
      const timer = setTimeout(() => this.#child.kill(signal), GRACE * (signal === 'SIGTERM' ? 1 : 2));
      void this.ended.then(() => clearTimeout(timer));
    }
    await this.ended;
  }

  /** @param {object} message */
  #send(message) {
    this.#child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  }

  /** @param {string} text */
  #receive(text) {
    const lines = text.split('\n');
    lines[0] = this.#partial + lines[0];
    this.#partial = /** @type {string} */ (lines.pop());
    for (const line of lines) this.#dispatch(JSON.parse(line));
  }

  /** @param {any} message */
  #dispatch({ id, method, params, result, error }) {
    if (method === 'stream.event') {
      this.#calls.get(params.id)?.onEvent?.(params.event);
      return;
    }
    const call = this.#calls.get(id);
    this.#calls.delete(id);
    if (error) call?.reject(new CallError(error));
    else call?.resolve(result);
  }

  /**
   * @param {number | null} code
   * @param {NodeJS.Signals | null} signal
   */
  #exit(code, signal) {
    return new ExitError(`${this.#program} ended with ${signal ?? `exit code ${code}`}${this.#lastLine && `: ${this.#lastLine}`}`, code);
  }
}
