export type FetchOptions = {
    /**
     * models to use instead of others
     */
    aliases?: Record<string, string>;
    /**
     * for a model that the account does not have: replace it with the default model, or fail; replace by default
     */
    unknownModel?: 'replace' | 'error';
    /**
     * for a parameter that the backend does not support and that does not change the answer; drop by default
     */
    unsupported?: 'drop' | 'error';
    /**
     * derive a missing prompt_cache_key from the start of the conversation; true by default
     */
    deriveCacheKey?: boolean;
};
export type Fetch = ((input: string | URL | Request, init?: RequestInit) => Promise<Response>) & {
    close(): Promise<void>;
    [Symbol.asyncDispose](): Promise<void>;
};
/**
 * Create a `fetch` that is handled by codex-rpc. It shares its process with
 * clients that have the same options.
 *
 * @param {FetchOptions & import('./settings.js').ClientOptions} [options]
 * @returns {Fetch}
 */
export declare function createFetch({ aliases, unknownModel, unsupported, deriveCacheKey, ...options }?: FetchOptions & import('./settings.js').ClientOptions): Fetch;
