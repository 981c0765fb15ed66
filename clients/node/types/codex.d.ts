import { Resource } from './resource.js';
export type RequestOptions = import('./session.js').RequestOptions;
export type Raw = import('../types/api.js').Raw;
/** @typedef {import('./session.js').RequestOptions} RequestOptions */
/** @typedef {import('../types/api.js').Raw} Raw */
/** Turns of Codex cloud tasks. */
export declare class TaskTurns extends Resource {
    /**
     * List the turns of a task.
     *
     * @param {string} task_id
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<Raw>}
     */
    list(task_id: string, options?: RequestOptions | null): import('./promise.js').APIPromise<Raw>;
    /**
     * List the turns that were tried beside one.
     *
     * @param {string} task_id
     * @param {string} turn_id
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<Raw>}
     */
    siblingTurns(task_id: string, turn_id: string, options?: RequestOptions | null): import('./promise.js').APIPromise<Raw>;
}
/** Codex cloud tasks. */
export declare class Tasks extends Resource {
    turns: TaskTurns;
    /**
     * List tasks.
     *
     * @param {import('../types/api.js').TaskListParams} [params]
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<Raw>}
     */
    list(params?: import('../types/api.js').TaskListParams, options?: RequestOptions | null): import('./promise.js').APIPromise<Raw>;
    /**
     * Look up one task.
     *
     * @param {string} task_id
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<Raw>}
     */
    retrieve(task_id: string, options?: RequestOptions | null): import('./promise.js').APIPromise<Raw>;
}
/** Environments of Codex cloud tasks. */
export declare class Environments extends Resource {
    /**
     * List the environments.
     *
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<Raw[]>}
     */
    list(options?: RequestOptions | null): import('./promise.js').APIPromise<Raw[]>;
}
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
/** What the Codex backend has beside OpenAI's API. Its answers come as they are. */
export declare class Codex extends Resource {
    tasks: Tasks;
    environments: Environments;
    config: Config;
    memories: Memories;
    userSystemMessages: UserSystemMessages;
    /**
     * Tell how much of the account's quota is used.
     *
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<import('../types/api.js').Usage>}
     */
    usage(options?: RequestOptions | null): import('./promise.js').APIPromise<import('../types/api.js').Usage>;
}
