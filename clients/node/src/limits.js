/** The notification that tells of the account's limits. */
export const LIMITS_CHANGED = 'limits.changed';

/** What owns a listener. @typedef {{onLimits?: (limits: any) => void}} LimitsReader */

/**
 * Those who are told of the account's limits, on a server that several clients
 * share. They are held weakly, since a listener often holds the client that it
 * belongs to.
 */
export class Limits {
  /** @type {Set<WeakRef<LimitsReader>>} */
  #readers = new Set();

  /** @param {WeakRef<LimitsReader>} reader */
  add(reader) {
    this.#readers.add(reader);
  }

  /** @param {WeakRef<LimitsReader>} reader */
  delete(reader) {
    this.#readers.delete(reader);
  }

  /**
   * Takes a notification of the server. What a listener throws is thrown outside
   * of any call, as the listener of an event does.
   *
   * @param {string} method
   * @param {any} params
   */
  notice(method, params) {
    if (method !== LIMITS_CHANGED) return;
    const listeners = new Set([...this.#readers].map((reader) => reader.deref()?.onLimits));
    for (const listener of listeners) {
      if (!listener) continue;
      try {
        listener(params);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
