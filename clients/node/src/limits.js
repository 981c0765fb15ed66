/** The notification of changed account limits. */
export const LIMITS_CHANGED = 'limits.changed';

/** The owner of a listener. @typedef {{onLimits?: (limits: any) => void}} LimitsReader */

/**
 * The listeners for account limits of a server that several clients share. They are
 * held weakly, since a listener often refers to its client.
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
   * Handles a notification of the server. Errors of listeners are thrown outside of
   * any call, like those of event listeners.
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
