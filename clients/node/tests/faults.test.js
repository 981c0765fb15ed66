// Faults and their outcomes. The host is the real one, unless it has to misbehave.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { getEventListeners, once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe } from 'node:test';
import OpenAI, { APIConnectionError, APIConnectionTimeoutError, InvalidParamsError, ServerExitedError } from '../src/index.js';
import { fakeServer } from './fake-server.js';
import { host, isGone, until } from './host.js';
import { fault } from './rows.js';

const entry = JSON.stringify(new URL('../src/index.js', import.meta.url).href);

/** Reads a stream until it ends or fails. */
async function outcome(stream, onEvent = () => {}) {
  let events = 0;
  try {
    for await (const event of stream) onEvent(event, ++events);
    return 'ends';
  } catch (error) {
    assert.ok(error instanceof OpenAI.APIError, error.stack);
    return `throws ${error.constructor.name}`;
  }
}

/** Starts a program in its own process group, like a terminal. */
function program(source, { args = [], env = {} } = {}) {
  const node = spawn(process.execPath, [...args, '--input-type=module', '-e', source], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
    detached: true,
  });
  node.stdout.setEncoding('utf8');
  return node;
}

describe('a stream', () => {
  for (const signal of ['SIGTERM', 'SIGKILL']) {
    fault(`the host gets ${signal} twice while a stream runs`, async () => {
      const { binary, pids } = host();
      const client = new OpenAI({ binary, mock: true });
      const stream = await client.responses.create({ model: 'mock:stall=3', input: 'x', stream: true });
      const came = await outcome(stream, (_, n) => {
        if (n !== 3) return;
        const [pid] = pids();
        process.kill(pid, signal);
        setTimeout(() => isGone(pid) || process.kill(pid, signal), 100);
      });
      assert.match(came, /^throws (ServerExitedError|APIConnectionError|StreamInterruptedError)$/);
      assert.equal((await client.responses.create({ input: 'hello' })).status, 'completed');
      await client.close();
      assert.ok(pids().every(isGone));
      return 'the loop throws an APIConnectionError; the next call has a new host';
    });
  }

  fault('the server cancels a call by itself', async () => {
    const binary = fakeServer(`
      send({ method: 'stream.event', params: { id: request.id, seq: 0, event: { type: 'response.created' } } });
      send({ id: request.id, error: { code: -32800, message: 'The server stopped.', data: { type: 'cancelled', retryable: true } } });`);
    const client = new OpenAI({ binary });
    const came = await outcome(await client.responses.create({ input: 'x', stream: true }));
    await client.close();
    assert.equal(came, 'throws APIConnectionError');
    return 'the loop throws an APIConnectionError';
  });

  fault("the caller's signal aborts", async () => {
    const client = new OpenAI({ mock: true });
    const controller = new AbortController();
    const stream = await client.responses.create({ model: 'mock:stall=3', input: 'x', stream: true }, { signal: controller.signal });
    assert.equal(await outcome(stream, (_, n) => n === 3 && controller.abort()), 'ends');
    await assert.rejects(stream.finalResponse(), OpenAI.APIUserAbortError);
    await client.close();
    return 'the loop ends; finalResponse() throws an APIUserAbortError';
  });

  fault('the client is closed during the loop', async () => {
    const client = new OpenAI({ mock: true });
    const stream = await client.responses.create({ model: 'mock:stall=3', input: 'x', stream: true });
    assert.equal(await outcome(stream, (_, n) => n === 3 && client.close()), 'throws APIUserAbortError');
    return 'the loop throws an APIUserAbortError';
  });

  fault('Ctrl-C reaches the process group of a program that continues', async () => {
    const node = program(`
      import OpenAI from ${entry};
      process.on('SIGINT', () => console.log('interrupted'));
      const client = new OpenAI({ mock: true });
      const stream = await client.responses.create({ model: 'mock:deltas=20,pace=0.05', input: 'x', stream: true });
      let n = 0, last;
      for await (const event of stream) { if (++n === 3) console.log('ready'); last = event.type; }
      console.log(last);
      await client.close();`);
    let printed = '';
    node.stdout.on('data', (text) => {
      if (text.includes('ready')) process.kill(-node.pid, 'SIGINT');
      printed += text;
    });
    await once(node, 'close');
    assert.equal(printed, 'ready\ninterrupted\nresponse.completed\n');
    return 'the host has its own group: the stream is complete';
  });

  fault('a program leaves 8 MB of a stream unread and ends', async () => {
    const { binary, pids } = host();
    const node = program(`
      import OpenAI from ${entry};
      const client = new OpenAI({ mock: true, binary: ${JSON.stringify(binary)} });
      const stream = await client.responses.create({ model: 'mock:size=8000000', input: 'x', stream: true });
      console.log('left');`);
    const [code] = await once(node, 'close');
    assert.equal(code, 0);
    await until(() => pids().every(isGone), 'the host is gone');
    return 'Node exits with 0, and the host exits';
  });
});

