import { Session } from './session.js';
export type ClientOptions = {
    /**
     * of calls that name none
     */
    model?: string;
    /**
     * of calls that give none
     */
    instructions?: string;
    /**
     * fail if the backend sends nothing for so long, in ms; 120000. Infinity waits for ever
     */
    timeout?: number;
    /**
     * retries after a transient failure; 2
     */
    maxRetries?: number;
    /**
     * before the first retry, doubled for each further one, in ms; 250
     */
    retryBaseDelay?: number;
    /**
     * use the embedded backend: no network, no account; a string steers it
     */
    mock?: boolean | string;
    /**
     * the folder of auth.json, one for each sign-in; $CODEX_HOME, else ~/.codex
     */
    home?: string;
    /**
     * the same, as the environment variable of the process
     */
    codexHome?: string;
    /**
     * the name of the program, as the backend is told
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
    logLevel?: 'debug' | 'info' | 'warn' | 'error' | 'off';
    /**
     * takes the lines of the server's log: a function, or `console`
     */
    logger?: import('./log.js').Logger;
    /**
     * is called with what is known of the account's limits,
     * as `codex.usage({cached: true})` returns it, when an answer of the backend has changed that, before its call returns
     */
    onLimits?: (limits: import('../types/api.js').Usage) => void;
    /**
     * to send with each request that takes headers
     */
    defaultHeaders?: import('./options.js').HeadersLike;
    /**
     * to send with each request that takes a query
     */
    defaultQuery?: import('./options.js').Query;
};
export type IgnoredOptions = {
    apiKey?: unknown;
    adminAPIKey?: unknown;
    organization?: unknown;
    project?: unknown;
    webhookSecret?: unknown;
    baseURL?: unknown;
    fetch?: unknown;
    fetchOptions?: unknown;
    httpAgent?: unknown;
    dangerouslyAllowBrowser?: unknown;
    workloadIdentity?: unknown;
    provider?: unknown;
};
/**
 * Returns a session with the server that the options ask for.
 *
 * @param {ClientOptions & IgnoredOptions} options
 */
export declare function connect(options: ClientOptions & IgnoredOptions): Session;
