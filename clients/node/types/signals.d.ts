/**
 * Calls back when the signal aborts. All that wait for one signal share one
 * listener: a program may give the same signal to a thousand calls, and Node
 * takes more than ten listeners for a leak.
 *
 * @param {AbortSignal} signal
 * @param {() => void} callback
 * @returns {() => void} ends that
 */
export declare function onAbort(signal: AbortSignal, callback: () => void): () => void;
