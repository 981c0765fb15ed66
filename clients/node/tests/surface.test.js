// What each method of the client sends, with a server that returns it.
import assert from 'node:assert/strict';
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import OpenAI, { imageB64, imageURL, toFile } from '../src/index.js';
import { echo, fakeServer } from './fake-server.js';

const client = new OpenAI({ binary: echo() });
const folder = mkdtempSync(join(tmpdir(), 'codex-rpc-files-'));
const wav = join(folder, 'meeting.wav');
writeFileSync(wav, 'RIFF');
after(async () => {
  await client.close();
  rmSync(folder, { recursive: true });
});

for (const [method, params, call] of [
  ['responses.create', { input: 'x' }, () => client.responses.create({ input: 'x' })],
  ['responses.create', { input: 'x', temperature: null }, () => client.responses.create({ input: 'x', stream: false, temperature: null, model: undefined })],
  ['responses.create', {}, () => client.responses.create()],
  ['responses.compact', { input: [] }, () => client.responses.compact({ input: [] })],
  ['models.retrieve', { model: 'm' }, () => client.models.retrieve('m')],
  ['embeddings.create', { model: 'm', input: 'x' }, () => client.embeddings.create({ model: 'm', input: 'x' })],
  ['files.upload', { path: '/a/b.csv' }, () => client.files.upload('/a/b.csv')],
  ['files.upload', { path: join(process.cwd(), 'b.csv'), finalize_timeout: 5 }, () => client.files.upload('b.csv', { finalize_timeout: 5 })],
  ['files.upload', { path: '/a/b c' }, () => client.files.upload(new URL('file:///a/b%20c'))],
  ['realtime.calls.create', { sdp: 'v=0' }, () => client.realtime.calls.create({ sdp: 'v=0' })],
  ['realtime_websocket_url', { model: 'm' }, () => client.realtimeWebsocketURL({ model: 'm' })],
  ['realtime_websocket_headers', {}, () => client.realtimeWebsocketHeaders()],
  ['account_info', {}, () => client.accountInfo()],
  ['logout', {}, () => client.logout()],
  ['codex.usage', {}, () => client.codex.usage()],
  ['codex.usage', { cached: true, timeout: 1.5 }, () => client.codex.usage({ cached: true }, { timeout: 1500 })],
  ['codex.config.requirements', {}, () => client.codex.config.requirements()],
  ['codex.environments.list', {}, () => client.codex.environments.list()],
  ['codex.memories.list', {}, () => client.codex.memories.list()],
  ['codex.memories.trace_summarize', { model: 'm', traces: [] }, () => client.codex.memories.traceSummarize({ model: 'm', traces: [] })],
  ['codex.tasks.list', { limit: 2 }, () => client.codex.tasks.list({ limit: 2 })],
  ['codex.tasks.retrieve', { task_id: 't' }, () => client.codex.tasks.retrieve('t')],
  ['codex.tasks.turns.list', { task_id: 't' }, () => client.codex.tasks.turns.list('t')],
  ['codex.tasks.turns.sibling_turns', { task_id: 't', turn_id: 'u' }, () => client.codex.tasks.turns.siblingTurns('t', 'u')],
  ['codex.user_system_messages.retrieve', {}, () => client.codex.userSystemMessages.retrieve()],
  [
    'models.retrieve',
    { model: 'm', timeout: 1.5, extra_headers: { 'X-Trace': 't' }, extra_query: { q: '1' } },
    () => client.models.retrieve('m', { timeout: 1500, headers: { 'X-Trace': 't' }, query: { q: '1' } }),
  ],
]) {
  test(`${method} ${JSON.stringify(params)}`, async () => {
    const { jsonrpc, method: sent, params: with_ } = await call();
    assert.deepEqual({ jsonrpc, sent, with_ }, { jsonrpc: '2.0', sent: method, with_: { ...params, include_headers: true } });
  });
}

