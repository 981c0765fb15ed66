import { constants } from 'node:buffer';
import { APIConnectionError, OpenAIError } from './errors.js';
import { errorFrom } from './failure.js';

/**
 * Takes what belongs to one call: its events, then its result or its failure.
 * JSON comes as text, so that nothing is decoded that nobody asks for.
 *
 * @typedef {object} Sink
 * @property {(json: string) => void} event
 * @property {(json: string) => void} result
 * @property {(error: Error) => void} fail
 */

// The form in which the server writes its frames. Matching it takes a tenth of
// the time that decoding the frame would; what is in another form is decoded.
const EVENT = /\{"jsonrpc":"2\.0","method":"stream\.event","params":\{"id":\d+,"seq":\d+,"event":/y;
const EVENT_ID = '{"jsonrpc":"2.0","method":"stream.event","params":{"id":'.length;
const RESULT = /\{"jsonrpc":"2\.0","id":\d+,"result":/y;
const RESULT_ID = '{"jsonrpc":"2.0","id":'.length;
/** What the server takes in one message, if it is not told otherwise. */
const MAX_MESSAGE_BYTES = 64 << 20;
/** How much of a line that is too long is kept, to see whose it is. */
const HEAD = 256;

/**
 * The client's end of a connection, without the pipe: frames out through a
 * function, frames in through {@link Connection.receive}, and the table of the
 * calls in between.
 */
export class Connection {
  /** @type {Map<number, Sink>} */
  #calls = new Map();
  /** Requests of the client's own, beside the calls. @type {Map<number, Sink>} */
  #asides = new Map();
  #lastId = 0;
  #partial = '';
  #head = '';
  #skipping = false;
  #write;
  #maxLine;
  #notice;
  /** Whether the server has said that it is about to end. */
  stopping = false;

  /**
   * @param {(frame: string) => void} write takes one line, its end included
   * @param {number} [maxLine] the longest line that can be read: the longest string there is
   * @param {(method: string, params: any) => void} [notice] takes the notifications that belong to no call
   */
  constructor(write, maxLine = constants.MAX_STRING_LENGTH, notice = () => {}) {
    this.#write = write;
    this.#maxLine = maxLine;
    this.#notice = notice;
  }

  /** How many calls await their answer. */
  get pending() {
    return this.#calls.size;
  }

  /**
   * Sends a request whose answer goes to sink, and returns its id.
   *
   * @param {string} method
   * @param {object} params
   * @param {Sink} sink
   */
  request(method, params, sink) {
    return this.#send(this.#calls, method, params, sink);
  }

  /**
   * Sends a request of the client itself, which does not count as a call.
   *
   * @param {string} method
   * @param {object} params
   * @param {Sink} sink
   */
  aside(method, params, sink) {
    this.#send(this.#asides, method, params, sink);
  }

  /**
   * @param {Map<number, Sink>} table
   * @param {string} method
   * @param {object} params
   * @param {Sink} sink
   */
  #send(table, method, params, sink) {
    const id = ++this.#lastId;
    const frame = `${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`;
    // No character takes more than three bytes.
    if (frame.length * 3 > MAX_MESSAGE_BYTES && Buffer.byteLength(frame) > MAX_MESSAGE_BYTES) {
      throw new OpenAIError(`${method}: the parameters take more than ${MAX_MESSAGE_BYTES} bytes; pass a large file by its path`);
    }
    table.set(id, sink);
    this.#write(frame);
    return id;
  }

  /**
   * Gives a call up. Its sink hears nothing more.
   *
   * @param {number} id
   */
  cancel(id) {
    if (this.#calls.delete(id)) {
      this.#write(`{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":${id}}}\n`);
    }
  }

  /**
   * Has a call end with what there is of it.
   *
   * @param {number} id
   */
  interrupt(id) {
    if (this.#calls.has(id)) {
      this.#write(`{"jsonrpc":"2.0","method":"responses.interrupt","params":{"id":${id}}}\n`);
    }
  }

  /**
   * Fails all calls: nothing more will be received.
   *
   * @param {Error} error
   */
  fail(error) {
    const sinks = [...this.#asides.values(), ...this.#calls.values()];
    this.#asides.clear();
    this.#calls.clear();
    this.#partial = '';
    for (const sink of sinks) sink.fail(error);
  }

  /**
   * Takes the next piece of the server's output, cut anywhere. The server writes
   * ASCII alone, so it may be decoded as Latin-1, which no cut can spoil.
   *
   * @param {string} text
   */
  receive(text) {
    let start = 0;
    let end = text.indexOf('\n');
    if (end >= 0 && (this.#partial !== '' || this.#skipping)) {
      this.#hold(text.slice(0, end));
      const line = this.#partial;
      this.#partial = '';
      this.#skipping = false;
      this.#route(line, 0, line.length);
      start = end + 1;
      end = text.indexOf('\n', start);
    }
    while (end >= 0) {
      this.#route(text, start, end);
      start = end + 1;
      end = text.indexOf('\n', start);
    }
    if (start < text.length) this.#hold(text.slice(start));
  }

  /**
   * Adds to the line that is not complete. A search of the whole after each
   * piece would take time quadratic in the length of the line, and a line longer
   * than a string can be would throw: it costs the call that it belongs to.
   *
   * @param {string} piece
   */
  #hold(piece) {
    if (this.#skipping) return;
    if (this.#partial.length < HEAD) this.#head = (this.#partial + piece).slice(0, HEAD);
    if (this.#partial.length + piece.length <= this.#maxLine) {
      this.#partial += piece;
      return;
    }
    this.#partial = '';
    this.#skipping = true;
    const error = new APIConnectionError(`The server wrote a line of more than ${this.#maxLine} characters, which cannot be read.`);
    const id = /"id":(\d+)[,}]/.exec(this.#head)?.[1];
    if (id === undefined) return this.fail(error);
    const sink = this.#calls.get(Number(id));
    this.cancel(Number(id));
    sink?.fail(error);
  }

  /**
   * Passes on the frame that stands in text from start to end.
   *
   * @param {string} text
   * @param {number} start
   * @param {number} end
   */
  #route(text, start, end) {
    EVENT.lastIndex = start;
    if (EVENT.test(text)) {
      this.#calls.get(number(text, start + EVENT_ID))?.event(text.slice(EVENT.lastIndex, end - 2));
      return;
    }
    RESULT.lastIndex = start;
    if (RESULT.test(text)) {
      this.#answered(number(text, start + RESULT_ID))?.result(text.slice(RESULT.lastIndex, end - 1));
      return;
    }
    if (end > start) this.#routeAny(text.slice(start, end));
  }

  /** @param {string} line */
  #routeAny(line) {
    const frame = parse(line);
    if (frame === null || typeof frame !== 'object') {
      this.fail(new OpenAIError(`The server wrote a message that is not JSON-RPC: ${line.slice(0, 80)}`));
    } else if (frame.method === 'stream.event') {
      this.#calls.get(frame.params?.id)?.event(JSON.stringify(frame.params.event));
    } else if (typeof frame.method === 'string') {
      this.#notice(frame.method, frame.params);
    } else if (frame.error !== undefined && frame.id === null) {
      this.fail(errorFrom(frame.error)); // one of our frames could not be read, and which is not told
    } else if (frame.error !== undefined) {
      const sink = this.#answered(frame.id);
      // What the client cancels has no sink any more.
      if (sink !== undefined && (frame.error.data?.type === 'cancelled' || isShuttingDown(frame.error))) this.stopping = true;
      sink?.fail(errorFrom(frame.error));
    } else if (frame.result !== undefined) {
      this.#answered(frame.id)?.result(JSON.stringify(frame.result));
    }
  }

  /** @param {number} id */
  #answered(id) {
    const table = this.#calls.has(id) ? this.#calls : this.#asides;
    const sink = table.get(id);
    table.delete(id);
    return sink;
  }
}

/**
 * Whether a server refuses a call because it is about to end.
 *
 * @param {{data?: {type?: string}, message?: string}} error
 */
export function isShuttingDown({ data, message }) {
  return data?.type === 'invalid_request' && message !== undefined && message.startsWith('The server is shutting down');
}

/** @param {string} line */
function parse(line) {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

/**
 * Returns the number whose digits stand at a position.
 *
 * @param {string} text
 * @param {number} at
 */
function number(text, at) {
  let value = 0;
  for (;;) {
    const digit = text.charCodeAt(at++) - 48;
    if (!(digit >= 0 && digit <= 9)) return value;
    value = value * 10 + digit;
  }
}
