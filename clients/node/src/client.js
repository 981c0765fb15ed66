import { findBinary } from './binary.js';
import { Codex } from './codex.js';
import * as errors from './errors.js';
import { Audio, Embeddings, Files, Models, Realtime, Responses } from './resources.js';
import { Server } from './server.js';
import { Session } from './session.js';

/** @typedef {import('./session.js').RequestOptions} RequestOptions */

/**
 * What a client may be told. Whatever is left out, the environment says
 * (`CODEX_RPC_MODEL` and so on), and failing that the default.
 *
 * @typedef {object} ClientOptions
 * @property {string} [model] of calls that name none; gpt-5.5
 * @property {string} [instructions] of calls that give none
 * @property {number} [timeout] fail if the backend sends nothing for so long, in ms; 120000
 * @property {number} [maxRetries] how often a request that failed in passing is repeated; 2
 * @property {number} [retryBaseDelay] before the first repetition, doubled for each further one, in ms; 250
 * @property {boolean | string} [mock] use the embedded backend: no network, no account; a string steers it
 * @property {string} [codexHome] the folder of auth.json; $CODEX_HOME or ~/.codex
 * @property {string} [originator] the name that the backend is told
 * @property {string} [chatgptBaseURL] where the ChatGPT backend is
 * @property {string} [openaiBaseURL] where the OpenAI API is
 * @property {string} [authIssuer] where to sign in
 * @property {string} [binary] the codex-rpc program; found by itself
 * @property {'debug' | 'info' | 'warn' | 'error'} [logLevel] of the server's log; warn
 * @property {(line: string) => void} [logger] takes the lines of the server's log
 */

/** The flag for each option, and what makes its value. @type {Record<string, [string, (value: any) => unknown]>} */
const flags = {
  model: ['model', String],
  instructions: ['instructions', String],
  timeout: ['timeout', seconds],
  maxRetries: ['max-retries', String],
  retryBaseDelay: ['retry-base-delay', seconds],
  mock: ['mock', String],
  originator: ['originator', String],
  chatgptBaseURL: ['chatgpt-base-url', String],
  openaiBaseURL: ['openai-base-url', String],
  authIssuer: ['auth-issuer', String],
  logLevel: ['log-level', String],
};

/**
 * The client: the shape of openai-node's, on the ChatGPT Codex backend.
 *
 *     import OpenAI from 'codex-rpc';
 *
 *     const client = await new OpenAI().authenticate();
 *     const response = await client.responses.create({ input: 'Say hello' });
 *     console.log(response.output_text);
 *
 * It starts one codex-rpc process at once; clients with the same options share
 * it. The process ends with {@link OpenAI.close} or with Node, which it does not
 * keep running.
 */
export class OpenAI {
  #session;

  /**
   * @param {ClientOptions} [options]
   * @throws {errors.ServerNotFoundError} if there is no codex-rpc program
   * @throws {errors.OpenAIError} if there is no such option
   */
  constructor(options = {}) {
    const { binary, codexHome, logger, ...settings } = options;
    const args = Object.entries(settings).flatMap(([name, value]) => {
      const flag = flags[name];
      if (flag === undefined) {
        throw new errors.OpenAIError(`Unknown option ${name}; known are ${[...Object.keys(flags), 'binary', 'codexHome', 'logger'].join(', ')}`);
      }
      return value === undefined ? [] : [`--${flag[0]}=${flag[1](value)}`];
    });
    const env = codexHome === undefined ? process.env : { ...process.env, CODEX_HOME: codexHome };
    this.#session = new Session(Server.share({ file: findBinary(binary, process.env), args, env }, logger));
    this.responses = new Responses(this.#session);
    this.models = new Models(this.#session);
    this.embeddings = new Embeddings(this.#session);
    this.audio = new Audio(this.#session);
    this.files = new Files(this.#session);
    this.realtime = new Realtime(this.#session);
    this.codex = new Codex(this.#session);
  }

  /**
   * Make sure that somebody is signed in, and return this client. Nothing is
   * asked if there are usable credentials. Otherwise onPrompt is told where to
   * sign in; it says so on stderr, unless you give another.
   *
   * @param {import('../types/api.js').AuthenticateParams} [params]
   * @param {RequestOptions & {onPrompt?: (prompt: import('../types/api.js').AuthPrompt) => void}} [options]
   * @returns {Promise<this>}
   */
  async authenticate(params, { onPrompt = writePrompt, ...options } = {}) {
    const prompts = await this.#session.stream('authenticate', params, options);
    for (let next = await prompts.next(); !next.done; next = await prompts.next()) onPrompt(next.value);
    await prompts.final();
    return this;
  }

  /**
   * Tell who is signed in, without secrets.
   *
   * @param {RequestOptions} [options]
   * @returns {Promise<import('../types/api.js').AccountInfo>}
   */
  async accountInfo(options) {
    return this.#session.call('account_info', {}, options);
  }

  /**
   * Sign out.
   *
   * @param {RequestOptions} [options]
   * @returns {Promise<{revoked: boolean}>}
   */
  async logout(options) {
    return this.#session.call('logout', {}, options);
  }

  /**
   * The URL of OpenAI's Realtime WebSocket.
   *
   * @param {{model: string}} params
   * @param {RequestOptions} [options]
   * @returns {Promise<string>}
   */
  async realtimeWebsocketURL(params, options) {
    return this.#session.call('realtime_websocket_url', params, options);
  }

  /**
   * The headers for that WebSocket. They hold the account's API key.
   *
   * @param {{session_id?: string}} [params]
   * @param {RequestOptions} [options]
   * @returns {Promise<Record<string, string>>}
   */
  async realtimeWebsocketHeaders(params, options) {
    return this.#session.call('realtime_websocket_headers', params, options);
  }

  /**
   * Cancel this client's calls. When no other client shares the process, end it,
   * and wait until it is gone.
   */
  async close() {
    await this.#session.close();
  }

  /** `await using client = new OpenAI()` closes it. */
  async [Symbol.asyncDispose]() {
    await this.close();
  }

  // As openai-node has them: catch (e) { if (e instanceof OpenAI.APIError) … }
  static OpenAI = OpenAI;
  static OpenAIError = errors.OpenAIError;
  static APIError = errors.APIError;
  static APIUserAbortError = errors.APIUserAbortError;
  static APIConnectionError = errors.APIConnectionError;
  static APIConnectionTimeoutError = errors.APIConnectionTimeoutError;
  static BadRequestError = errors.BadRequestError;
  static AuthenticationError = errors.AuthenticationError;
  static PermissionDeniedError = errors.PermissionDeniedError;
  static NotFoundError = errors.NotFoundError;
  static ConflictError = errors.ConflictError;
  static UnprocessableEntityError = errors.UnprocessableEntityError;
  static RateLimitError = errors.RateLimitError;
  static InternalServerError = errors.InternalServerError;
}

/** @param {number} ms */
function seconds(ms) {
  return ms / 1000;
}

/** @param {import('../types/api.js').AuthPrompt} prompt */
function writePrompt(prompt) {
  const code = prompt.type === 'auth.device_code' ? ` with the code ${prompt.user_code}` : '';
  const url = prompt.type === 'auth.device_code' ? prompt.verification_url : prompt.url;
  process.stderr.write(`Sign in at ${url}${code}\n`);
}
