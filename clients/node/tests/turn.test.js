// An agent's turns, and the metadata of results.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { APIError, ResponseFailedError } from '../src/errors.js';
import { errorFrom } from '../src/failure.js';
import OpenAI, { APIPromise } from '../src/index.js';
import { echo, fakeServer } from './fake-server.js';

describe('responses.turn', () => {
  const client = new OpenAI({ binary: echo() });

  test('marks the calls of each turn differently', async () => {
    const [one, two] = [client.responses.turn(), client.responses.turn()];
    const turns = [];
    for (const turn of [one, one, two]) turns.push((await turn.create({ input: 'x' })).params.turn);
    assert.equal(turns[0], turns[1]);
    assert.notEqual(turns[0], turns[2]);
    assert.equal((await client.responses.create({ input: 'x' })).params.turn, undefined);
  });

  test('has the other methods; compact belongs to no turn', async () => {
    const binary = fakeServer('send({ id: request.id, result: { output: [], seen: request.params.turn, response: { output: [], seen: request.params.turn } } });');
    const own = new OpenAI({ binary });
    const turn = own.responses.turn();
    assert.equal((await turn.parse({ input: 'x', text_format: { type: 'object' } })).seen, turn.id);
    assert.equal((await turn.stream({ input: 'x' }).finalResponse()).seen, turn.id);
    assert.equal((await turn.compact({ input: [] })).seen, undefined);
    await own.close();
  });

  test('ends with close, dispose, or its function', async () => {
    for (const end of ['close', Symbol.dispose, Symbol.asyncDispose]) {
      const turn = client.responses.turn();
      await turn[end]();
      assert.throws(() => turn.create({ input: 'x' }), /^Error: The turn has ended\.$/);
    }
    let kept;
    assert.equal(await client.responses.turn(async (turn) => ((kept = turn), (await turn.create({ input: 'x' })).params.turn === turn.id)), true);
    assert.throws(() => kept.create({ input: 'x' }), /has ended/);
    await assert.rejects(client.responses.turn(() => Promise.reject(new Error('mine'))), /^Error: mine$/);
    await client.close();
  });

  test('makes the backend route its calls together', async () => {
    const own = new OpenAI({ mock: true });
    await own.responses.turn(async (turn) => {
      for (let i = 0; i < 2; i++) assert.equal((await turn.create({ input: 'x' })).status, 'completed');
    });
    await own.close();
  });
});

describe('withResponse', () => {
  const client = new OpenAI({ mock: true, maxRetries: 0 });

  test('has the headers, the status and the id of the request', async () => {
    const promise = client.responses.create({ input: 'x' });
    assert.ok(promise instanceof APIPromise && promise.then() instanceof Promise && !(promise.then() instanceof APIPromise));
    const { data, response, request_id } = await promise.withResponse();
    assert.equal(data.status, 'completed');
    assert.equal(response.status, 200);
    assert.ok(request_id);
    assert.equal(response.headers.get('x-request-id'), request_id);
    assert.equal(data._request_id, request_id);
    assert.equal('response_headers' in data, false);
    assert.equal(Object.keys(data).includes('_request_id'), false);
    assert.equal((await promise).output_text, data.output_text);
  });

  test('of a stream has them once it ends', async () => {
    const { data, response, ...rest } = await client.responses.create({ input: 'x', stream: true }).withResponse();
    for await (const _ of data);
    assert.ok(response.headers.get('x-request-id'));
    assert.equal((await data.finalResponse())._request_id, response.headers.get('x-request-id'));
    assert.equal('response_headers' in (await data.finalResponse()), false);
    assert.deepEqual(Object.keys(rest), ['request_id']);
  });

  test('throws the error of the call, without an unhandled rejection', async () => {
    await assert.rejects(client.responses.create({ model: 'mock:status=429', input: 'x' }).withResponse(), (error) => {
      assert.ok(error instanceof OpenAI.RateLimitError);
      assert.ok(error.headers instanceof Headers);
      assert.ok(error.requestID);
      assert.equal(error.headers.get('x-request-id'), error.requestID);
      return true;
    });
  });

  test('asResponse is a Response of fetch', async () => {
    const answer = await client.responses.create({ input: 'x' }).asResponse();
    assert.equal((await answer.json()).status, 'completed');
    const events = await client.responses.create({ input: 'x', stream: true }).asResponse();
    assert.equal(events.headers.get('content-type'), 'text/event-stream');
    assert.match(await events.text(), /^event: response\.created\ndata: \{"type":"response\.created",/);
    await client.close();
  });
});

describe('of an error', () => {
  for (const [what, data, want] of [
    ['code is the code', { type: 'response_failed', error: { type: 't', code: 'c' } }, { code: 'c', type: 't' }],
    ['code is the type where there is no code', { type: 'response_failed', error: { type: 'usage_limit_reached', message: 'm' } }, { code: 'usage_limit_reached', type: 'usage_limit_reached' }],
    ['code is the server\'s where it tells one', { type: 'response_failed', code: 's', error: { type: 't' } }, { code: 's', type: 't' }],
    ['status, code, param and id come from the answer', { type: 'api_error', status: 429, request_id: 'r', body: { error: { type: 't', code: null, param: 'p' } } }, { status: 429, code: 't', type: 't', param: 'p', requestID: 'r' }],
    ['id and headers come from the headers', { type: 'api_error', status: 500, headers: { 'x-request-id': 'r' } }, { status: 500, requestID: 'r', type: 'api_error', code: undefined }],
    ['without an answer nothing is made up', { type: 'connection_error' }, { status: undefined, code: undefined, type: 'connection_error', requestID: undefined, headers: undefined }],
  ]) {
    test(what, () => {
      const error = errorFrom({ code: -32013, message: 'm', data });
      assert.ok(error instanceof APIError);
      for (const [name, value] of Object.entries(want)) assert.equal(error[name], value, name);
      if (data.headers) assert.equal(error.headers.get('X-Request-Id'), 'r');
      if (data.type === 'response_failed') assert.ok(error instanceof ResponseFailedError);
    });
  }
});
