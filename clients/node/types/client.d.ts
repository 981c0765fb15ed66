import * as errors from './errors.js';
import { Methods } from './resources.js';
export type RequestOptions = import('./session.js').RequestOptions;
export type ClientOptions = import('./settings.js').ClientOptions & import('./settings.js').IgnoredOptions;
/** @typedef {import('./session.js').RequestOptions} RequestOptions */
/** @typedef {import('./settings.js').ClientOptions & import('./settings.js').IgnoredOptions} ClientOptions */
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
export declare class OpenAI extends Methods {
    #private;
    /**
     * @param {ClientOptions | null} [options]
     * @throws {errors.ServerNotFoundError} if there is no codex-rpc program
     * @throws {errors.OpenAIError} if there is no such option
     */
    constructor(options?: ClientOptions | null);
    /**
     * Sign in unless there are usable credentials, and return this client. onPrompt
     * is given the page and the code to sign in with; without it they are written to
     * stderr.
     *
     * @param {import('../types/api.js').AuthenticateParams} [params]
     * @param {RequestOptions & {onPrompt?: (prompt: import('../types/api.js').AuthPrompt) => void}} [options]
     * @returns {Promise<this>}
     */
    authenticate(params?: import('../types/api.js').AuthenticateParams, options?: RequestOptions & {
        onPrompt?: (prompt: import('../types/api.js').AuthPrompt) => void;
    }): Promise<this>;
    /**
     * Another client, with some options in the place of this one's. Each is to be
     * closed.
     *
     * @param {ClientOptions} options
     * @returns {OpenAI}
     */
    withOptions(options: ClientOptions): OpenAI;
    /**
     * Cancel this client's calls. When no other client shares the process, end it,
     * and wait until it is gone.
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
