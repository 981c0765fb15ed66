import { Resource } from './resource.js';
import { Environments, Tasks } from './tasks.js';
export type RequestOptions = import('./session.js').RequestOptions;
export type Raw = import('../types/api.js').Raw;
/** @typedef {import('./session.js').RequestOptions} RequestOptions */
/** @typedef {import('../types/api.js').Raw} Raw */
/** What is managed for the account. */
export declare class Config extends Resource {
    /**
     * Fetch the managed requirements.
     *
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<Raw>}
     */
    requirements(options?: RequestOptions | null): import('./promise.js').APIPromise<Raw>;
}
/** Memories. */
export declare class Memories extends Resource {
    /**
     * List ChatGPT's memories of the account.
     *
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<Raw>}
     */
    list(options?: RequestOptions | null): import('./promise.js').APIPromise<Raw>;
    /**
     * Summarize traces into memories.
     *
     * @param {import('../types/api.js').TraceSummarizeParams} params
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<import('../types/api.js').MemorySummarizeResponse>}
     */
    traceSummarize(params: import('../types/api.js').TraceSummarizeParams, options?: RequestOptions | null): import('./promise.js').APIPromise<import('../types/api.js').MemorySummarizeResponse>;
}
/** ChatGPT's customization of the account. */
export declare class UserSystemMessages extends Resource {
    /**
     * Fetch the customization.
     *
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<Raw>}
     */
    retrieve(options?: RequestOptions | null): import('./promise.js').APIPromise<Raw>;
}
/** Credits that reset used-up limits. */
export declare class RateLimitResetCredits extends Resource {
    /**
     * List the credits.
     *
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<Raw>}
     */
    list(options?: RequestOptions | null): import('./promise.js').APIPromise<Raw>;
    /**
     * List what became of credits in the last 30 days.
     *
     * @param {{cursor?: string | null}} [params]
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<Raw>}
     */
    history(params?: {
        cursor?: string | null;
    }, options?: RequestOptions | null): import('./promise.js').APIPromise<Raw>;
    /**
     * Use a credit to reset the limits.
     *
     * @param {import('../types/api.js').CreditConsumeParams} [params]
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<Raw>}
     */
    consume(params?: import('../types/api.js').CreditConsumeParams, options?: RequestOptions | null): import('./promise.js').APIPromise<Raw>;
}
/** The accounts and workspaces of the sign-in. */
export declare class Accounts extends Resource {
    /**
     * Return them.
     *
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<Raw>}
     */
    check(options?: RequestOptions | null): import('./promise.js').APIPromise<Raw>;
}
/** Web search without a model. */
export declare class WebSearch extends Resource {
    /**
     * Search the web, open pages, and find things in them.
     *
     * @param {import('../types/api.js').WebSearchParams} params
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<Raw>}
     */
    search(params: import('../types/api.js').WebSearchParams, options?: RequestOptions | null): import('./promise.js').APIPromise<Raw>;
}
/** What the Codex backend has beside OpenAI's API. Its answers come as they are. */
export declare class Codex extends Resource {
    tasks: Tasks;
    environments: Environments;
    config: Config;
    memories: Memories;
    userSystemMessages: UserSystemMessages;
    rateLimitResetCredits: RateLimitResetCredits;
    accounts: Accounts;
    webSearch: WebSearch;
    /**
     * Tell how much of the account's quota is used.
     *
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<import('../types/api.js').Usage>}
     */
    usage(options?: RequestOptions | null): import('./promise.js').APIPromise<import('../types/api.js').Usage>;
}