describe('a host', () => {
  fault('the host is stopped (SIGSTOP) during a call', async () => {
    const { binary, pids } = host();
    const client = new OpenAI({ binary, mock: true, timeout: 300 });
    await client.models.list();
    process.kill(pids()[0], 'SIGSTOP');
    const stream = client.responses.create({ input: 'x', stream: true });
    await assert.rejects(stream, (error) => error instanceof APIConnectionTimeoutError && /has not responded for/.test(error.message));
    assert.equal((await client.responses.create({ input: 'x' })).status, 'completed');
    await until(() => isGone(pids()[0]), 'the stopped host is gone');
    await client.close();
    return 'APIConnectionTimeoutError after the timeout and 3 s; the next call has a new host, the old one is killed';
  });

  fault('the host accepts calls but answers none', async () => {
    const client = new OpenAI({ binary: fakeServer(''), timeout: 100 });
    await assert.rejects(client.models.list(), APIConnectionTimeoutError);
    await client.close();
    return 'APIConnectionTimeoutError after the timeout and 3 s';
  });

  fault('an answer without a stream takes longer than the idle timeout', async () => {
    const client = new OpenAI({ mock: true, timeout: 400 });
    const response = await client.responses.create({ model: 'mock:deltas=12,pace=0.1', input: 'x' });
    assert.equal(response.status, 'completed');
    await client.close();
    return 'the answer: the host responds to pings, and the backend is not silent';
  });

  fault('a call is made while the host shuts down', async () => {
    const { binary, pids } = host();
    const client = new OpenAI({ binary, mock: true });
    const stream = await client.responses.create({ model: 'mock:deltas=10,pace=0.05', input: 'x', stream: true });
    process.kill(pids()[0], 'SIGTERM');
    const calls = [];
    const came = await outcome(stream, () => calls.push(client.responses.create({ input: 'hello' })));
    assert.equal(came, 'ends');
    for (const response of await Promise.all(calls)) assert.equal(response.status, 'completed');
    assert.equal(pids().length, 2);
    await client.close();
    return 'the stream is complete, and the next calls use a new host';
  });

  fault('the host rejects the options of the session', async () => {
    const client = new OpenAI({ mock: true, timeout: -1 });
    await assert.rejects(client.models.list(), (error) => error instanceof InvalidParamsError && /option timeout/.test(error.message));
    await client.close();
    return 'InvalidParamsError that names the option, from each call';
  });

  fault('the host is killed 20 times during 200 calls', async () => {
    const { binary, pids } = host();
    const client = new OpenAI({ binary, mock: true });
    let kills = 0;
    const killing = setInterval(() => {
      const [pid] = pids().filter((pid) => !isGone(pid));
      if (pid && kills++ < 20) process.kill(pid, 'SIGKILL');
    }, 25);
    const came = await Promise.all(
      Array.from({ length: 200 }, async (_, i) => {
        for (let tries = 0; tries < 100; tries++) {
          try {
            const stream = await client.responses.create({ model: `mock:reply=call ${i},deltas=5,pace=0.005`, input: 'x', stream: true });
            let said = '';
            for await (const event of stream) if (event.type === 'response.output_text.delta') said += event.delta;
            return said;
          } catch (error) {
            assert.ok(error instanceof ServerExitedError || error instanceof APIConnectionError, error.stack);
          }
        }
      }),
    );
    clearInterval(killing);
    await client.close();
    assert.deepEqual(came, Array.from({ length: 200 }, (_, i) => `call ${i}`));
    assert.ok(pids().every(isGone));
    return 'each interrupted stream throws; retries succeed; no process is left';
  });
});

