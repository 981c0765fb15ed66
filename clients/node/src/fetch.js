/**
 * A `fetch` for programs that use the OpenAI API: requests to
 * https://api.openai.com/v1 are handled by codex-rpc instead.
 *
 *     import OpenAI from 'openai';
 *     import { createFetch } from 'codex-rpc/fetch';
 *
 *     const client = new OpenAI({ apiKey: '-', fetch: createFetch() });
 *
 * @module
 */
import { randomBytes } from 'node:crypto';
import { BODY } from './connection.js';
import { APIConnectionTimeoutError, APIError, OpenAIError } from './errors.js';
import { connect } from './settings.js';
import { onAbort } from './signals.js';

/**
 * @typedef {object} FetchOptions
 * @property {Record<string, string>} [aliases] models to use instead of others
 * @property {'replace' | 'error'} [unknownModel] for a model that the account does not have: replace it with the default model, or fail; replace by default
 * @property {'drop' | 'error'} [unsupported] for a parameter that the backend does not support and that does not change the answer; drop by default
 * @property {boolean} [deriveCacheKey] derive a missing prompt_cache_key from the start of the conversation; true by default
 */

/**
 * The `fetch` function returned by createFetch.
 *
 * @typedef {((input: string | URL | Request, init?: RequestInit) => Promise<Response>) & {close(): Promise<void>, [Symbol.asyncDispose](): Promise<void>}} Fetch
 */

/** The maximum length of a chunk of a body, in characters. */
const PIECE = 64 << 10;
/**
 * The nesting and the number of values up to which a body is sent as JSON: the
 * server's limits of a message, less some for the other parameters. Bodies in
 * base64 have the limits of the OpenAI API alone, and fail no other call.
 */
const MAX_DEPTH = 9_000;
const MAX_VALUES = 900_000;
/** Headers with credentials, which are not sent over the pipe. */
const UNSENT = new Set(['authorization', 'api-key', 'cookie']);
/**
 * Statuses by the type of an error; most errors have their own.
 *
 * @type {Record<string, number>}
 */
const STATUS = { invalid_request: 400, frame_too_large: 413, overloaded: 429 };

/**
 * Create a `fetch` that is handled by codex-rpc. It shares its process with
 * clients that have the same options.
 *
 * @param {FetchOptions & import('./settings.js').ClientOptions} [options]
 * @returns {Fetch}
 */
export function createFetch({ aliases, unknownModel, unsupported, deriveCacheKey, ...options } = {}) {
  const session = connect(options);
  const preferences = {
    ...(aliases && { aliases }),
    ...(unknownModel && { unknown_model: unknownModel }),
    ...(unsupported && { unsupported }),
    ...(deriveCacheKey !== undefined && { derive_cache_key: deriveCacheKey }),
  };
  /** @param {string | URL | Request} input @param {RequestInit} [init] */
  const fetch = async (input, init = {}) => {
    const signal = init.signal ?? (input instanceof Request ? input.signal : null);
    try {
      signal?.throwIfAborted();
      const request = await read(input, init);
      return await answer(await session.stream('openai.request', { ...request, ...preferences }, { signal }, (queue) => queue), signal, urlOf(input));
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      const response = refusal(error, urlOf(input));
      if (response === undefined) throw failure(error);
      return response;
    }
  };
  const close = () => session.close();
  return Object.assign(fetch, { close, [Symbol.asyncDispose]: close });
}

/** @param {string | URL | Request} input */
function urlOf(input) {
  return new URL(input instanceof Request ? input.url : input);
}

/**
 * Returns the parameters of openai.request for a request.
 *
 * @param {string | URL | Request} input
 * @param {RequestInit} init
 */
async function read(input, init) {
  const { pathname, search } = urlOf(input);
  // Most bodies are text; Request converts the others to bytes and sets their type.
  const plain = !(input instanceof Request) && (init.body === undefined || init.body === null || typeof init.body === 'string');
  const request = plain ? undefined : new Request(input, { ...init, signal: null, .../** @type {object} */ ({ duplex: 'half' }) });
  const headers = Object.fromEntries(request?.headers ?? new Headers(init.headers ?? undefined));
  for (const name of UNSENT) delete headers[name];
  const text = request === undefined ? /** @type {string | null | undefined} */ (init.body) : undefined;
  const bytes = request === undefined ? undefined : Buffer.from(await request.arrayBuffer());
  return {
    method: (init.method ?? request?.method ?? 'GET').toUpperCase(),
    path: pathname + search,
    headers,
    ...body(text ?? undefined, bytes, headers['content-type']),
  };
}

/**
 * Returns a body for the parameters: JSON that fits into a message unchanged,
 * anything else in base64.
 *
 * @param {string | undefined} text
 * @param {Buffer | undefined} bytes
 * @param {string | undefined} type
 */
