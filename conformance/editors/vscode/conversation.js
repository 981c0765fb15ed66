'use strict';

const { spawn } = require('node:child_process');
const rpc = require('vscode-jsonrpc/node');

/** The code of the error that a cancelled call ends with. */
const CANCELLED = -32800;

/** Tells the id of the last request. vscode-jsonrpc keeps it to itself, and events go by it. */
class Writer extends rpc.StreamMessageWriter {
  write(message) {
    if (rpc.Message.isRequest(message)) this.lastId = message.id;
    return super.write(message);
  }
}

/** A codex-rpc process and the questions put to it. It knows nothing of VS Code. */
class Conversation {
  #connection;
  #writer;
  #listeners = new Map();
  #fault;

  /** Fulfilled when the process is gone. */
  ended;

  /**
   * @param {string[]} command the program and its arguments
   * @param {(text: string) => void} log takes what the program writes to stderr
   */
  constructor([program, ...args], log) {
    const host = spawn(program, args, { windowsHide: true });
    host.stderr.setEncoding('utf8').on('data', log);
    this.#writer = new Writer(host.stdin);
    this.#connection = rpc.createMessageConnection(new rpc.StreamMessageReader(host.stdout), this.#writer);
    this.#connection.onNotification('stream.event', ({ id, event }) => this.#listeners.get(id)?.(event));
    this.#connection.listen();
    host.on('error', (error) => (this.#fault = error));
    this.ended = new Promise((resolve) => {
      host.on('close', (code, signal) => {
        this.#fault ??= new Error(`${program} ended with ${signal ?? `exit code ${code}`}`);
        this.#connection.dispose(); // which fails the calls that wait
        resolve();
      });
    });
  }

  /**
   * Ask, and be given the answer as it comes.
   *
   * @param {string} input
   * @param {(text: string) => void} onText
   * @param {import('vscode-jsonrpc').CancellationToken} token VS Code's own tokens will do
   * @returns {Promise<object>} the whole response
   */
  async ask(input, onText, token = rpc.CancellationToken.None) {
    let id;
    try {
      const answer = this.#connection.sendRequest('responses.create', { input, stream: true }, token);
      id = this.#writer.lastId;
      this.#listeners.set(id, (event) => {
        if (event.type === 'response.output_text.delta') onText(event.delta);
      });
      return await answer;
    } catch (error) {
      throw this.#fault ?? error;
    } finally {
      this.#listeners.delete(id);
    }
  }

  /** End the process, and with it the calls under way. */
  async dispose() {
    try {
      await this.#connection.sendRequest('shutdown');
      await this.#connection.sendNotification('exit');
    } catch {
      // It is gone, or about to be.
    }
    await this.ended;
  }
}

module.exports = { CANCELLED, Conversation };
