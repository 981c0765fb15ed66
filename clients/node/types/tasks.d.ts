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
    /**
     * Look up one turn of a task.
     *
     * @param {string} task_id
     * @param {string} turn_id
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<Raw>}
     */
    retrieve(task_id: string, turn_id: string, options?: RequestOptions | null): import('./promise.js').APIPromise<Raw>;
    /**
     * Fetch the logs of a turn.
     *
     * @param {string} task_id
     * @param {string} turn_id
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<Raw>}
     */
    logs(task_id: string, turn_id: string, options?: RequestOptions | null): import('./promise.js').APIPromise<Raw>;
    /**
     * Create a pull request of a turn.
     *
     * @param {string} task_id
     * @param {string} turn_id
     * @param {Raw | null} [body]
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<Raw>}
     */
    pullRequest(task_id: string, turn_id: string, body?: Raw | null, options?: RequestOptions | null): import('./promise.js').APIPromise<Raw>;
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
    /**
     * Create a task.
     *
     * @param {import('../types/api.js').TaskCreateParams} params
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<Raw>}
     */
    create(params: import('../types/api.js').TaskCreateParams, options?: RequestOptions | null): import('./promise.js').APIPromise<Raw>;
    /**
     * Cancel a task.
     *
     * @param {string} task_id
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<Raw>}
     */
    cancel(task_id: string, options?: RequestOptions | null): import('./promise.js').APIPromise<Raw>;
    /**
     * Archive a task.
     *
     * @param {string} task_id
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<Raw>}
     */
    archive(task_id: string, options?: RequestOptions | null): import('./promise.js').APIPromise<Raw>;
    /**
     * Recover an archived task.
     *
     * @param {string} task_id
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<Raw>}
     */
    recover(task_id: string, options?: RequestOptions | null): import('./promise.js').APIPromise<Raw>;
    /**
     * Mark a task as read.
     *
     * @param {string} task_id
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<Raw>}
     */
    markRead(task_id: string, options?: RequestOptions | null): import('./promise.js').APIPromise<Raw>;
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
    /**
     * Look up one environment.
     *
     * @param {string} environment_id
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<Raw>}
     */
    retrieve(environment_id: string, options?: RequestOptions | null): import('./promise.js').APIPromise<Raw>;
    /**
     * Search the environments.
     *
     * @param {import('../types/api.js').EnvironmentSearchParams} [params]
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<Raw>}
     */
    search(params?: import('../types/api.js').EnvironmentSearchParams, options?: RequestOptions | null): import('./promise.js').APIPromise<Raw>;
    /**
     * List the environments of a repository.
     *
     * @param {string} provider
     * @param {string} owner
     * @param {string} repo
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<Raw[]>}
     */
    byRepo(provider: string, owner: string, repo: string, options?: RequestOptions | null): import('./promise.js').APIPromise<Raw[]>;
}
