import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { StreamInterruptedError } from '../src/errors.js';
import { Flow } from '../src/flow.js';
import { EventQueue } from '../src/queue.js';
import { Stream } from '../src/stream.js';

function open() {
  const acts = [];
  const flow = new Flow(() => acts.push('pause'), () => acts.push('resume'));
  const queue = new EventQueue(flow, { cancel: () => acts.push('cancel'), interrupt: () => acts.push('interrupt') }, () => acts.push('end'));
  const events = (...numbers) => numbers.forEach((n) => queue.event(`{"n":${n}}`));
  return { acts, queue, events, stream: new Stream(queue) };
}

async function numbers(stream) {
  const seen = [];
  for await (const { n } of stream) seen.push(n);
  return seen;
}

describe('a loop', () => {
  test('takes the available events and waits for more', async () => {
    const { acts, queue, events, stream } = open();
    events(1, 2);
    const seen = numbers(stream);
    setImmediate(() => {
      events(3);
      setImmediate(() => {
        events(4);
        queue.result('{"ok":true}');
      });
    });
    assert.deepEqual(await seen, [1, 2, 3, 4]);
    assert.deepEqual(acts, ['end']);
  });

  test('that is left cancels the call, once', async () => {
    const { acts, events, stream } = open();
    events(1, 2, 3);
    for await (const { n } of stream) if (n === 2) break;
    assert.deepEqual(acts, ['cancel', 'end']);
    await stream[Symbol.asyncDispose]();
    assert.deepEqual(acts, ['cancel', 'end']);
  });

  test('throws the failure after the events before it', async () => {
    const { queue, events, stream } = open();
    events(1);
    queue.fail(new StreamInterruptedError('broke'));
    const seen = [];
    await assert.rejects(async () => {
      for await (const { n } of stream) seen.push(n);
    }, StreamInterruptedError);
    assert.deepEqual(seen, [1]);
  });

  test('ends without an error when the stream is aborted', async () => {
    const { acts, events, stream } = open();
    events(1, 2);
    const seen = [];
    for await (const { n } of stream) {
      seen.push(n);
      stream.controller.abort();
    }
    assert.deepEqual(seen, [1]);
    assert.deepEqual(acts, ['cancel', 'end']);
  });

  test('may be run once', async () => {
    const { queue, stream } = open();
    queue.result('{}');
    await numbers(stream);
    await assert.rejects(numbers(stream), /read only once/);
  });

  test('may have several pending reads', async () => {
    const { queue, events } = open();
    const waiting = [queue.next(), queue.next(), queue.next()];
    events(1, 2);
    queue.result('{}');
    assert.deepEqual(await Promise.all(waiting), [
      { done: false, value: { n: 1 } },
      { done: false, value: { n: 2 } },
      { done: true, value: undefined },
    ]);
  });
});

describe('opened', () => {
  test('waits for an event', async () => {
    const { queue, events } = open();
    const opened = queue.opened();
    events(1);
    await opened;
  });

  test('throws a failure before the first event', async () => {
    const { queue } = open();
    const opened = queue.opened();
    queue.fail(new Error('no'));
    await assert.rejects(opened, /no/);
  });

  test('leaves a failure after an event to the loop', async () => {
    const { queue, events, stream } = open();
    events(1);
    queue.fail(new Error('no'));
    await queue.opened();
    await assert.rejects(numbers(stream), /no/);
  });
});

describe('finalResponse', () => {
  test('is available during the loop, after it, and without it', async () => {
    const { queue, events, stream } = open();
    const early = stream.finalResponse();
    events(1);
    queue.result('{"id":"r"}');
    assert.deepEqual(await early, { id: 'r' });
    assert.deepEqual(await numbers(stream), [1]);
    assert.deepEqual(await stream.finalResponse(), { id: 'r' });
  });

  test('throws when the call was cancelled', async () => {
    const { stream } = open();
    stream.controller.abort();
    await assert.rejects(stream.finalResponse(), { name: 'Error', message: 'Request was aborted.' });
  });
});

test('a slow reader pauses the pipe, and a pending call or further reading resumes it', async () => {
  const { acts, queue, stream } = open();
  const events = stream[Symbol.asyncIterator]();
  const text = JSON.stringify({ text: 'x'.repeat(Flow.LIMIT / 4) });
  for (let i = 0; i < 5; i++) queue.event(text);
  assert.deepEqual(acts, ['pause']);
  for (let i = 0; i < 5; i++) await events.next();
  assert.deepEqual(acts, ['pause', 'resume']);
});

test('buffered events are released when the loop is left', async () => {
  const { acts, queue, stream } = open();
  for (let i = 0; i < 5; i++) queue.event(JSON.stringify('x'.repeat(Flow.LIMIT / 4)));
  for await (const _ of stream) break;
  assert.deepEqual(acts, ['pause', 'resume', 'cancel', 'end']);
});

test('tee gives every event to both, each at its own pace', async () => {
  const { queue, events, stream } = open();
  const [left, right] = stream.tee();
  events(1, 2, 3);
  queue.result('{}');
  assert.deepEqual(await numbers(left), [1, 2, 3]);
  assert.deepEqual(await numbers(right), [1, 2, 3]);
});

test('the branches of tee cancel the call when both are left', async () => {
  const { acts, events, stream } = open();
  const [left, right] = stream.tee();
  events(1, 2, 3);
  for await (const _ of left) break;
  assert.deepEqual(acts, []);
  for await (const _ of right) break;
  assert.deepEqual(acts, ['cancel', 'end']);
});

test('toReadableStream has one event per line, and cancels', async () => {
  const whole = open();
  whole.events(1, 2);
  whole.queue.result('{}');
  assert.equal(await new Response(whole.stream.toReadableStream()).text(), '{"n":1}\n{"n":2}\n');

  const left = open();
  left.events(1);
  await left.stream.toReadableStream().cancel();
  assert.deepEqual(left.acts, ['cancel', 'end']);
});