describe('a file is given', () => {
  const bytes = new Uint8Array([82, 73, 70, 70]);
  for (const [how, file, param] of [
    ['by its path', wav, { path: wav }],
    ['by its URL', new URL(`file://${wav}`), { path: wav }],
    ['as a File', new File([bytes], 'a.wav', { type: 'audio/wav' }), { name: 'a.wav', data: 'UklGRg==', content_type: 'audio/wav' }],
    ['as a Blob', new Blob([bytes]), { name: 'file', data: 'UklGRg==' }],
    ['as bytes', bytes.subarray(1), { name: 'file', data: 'SUZG' }],
    ['as an ArrayBuffer', bytes.buffer, { name: 'file', data: 'UklGRg==' }],
    ['as a Response', new Response(bytes, { headers: { 'Content-Type': 'audio/wav' } }), { name: 'file', data: 'UklGRg==', content_type: 'audio/wav' }],
    ['as a stream', createReadStream(wav), { name: 'meeting.wav', data: 'UklGRg==' }],
    ['as the protocol has it', { path: '/x' }, { path: '/x' }],
  ]) {
    test(how, async () => {
      const { params } = await client.audio.transcriptions.create({ file, model: 'm' });
      assert.deepEqual(params, { file: param, model: 'm', include_headers: true });
    });
  }

  test('but not as a number', async () => {
    await assert.rejects(client.audio.transcriptions.create({ file: 7, model: 'm' }), /^Error: A file must be a path, /);
  });

  test('and toFile names it', async () => {
    const file = await toFile(createReadStream(wav), undefined, { type: 'audio/wav' });
    assert.deepEqual([file.name, file.type, await file.text()], ['meeting.wav', 'audio/wav', 'RIFF']);
    assert.equal((await toFile(bytes, 'b.wav')).name, 'b.wav');
  });
});

describe('files.create takes a file', () => {
  for (const [how, file, params] of [
    ['by its path', wav, { path: wav }],
    ['as a File', new File(['RIFF'], 'a.wav'), { file: { name: 'a.wav', data: 'UklGRg==' } }],
    ['as a stream of the whole, by its path', createReadStream(wav), { path: wav }],
    ['as a stream of a part', createReadStream(wav, { start: 1 }), { file: { name: 'meeting.wav', data: 'SUZG' } }],
  ]) {
    test(how, async () => {
      const binary = fakeServer('send({ id: request.id, result: { file_id: "f", file_name: "n", file_size_bytes: 4, path: "p", seen: request.params } });');
      const own = new OpenAI({ binary });
      const { seen, created_at, ...uploaded } = await own.files.create({ file, purpose: 'assistants' });
      assert.deepEqual(seen, { ...params, include_headers: true });
      assert.ok(Math.abs(created_at - Date.now() / 1000) < 60);
      assert.deepEqual(uploaded, {
        id: 'f', object: 'file', bytes: 4, filename: 'n', purpose: 'assistants', status: 'processed', file_id: 'f', file_name: 'n', file_size_bytes: 4,
      });
      await own.close();
    });
  }
});

test('images are parts of a message', () => {
  assert.deepEqual(imageURL('https://example.test/i.png'), { type: 'input_image', image_url: 'https://example.test/i.png' });
  assert.deepEqual(imageB64('AAAA'), { type: 'input_image', image_url: 'data:image/jpeg;base64,AAAA' });
  assert.deepEqual(imageB64('AAAA', 'image/png').image_url, 'data:image/png;base64,AAAA');
});

test('options become session options and flags, and the home an environment variable', async () => {
  const binary = fakeServer(
    `if (request.method === 'initialize') received = request.params;
     send({ id: request.id, result: { received, args: process.argv.slice(2), home: process.env.CODEX_HOME } });`,
    'let received;',
  );
  const own = new OpenAI({ binary, model: 'm', mock: true, timeout: 1500, maxRetries: 0, retryBaseDelay: 5, codexHome: '/home/x', instructions: 'i', logLevel: undefined });
  assert.deepEqual(await own.codex.usage(), {
    received: {
      clientInfo: { name: 'codex-rpc-node' },
      processId: process.pid,
      options: { model: 'm', timeout: 1.5, max_retries: 0, retry_base_delay: 0.005, instructions: 'i' },
    },
    args: ['--mock=true'],
    home: '/home/x',
  });
  await own.close();
});

test('authenticate reports the prompts', async () => {
  const prompt = { type: 'auth.device_code', user_code: 'AB-12', verification_url: 'https://example.test/device' };
  const binary = fakeServer(`
    send({ method: 'stream.event', params: { id: request.id, seq: 0, event: ${JSON.stringify(prompt)} } });
    send({ id: request.id, result: { authenticated: true } });
  `);
  const own = new OpenAI({ binary });
  const prompts = [];
  assert.equal(await own.authenticate({ method: 'device_code' }, { onPrompt: (seen) => prompts.push(seen) }), own);
  assert.deepEqual(prompts, [prompt]);
  await own.close();
});
