import { Resource } from './resource.js';
import { Environments, Tasks } from './tasks.js';

/** @typedef {import('./session.js').RequestOptions} RequestOptions */
/** @typedef {import('../types/api.js').Raw} Raw */

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

/** Credits that reset used-up limits. */
export class RateLimitResetCredits extends Resource {
  /**
   * List the credits.
   *
   * @param {RequestOptions | null} [options]
   * @returns {import('./promise.js').APIPromise<Raw>}
   */
  list(options) {
    return this._session.call('codex.rate_limit_reset_credits.list', {}, options);
  }

  /**
   * List what became of credits in the last 30 days.
   *
   * @param {{cursor?: string | null}} [params]
   * @param {RequestOptions | null} [options]
   * @returns {import('./promise.js').APIPromise<Raw>}
   */
  history(params, options) {
    return this._session.call('codex.rate_limit_reset_credits.history', params, options);
  }

  /**
   * Use a credit to reset the limits.
   *
   * @param {import('../types/api.js').CreditConsumeParams} [params]
   * @param {RequestOptions | null} [options]
   * @returns {import('./promise.js').APIPromise<Raw>}
   */
  consume(params, options) {
    return this._session.call('codex.rate_limit_reset_credits.consume', params, options);
  }
}

/** The accounts and workspaces of the sign-in. */
export class Accounts extends Resource {
  /**
   * Return them.
   *
   * @param {RequestOptions | null} [options]
   * @returns {import('./promise.js').APIPromise<Raw>}
   */
  check(options) {
    return this._session.call('codex.accounts.check', {}, options);
  }
}

/** Web search without a model. */
export class WebSearch extends Resource {
  /**
   * Search the web, open pages, and find things in them.
   *
   * @param {import('../types/api.js').WebSearchParams} params
   * @param {RequestOptions | null} [options]
   * @returns {import('./promise.js').APIPromise<Raw>}
   */
  search(params, options) {
    return this._session.call('codex.web_search.search', params, options);
  }
}

/** What the Codex backend has beside OpenAI's API. Its answers come as they are. */
export class Codex extends Resource {
  tasks = new Tasks(this._session);
  environments = new Environments(this._session);
  config = new Config(this._session);
  memories = new Memories(this._session);
  userSystemMessages = new UserSystemMessages(this._session);
  rateLimitResetCredits = new RateLimitResetCredits(this._session);
  accounts = new Accounts(this._session);
  webSearch = new WebSearch(this._session);

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
