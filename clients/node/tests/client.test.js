// The client against the embedded backend, used like openai-node.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import OpenAI, * as errors from '../src/index.js';

const client = new OpenAI({ mock: true });
after(() => client.close());

describe('responses.create', () => {
  test('returns the response', async () => {
    const response = await client.responses.create({ input: 'Say hello' });
    assert.equal(response.status, 'completed');
    assert.match(response.output_text, /Say hello/);
    assert.equal(response.usage.total_tokens, response.usage.input_tokens + response.usage.output_tokens);
  });

  test('streams events with the text of the response', async () => {
    const stream = await client.responses.create({ input: 'Grüße, \u2028 漢字 😀', stream: true });
    const types = [];
    let text = '';
    for await (const event of stream) {
      types.push(event.type);
      if (event.type === 'response.output_text.delta') text += event.delta;
    }
    assert.equal(types[0], 'response.created');
    assert.equal(types.at(-1), 'response.completed');
    assert.match(text, /Grüße, \u2028 漢字 😀/);
    assert.equal((await stream.finalResponse()).output_text, text);
  });

  test('calls tools and accepts their output', async () => {
    const tools = [{ type: 'function', name: 'get_weather', parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } }];
    const first = await client.responses.create({ input: "What's the weather in Paris?", tools });
    const [call] = first.tool_calls;
    assert.equal(call.name, 'get_weather');
    const second = await client.responses.create({
      input: [call, { type: 'function_call_output', call_id: call.call_id, output: '{"temperature":18}' }],
      tools,
    });
    assert.notEqual(second.output_text, '');
  });

  test('runs many calls concurrently, each with its own events', async () => {
    const texts = await Promise.all(
      Array.from({ length: 40 }, async (_, i) => {
        const stream = await client.responses.create({ model: `mock:reply=call ${i},deltas=7`, input: 'x', stream: true });
        let text = '';
        for await (const event of stream) if (event.type === 'response.output_text.delta') text += event.delta;
        return text;
      }),
    );
    assert.deepEqual(texts, Array.from({ length: 40 }, (_, i) => `call ${i}`));
  });

  test('an unread stream delays no other call', async () => {
    const unread = await client.responses.create({ model: 'mock:size=8000000', input: 'x', stream: true });
    assert.match((await client.responses.create({ input: 'Say hello' })).output_text, /Say hello/);
    let size = 0;
    for await (const event of unread) if (event.type === 'response.output_text.delta') size += event.delta.length;
    assert.equal(size, 8_000_000);
  });
});

describe('cancelling', () => {
  test('a call with its signal', async () => {
    const controller = new AbortController();
    const call = client.responses.create({ model: 'mock:stall=0', input: 'x' }, { signal: controller.signal });
    controller.abort();
    await assert.rejects(call, OpenAI.APIUserAbortError);
    await assert.rejects(client.models.list({}, { signal: controller.signal }), OpenAI.APIUserAbortError);
  });

  test('a stream by its signal ends the loop', async () => {
    const controller = new AbortController();
    const stream = await client.responses.create({ model: 'mock:stall=3', input: 'x', stream: true }, { signal: controller.signal });
    let n = 0;
    for await (const _ of stream) if (++n === 3) controller.abort();
    assert.equal(n, 3);
  });

  test('a stream by leaving its loop ends the request to the backend', async () => {
    const backend = createServer();
    const gone = new Promise((resolve) => {
      backend.on('request', (request, reply) => {
        request.resume();
        reply.on('close', resolve);
        reply.writeHead(200, { 'Content-Type': 'text/event-stream' });
        reply.write('data: {"type":"response.created","response":{}}\n\n');
      });
    });
    await once(backend.listen(0, '127.0.0.1'), 'listening');
    const home = mkdtempSync(join(tmpdir(), 'codex-rpc-home-'));
    const tokens = { id_token: 'e30.e30.e30', access_token: 'made-up', refresh_token: '', account_id: 'made-up' };
    writeFileSync(join(home, 'auth.json'), JSON.stringify({ auth_mode: 'chatgpt', tokens }));
    const own = new OpenAI({ codexHome: home, chatgptBaseURL: `http://127.0.0.1:${backend.address().port}` });
    const stream = await own.responses.create({ input: 'x', stream: true });
    for await (const _ of stream) break;
    await gone;
    await own.close();
    backend.close();
    rmSync(home, { recursive: true });
  });

  test('close() fails pending calls and rejects new ones', async () => {
    const own = new OpenAI({ mock: true });
    const call = own.responses.create({ model: 'mock:stall=0', input: 'x' });
    const failed = assert.rejects(call, OpenAI.APIUserAbortError);
    await own.close();
    await failed;
    await own.close();
    await assert.rejects(own.models.list(), /^Error: The client is closed\.$/);
    assert.match((await client.responses.create({ input: 'hello' })).output_text, /hello/); // shares its process
  });
});

