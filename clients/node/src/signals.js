/** The callbacks of signals. @type {WeakMap<AbortSignal, Set<() => void>>} */
const waiting = new WeakMap();

/**
 * Calls back when the signal aborts. All callbacks of a signal share one listener: a
 * program may pass a signal to a thousand calls, and Node reports more than ten
 * listeners as a leak.
 *
 * @param {AbortSignal} signal
 * @param {() => void} callback
 * @returns {() => void} removes the callback
 */
export function onAbort(signal, callback) {
  let callbacks = waiting.get(signal);
  if (callbacks === undefined) {
    callbacks = new Set();
    waiting.set(signal, callbacks);
    signal.addEventListener('abort', notify);
  }
  callbacks.add(callback);
  return () => {
    callbacks.delete(callback);
    if (callbacks.size > 0 || waiting.get(signal) !== callbacks) return;
    waiting.delete(signal);
    signal.removeEventListener('abort', notify);
  };
}

/** @this {AbortSignal} */
function notify() {
  const callbacks = waiting.get(this);
  waiting.delete(this);
  this.removeEventListener('abort', notify);
  for (const callback of [...(callbacks ?? [])]) callback();
}
