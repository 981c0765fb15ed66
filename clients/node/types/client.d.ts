import * as errors from './errors.js';
import { Methods } from './resources.js';
export type RequestOptions = import('./session.js').RequestOptions;
export type ClientOptions = import('./settings.js').ClientOptions & import('./settings.js').IgnoredOptions;
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
export declare class OpenAI extends Methods {
    #private;
    /**
     * @param {ClientOptions | null} [options]
     * @throws {errors.ServerNotFoundError} if the codex-rpc binary is not found
     * @throws {errors.OpenAIError} if an option is unknown
     */
    constructor(options?: ClientOptions | null);
    /**
     * Sign in unless there are usable credentials, and return this client. onPrompt
     * is called with the URL and the code to sign in with; by default they are
     * printed to stderr.
     *
     * @param {import('../types/api.js').AuthenticateParams} [params]
     * @param {RequestOptions & {onPrompt?: (prompt: import('../types/api.js').AuthPrompt) => void}} [options]
     * @returns {Promise<this>}
     */
    authenticate(params?: import('../types/api.js').AuthenticateParams, options?: RequestOptions & {
        onPrompt?: (prompt: import('../types/api.js').AuthPrompt) => void;
    }): Promise<this>;
    /**
     * Create a client with some options changed. Both clients must be closed.
     *
     * @param {ClientOptions} options
     * @returns {OpenAI}
     */
    withOptions(options: ClientOptions): OpenAI;
    /**
     * Cancel the calls of this client, and stop its process and wait for its exit,
     * unless other clients share it.
     */
    close(): Promise<void>;
    /** `await using client = new OpenAI()` closes it. */
    [Symbol.asyncDispose](): Promise<void>;
    static OpenAI: typeof OpenAI;
    static OpenAIError: typeof errors.OpenAIError;
    static APIError: typeof errors.APIError;
    static APIUserAbortError: typeof errors.APIUserAbortError;
    static APIConnectionError: typeof errors.APIConnectionError;
    static APIConnectionTimeoutError: typeof errors.APIConnectionTimeoutError;
    static BadRequestError: typeof errors.BadRequestError;
    static AuthenticationError: typeof errors.AuthenticationError;
    static PermissionDeniedError: typeof errors.PermissionDeniedError;
    static NotFoundError: typeof errors.NotFoundError;
    static ConflictError: typeof errors.ConflictError;
    static UnprocessableEntityError: typeof errors.UnprocessableEntityError;
    static RateLimitError: typeof errors.RateLimitError;
    static InternalServerError: typeof errors.InternalServerError;
}
