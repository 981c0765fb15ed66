// Without VS Code: the host of a window, on the program that CODEX_RPC_BIN names.
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { test } from 'node:test';
import { Host } from '../src/host.js';
import { CANCELLED, ExitError, NoProgramError } from '../src/process.js';

const program = process.env.CODEX_RPC_BIN ?? 'codex-rpc';
const client = { name: 'test', version: '1' };

/**
 * Returns a host, which ends with the test, and the states that it goes through.
 *
 * @param {import('node:test').TestContext} t
 */
function hostOf(t, mock = '--mock', options = {}) {
  const states = [];
  const host = new Host({
    command: () => ({ program, args: [mock] }),
    client,
    log: () => {},
    changed: (state, reason) => states.push(reason ? [state, reason] : [state]),
    ...options,
  });
  t.after(() => host.stop());
  return { host, states };
}

const names = (states) => states.map(([state]) => state);

test('answers, and events as they come', async (t) => {
  const { host, states } = hostOf(t, '--mock=pace=1ms');
  const ask = async (input) => {
    const deltas = [];
    const onEvent = (event) => event.type === 'response.output_text.delta' && deltas.push(event.delta);
    const { output_text } = await host.call('responses.create', { input, stream: true }, { onEvent });
    assert.equal(deltas.join(''), output_text);
    return output_text;
  };
  assert.deepEqual(await Promise.all(['one', 'zwei ö', '三'].map(ask)), ['You said: "one"', 'You said: "zwei ö"', 'You said: "三"']);
  assert.deepEqual(names(states), ['running']);
  await host.stop();
  assert.deepEqual(names(states), ['running', 'stopped']);
});

test('a call from within a change starts no second process', async (t) => {
  const states = [];
  const host = new Host({
    command: () => ({ program, args: ['--mock'] }),
    client,
    log: () => {},
    changed: (state) => {
      states.push(state);
      if (state === 'running') void host.call('account_info');
    },
  });
  t.after(() => host.stop());
  await host.call('account_info');
  assert.deepEqual(states, ['running']);
});

test('an abort cancels the call', async (t) => {
  const { host } = hostOf(t, '--mock=stall=5');
  const controller = new AbortController();
  const answer = host.call('responses.create', { input: 'x', stream: true }, { onEvent: () => controller.abort(), signal: controller.signal });
  await assert.rejects(answer, { code: CANCELLED });
  await assert.rejects(host.call('account_info', {}, { signal: controller.signal }), { name: 'AbortError' });
});

test('the end cancels calls under way', async (t) => {
  const { host } = hostOf(t, '--mock=stall=5');
  let stopped;
  const answer = host.call('responses.create', { input: 'x', stream: true }, { onEvent: () => (stopped ??= host.stop()) });
  await assert.rejects(answer, { code: CANCELLED });
  await stopped;
});

test('a crash fails the calls under way, and the program is started again', async (t) => {
  const { host, states } = hostOf(t);
  host.start();
  const { pid } = host;
  const answer = host.call('responses.create', { input: 'x', stream: true, model: 'mock:stall=5' }, { onEvent: () => process.kill(pid, 'SIGKILL') });
  await assert.rejects(answer, (error) => error instanceof ExitError && /ended with SIGKILL/.test(error.message));
  assert.deepEqual(names(states), ['running', 'restarting']);
  // This call waits for the restart.
  assert.equal((await host.call('account_info')).authenticated, true);
  assert.deepEqual(names(states), ['running', 'restarting', 'running']);
  assert.notEqual(host.pid, pid);
});

test('a program that always crashes is started less and less often, and then no more', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const { host, states } = hostOf(t, '', { command: () => ({ program: process.execPath, args: ['-e', 'console.error("no luck"); process.exit(3)'] }) });
  host.start();
  const waits = [];
  for (let seen = 0; states.at(-1)?.[0] !== 'failed'; ) {
    await new Promise(setImmediate);
    if (states.length === seen || states.at(-1)[0] !== 'restarting') continue;
    seen = states.length;
    let waited = 0;
    for (; states.length === seen; waited += 500) {
      t.mock.timers.tick(500);
      await new Promise(setImmediate);
    }
    waits.push(waited);
  }
  assert.deepEqual(waits, [500, 1000, 2000, 4000, 8000, 16000]);
  assert.match(states.at(-1)[1].message, /ended with exit code 3: no luck/);
});

test('a program that is not there is said so, and not tried again', async (t) => {
  const { host, states } = hostOf(t, '', { command: () => ({ program: '/no/such/codex-rpc', args: [] }) });
  await assert.rejects(host.call('account_info'), (error) => error instanceof NoProgramError && /was not found/.test(error.message));
  assert.deepEqual(names(states), ['running', 'failed']);
});

test('a command line that is wrong is not tried again', async (t) => {
  const { host, states } = hostOf(t, '--mock=nonsense=1');
  await assert.rejects(host.call('account_info'), (error) => error instanceof ExitError && /exit code 2/.test(error.message));
  assert.deepEqual(names(states), ['running', 'failed']);
});

test('it can be restarted while it waits to be', async (t) => {
  const { host, states } = hostOf(t);
  host.start();
  process.kill(host.pid, 'SIGKILL');
  while (states.at(-1)[0] !== 'restarting') await pause(5);
  await host.restart();
  assert.equal((await host.call('account_info')).authenticated, true);
  assert.equal(names(states).filter((state) => state === 'running').length, 2);
});

