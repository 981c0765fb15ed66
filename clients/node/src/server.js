import { ServerProcess } from './process.js';

/**
 * How codex-rpc is started.
 *
 * @typedef {object} Command
 * @property {string} file
 * @property {string[]} args
 * @property {NodeJS.ProcessEnv} env
 */

/** How long close() waits before each harder way, in ms. */
const GRACE = 2000;

/**
 * A codex-rpc that may be called at any time: one that died is followed by
 * another at the next call.
 */
export class Server {
  /** Those in use, by their commands. @type {Map<string, Server>} */
  static #shared = new Map();

  #command;
  #log;
  #grace;
  #process;
  #key = '';
  #users = 1;

  /**
   * Starts at once, so that it is ready by the first call.
   *
   * @param {Command} command
   * @param {(line: string) => void} [log]
   * @param {number} [grace]
   */
  constructor(command, log, grace = GRACE) {
    this.#command = command;
    this.#log = log;
    this.#grace = grace;
    this.#process = new ServerProcess(command, log);
  }

  /**
   * Returns the server that is started so, a new one if there is none. One
   * whose log somebody wants is not shared. Each that shares it calls close().
   *
   * @param {Command} command
   * @param {(line: string) => void} [log]
   */
  static share(command, log) {
    if (log !== undefined) return new Server(command, log);
    const key = JSON.stringify([command.file, command.args, command.env]);
    let server = Server.#shared.get(key);
    if (server !== undefined) {
      server.#users++;
    } else {
      server = new Server(command);
      server.#key = key;
      Server.#shared.set(key, server);
    }
    return server;
  }

  /** Returns the process that runs. */
  running() {
    if (!this.#process.alive) this.#process = new ServerProcess(this.#command, this.#log);
    return this.#process;
  }

  /** Ends the process when the last who shares it has called this. */
  async close() {
    if (--this.#users > 0) return;
    Server.#shared.delete(this.#key);
    await this.#process.close(this.#grace);
  }
}
