// createFetch: its requests and responses.
import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { describe, test } from 'node:test';
import { createFetch } from '../src/fetch.js';
import { fakeServer } from './fake-server.js';
import { until } from './host.js';

const URL = 'https://api.openai.com/v1/chat/completions';
const answering = (body) => createFetch({ binary: fakeServer(body) });
/** Returns its parameters. */
const echo = () => answering('send({ id: request.id, result: { status: 200, headers: { "content-type": "application/json" }, body: request.params } });');

describe('a request', () => {
  const fetch = echo();
  for (const [how, input, init, want] of [
    ['GET', URL, undefined, { method: 'GET', path: '/v1/chat/completions' }],
    ['with a query', `${URL}?limit=2`, {}, { path: '/v1/chat/completions?limit=2' }],
    ['by a URL below another base', new globalThis.URL('http://localhost:8000/proxy/v1/models'), {}, { path: '/proxy/v1/models' }],
    ['without a version', 'https://example.test/responses', {}, { path: '/responses' }],
    ['with JSON', URL, { method: 'post', body: '{"a":[1,"e"]}', headers: { 'Content-Type': 'application/json' } }, { method: 'POST', body: { a: [1, 'e'] } }],
    ['with JSON of several lines', URL, { method: 'POST', body: '{\n"a": 1\r\n}', headers: { 'Content-Type': 'application/json' } }, { body: { a: 1 } }],
    ['with JSON that is not an object', URL, { method: 'POST', body: '""', headers: { 'Content-Type': 'application/json' } }, { body: '' }],
    ['with JSON that goes on', URL, { method: 'POST', body: '{},"path":"/files"', headers: { 'Content-Type': 'application/json' } }, { path: '/v1/chat/completions', body_base64: 'e30sInBhdGgiOiIvZmlsZXMi' }],
    ['with text that is not JSON', URL, { method: 'POST', body: '{"a":', headers: { 'Content-Type': 'application/json' } }, { body_base64: 'eyJhIjo=' }],
    ['with JSON that is not UTF-8', URL, { method: 'POST', body: new Uint8Array([0x22, 0xff, 0x22]), headers: { 'Content-Type': 'application/json' } }, { body_base64: 'Iv8i' }],
    ['with a byte order mark', URL, { method: 'POST', body: new Uint8Array([0xef, 0xbb, 0xbf, 0x37]), headers: { 'Content-Type': 'application/json' } }, { body_base64: '77u/Nw==' }],
    ['with bytes', URL, { method: 'POST', body: new Uint8Array([82, 73]), headers: { 'Content-Type': 'audio/wav' } }, { body_base64: 'Ukk=' }],
    ['as a Request', new Request(URL, { method: 'POST', body: '{}', headers: { 'X-A': '1', 'Content-Type': 'application/json' } }), undefined, { method: 'POST', body: {} }],
  ]) {
    test(how, async () => {
      const params = await (await fetch(input, init)).json();
      for (const [name, value] of Object.entries(want)) assert.deepEqual(params[name], value, name);
    });
  }

  const keys = answering('send({ id: request.id, result: { status: 200, headers: {}, body: Object.keys(request.params) } });');
  for (const [what, body, asJSON] of [
    ['nests deep', '['.repeat(9000) + ']'.repeat(9000), true],
    ['nests too deep for a message', '['.repeat(9001) + ']'.repeat(9001), false],
    ['has brackets in a string', JSON.stringify(`\\"${'['.repeat(9001)}\\`), true],
    ['has many arrays beside each other', `[${'[],'.repeat(9001)}[]]`, true],
    ['has too many values for a message', `[${'1,'.repeat(900_000)}1]`, false],
    ['has many commas in a string', `"${','.repeat(900_001)}"`, true],
  ]) {
    test(`with JSON that ${what} is sent as ${asJSON ? 'JSON' : 'base64'}`, async () => {
      const names = await (await keys(URL, { method: 'POST', body })).json();
      assert.deepEqual(names.filter((name) => name.startsWith('body')), [asJSON ? 'body' : 'body_base64']);
    });
  }

  test('with JSON on several lines keeps its digits', async () => {
    const answer = 'const body = /"body":(.*)}}$/.exec(line)[1]; send({ id: request.id, result: { status: 200, headers: {}, text: body } });';
    assert.equal(await (await answering(answer)(URL, { method: 'POST', body: '{\n"n": 1.50\r\n}' })).text(), '{ "n": 1.50 }');
  });

  test('with a form', async () => {
    const form = new FormData();
    form.set('model', 'm');
    form.set('file', new File(['RIFF'], 'a.wav'));
    const params = await (await fetch(URL, { method: 'POST', body: form })).json();
    assert.match(params.headers['content-type'], /^multipart\/form-data; boundary=/);
    assert.match(Buffer.from(params.body_base64, 'base64').toString(), /filename="a\.wav"[^]*RIFF/);
  });

  test('keeps its headers, except those with credentials', async () => {
    const { headers } = await (await fetch(URL, { headers: { Authorization: 'Bearer k', 'api-key': 'k', Cookie: 'c', 'X-A': '1' } })).json();
    assert.deepEqual(headers, { 'x-a': '1' });
    await fetch.close();
  });

  test('includes the options for models and parameters', async () => {
    const binary = fakeServer('send({ id: request.id, result: { status: 200, headers: {}, body: request.params } });');
    const own = createFetch({ binary, aliases: { a: 'b' }, unknownModel: 'error', unsupported: 'error' });
    const { aliases, unknown_model, unsupported } = await (await own(URL)).json();
    assert.deepEqual({ aliases, unknown_model, unsupported }, { aliases: { a: 'b' }, unknown_model: 'error', unsupported: 'error' });
    await own.close();
  });
});

