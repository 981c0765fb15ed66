import { Resource } from './resource.js';

/** @typedef {import('./session.js').RequestOptions} RequestOptions */
/** @typedef {import('../types/api.js').Raw} Raw */

/** Turns of Codex cloud tasks. */
export class TaskTurns extends Resource {
  /**
   * List the turns of a task.
   *
   * @param {string} task_id
   * @param {RequestOptions | null} [options]
   * @returns {import('./promise.js').APIPromise<Raw>}
   */
  list(task_id, options) {
    return this._session.call('codex.tasks.turns.list', { task_id }, options);
  }

  /**
   * List the turns that were tried beside one.
   *
   * @param {string} task_id
   * @param {string} turn_id
   * @param {RequestOptions | null} [options]
   * @returns {import('./promise.js').APIPromise<Raw>}
   */
  siblingTurns(task_id, turn_id, options) {
    return this._session.call('codex.tasks.turns.sibling_turns', { task_id, turn_id }, options);
  }

  /**
   * Look up one turn of a task.
   *
   * @param {string} task_id
   * @param {string} turn_id
   * @param {RequestOptions | null} [options]
   * @returns {import('./promise.js').APIPromise<Raw>}
   */
  retrieve(task_id, turn_id, options) {
    return this._session.call('codex.tasks.turns.retrieve', { task_id, turn_id }, options);
  }

  /**
   * Fetch the logs of a turn.
   *
   * @param {string} task_id
   * @param {string} turn_id
   * @param {RequestOptions | null} [options]
   * @returns {import('./promise.js').APIPromise<Raw>}
   */
  logs(task_id, turn_id, options) {
    return this._session.call('codex.tasks.turns.logs', { task_id, turn_id }, options);
  }

  /**
   * Create a pull request of a turn.
   *
   * @param {string} task_id
   * @param {string} turn_id
   * @param {Raw | null} [body]
   * @param {RequestOptions | null} [options]
   * @returns {import('./promise.js').APIPromise<Raw>}
   */
  pullRequest(task_id, turn_id, body, options) {
    return this._session.call('codex.tasks.turns.pull_request', { task_id, turn_id, ...(body && { body }) }, options);
  }
}

/** Codex cloud tasks. */
export class Tasks extends Resource {
  turns = new TaskTurns(this._session);

  /**
   * List tasks.
   *
   * @param {import('../types/api.js').TaskListParams} [params]
   * @param {RequestOptions | null} [options]
   * @returns {import('./promise.js').APIPromise<Raw>}
   */
  list(params, options) {
    return this._session.call('codex.tasks.list', params, options);
  }

  /**
   * Look up one task.
   *
   * @param {string} task_id
   * @param {RequestOptions | null} [options]
   * @returns {import('./promise.js').APIPromise<Raw>}
   */
  retrieve(task_id, options) {
    return this._session.call('codex.tasks.retrieve', { task_id }, options);
  }

  /**
   * Create a task.
   *
   * @param {import('../types/api.js').TaskCreateParams} params
   * @param {RequestOptions | null} [options]
   * @returns {import('./promise.js').APIPromise<Raw>}
   */
  create(params, options) {
    return this._session.call('codex.tasks.create', params, options);
  }

  /**
   * Cancel a task.
   *
   * @param {string} task_id
   * @param {RequestOptions | null} [options]
   * @returns {import('./promise.js').APIPromise<Raw>}
   */
  cancel(task_id, options) {
    return this._session.call('codex.tasks.cancel', { task_id }, options);
  }

  /**
   * Archive a task.
   *
   * @param {string} task_id
   * @param {RequestOptions | null} [options]
   * @returns {import('./promise.js').APIPromise<Raw>}
   */
  archive(task_id, options) {
    return this._session.call('codex.tasks.archive', { task_id }, options);
  }

  /**
   * Recover an archived task.
   *
   * @param {string} task_id
   * @param {RequestOptions | null} [options]
   * @returns {import('./promise.js').APIPromise<Raw>}
   */
  recover(task_id, options) {
    return this._session.call('codex.tasks.recover', { task_id }, options);
  }

  /**
   * Mark a task as read.
   *
   * @param {string} task_id
   * @param {RequestOptions | null} [options]
   * @returns {import('./promise.js').APIPromise<Raw>}
   */
  markRead(task_id, options) {
    return this._session.call('codex.tasks.mark_read', { task_id }, options);
  }
}

/** Environments of Codex cloud tasks. */
export class Environments extends Resource {
  /**
   * List the environments.
   *
   * @param {RequestOptions | null} [options]
   * @returns {import('./promise.js').APIPromise<Raw[]>}
   */
  list(options) {
    return this._session.call('codex.environments.list', {}, options);
  }

  /**
   * Look up one environment.
   *
   * @param {string} environment_id
   * @param {RequestOptions | null} [options]
   * @returns {import('./promise.js').APIPromise<Raw>}
   */
  retrieve(environment_id, options) {
    return this._session.call('codex.environments.retrieve', { environment_id }, options);
  }

  /**
   * Search the environments.
   *
   * @param {import('../types/api.js').EnvironmentSearchParams} [params]
   * @param {RequestOptions | null} [options]
   * @returns {import('./promise.js').APIPromise<Raw>}
   */
  search(params, options) {
    return this._session.call('codex.environments.search', params, options);
  }

  /**
   * List the environments of a repository.
   *
   * @param {string} provider
   * @param {string} owner
   * @param {string} repo
   * @param {RequestOptions | null} [options]
   * @returns {import('./promise.js').APIPromise<Raw[]>}
   */
  byRepo(provider, owner, repo, options) {
    return this._session.call('codex.environments.by_repo', { provider, owner, repo }, options);
  }
}