function body(text, bytes, type) {
  if (!text && !bytes?.length) return {};
  if (type?.startsWith('application/json') || type === undefined || type.startsWith('text/plain')) {
    try {
      const json = text ?? new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
      JSON.parse(json);
      if (fits(json)) return { [BODY]: json.replace(/[\r\n]+/g, ' ') }; // no string holds a line end
    } catch {} // rejected by the server
  }
  return { body_base64: (bytes ?? Buffer.from(text ?? '')).toString('base64') };
}

/**
 * Reports whether valid JSON is within MAX_DEPTH and MAX_VALUES.
 *
 * @param {string} json
 */
function fits(json) {
  let depth = 0;
  let values = 1;
  for (let i = 0; i < json.length; i++) {
    const c = json[i];
    if (c === '"') i = endOfString(json, i);
    else if (c === ']' || c === '}') depth--;
    else if (c === ',') values++;
    else if (c === '[' || c === '{') {
      values++;
      if (++depth > MAX_DEPTH) return false;
    }
  }
  return values <= MAX_VALUES;
}

/**
 * Returns the position of the quote that ends a string. Searching for quotes is much
 * faster than looking at each character.
 *
 * @param {string} json
 * @param {number} start the position of its first quote
 */
function endOfString(json, start) {
  for (let end = json.indexOf('"', start + 1); ; end = json.indexOf('"', end + 1)) {
    let escapes = 0;
    while (json[end - 1 - escapes] === '\\') escapes++;
    if (escapes % 2 === 0) return end;
  }
}

/**
 * Creates the Response of a call: a stream of server-sent events, or a body.
 *
 * @param {import('./queue.js').EventQueue} queue
 * @param {AbortSignal | null | undefined} signal
 * @param {URL} url
 */
async function answer(queue, signal, url) {
  const first = await queue.next();
  const head = first.done ? JSON.parse(await queue.final()) : first.value;
  const content = first.done ? (head.text ?? (head.body === undefined ? null : JSON.stringify(head.body))) : events(queue, signal);
  return responseFrom(url, head.status === 204 ? null : content, head);
}

/**
 * Returns the response of the OpenAI API for a request that codex-rpc refused,
 * undefined for another error.
 *
 * @param {unknown} error
 * @param {URL} url
 */
function refusal(error, url) {
  if (!(error instanceof APIError)) return undefined;
  const status = STATUS[error.data.type] ?? error.status;
  if (status === undefined) return undefined;
  const report = { message: error.message, type: 'invalid_request_error', param: null, code: error.code ?? error.type ?? null };
  const id = error.requestID ?? `req_${randomBytes(16).toString('hex')}`;
  const headers = { 'content-type': 'application/json', 'x-request-id': id, 'x-should-retry': 'false' };
  return responseFrom(url, JSON.stringify({ error: report }), { status, headers });
}

/**
 * @param {URL} url
 * @param {ConstructorParameters<typeof Response>[0]} content
 * @param {ResponseInit} head
 */
function responseFrom(url, content, head) {
  const response = new Response(content, { status: head.status, headers: head.headers });
  return Object.defineProperty(response, 'url', { value: url.href });
}

/**
 * Returns the events of a call as the bytes of server-sent events. The server is
 * read on demand; cancelling the body, or the signal, cancels the call.
 *
 * @param {import('./queue.js').EventQueue} queue
 * @param {AbortSignal | null | undefined} signal
 * @returns {ReadableStream<Uint8Array>}
 */
function events(queue, signal) {
  const encoder = new TextEncoder();
  let unlisten = () => {};
  return new ReadableStream({
    start(controller) {
      // The signal also ends the call, but without an error.
      if (signal) unlisten = onAbort(signal, () => controller.error(signal.reason));
    },
    async pull(controller) {
      try {
        const texts = await queue.texts(PIECE);
        if (texts.length > 0) return controller.enqueue(encoder.encode(texts.map(frame).join('')));
        const { done } = JSON.parse(await queue.final());
        if (done) controller.enqueue(encoder.encode('data: [DONE]\n\n'));
        controller.close();
      } catch (error) {
        if (!signal?.aborted) controller.error(failure(error));
      }
      unlisten();
    },
    cancel() {
      unlisten();
      queue.abort();
    },
  });
}

/**
 * Formats a server-sent event. Events of responses have a type, at or near their
 * start; those of chat completions have none.
 *
 * @param {string} json
 */
function frame(json) {
  const type = /^\{"type":"([\w.]+)"/.exec(json)?.[1];
  return type === undefined ? `data: ${json}\n\n` : `event: ${type}\ndata: ${json}\n\n`;
}

/**
 * Returns the error that `fetch` throws: a TypeError. Clients recognize a timeout
 * by its message.
 *
 * @param {unknown} error
 */
function failure(error) {
  if (!(error instanceof OpenAIError)) return error;
  const what = error instanceof APIConnectionTimeoutError ? 'The request timed out' : 'fetch failed';
  return new TypeError(`${what}: ${error.message}`, { cause: error });
}
