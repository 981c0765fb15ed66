// responses.stream(): the listeners of openai-node, with synthetic streams.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { getEventListeners } from 'node:events';
import { describe, test } from 'node:test';
import { setImmediate as tick } from 'node:timers/promises';
import { promisify } from 'node:util';
import OpenAI, { APIUserAbortError, ResponseStream, StreamInterruptedError } from '../src/index.js';

/** A stream of events, then a response or a failure; it counts the events taken. */
function open(events, end = { output: [] }, signal) {
  const taken = { events: 0, left: false };
  const stream = new ResponseStream(
    async (signal) => ({
      async *[Symbol.asyncIterator]() {
        try {
          for (const event of events) {
            if (signal.aborted) return;
            taken.events++;
            yield event;
          }
        } finally {
          taken.left = true;
        }
        if (end instanceof Error) throw end;
      },
      async finalResponse() {
        return end;
      },
    }),
    async (response) => ({ ...response, finished: true }),
    signal,
  );
  return { stream, taken };
}

const delta = (delta, place = {}) => ({ type: 'response.output_text.delta', output_index: 0, content_index: 0, delta, ...place });
const numbered = (n) => Array.from({ length: n }, (_, i) => ({ type: 'response.in_progress', i }));

test('listeners receive each event in order, and deltas with a snapshot', async () => {
  const { stream } = open([
    { type: 'response.created' },
    delta('Hel'),
    delta('Other', { content_index: 1 }),
    delta('lo'),
    { type: 'response.function_call_arguments.delta', output_index: 1, delta: '{"a"' },
    { type: 'response.function_call_arguments.delta', output_index: 1, delta: ':1}' },
  ]);
  const heard = [];
  stream
    .on('connect', () => heard.push('connect'))
    .on('event', (event) => heard.push(event.type.split('.').at(-1)))
    .on('response.output_text.delta', ({ snapshot }) => heard.push(snapshot))
    .on('response.function_call_arguments.delta', ({ snapshot }) => heard.push(snapshot))
    .once('event', () => heard.push('once'))
    .on('end', () => heard.push('end'));
  assert.deepEqual(await stream.finalResponse(), { output: [], finished: true });
  await tick();
  assert.deepEqual(heard, [
    'connect', 'created', 'once', 'delta', 'Hel', 'delta', 'Other', 'delta', 'Hello', 'delta', '{"a"', 'delta', '{"a":1}', 'end',
  ]);
  assert.deepEqual([stream.ended, stream.errored, stream.aborted], [true, false, false]);
});

test('events wait for the first listener', async () => {
  const { stream, taken } = open(numbered(3));
  for (let i = 0; i < 5; i++) await tick();
  assert.equal(taken.events, 0);
  const seen = [];
  for await (const { i } of stream) seen.push(i);
  assert.deepEqual(seen, [0, 1, 2]);
});

test('emitted() resolves with an event, and off() removes a listener', async () => {
  const { stream } = open(numbered(2));
  const never = () => assert.fail('heard');
  stream.on('event', never).off('event', never);
  assert.equal((await stream.emitted('event')).i, 0);
});

describe('a loop', () => {
  test('that stops reading pauses the stream until it continues', async () => {
    const { stream, taken } = open(numbered(5000));
    const events = stream[Symbol.asyncIterator]();
    assert.equal((await events.next()).value.i, 0);
    for (let i = 0; i < 20; i++) await tick();
    assert.ok(taken.events < 300, `${taken.events} were taken`);
    let n = 1;
    for (let next = await events.next(); !next.done; next = await events.next()) assert.equal(next.value.i, n++);
    assert.equal(n, 5000);
  });

  test('that awaits the end does not block the stream', async () => {
    const { stream } = open(numbered(5000));
    for await (const { i } of stream) if (i === 0) assert.ok((await stream.finalResponse()).finished);
  });

  test('that is left cancels the call', async () => {
    const { stream, taken } = open(numbered(5000));
    for await (const { i } of stream) if (i === 2) break;
    for (let i = 0; i < 5; i++) await tick();
    assert.ok(taken.left && taken.events < 300);
    assert.ok(stream.aborted && stream.controller.signal.aborted);
  });

  test('throws the failure after the events before it, once', async () => {
    const { stream } = open(numbered(2), new StreamInterruptedError('broke'));
    const seen = [];
    const events = stream[Symbol.asyncIterator]();
    await assert.rejects(async () => {
      for await (const { i } of events) seen.push(i);
    }, StreamInterruptedError);
    assert.deepEqual(seen, [0, 1]);
    assert.deepEqual(await events.next(), { done: true, value: undefined });
    await assert.rejects(stream.done(), StreamInterruptedError);
  });

  test('throws when the stream is aborted', async () => {
    const { stream } = open(numbered(5000));
    await assert.rejects(async () => {
      for await (const { i } of stream) if (i === 2) stream.abort();
    }, APIUserAbortError);
  });
});

