import { APIConnectionTimeoutError } from './errors.js';

/** How long a server may take to show that it is there, in ms. */
const PATIENCE = 3000;
/** The longest that a timer can be set to. */
const LONGEST = 2 ** 31 - 1;

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
export function watch(process, queue, limit, patience = PATIENCE) {
  if (!(limit > 0 && limit <= LONGEST)) return () => {};
  let since = performance.now();
  /** @type {NodeJS.Timeout} */
  let timer;
  /** @param {number} ms */
  const look = (ms) => {
    timer = setTimeout(check, ms);
    timer.unref?.(); // the call itself keeps Node running, if it does
  };
  const check = async () => {
    if (!queue.awaited) since = performance.now();
    const silence = performance.now() - Math.max(since, process.heard);
    if (silence < limit) return look(limit - silence);
    const there = await process.answers(patience);
    if (queue.ended) return;
    if (there) return look(limit);
    queue.giveUp(new APIConnectionTimeoutError(`codex-rpc has not answered for ${Math.round(silence) / 1000} seconds.`));
  };
  look(limit);
  return () => clearTimeout(timer);
}