describe('the log', () => {
  fault('a logger that throws or rejects', async () => {
    let lines = 0;
    const loggers = [
      () => { lines++; throw new Error('full disk'); },
      async () => { lines++; throw new Error('full disk'); },
    ];
    for (const logger of loggers) {
      const client = new OpenAI({ mock: true, logLevel: 'debug', logger });
      assert.equal((await client.responses.create({ input: 'x' })).status, 'completed');
      await client.close();
    }
    assert.ok(lines >= 2);
    return 'the calls continue';
  });

  fault('close() with unread lines of the log', async () => {
    // The last line arrives after the exit, from a process that keeps the pipe open.
    for (const [pause, last] of [['0.3', true], ['30', false]]) {
      const directory = mkdtempSync(join(tmpdir(), 'codex-rpc-'));
      const binary = join(directory, 'codex-rpc');
      writeFileSync(binary, `#!/bin/sh\n(sleep ${pause}; echo level=INFO last >&2) </dev/null >/dev/null &\nexec cat >/dev/null\n`, { mode: 0o755 });
      const lines = [];
      const client = new OpenAI({ binary, mock: true, logLevel: 'debug', logger: (line) => lines.push(line) });
      const call = client.models.list().catch(() => {});
      await client.close();
      await call;
      rmSync(directory, { recursive: true });
      assert.equal(lines.length > 0, last, `after ${pause} s`);
    }
    return 'close() resolves when the log is read, or after a second';
  });

  fault('console as the logger', async () => {
    const node = program(`
      import OpenAI from ${entry};
      const client = new OpenAI({ mock: true, logLevel: 'debug', logger: console });
      console.log((await client.responses.create({ input: 'x' })).status);
      await client.close();`);
    const printed = await text(node.stdout);
    assert.match(printed, /^completed$/m);
    assert.match(printed, /^time=\S+ level=DEBUG msg=/m);
    return 'each line is passed to the method of its level';
  });

  fault('fifty clients with a logger, dropped without close', async () => {
    const { binary, pids } = host();
    const node = program(
      `
      import OpenAI from ${entry};
      for (let i = 0; i < 50; i++) {
        const lines = [];
        const client = new OpenAI({ mock: true, binary: ${JSON.stringify(binary)}, logger: (line) => lines.push(line, client) });
        await client.models.list();
      }
      console.log('made');
      for (let i = 0; i < 20; i++) { await new Promise((resolve) => setTimeout(resolve, 50)); gc(); }
      console.log('collected');
      await new Promise((resolve) => process.stdin.once('data', resolve).resume());`,
      { args: ['--expose-gc'] },
    );
    let printed = '';
    node.stdout.on('data', (text) => (printed += text));
    await until(() => printed.includes('made'));
    const started = pids().length;
    await until(() => printed.includes('collected') && pids().every(isGone), 'no host is left');
    node.stdin.end('\n');
    await once(node, 'close');
    assert.ok(started < 50 && started >= 1, `${started} hosts`);
    return 'they share a host, which exits when the clients are collected';
  });
});

fault('instructions of a megabyte', async () => {
  const { binary, pids } = host();
  const secret = 'Keep it to yourself. ';
  const client = new OpenAI({ binary, mock: true, instructions: secret.repeat(50_000) });
  const response = await client.responses.create({ model: 'gpt-5.5', input: 'x' });
  assert.equal(response.instructions, secret.repeat(50_000));
  for (const file of ['cmdline', 'environ']) assert.ok(!readFileSync(`/proc/${pids()[0]}/${file}`, 'latin1').includes('Keep it'));
  await client.close();
  return "the model receives them; neither the host's arguments nor its environment contain them";
});

fault('one signal for a thousand calls aborts half of them', async () => {
  const warnings = [];
  const warned = (warning) => warnings.push(warning.name);
  process.on('warning', warned);
  const client = new OpenAI({ mock: true });
  const controller = new AbortController();
  const { signal } = controller;
  const done = await Promise.all(Array.from({ length: 500 }, () => client.models.list({}, { signal })));
  assert.equal(done.length, 500);
  const stalled = Array.from({ length: 500 }, () => client.responses.create({ model: 'mock:stall=0', input: 'x' }, { signal }));
  const settled = Promise.allSettled(stalled);
  assert.equal(getEventListeners(signal, 'abort').length, 1);
  controller.abort();
  for (const { reason } of await settled) assert.ok(reason instanceof OpenAI.APIUserAbortError);
  assert.equal(getEventListeners(signal, 'abort').length, 0);
  await client.close();
  process.off('warning', warned);
  assert.deepEqual(warnings, []);
  return 'one listener during the calls and none afterwards, no leak warning';
});

for (const [what, options, params, callOptions] of [
  ['logLevel: "off"', { logLevel: 'off', logger: () => assert.fail('a line') }, { input: 'x' }, undefined],
  ['timeout: Infinity', { timeout: Infinity }, { input: 'x' }, { timeout: Infinity }],
  ['create(params, null)', {}, { input: 'x' }, null],
  ['null for an option of the client', { model: null, logger: null, maxRetries: null }, { input: 'x' }, { signal: null }],
]) {
  fault(what, async () => {
    const client = new OpenAI({ mock: true, ...options });
    assert.equal((await client.responses.create(params, callOptions)).status, 'completed');
    await client.close();
    return 'is accepted';
  });
}

fault('Node is killed during a stream', async () => {
  const { binary, pids } = host();
  const node = program(`
    import OpenAI from ${entry};
    const client = new OpenAI({ mock: true, binary: ${JSON.stringify(binary)}, instructions: 'x' });
    const stream = await client.responses.create({ model: 'mock:deltas=1000,pace=0.05', input: 'x', stream: true });
    for await (const event of stream) console.log(event.type);`);
  await once(node.stdout, 'data');
  process.kill(node.pid, 'SIGKILL');
  await until(() => pids().every(isGone), 'the host is gone', 5000);
  return 'the host ends';
});

fault('a folder for auth.json that does not exist', async () => {
  const home = mkdtempSync(join(tmpdir(), 'codex-rpc-none-'));
  rmSync(home, { recursive: true });
  const client = new OpenAI({ codexHome: home });
  await assert.rejects(client.responses.create({ input: 'x' }), (error) => error instanceof OpenAI.AuthenticationError && error.status === 401);
  await client.close();
  return 'NotAuthenticatedError, with status 401';
});
