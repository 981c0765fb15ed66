/**
 * Fails a call whose server has gone silent: stopped, stuck, or not ours.
 *
 * That the backend is silent the server tells, by the same timeout. It is not
 * repeated here, since a call may rightly be silent for longer, in the server's
 * queue or while a long answer is made that is not streamed. But when nothing at
 * all has come for that time, while somebody waits, the server has to answer a
 * ping; if it does, the call goes on waiting.
 *
 * @param {import('./process.js').ServerProcess} process
 * @param {import('./queue.js').EventQueue} queue
 * @param {number} limit in ms
 * @param {number} [patience]
 * @returns {() => void} ends the watch
 */
export declare function watch(process: import('./process.js').ServerProcess, queue: import('./queue.js').EventQueue, limit: number, patience?: number): () => void;
