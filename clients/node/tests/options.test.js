// The options of openai-node, and what the client sends for them.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, describe, test } from 'node:test';
import OpenAI from '../src/index.js';
import { headers, query } from '../src/options.js';
import { echo } from './fake-server.js';

test("openai-node's options are accepted, with one warning per process", () => {
  const source = `import OpenAI from ${JSON.stringify(new URL('../src/index.js', import.meta.url).href)};
    process.on('warning', ({ code, message }) => console.log(code, message));
    const binary = ${JSON.stringify(echo())};
    const clients = [
      new OpenAI({ binary, apiKey: undefined, organization: null, maxRetries: 1, timeout: 1000 }),
      new OpenAI({ binary, apiKey: 'k', baseURL: 'https://api.openai.com/v1', dangerouslyAllowBrowser: true }),
      new OpenAI({ binary, fetch, fetchOptions: {}, httpAgent: {}, project: 'p', webhookSecret: 's' }),
    ];
    await clients[0].models.retrieve('m', { maxRetries: 5, idempotencyKey: 'i' });
    await Promise.all(clients.map((client) => client.close()));`;
  const printed = execFileSync(process.execPath, ['--input-type=module', '-e', source], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  assert.equal(printed, 'CODEX_RPC_OPTION_IGNORED codex-rpc takes no apiKey, baseURL, dangerouslyAllowBrowser: sign-in, addresses and connections are those of the codex-rpc program\n');
});

describe('headers and queries of the client', () => {
  const client = new OpenAI({ binary: echo(), defaultHeaders: { 'X-A': '1', 'X-B': '2' }, defaultQuery: { q: '1' } });

  test('are sent with the calls that support them, and overridden by those of the call', async () => {
    const { params } = await client.models.retrieve('m', { headers: { 'x-a': null, 'X-C': '3' }, query: { r: 2 } });
    assert.deepEqual(params.extra_headers, { 'X-B': '2', 'X-C': '3' });
    assert.deepEqual(params.extra_query, { q: '1', r: 2 });
    const { params: others } = await client.accountInfo();
    assert.equal(others.extra_headers, undefined);
    await client.close();
  });

  for (const [how, all, want] of [
    ['none', [undefined, null, {}], undefined],
    ['a Headers', [new Headers({ A: '1' })], { a: '1' }],
    ['pairs', [[['A', '1'], ['B', '2']]], { A: '1', B: '2' }],
    ['the same in another case', [{ A: '1' }, { a: '2' }], { a: '2' }],
    ['one that is taken back', [{ A: '1' }, { a: null }], undefined],
    ['one that is not given', [{ A: '1' }, { a: undefined }], { A: '1' }],
  ]) {
    test(`headers: ${how}`, () => assert.deepEqual(headers(...all), want));
  }

  test('query: null and undefined are not sent', () => {
    assert.deepEqual(query({ a: 1, b: 2 }, { b: null, c: undefined, d: ['x'] }), { a: 1, d: ['x'] });
    assert.equal(query(undefined, { a: null }), undefined);
  });
});

describe('a parameter that the backend rejects', () => {
  const client = new OpenAI({ mock: true });
  for (const params of [
    { background: false },
    { truncation: 'disabled' },
    { top_logprobs: 0 },
    { metadata: {} },
    { stream_options: undefined },
    { stream_options: { include_obfuscation: false } },
    { background: null, conversation: null, prompt: null, max_output_tokens: null },
  ]) {
    test(`${JSON.stringify(params)} is the same as its absence`, async () => {
      assert.equal((await client.responses.create({ input: 'x', ...params })).status, 'completed');
      assert.equal((await client.responses.stream({ input: 'x', ...params }).finalResponse()).status, 'completed');
    });
  }
  for (const params of [{ background: true }, { truncation: 'auto' }, { top_logprobs: 1 }, { metadata: { a: 'b' } }, { stream_options: { include_usage: true } }, { top_p: 1 }]) {
    test(`${JSON.stringify(params)} is rejected`, async () => {
      await assert.rejects(client.responses.create({ input: 'x', ...params }), OpenAI.BadRequestError);
    });
  }
  after(() => client.close());
});

test('withOptions makes another client', async () => {
  const client = new OpenAI({ mock: true });
  const other = client.withOptions({ instructions: 'Be brief.' });
  assert.equal((await other.responses.create({ model: 'gpt-5.5', input: 'x' })).instructions, 'Be brief.');
  assert.equal((await client.responses.create({ model: 'gpt-5.5', input: 'x' })).instructions, '');
  await Promise.all([client.close(), other.close()]);
});
