export type FetchOptions = {
    /**
     * models to use in the place of others, by their names
     */
    aliases?: Record<string, string>;
    /**
     * what becomes of a model that the account does not have; replace, by the default one
     */
    unknownModel?: 'replace' | 'error';
    /**
     * what becomes of a parameter that the backend does not take, where the answer stays what was asked for without it; drop
     */
    unsupported?: 'drop' | 'error';
    /**
     * give a call without prompt_cache_key one that is derived from how its conversation begins; true
     */
    deriveCacheKey?: boolean;
};
export type Fetch = ((input: string | URL | Request, init?: RequestInit) => Promise<Response>) & {
    close(): Promise<void>;
    [Symbol.asyncDispose](): Promise<void>;
};
/**
 * Returns a `fetch` that is answered by codex-rpc. The host is that of a client
 * with the same options.
 *
 * @param {FetchOptions & import('./settings.js').ClientOptions} [options]
 * @returns {Fetch}
 */
export declare function createFetch({ aliases, unknownModel, unsupported, deriveCacheKey, ...options }?: FetchOptions & import('./settings.js').ClientOptions): Fetch;
