/**
 * Calls back when the signal aborts. All callbacks of a signal share one listener: a
 * program may pass a signal to a thousand calls, and Node reports more than ten
 * listeners as a leak.
 *
 * @param {AbortSignal} signal
 * @param {() => void} callback
 * @returns {() => void} removes the callback
 */
export declare function onAbort(signal: AbortSignal, callback: () => void): () => void;
