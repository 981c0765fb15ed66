import { Codex } from './codex.js';
import * as errors from './errors.js';
import { Audio, Embeddings, Files, Models, Realtime, Responses } from './resources.js';
export type RequestOptions = import('./session.js').RequestOptions;
export type ClientOptions = {
    /**
     * of calls that name none; gpt-5.5
     */
    model?: string;
    /**
     * of calls that give none
     */
    instructions?: string;
    /**
     * fail if the backend sends nothing for so long, in ms; 120000
     */
    timeout?: number;
    /**
     * how often a request that failed in passing is repeated; 2
     */
    maxRetries?: number;
    /**
     * before the first repetition, doubled for each further one, in ms; 250
     */
    retryBaseDelay?: number;
    /**
     * use the embedded backend: no network, no account; a string steers it
     */
    mock?: boolean | string;
    /**
     * the folder of auth.json; $CODEX_HOME or ~/.codex
     */
    codexHome?: string;
    /**
     * the name that the backend is told
     */
    originator?: string;
    /**
     * where the ChatGPT backend is
     */
    chatgptBaseURL?: string;
    /**
     * where the OpenAI API is
     */
    openaiBaseURL?: string;
    /**
     * where to sign in
     */
    authIssuer?: string;
    /**
     * the codex-rpc program; found by itself
     */
    binary?: string;
    /**
     * of the server's log; warn
     */
    logLevel?: 'debug' | 'info' | 'warn' | 'error';
    /**
     * takes the lines of the server's log
     */
    logger?: (line: string) => void;
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
export declare class OpenAI {
    #private;
    responses: Responses;
    models: Models;
    embeddings: Embeddings;
    audio: Audio;
    files: Files;
    realtime: Realtime;
    codex: Codex;
    /**
     * @param {ClientOptions} [options]
     * @throws {errors.ServerNotFoundError} if there is no codex-rpc program
     * @throws {errors.OpenAIError} if there is no such option
     */
    constructor(options?: ClientOptions);
    /**
     * Make sure that somebody is signed in, and return this client. Nothing is
     * asked if there are usable credentials. Otherwise onPrompt is told where to
     * sign in; it says so on stderr, unless you give another.
     *
     * @param {import('../types/api.js').AuthenticateParams} [params]
     * @param {RequestOptions & {onPrompt?: (prompt: import('../types/api.js').AuthPrompt) => void}} [options]
     * @returns {Promise<this>}
     */
    authenticate(params?: import('../types/api.js').AuthenticateParams, { onPrompt, ...options }?: RequestOptions & {
        onPrompt?: (prompt: import('../types/api.js').AuthPrompt) => void;
    }): Promise<this>;
    /**
     * Tell who is signed in, without secrets.
     *
     * @param {RequestOptions} [options]
     * @returns {Promise<import('../types/api.js').AccountInfo>}
     */
    accountInfo(options?: RequestOptions): Promise<import('../types/api.js').AccountInfo>;
    /**
     * Sign out.
     *
     * @param {RequestOptions} [options]
     * @returns {Promise<{revoked: boolean}>}
     */
    logout(options?: RequestOptions): Promise<{
        revoked: boolean;
    }>;
    /**
     * The URL of OpenAI's Realtime WebSocket.
     *
     * @param {{model: string}} params
     * @param {RequestOptions} [options]
     * @returns {Promise<string>}
     */
    realtimeWebsocketURL(params: {
        model: string;
    }, options?: RequestOptions): Promise<string>;
    /**
     * The headers for that WebSocket. They hold the account's API key.
     *
     * @param {{session_id?: string}} [params]
     * @param {RequestOptions} [options]
     * @returns {Promise<Record<string, string>>}
     */
    realtimeWebsocketHeaders(params?: {
        session_id?: string;
    }, options?: RequestOptions): Promise<Record<string, string>>;
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
