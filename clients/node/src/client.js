import * as errors from './errors.js';
import { Methods } from './resources.js';
import { connect } from './settings.js';

/** @typedef {import('./session.js').RequestOptions} RequestOptions */

/** @typedef {import('./settings.js').ClientOptions & import('./settings.js').IgnoredOptions} ClientOptions */

/**
 * A client of the ChatGPT Codex backend with the API of openai-node.
 *
 *     import OpenAI from 'codex-rpc';
 *
 *     const client = await new OpenAI().authenticate();
 *     const response = await client.responses.create({ input: 'Say hello' });
 *     console.log(response.output_text);
 *
 * It starts a codex-rpc process, which clients with the same options share. The
 * process stops with {@link OpenAI.close} or when Node exits; it does not keep Node
 * running.
 */
export class OpenAI extends Methods {
  #options;

  /**
   * @param {ClientOptions | null} [options]
   * @throws {errors.ServerNotFoundError} if the codex-rpc binary is not found
   * @throws {errors.OpenAIError} if an option is unknown
   */
  constructor(options) {
    super(connect(options ?? {}));
    this.#options = options ?? {};
  }

  /**
   * Sign in unless there are usable credentials, and return this client. onPrompt
   * is called with the URL and the code to sign in with; by default they are
   * printed to stderr.
   *
   * @param {import('../types/api.js').AuthenticateParams} [params]
   * @param {RequestOptions & {onPrompt?: (prompt: import('../types/api.js').AuthPrompt) => void}} [options]
   * @returns {Promise<this>}
   */
  async authenticate(params, options) {
    const { onPrompt = writePrompt, ...others } = options ?? {};
    const prompts = await this._session.stream('authenticate', params, others, (queue) => queue);
    for await (const prompt of prompts) onPrompt(prompt);
    await prompts.final();
    return this;
  }

  /**
   * Create a client with some options changed. Both clients must be closed.
   *
   * @param {ClientOptions} options
   * @returns {OpenAI}
   */
  withOptions(options) {
    const Client = /** @type {typeof OpenAI} */ (this.constructor);
    return new Client({ ...this.#options, ...options });
  }

  /**
   * Cancel the calls of this client, and stop its process and wait for its exit,
   * unless other clients share it.
   */
  async close() {
    await this._session.close();
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

/** @param {import('../types/api.js').AuthPrompt} prompt */
function writePrompt(prompt) {
  const code = prompt.type === 'auth.device_code' ? ` with the code ${prompt.user_code}` : '';
  const url = prompt.type === 'auth.device_code' ? prompt.verification_url : prompt.url;
  process.stderr.write(`Sign in at ${url}${code}\n`);
}
