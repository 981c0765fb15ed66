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
}

/** What is managed for the account. */
export class Config extends Resource {
  /**
   * Fetch the managed requirements.
   *
   * @param {RequestOptions | null} [options]
   * @returns {import('./promise.js').APIPromise<Raw>}
   */
  requirements(options) {
    return this._session.call('codex.config.requirements', {}, options);
  }
}

/** Memories. */
export class Memories extends Resource {
  /**
   * List ChatGPT's memories of the account.
   *
   * @param {RequestOptions | null} [options]
   * @returns {import('./promise.js').APIPromise<Raw>}
   */
  list(options) {
    return this._session.call('codex.memories.list', {}, options);
  }

  /**
   * Summarize traces into memories.
   *
   * @param {import('../types/api.js').TraceSummarizeParams} params
   * @param {RequestOptions | null} [options]
   * @returns {import('./promise.js').APIPromise<import('../types/api.js').MemorySummarizeResponse>}
   */
  traceSummarize(params, options) {
    return this._session.call('codex.memories.trace_summarize', params, options);
  }
}

/** ChatGPT's customization of the account. */
export class UserSystemMessages extends Resource {
  /**
   * Fetch the customization.
   *
   * @param {RequestOptions | null} [options]
   * @returns {import('./promise.js').APIPromise<Raw>}
   */
  retrieve(options) {
    return this._session.call('codex.user_system_messages.retrieve', {}, options);
  }
}

/** What the Codex backend has beside OpenAI's API. Its answers come as they are. */
export class Codex extends Resource {
  tasks = new Tasks(this._session);
  environments = new Environments(this._session);
  config = new Config(this._session);
  memories = new Memories(this._session);
  userSystemMessages = new UserSystemMessages(this._session);

  /**
   * Tell how much of the account's quota is used.
   *
   * @param {RequestOptions | null} [options]
   * @returns {import('./promise.js').APIPromise<import('../types/api.js').Usage>}
   */
  usage(options) {
    return this._session.call('codex.usage', {}, options);
  }
}
