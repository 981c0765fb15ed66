import { constants } from 'node:buffer';
import { APIConnectionError, InvalidParamsError, OpenAIError } from './errors.js';
import { errorFrom } from './failure.js';
import { encodeRequest } from './request.js';

/**
 * Receives the events of a call, then its result or error. JSON is passed as text, so
 * that it is only decoded on demand.
 *
 * @typedef {object} Sink
 * @property {(json: string) => void} event
 * @property {(json: string) => void} result
 * @property {(error: Error) => void} fail
 */

// The layout of the server's frames. Matching it takes a tenth of the time of
// decoding the frame; frames with another layout are decoded.
const EVENT = /\{"jsonrpc":"2\.0","method":"stream\.event","params":\{"id":\d+,"seq":\d+,"event":/y;
const EVENT_ID = '{"jsonrpc":"2.0","method":"stream.event","params":{"id":'.length;
const RESULT = /\{"jsonrpc":"2\.0","id":\d+,"result":/y;
const RESULT_ID = '{"jsonrpc":"2.0","id":'.length;
/** The server's default limit of a message. */
const MAX_MESSAGE_BYTES = 64 << 20;
/** The name of a parameter `body`, beside others, that is already JSON on one line and is sent as it is. */
export const BODY = Symbol('body');
/** How much of an oversized line is kept, to find its id. */
const HEAD = 256;

/**
 * The client side of a connection, without I/O: it writes frames with a function,
 * receives them through {@link Connection.receive}, and keeps the pending calls.
 */
export class Connection {
  /** @type {Map<number, Sink>} */
  #calls = new Map();
  /** Requests of the client itself. @type {Map<number, Sink>} */
  #asides = new Map();
  #lastId = 0;
  #partial = '';
  #head = '';
  #skipping = false;
  #write;
  #maxLine;
  #notice;
  #maxMessage;
  /** Whether the server is shutting down. */
  stopping = false;

  /**
   * @param {(parts: (string | Uint8Array)[]) => void} write writes the parts of a line, including its newline
   * @param {number} [maxLine] the longest line that can be read; by default the longest string
   * @param {(method: string, params: any) => void} [notice] receives notifications that belong to no call
   * @param {number} [maxMessage] the server's limit of a message, in bytes
   */
  constructor(write, maxLine = constants.MAX_STRING_LENGTH, notice = () => {}, maxMessage = MAX_MESSAGE_BYTES) {
    this.#write = write;
    this.#maxLine = maxLine;
    this.#notice = notice;
    this.#maxMessage = maxMessage;
  }

  /** The number of pending calls. */
  get pending() {
    return this.#calls.size;
  }

  /**
   * Sends a request whose response goes to sink, and returns its id.
   *
   * @param {string} method
   * @param {object} params
   * @param {Sink} sink
   */
  request(method, params, sink) {
    return this.#send(this.#calls, method, params, sink);
  }

  /**
   * Sends a request of the client itself, which is not counted as a call.
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
    const { [BODY]: body } = /** @type {{[BODY]?: string}} */ (params);
    const frame = encodeRequest(id, method, params, body);
    // A UTF-16 code unit takes at most three bytes.
    const characters = frame.reduce((sum, part) => sum + part.length, 0);
    if (characters * 3 > this.#maxMessage && frame.reduce((sum, part) => sum + Buffer.byteLength(part), 0) > this.#maxMessage) {
      const message = `${method}: the parameters take more than ${this.#maxMessage} bytes; pass a large file by its path`;
      throw new InvalidParamsError(message, { code: -32600, message, data: { type: 'frame_too_large' } });
    }
    table.set(id, sink);
    this.#write(frame);
    return id;
  }

  /**
   * Cancels a call. Its sink receives nothing more.
   *
   * @param {number} id
   */
  cancel(id) {
    if (this.#calls.delete(id)) {
      this.#write([`{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":${id}}}\n`]);
    }
  }

  /**
   * Interrupts a call.
   *
   * @param {number} id
   */
  interrupt(id) {
    if (this.#calls.has(id)) {
      this.#write([`{"jsonrpc":"2.0","method":"responses.interrupt","params":{"id":${id}}}\n`]);
    }
  }

  /**
   * Fails all calls, since nothing more will be received.
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
   * Processes the next chunk of the server's output. The server writes only ASCII, so
   * chunks can be decoded as Latin-1.
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
   * Adds to the incomplete line. Searching the whole line after each chunk would take
   * quadratic time. A line longer than the longest string fails its call.
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
    const error = new APIConnectionError(`The server wrote a line of more than ${this.#maxLine} characters, which is too long.`);
    const id = /"id":(\d+)[,}]/.exec(this.#head)?.[1];
    if (id === undefined) return this.fail(error);
    const sink = this.#calls.get(Number(id));
    this.cancel(Number(id));
    sink?.fail(error);
  }

  /**
   * Dispatches the frame in text between start and end.
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
      this.#unread(errorFrom(frame.error));
    } else if (frame.error !== undefined) {
      const sink = this.#answered(frame.id);
      // A cancelled call has no sink.
      if (sink !== undefined && (frame.error.data?.type === 'cancelled' || isShuttingDown(frame.error))) this.stopping = true;
      sink?.fail(errorFrom(frame.error));
    } else if (frame.result !== undefined) {
      this.#answered(frame.id)?.result(JSON.stringify(frame.result));
    }
  }

  /**
   * Fails the call whose frame the server could not read. Among several it is not
   * known; the others may succeed when they are repeated.
   *
   * @param {Error} error
   */
  #unread(error) {
    this.fail(this.#calls.size === 1 ? error : new APIConnectionError(`The server could not read one of the requests: ${error.message}`));
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
 * Reports whether a server refused a call because it is shutting down.
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
 * Returns the number at a position.
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