const event = (seq, event) => `send({ method: 'stream.event', params: { id: request.id, seq: ${seq}, event: ${JSON.stringify(event)} } });`;
const head = event(0, { type: 'http.response', status: 200, headers: { 'content-type': 'text/event-stream', 'x-request-id': 'r' } });

describe('an answer', () => {
  for (const [what, result, status, text] of [
    ['of JSON', { status: 429, headers: { 'retry-after': '1' }, body: { error: {} } }, 429, '{"error":{}}'],
    ['of text', { status: 200, headers: {}, text: 'WEBVTT' }, 200, 'WEBVTT'],
    ['of nothing', { status: 204, headers: {} }, 204, ''],
  ]) {
    test(what, async () => {
      const fetch = answering(`send({ id: request.id, result: ${JSON.stringify(result)} });`);
      const response = await fetch(URL);
      assert.equal(response.status, status);
      assert.equal(response.url, URL);
      assert.equal(response.headers.get('retry-after'), result.headers['retry-after'] ?? null);
      assert.equal(await response.text(), text);
      await fetch.close();
    });
  }

  test('of events has their types as names, and [DONE] if the stream has one', async () => {
    const fetch = answering(`${head}${event(1, { type: 'response.created', x: 1 })}${event(2, { id: 'c', choices: [] })}
      send({ id: request.id, result: { status: 200, headers: {}, done: true } });`);
    const response = await fetch(URL);
    assert.equal(response.headers.get('x-request-id'), 'r');
    assert.equal(await response.text(), 'event: response.created\ndata: {"type":"response.created","x":1}\n\ndata: {"id":"c","choices":[]}\n\ndata: [DONE]\n\n');
    await fetch.close();
  });

  test('of interrupted events fails the body', async () => {
    const fetch = answering(`${head}${event(1, { x: 1 })}
      send({ id: request.id, error: { code: -32012, message: 'broke', data: { type: 'stream_interrupted' } } });`);
    const reader = (await fetch(URL)).body.getReader();
    assert.equal(new TextDecoder().decode((await reader.read()).value), 'data: {"x":1}\n\n');
    await assert.rejects(reader.read(), (error) => error instanceof TypeError && error.cause.constructor.name === 'StreamInterruptedError');
    await fetch.close();
  });

  for (const [type, status] of [
    ['invalid_params', 400],
    ['invalid_request', 400],
    ['frame_too_large', 413],
    ['overloaded', 429],
  ]) {
    test(`${type} is a response with status ${status}`, async () => {
      const fetch = answering(`send({ id: request.id, error: { code: -32602, message: 'no', data: { type: '${type}' } } });`);
      const response = await fetch(URL);
      assert.equal(response.status, status);
      assert.equal(response.url, URL);
      assert.equal(response.headers.get('x-should-retry'), 'false');
      assert.match(response.headers.get('x-request-id'), /^req_[0-9a-f]{32}$/);
      assert.deepEqual(await response.json(), { error: { message: 'no', type: 'invalid_request_error', param: null, code: type } });
      await fetch.close();
    });
  }

  test('a refusal of the backend has its request id', async () => {
    const fetch = answering(`send({ id: request.id, error: { code: -32602, message: 'no', data: { type: 'invalid_params', request_id: 'req_1' } } });`);
    assert.equal((await fetch(URL)).headers.get('x-request-id'), 'req_1');
    await fetch.close();
  });

  test('a request larger than CODEX_RPC_MAX_MESSAGE_BYTES is refused with status 413, and no other', async () => {
    process.env.CODEX_RPC_MAX_MESSAGE_BYTES = '1000';
    const fetch = createFetch({ mock: true });
    delete process.env.CODEX_RPC_MAX_MESSAGE_BYTES;
    const init = (text) => ({ method: 'POST', body: JSON.stringify({ model: 'gpt-5.5', input: text }) });
    const url = 'https://api.openai.com/v1/responses';
    const responses = await Promise.all(['a', 'a'.repeat(1000), 'b'].map((text) => fetch(url, init(text))));
    assert.deepEqual(responses.map(({ status }) => status), [200, 413, 200]);
    assert.equal((await responses[1].json()).error.code, 'frame_too_large');
    await fetch.close();
  });

  test('a body that nests too deep fails no other call', async () => {
    const fetch = createFetch({ mock: true });
    const send = (input) => fetch('https://api.openai.com/v1/responses', { method: 'POST', body: `{"model":"gpt-5.5","input":${input}}` });
    const text = JSON.stringify('x'.repeat(200_000));
    const responses = await Promise.all([text, '['.repeat(20_000) + ']'.repeat(20_000), text].map(send));
    assert.deepEqual(responses.map(({ status }) => status), [200, 400, 200]);
    await fetch.close();
  });

  for (const [what, type, message] of [
    ['a failure is a TypeError', 'connection_error', /^fetch failed: no answer$/],
    ['a timeout says so', 'timeout', /^The request timed out: no answer$/],
  ]) {
    test(what, async () => {
      const fetch = answering(`send({ id: request.id, error: { code: -32010, message: 'no answer', data: { type: '${type}' } } });`);
      await assert.rejects(fetch(URL), (error) => error instanceof TypeError && message.test(error.message));
      await fetch.close();
    });
  }
});

