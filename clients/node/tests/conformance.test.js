// Plays the project's conformance cases through the client: what the backend is
// sent, and what the caller gets.
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

// The cases say what differs from the defaults, so the environment must not.
for (const name of Object.keys(process.env)) {
  if (/^CODEX_RPC_(?!BIN$)|_proxy$/i.test(name)) delete process.env[name];
}

const AUTH = {
  auth_mode: 'chatgpt',
  OPENAI_API_KEY: 'sk-realtime',
  tokens: { id_token: 'e30.e30.e30', access_token: 'access-token', refresh_token: '', account_id: 'acct-1' },
};

/** How each method is called in JavaScript. */
const calls = {
  'audio.transcriptions.create': (client, params) => client.audio.transcriptions.create(params),
  'codex.config.requirements': (client) => client.codex.config.requirements(),
  'codex.environments.list': (client) => client.codex.environments.list(),
  'codex.memories.list': (client) => client.codex.memories.list(),
  'codex.memories.trace_summarize': (client, params) => client.codex.memories.traceSummarize(params),
  'codex.tasks.list': (client, params) => client.codex.tasks.list(params),
  'codex.tasks.retrieve': (client, { task_id }) => client.codex.tasks.retrieve(task_id),
  'codex.tasks.turns.list': (client, { task_id }) => client.codex.tasks.turns.list(task_id),
  'codex.tasks.turns.sibling_turns': (client, { task_id, turn_id }) => client.codex.tasks.turns.siblingTurns(task_id, turn_id),
  'codex.accounts.check': (client) => client.codex.accounts.check(),
  'codex.environments.by_repo': (client, { provider, owner, repo }) => client.codex.environments.byRepo(provider, owner, repo),
  'codex.environments.retrieve': (client, { environment_id }) => client.codex.environments.retrieve(environment_id),
  'codex.environments.search': (client, params) => client.codex.environments.search(params),
  'codex.rate_limit_reset_credits.consume': (client, params) => client.codex.rateLimitResetCredits.consume(params),
  'codex.rate_limit_reset_credits.history': (client, params) => client.codex.rateLimitResetCredits.history(params),
  'codex.rate_limit_reset_credits.list': (client) => client.codex.rateLimitResetCredits.list(),
  'codex.tasks.archive': (client, { task_id }) => client.codex.tasks.archive(task_id),
  'codex.tasks.cancel': (client, { task_id }) => client.codex.tasks.cancel(task_id),
  'codex.tasks.create': (client, params) => client.codex.tasks.create(params),
  'codex.tasks.mark_read': (client, { task_id }) => client.codex.tasks.markRead(task_id),
  'codex.tasks.recover': (client, { task_id }) => client.codex.tasks.recover(task_id),
  'codex.tasks.turns.logs': (client, { task_id, turn_id }) => client.codex.tasks.turns.logs(task_id, turn_id),
  'codex.tasks.turns.pull_request': (client, { task_id, turn_id, body }) => client.codex.tasks.turns.pullRequest(task_id, turn_id, body),
  'codex.tasks.turns.retrieve': (client, { task_id, turn_id }) => client.codex.tasks.turns.retrieve(task_id, turn_id),
  'codex.web_search.search': (client, { extra_headers: headers, extra_query: query, ...params }) => client.codex.webSearch.search(params, { headers, query }),
  'images.edit': (client, params) => client.images.edit(params),
  'images.generate': (client, { extra_headers: headers, extra_query: query, ...params }) => client.images.generate(params, { headers, query }),
  'realtime.calls.create_v3': (client, { extra_headers: headers, extra_query: query, ...params }) => client.realtime.calls.createV3(params, { headers, query }),
  'codex.usage': (client) => client.codex.usage(),
  'codex.user_system_messages.retrieve': (client) => client.codex.userSystemMessages.retrieve(),
  'embeddings.create': (client, { extra_headers: headers, extra_query: query, ...params }) =>
    client.embeddings.create(params, { headers, query }),
  'files.upload': (client, { path, ...params }) => client.files.upload(path, params),
  'models.list': (client, params) => client.models.list(params),
  'models.retrieve': (client, { model }) => client.models.retrieve(model),
  'realtime.calls.create': (client, params) => client.realtime.calls.create(params),
  'realtime_websocket_headers': (client, params) => client.realtimeWebsocketHeaders(params),
  'realtime_websocket_url': (client, params) => client.realtimeWebsocketURL(params),
  'responses.compact': (client, params) => client.responses.compact(params),
  'responses.create': (client, params) => client.responses.create(params),
  'responses.parse': async (client, params) => {
    const { output_parsed, ...response } = await client.responses.parse(params);
    return { response, output_parsed };
  },
};

test('every method of the host can be called', () => {
  const { methods } = JSON.parse(readFileSync(join(root, 'schema', 'openrpc.json'), 'utf8'));
  const apart = ['authenticate', 'account_info', 'logout', 'openai.request', 'initialize', 'shutdown', 'rpc.discover'];
  assert.deepEqual(methods.map(({ name }) => name).filter((name) => !apart.includes(name)).sort(), Object.keys(calls).sort());
});

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

/** Compares what a call gave with what the case expects. */
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
    const answer = await calls[method](client, params);
    if (!params.stream) return { result: answer };
    const events = [];
    for await (const event of answer) events.push(event);
    return { events, result: await answer.finalResponse() };
  } catch (error) {
    return { error };
  }
}
