import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Connection } from '../src/connection.js';
import { RateLimitError } from '../src/errors.js';

/** A connection that records what it sends, and sinks that record what they receive. */
function open(maxLine) {
  const sent = [];
  const connection = new Connection((parts) => sent.push(parts.join('')), maxLine);
  const call = (method = 'm', params = {}) => {
    const got = [];
    const id = connection.request(method, params, {
      event: (json) => got.push(['event', JSON.parse(json)]),
      result: (json) => got.push(['result', JSON.parse(json)]),
      fail: (error) => got.push(['fail', error.constructor.name, error.message]),
    });
    return { id, got };
  };
  return { connection, sent, call };
}

const event = (id, seq, value) => `{"jsonrpc":"2.0","method":"stream.event","params":{"id":${id},"seq":${seq},"event":${value}}}\n`;

test('a request is one line, with a unique id', () => {
  const { sent, call } = open();
  call('models.list');
  call('responses.create', { input: 'a\nb' });
  assert.deepEqual(sent, [
    '{"jsonrpc":"2.0","id":1,"method":"models.list","params":{}}\n',
    '{"jsonrpc":"2.0","id":2,"method":"responses.create","params":{"input":"a\\nb"}}\n',
  ]);
});

test('frames reach their calls, wherever the output is split', () => {
  const output =
    event(1, 0, '{"type":"a","text":"},\\"event\\":{"}') +
    event(2, 0, '{"type":"b"}') +
    '\n' +
    event(3, 0, '{"type":"of a call that nobody made"}') +
    event(1, 10, '{"type":"c"}') +
    '{"jsonrpc":"2.0","id":2,"result":{"x":[1]}}\n' +
    '{"jsonrpc":"2.0","id":1,"error":{"code":429,"message":"slow down","data":{"type":"api_error","status":429}}}\n';
  for (let size = 1; size <= output.length; size++) {
    const { connection, call } = open();
    const [one, two] = [call(), call()];
    for (let at = 0; at < output.length; at += size) connection.receive(output.slice(at, at + size));
    assert.deepEqual(one.got, [
      ['event', { type: 'a', text: '},"event":{' }],
      ['event', { type: 'c' }],
      ['fail', RateLimitError.name, 'slow down'],
    ]);
    assert.deepEqual(two.got, [
      ['event', { type: 'b' }],
      ['result', { x: [1] }],
    ]);
    assert.equal(connection.pending, 0);
  }
});

test('frames with another layout are parsed, too', () => {
  const { connection, call } = open();
  const { got } = call();
  connection.receive('{ "method": "stream.event", "params": {"seq": 0, "event": {"type": "a"}, "id": 1}, "jsonrpc": "2.0"}\n');
  connection.receive('{"method":"some.other","params":{}}\n');
  connection.receive('{"result":{"ok":true},"id":1,"jsonrpc":"2.0"}\n');
  assert.deepEqual(got, [
    ['event', { type: 'a' }],
    ['result', { ok: true }],
  ]);
});

test('parsing a line of megabytes takes linear time', () => {
  const { connection, call } = open();
  const { got } = call();
  const line = `{"jsonrpc":"2.0","id":1,"result":"${'x'.repeat(32 << 20)}"}\n`;
  const start = performance.now();
  for (let at = 0; at < line.length; at += 4096) connection.receive(line.slice(at, at + 4096));
  assert.equal(got[0][1].length, 32 << 20);
  // A quadratic algorithm would copy 128 GiB for 8192 pieces.
  assert.ok(performance.now() - start < 5000);
});

test('a cancelled call receives nothing more', () => {
  const { connection, sent, call } = open();
  const { id, got } = call();
  connection.cancel(id);
  connection.cancel(id);
  connection.receive(`${event(1, 0, '{}')}{"jsonrpc":"2.0","id":1,"error":{"code":-32800,"message":"cancelled"}}\n`);
  assert.deepEqual(got, []);
  assert.deepEqual(sent.slice(1), ['{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":1}}\n']);
});

