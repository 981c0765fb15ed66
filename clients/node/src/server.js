import { Limits } from './limits.js';
import { Log } from './log.js';
import { ServerProcess } from './process.js';

/**
 * How codex-rpc is started.
 *
 * @typedef {object} Command
 * @property {string} file
 * @property {string[]} args
 * @property {NodeJS.ProcessEnv} env
 * @property {object} options of its session, as `initialize` takes them
 */

/**
 * A codex-rpc that may be called at any time: one that died is followed by
 * another at the next call.
 */
export class Server {
  /** Those in use, by their commands. @type {Map<string, Server>} */
  static #shared = new Map();

  /** What those who share it have for its log. */
  log = new Log();
  limits = new Limits();
  #command;
  #grace;
  #process;
  /** Processes that ended or were given up, and may not be gone. @type {Set<ServerProcess>} */
  #former = new Set();
  #key = '';
  #users = 1;

  /**
   * Starts at once, so that it is ready by the first call.
   *
   * @param {Command} command
   * @param {number} [grace] how long close() waits before each harder way, in ms
   */
  constructor(command, grace) {
    this.#command = command;
    this.#grace = grace;
    this.#process = new ServerProcess(command, this.log, this.limits);
  }

  /**
   * Returns the server that is started so, a new one if there is none. Each that
   * shares it calls close().
   *
   * @param {Command} command
   */
  static share(command) {
    const key = JSON.stringify([command.file, command.args, command.env, command.options]);
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
    if (!this.#process.alive) {
      const former = this.#process;
      this.#process = new ServerProcess(this.#command, this.log, this.limits);
      this.#former.add(former);
      former.exited.then(() => this.#former.delete(former));
    }
    return this.#process;
  }

  /** Ends the process when the last who shares it has called this. */
  async close() {
    if (--this.#users > 0) return;
    if (Server.#shared.get(this.#key) === this) Server.#shared.delete(this.#key);
    await Promise.all([...this.#former, this.#process].map((process) => process.close(this.#grace)));
  }
}
