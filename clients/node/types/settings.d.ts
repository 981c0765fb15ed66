import { Session } from './session.js';
export type ClientOptions = {
    /**
     * default model
     */
    model?: string;
    /**
     * default instructions
     */
    instructions?: string;
    /**
     * idle timeout in ms; 120000 by default, Infinity for none
     */
    timeout?: number;
    /**
     * retries after a transient failure; 2 by default
     */
    maxRetries?: number;
    /**
     * ms before the first retry, doubled for each further one; 250 by default
     */
    retryBaseDelay?: number;
    /**
     * use the embedded backend, without network or account; a string controls its answers
     */
    mock?: boolean | string;
    /**
     * directory of auth.json, one per sign-in; $CODEX_HOME or ~/.codex by default
     */
    home?: string;
    /**
     * the same, as the environment variable of the process
     */
    codexHome?: string;
    /**
     * client name sent to the backend
     */
    originator?: string;
    /**
     * base URL of the ChatGPT backend
     */
    chatgptBaseURL?: string;
    /**
     * base URL of the OpenAI API
     */
    openaiBaseURL?: string;
    /**
     * URL of the OAuth issuer
     */
    authIssuer?: string;
    /**
     * path of the codex-rpc binary; found automatically by default
     */
    binary?: string;
    /**
     * log level of the server; warn by default
     */
    logLevel?: 'debug' | 'info' | 'warn' | 'error' | 'off';
    /**
     * receives the lines of the server's log: a function, or `console`
     */
    logger?: import('./log.js').Logger;
    /**
     * called with the account's limits, in the form
     * of `codex.usage({cached: true})`, when a response of the backend has changed them, before its call returns
     */
    onLimits?: (limits: import('../types/api.js').Usage) => void;
    /**
     * headers of all requests whose methods accept headers
     */
    defaultHeaders?: import('./options.js').HeadersLike;
    /**
     * query parameters of all requests whose methods accept them
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
 * Returns a session with a server that has these options.
 *
 * @param {ClientOptions & IgnoredOptions} options
 */
export declare function connect(options: ClientOptions & IgnoredOptions): Session;