describe('leaving', () => {
  /** A server that streams forever, and writes the cancelled ids to stderr. */
  const endless = (logger) =>
    createFetch({
      binary: fakeServer(`
        if (request.method === '$/cancelRequest') process.stderr.write('cancelled\\n');
        else { ${head} let n = 1; const go = () => { for (let i = 0; i < 50; i++) send({ method: 'stream.event', params: { id: request.id, seq: n++, event: { x: 'x'.repeat(1000) } } }); setTimeout(go, 1); }; go(); }`),
      logger,
    });

  for (const [how, leave] of [
    ['the body', async (reader) => reader.cancel()],
    ['by the signal', async (reader, controller) => {
      controller.abort();
      await assert.rejects(async () => { for (;;) await reader.read(); }, { name: 'AbortError' });
    }],
  ]) {
    test(`${how} cancels the call, and leaves no listener`, async () => {
      const log = [];
      const fetch = endless((line) => log.push(line));
      const controller = new AbortController();
      const reader = (await fetch(URL, { signal: controller.signal })).body.getReader();
      await reader.read();
      await leave(reader, controller);
      await until(() => log.includes('cancelled'));
      assert.equal(getEventListeners(controller.signal, 'abort').length, 0);
      await fetch.close();
    });
  }

  test('before it has begun', async () => {
    const fetch = echo();
    await assert.rejects(fetch(URL, { signal: AbortSignal.abort(new Error('mine')) }), /^Error: mine$/);
    await fetch.close();
  });
});

test('a body that is not read stops the reading from the server', async () => {
  const fetch = createFetch({ mock: 'size=20000000' });
  const body = JSON.stringify({ model: 'gpt-5.5', input: 'x', stream: true });
  const init = { method: 'POST', body, headers: { 'content-type': 'application/json' } };
  const response = await fetch('https://api.openai.com/v1/responses', init);
  const reader = response.body.getReader();
  let size = (await reader.read()).value.length;
  assert.ok(size < 1 << 20);
  for (let next = await reader.read(); !next.done; next = await reader.read()) size += next.value.length;
  assert.ok(size > 20_000_000);
  await fetch.close();
});