describe('errors', () => {
  for (const [status, Class] of [
    [400, OpenAI.BadRequestError],
    [401, OpenAI.AuthenticationError],
    [403, OpenAI.PermissionDeniedError],
    [404, OpenAI.NotFoundError],
    [409, OpenAI.ConflictError],
    [422, OpenAI.UnprocessableEntityError],
    [429, OpenAI.RateLimitError],
    [500, OpenAI.InternalServerError],
    [503, OpenAI.InternalServerError],
  ]) {
    test(`${status} is ${Class.name}`, async () => {
      const own = new OpenAI({ mock: true, maxRetries: 0 });
      await assert.rejects(own.responses.create({ model: `mock:status=${status}`, input: 'x', stream: true }), (error) => {
        assert.ok(error instanceof Class);
        assert.equal(error.status, status);
        assert.equal(error.rpcCode, status);
        assert.ok(error.requestID);
        assert.equal(typeof error.body, 'object');
        return true;
      });
      await own.close();
    });
  }

  test('a temporary limit is waited for and the call retried', async () => {
    const response = await client.responses.create({ model: 'mock:status=429,retry_after=0.01,times=1,tag=node', input: 'hello' });
    assert.equal(response.status, 'completed');
  });

  for (const [what, params, Class, check] of [
    ['an unsupported parameter', { input: 'x', temperature: 1 }, errors.CodexBackendUnsupportedParameterError, (e) => assert.match(e.message, /: temperature\.$/)],
    ['an unknown parameter', { inptu: 'x' }, errors.InvalidParamsError, (e) => assert.equal(e.errors[0].path, '/inptu')],
    ['a failed response', { model: 'mock:end=failed', input: 'x' }, errors.ResponseFailedError, (e) => assert.equal(typeof e.error.message, 'string')],
    ['a stream cut short', { model: 'mock:cut=6', input: 'x' }, errors.StreamInterruptedError, (e) => assert.equal(e.partial.status, 'in_progress')],
    ['a silent backend', [{ model: 'mock:stall=0', input: 'x' }, { timeout: 50 }], errors.APIConnectionTimeoutError, (e) => assert.equal(e.type, 'timeout')],
  ]) {
    test(`${what} is ${Class.name}`, async () => {
      const own = new OpenAI({ mock: true, maxRetries: 0 });
      await assert.rejects(own.responses.create(...[params].flat()), (error) => {
        assert.ok(error instanceof Class, error.constructor.name);
        assert.ok(error instanceof OpenAI.APIError);
        check(error);
        return true;
      });
      await own.close();
    });
  }

  test('of a stream follow its events', async () => {
    const stream = await client.responses.create({ model: 'mock:cut=6', input: 'Say hello', stream: true });
    let n = 0;
    await assert.rejects(async () => {
      for await (const _ of stream) n++;
    }, errors.StreamInterruptedError);
    assert.equal(n, 6);
  });

  test('in parameters are thrown before anything is sent', async () => {
    assert.throws(() => new OpenAI({ modle: 'x' }), /^Error: Unknown option modle; known are model, /);
    assert.throws(() => new OpenAI({ logger: {} }), /^Error: The option logger must be a function/);
    await assert.rejects(client.models.list({ timeout: 5 }), /in milliseconds/);
    await assert.rejects(client.models.list({}, { retries: 5 }), /unknown request option retries/);
    await assert.rejects(client.codex.usage({}, { headers: { a: 'b' } }), /^Error: codex.usage does not take the request option headers/);
    await assert.rejects(client.files.create({ file: Buffer.from('x') }, { query: { a: 'b' } }), /^Error: files.upload does not take the request option query/);
  });

  test('in parameters of files.create are reported', async () => {
    const params = { file: Buffer.from('x'), expires_after: { anchor: 'created_at', seconds: 3600 } };
    await assert.rejects(client.files.create(params), /Unknown parameter: `expires_after`/);
  });
});