describe('a failure', () => {
  test('is passed to the listeners of error, then of end', async () => {
    const { stream } = open([], new StreamInterruptedError('broke'));
    const heard = [];
    stream.on('error', (error) => heard.push(error.message)).on('abort', () => heard.push('abort')).on('end', () => heard.push('end'));
    await assert.rejects(stream.finalResponse(), /broke/);
    await tick();
    assert.deepEqual(heard, ['broke', 'end']);
    assert.ok(stream.errored && !stream.aborted);
  });

  test('thrown by a listener fails the stream, and cancels the call', async () => {
    const { stream, taken } = open(numbered(5));
    stream.on('event', () => { throw new TypeError('mine'); });
    await assert.rejects(stream.done(), (error) => error instanceof OpenAI.OpenAIError && error.message === 'mine' && error.cause instanceof TypeError);
    assert.ok(taken.left);
  });

  test('without a listener is an unhandled rejection', async () => {
    const source = `import { ResponseStream } from ${JSON.stringify(new URL('../src/index.js', import.meta.url).href)};
      process.on('unhandledRejection', ({ message }) => console.log(message));
      new ResponseStream(async () => { throw new Error('unheard'); }, async () => {}).on('end', () => {});`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', source]);
    assert.equal(stdout, 'unheard\n');
  });
});

test("the caller's signal aborts, and keeps no listener", async () => {
  const controller = new AbortController();
  const { stream } = open(numbered(5000), undefined, controller.signal);
  let aborted = 0;
  stream.on('abort', () => aborted++).on('response.in_progress', ({ i }) => i === 2 && controller.abort());
  await assert.rejects(stream.done(), APIUserAbortError);
  await tick();
  assert.equal(aborted, 1);
  assert.equal(getEventListeners(controller.signal, 'abort').length, 0);
});

describe('over the host', () => {
  test('an interrupt ends it, with the text so far', async () => {
    const client = new OpenAI({ mock: true });
    const stream = await client.responses.create({ model: 'mock:stall=6', input: 'Hello', stream: true });
    let said = '';
    for await (const event of stream) {
      if (event.type !== 'response.output_text.delta') continue;
      said += event.delta;
      stream.interrupt();
      stream.interrupt();
    }
    const response = await stream.finalResponse();
    assert.equal(response.status, 'incomplete');
    assert.equal(response.incomplete_details.reason, 'interrupted');
    assert.ok(said && response.output_text.startsWith(said));
    stream.interrupt();
    await client.close();
  });

  test('the final response is parsed', async () => {
    const client = new OpenAI({ mock: true });
    const schema = { type: 'object', properties: { name: { type: 'string' } }, required: ['name'], additionalProperties: false };
    const stream = client.responses.stream({ input: 'Ada', text_format: { name: 'person', schema } });
    let last = '';
    stream.on('response.output_text.delta', ({ snapshot }) => (last = snapshot));
    const response = await stream.finalResponse();
    assert.deepEqual(response.output_parsed, JSON.parse(last));
    assert.deepEqual(Object.keys(response.output_parsed), ['name']);
    await client.close();
  });

  test('a rejected call fails the stream, and listeners may be added late', async () => {
    const client = new OpenAI({ mock: true, maxRetries: 0 });
    const stream = client.responses.stream({ model: 'mock:status=429', input: 'x' });
    await new Promise((resolve) => setTimeout(resolve, 50));
    await assert.rejects(stream.finalResponse(), OpenAI.RateLimitError);
    await client.close();
  });

  test('toReadableStream has one event per line', async () => {
    const client = new OpenAI({ mock: true });
    const lines = (await new Response(client.responses.stream({ input: 'Hi' }).toReadableStream()).text()).trim().split('\n');
    assert.equal(JSON.parse(lines[0]).type, 'response.created');
    assert.equal(JSON.parse(lines.at(-1)).type, 'response.completed');
    await client.close();
  });
});
