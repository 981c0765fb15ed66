/**
 * Fails a call whose server hangs.
 *
 * The server itself enforces the idle timeout of the backend. A call may be silent
 * for longer, in the server's queue or during a long response that is not streamed.
 * But if nothing at all is received within the timeout while the call is awaited,
 * the server must respond to a ping; if it does, the wait continues.
 *
 * @param {import('./process.js').ServerProcess} process
 * @param {import('./queue.js').EventQueue} queue
 * @param {number} limit in ms
 * @param {number} [patience]
 * @returns {() => void} ends the watch
 */
export declare function watch(process: import('./process.js').ServerProcess, queue: import('./queue.js').EventQueue, limit: number, patience?: number): () => void;