test('the options reach the server', async () => {
  const own = new OpenAI({ mock: 'lenient', model: 'another', instructions: 'Be brief.', timeout: 1500, retryBaseDelay: 1 });
  const response = await own.responses.create({ input: 'x' });
  assert.equal(response.model, 'another');
  assert.equal(response.instructions, 'Be brief.');
  await own.close();
});

test('models are a page that can be awaited or iterated over', async () => {
  const page = await client.models.list();
  assert.equal(typeof page.etag, 'string');
  const ids = page.data.map((model) => model.id);
  assert.ok(ids.includes('gpt-5.5'));
  assert.deepEqual([...page].map((model) => model.id), ids);
  const looped = [];
  for await (const model of client.models.list()) looped.push(model.id);
  assert.deepEqual(looped, ids);
  assert.equal((await client.models.retrieve('gpt-5.5')).id, 'gpt-5.5');
  await assert.rejects(client.models.retrieve('nope'), OpenAI.NotFoundError);
});

test('authenticate returns the client, and account_info the account', async () => {
  assert.equal(await client.authenticate({ interactive: false }), client);
  const account = await client.accountInfo();
  assert.equal(account.authenticated, true);
});

test('all methods return', async () => {
  const { data } = await client.embeddings.create({ model: 'text-embedding-3-small', input: ['a', 'b'], dimensions: 8 });
  assert.deepEqual(data.map(({ embedding }) => embedding.length), [8, 8]);
  const file = new File([new Uint8Array([82, 73, 70, 70])], 'meeting.wav', { type: 'audio/wav' });
  const extra_headers = { 'X-Mock': 'lenient' }; // the real backend no longer has these routes
  assert.equal(typeof (await client.audio.transcriptions.create({ model: 'gpt-4o-mini-transcribe', file, extra_headers })).text, 'string');
  assert.equal(typeof (await client.audio.transcriptions.create({ model: 'gpt-4o-mini-transcribe', file, response_format: 'text', extra_headers })), 'string');
  assert.match((await client.files.upload(new URL(import.meta.url))).uri, /^sediment:\/\//);
  const progress = [];
  const onProgress = (...counts) => progress.push(counts);
  const uploaded = await client.files.upload(new URL(import.meta.url), {}, { onProgress });
  assert.deepEqual(progress.at(-1), [uploaded.file_size_bytes, uploaded.file_size_bytes]);
  assert.match((await client.realtime.calls.create({ sdp: 'v=0\r\n', extra_headers })).text, /^v=0/);
  assert.match(await client.realtimeWebsocketURL({ model: 'gpt-realtime-1.5' }), /^wss:.*model=gpt-realtime-1\.5$/);
  assert.match((await client.realtimeWebsocketHeaders()).Authorization, /^Bearer /);
  assert.equal(typeof (await client.codex.usage()).plan_type, 'string');
  const { items } = await client.codex.tasks.list({ limit: 1 });
  const { task } = await client.codex.tasks.retrieve(items[0].id);
  assert.equal(typeof (await client.codex.tasks.turns.list(task.id)).turn_mapping, 'object');
  assert.ok(Array.isArray(await client.codex.environments.list()));
  const compacted = await client.responses.compact({ input: [{ role: 'user', content: 'Long' }] });
  assert.ok(compacted.output.some((item) => item.type === 'compaction'));
});
