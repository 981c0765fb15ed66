import { Limits } from './limits.js';
import { Log } from './log.js';
import { ServerProcess } from './process.js';

/**
 * The command that starts codex-rpc.
 *
 * @typedef {object} Command
 * @property {string} file
 * @property {string[]} args
 * @property {{ [name: string]: string | undefined }} env
 * @property {object} options the options of `initialize`
 */

/**
 * A codex-rpc server, restarted by the next call after its process has ended.
 */
export class Server {
  /** The servers in use, by command. @type {Map<string, Server>} */
  static #shared = new Map();

  /** The loggers of its clients. */
  log = new Log();
  limits = new Limits();
  #command;
  #grace;
  #process;
  /** Processes that were stopped or given up and may not have exited yet. @type {Set<ServerProcess>} */
  #former = new Set();
  #key = '';
  #users = 1;

  /**
   * Starts the process immediately, so that it is ready for the first call.
   *
   * @param {Command} command
   * @param {number} [grace] how long close() waits before each signal, in ms
   */
  constructor(command, grace) {
    this.#command = command;
    this.#grace = grace;
    this.#process = new ServerProcess(command, this.log, this.limits);
  }

  /**
   * Returns the server with this command, starting it if there is none. Each client
   * that shares it calls close().
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

  /** Returns the running process. */
  running() {
    if (!this.#process.alive) {
      const former = this.#process;
      this.#process = new ServerProcess(this.#command, this.log, this.limits);
      this.#former.add(former);
      former.exited.then(() => this.#former.delete(former));
    }
    return this.#process;
  }

  /** Stops the process after the last client that shares it has called this. */
  async close() {
    if (--this.#users > 0) return;
    if (Server.#shared.get(this.#key) === this) Server.#shared.delete(this.#key);
    await Promise.all([...this.#former, this.#process].map((process) => process.close(this.#grace)));
  }
}
