import { APIConnectionTimeoutError } from './errors.js';

/** How long a server may take to respond to a ping, in ms. */
const PATIENCE = 3000;
/** The longest duration of a timer. */
const LONGEST = 2 ** 31 - 1;

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
export function watch(process, queue, limit, patience = PATIENCE) {
  if (!(limit > 0 && limit <= LONGEST)) return () => {};
  let since = performance.now();
  /** @type {NodeJS.Timeout} */
  let timer;
  /** @param {number} ms */
  const look = (ms) => {
    timer = setTimeout(check, ms);
    timer.unref?.(); // only the call itself keeps Node running
  };
  const check = async () => {
    if (!queue.awaited) since = performance.now();
    const silence = performance.now() - Math.max(since, process.heard);
    if (silence < limit) return look(limit - silence);
    const there = await process.answers(patience);
    if (queue.ended) return;
    if (there) return look(limit);
    queue.giveUp(new APIConnectionTimeoutError(`codex-rpc has not responded for ${Math.round(silence) / 1000} seconds.`));
  };
  look(limit);
  return () => clearTimeout(timer);
}