for (const [what, line, message] of [
  ['that is not JSON', 'hello', 'The server wrote a message that is not JSON-RPC: hello'],
  ['that is not an object', '7', 'The server wrote a message that is not JSON-RPC: 7'],
  ['about a request that it could not read', '{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"no JSON"}}', 'no JSON'],
]) {
  test(`a line ${what} fails all calls, since it has no valid id`, () => {
    const { connection, call } = open();
    const { got } = call();
    connection.receive(`${line}\n`);
    assert.equal(got.length, 1);
    assert.equal(got[0][2], message);
  });
}

test('an error about a request that the server could not read is a connection error if there are several calls', () => {
  const { connection, call } = open();
  const calls = [call(), call()];
  connection.receive('{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"no JSON"}}\n');
  for (const { got } of calls) assert.deepEqual(got, [['fail', 'APIConnectionError', 'The server could not read one of the requests: no JSON']]);
});

test('a message that the server would reject is not sent', () => {
  const { connection, sent, call } = open();
  assert.throws(() => call('m', { data: 'é'.repeat((32 << 20) + 1) }), /^Error: m: the parameters take more than 67108864 bytes; pass a large file by its path$/);
  call('m', { data: 'e'.repeat(32 << 20) });
  assert.equal(sent.length, 1);
  assert.equal(connection.pending, 1);
});

describe('a line longer than the longest string', () => {
  for (const [what, line, failed] of [
    ['fails the call whose result it is', '{"jsonrpc":"2.0","id":1,"result":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}', [1]],
    ['fails the call whose event it is', event(1, 0, `"${'x'.repeat(80)}"`).trim(), [1]],
    ['of a call that was given up fails none', '{"jsonrpc":"2.0","id":9,"result":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}', []],
    ['that is of no call fails all', 'x'.repeat(200), [1, 2]],
  ]) {
    for (const size of [1, 7, 79]) {
      test(`${what}, in pieces of ${size}`, () => {
        const { connection, sent, call } = open(80);
        const calls = [call(), call()];
        const output = `${line}\n{"jsonrpc":"2.0","id":2,"result":7}\n`;
        for (let at = 0; at < output.length; at += size) connection.receive(output.slice(at, at + size));
        for (const [i, { got }] of calls.entries()) {
          if (failed.includes(i + 1)) assert.match(got[0][2], /^The server wrote a line of more than 80 characters/);
        }
        if (!failed.includes(2)) assert.deepEqual(calls[1].got, [['result', 7]]);
        assert.equal(sent.length, failed.length === 1 ? 3 : 2); // including a cancellation
        assert.equal(connection.pending, failed.includes(1) ? 0 : 1);
      });
    }
  }
});

test('a server that cancels a call, or rejects new ones, is stopping', () => {
  for (const [error, stopping] of [
    ['{"code":-32800,"message":"Cancelled.","data":{"type":"cancelled"}}', true],
    ['{"code":-32600,"message":"The server is shutting down and takes no new calls.","data":{"type":"invalid_request"}}', true],
    ['{"code":-32600,"message":"m","data":{"type":"invalid_request"}}', false],
  ]) {
    const { connection, call } = open();
    const { got } = call();
    connection.receive(`{"jsonrpc":"2.0","id":1,"error":${error}}\n`);
    assert.equal(got.length, 1);
    assert.equal(connection.stopping, stopping);
  }
  const { connection, call } = open();
  connection.cancel(call().id);
  connection.receive('{"jsonrpc":"2.0","id":1,"error":{"code":-32800,"message":"m","data":{"type":"cancelled"}}}\n');
  assert.equal(connection.stopping, false);
});

test('requests of the client itself do not count as calls', () => {
  const { connection } = open();
  const got = [];
  connection.aside('initialize', {}, { event() {}, result: (json) => got.push(json), fail() {} });
  assert.equal(connection.pending, 0);
  connection.receive('{"jsonrpc":"2.0","id":1,"result":{}}\n');
  assert.deepEqual(got, ['{}']);
});
