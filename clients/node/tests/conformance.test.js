// Runs the project's conformance cases through the client: what the backend
// receives and what the caller gets.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import OpenAI from '../src/index.js';
import { matches } from './match.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const cases = join(root, 'conformance', 'cases');
const pending = JSON.parse(readFileSync(join(root, 'conformance', 'pending.json'), 'utf8'));
const folder = mkdtempSync(join(tmpdir(), 'codex-rpc-conformance-'));
const backend = join(folder, 'backend');
execFileSync('go', ['build', '-o', backend, './conformance/backend'], { cwd: root });
after(() => rmSync(folder, { recursive: true }));

// The cases assume the defaults, which the environment must not change.
for (const name of Object.keys(process.env)) {
  if (/^CODEX_RPC_(?!BIN$)|_proxy$/i.test(name)) delete process.env[name];
}

const AUTH = {
  auth_mode: 'chatgpt',
  OPENAI_API_KEY: 'sk-realtime',
  tokens: { id_token: 'e30.e30.e30', access_token: 'access-token', refresh_token: '', account_id: 'acct-1' },
};

/** The methods whose result differs in JavaScript. */
const calls = {
  'responses.parse': async (client, params) => {
    const { output_parsed, ...response } = await client.responses.parse(params);
    return { response, output_parsed };
  },
};

/** Calls any other method; the names of its parameters are those of the positional arguments. */
function call(client, method, { extra_headers: headers, extra_query: query, ...params }) {
  const path = method.replace(/_(\w)/g, (_, letter) => letter.toUpperCase()).replace(/Url$/, 'URL').split('.');
  const own = path.pop();
  const group = path.reduce((thing, name) => thing[name], client);
  const names = /^\w+\((\w+(?:, \w+)*)\)/.exec(String(group[own]))?.[1].split(', ') ?? ['params', 'options'];
  const given = names.map((name) => {
    if (name === 'params') return params;
    if (name === 'options') return { headers, query };
    const { [name]: one, ...others } = params;
    params = others;
    return one;
  });
  return group[own](...given);
}

for (const name of readdirSync(cases)) {
  const file = JSON.parse(readFileSync(join(cases, name), 'utf8'));
  describe(basename(name, '.json'), () => {
    for (const one of file.cases) {
      if (one.id in pending.host) continue;
      const played = () => play(join(cases, name), file, one);
      test(one.id, one.id in pending.node ? () => assert.rejects(played(), 'it passes: take it out of pending.json') : played);
    }
  });
}

async function play(path, file, { id, given = {}, steps, ...only }) {
  const home = join(folder, id);
  const files = join(home, 'files');
  mkdirSync(files, { recursive: true });
  for (const [name, data] of Object.entries(given.files ?? {})) writeFileSync(join(files, name), Buffer.from(data, 'base64'));
  if (!given.signed_out) writeFileSync(join(home, 'auth.json'), JSON.stringify({ ...AUTH, ...given.auth }));

  const scripted = spawn(backend, [path, id], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [origin] = await new Promise((resolve) => {
    scripted.stdout.once('readable', () => resolve(scripted.stdout.read().toString().split('\n')));
  });
  const fill = (value) => JSON.parse(JSON.stringify(value).replaceAll('{{origin}}', origin).replaceAll('{{tmp}}', files));

  const { model, instructions, max_retries: maxRetries } = given.config ?? {};
  const client = new OpenAI({
    model,
    instructions,
    maxRetries,
    codexHome: home,
    chatgptBaseURL: `${origin}/backend-api`,
    openaiBaseURL: `${origin}/v1`,
    authIssuer: origin,
  });
  const outcomes = [];
  for (const { call } of steps ?? [only]) outcomes.push(await run(client, call.method, fill(call.params)));
  await client.close();
  scripted.stdin.end();
  const report = JSON.parse(await text(scripted.stdout));

  assert.deepEqual(report.faults, []);
  for (const [i, { expect }] of (steps ?? [only]).entries()) hold(fill(expect), outcomes[i], fill(file.results ?? {}));
}

/** Compares the outcome of a call with the expected one. */
function hold(expect, outcome, results) {
  const { error } = expect;
  if (expect.departs !== undefined) return;
  if (error !== undefined) {
    assert.ok(outcome.error instanceof OpenAI.APIError, `want an error, got ${JSON.stringify(outcome.result)}`);
    assert.equal(outcome.error.rpcCode, error.code ?? outcome.error.rpcCode);
    if (error.message !== undefined) assert.equal(outcome.error.message, error.message);
    if (error.sentence !== undefined) {
      const messages = [outcome.error.message, ...(outcome.error.errors ?? []).map((fault) => fault.message)];
      assert.ok(messages.some((message) => message.includes(error.sentence)), `${messages} lack ${error.sentence}`);
    }
    matches(error.data ?? {}, outcome.error.data, 'error.data');
    return;
  }
  if (outcome.error !== undefined) throw outcome.error;
  assert.deepEqual(outcome.events, expect.events);
  const like = expect.like && results[expect.like];
  const result = like === undefined ? expect.result : { ...like, ...expect.result };
  matches(result, outcome.result, 'result');
}

async function run(client, method, params) {
  try {
    const answer = await (method in calls ? calls[method](client, params) : call(client, method, params));
    if (!params.stream) return { result: answer };
    const events = [];
    for await (const event of answer) events.push(event);
    return { events, result: await answer.finalResponse() };
  } catch (error) {
    return { error };
  }
}
