// This package against openai-node: from a cold process to the first delta, and
// a long stream.
//
//     npm install --prefix /tmp/openai openai
//     CODEX_RPC_BIN=… node benchmarks/openai.js /tmp/openai
//
// --fetch measures openai-node on codex-rpc/fetch instead of this package's client.
// --rounds N makes N runs instead of 20, and half as many of the stream; --json
// prints the pair of figures of each run instead of the table.
//
// This package is measured as published. Both clients run the same loop on the same
// backend, which replays a response of `codex-rpc mock` at almost no cost, so the
// figures are those of the clients, including the codex-rpc process of this one. Runs
// alternate; the table has the shortest time of each, since other load on the machine
// only adds time.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { json } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { bundle } from '../scripts/bundle.js';
import { findBinary } from '../src/binary.js';

const DELTAS = 100_000;
const SHORT = 'gpt-5.5';
const LONG = `mock:deltas=${DELTAS}`;

const { positionals, values } = parseArgs({
  options: { rounds: { type: 'string', default: '20' }, json: { type: 'boolean' }, fetch: { type: 'boolean' } },
  allowPositionals: true,
});
if (positionals.length !== 1) throw new Error('usage: node benchmarks/openai.js FOLDER, a project in which openai is installed');
const project = resolve(positionals[0]);
const rounds = Number(values.rounds);

const input = [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Say hello' }] }];
const request = { input, instructions: '', store: false, stream: true };

/** The answers of the embedded backend, by model. */
async function record(models) {
  const mock = spawn(findBinary(undefined, process.env), ['mock', '--scenario', 'lenient='], { stdio: ['ignore', 'pipe', 'ignore'] });
  const [origin] = await once(mock.stdout.setEncoding('utf8'), 'data');
  const answers = new Map();
  for (const model of models) {
    const headers = { Authorization: 'Bearer made-up', 'ChatGPT-Account-ID': 'made-up' };
    const body = JSON.stringify({ ...request, model });
    const reply = await fetch(`${origin.trim()}/backend-api/codex/responses`, { method: 'POST', headers, body });
    if (!reply.ok) throw new Error(`${model}: ${await reply.text()}`);
    answers.set(model, Buffer.from(await reply.arrayBuffer()));
  }
  mock.kill();
  return answers;
}

const answers = await record([SHORT, LONG]);
const models = [...answers.keys()].map((slug, priority) => ({ slug, priority, visibility: 'list', supported_in_api: true }));
const backend = createServer(async (asked, reply) => {
  if (asked.method === 'GET') return reply.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify({ models }));
  const { model } = await json(asked);
  reply.writeHead(200, { 'Content-Type': 'text/event-stream' }).end(answers.get(model));
});
await once(backend.listen(0, '127.0.0.1'), 'listening');
const base = `http://127.0.0.1:${backend.address().port}/backend-api`;

const home = mkdtempSync(join(tmpdir(), 'codex-rpc-benchmark-'));
const tokens = { id_token: 'e30.e30.e30', access_token: 'made-up', refresh_token: '', account_id: 'made-up' };
writeFileSync(join(home, 'auth.json'), JSON.stringify({ auth_mode: 'chatgpt', tokens }));

bundle(join(home, 'package'));
writeFileSync(join(home, 'package.json'), '{"type": "module"}');
const ours = {
  name: 'codex-rpc',
  entry: pathToFileURL(join(home, 'package', 'index.js')).href,
  options: { chatgptBaseURL: base, codexHome: home },
};
const openai = {
  name: `openai ${JSON.parse(readFileSync(join(project, 'node_modules', 'openai', 'package.json'), 'utf8')).version}`,
  entry: pathToFileURL(createRequire(join(project, 'package.json')).resolve('openai').replace(/\.js$/, '.mjs')).href,
  options: { apiKey: 'none', baseURL: `${base}/codex` },
};

if (values.fetch) {
  ours.name = `${openai.name} on codex-rpc/fetch`;
  ours.setUp = `
    const { createFetch } = await import(${JSON.stringify(pathToFileURL(join(home, 'package', 'fetch.js')).href)});
    options = { apiKey: 'none', fetch: createFetch(options) };`;
  ours.entry = openai.entry;
}

/** Runs a client in a separate process; times are in ms since its start. */
async function run({ entry, options, setUp = '' }, model) {
  const program = `
    const { default: OpenAI } = await import(${JSON.stringify(entry)});
    let options = ${JSON.stringify(options)};${setUp}
    const client = new OpenAI(options);
    const stream = await client.responses.create(${JSON.stringify({ ...request, model })});
    let first, deltas = 0, length = 0;
    for await (const event of stream) {
      if (event.type === 'response.output_text.delta') {
        first ??= performance.now();
        deltas++;
        length += event.delta.length;
      }
    }
    console.log(JSON.stringify({ first, last: performance.now(), deltas, length }));
    process.exit();`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
  return JSON.parse(stdout);
}

/** Runs both sides alternately, and returns the times of each side. */
async function compare(model, runs, took) {
  const sides = [ours, openai];
  const times = sides.map(() => []);
  for (let i = 0; i < runs; i++) {
    for (const [side, all] of times.entries()) all.push(took(await run(sides[side], model)));
  }
  return times;
}

const cold = await compare(SHORT, rounds, ({ first }) => first);
const long = await compare(LONG, Math.ceil(rounds / 2), ({ first, last, deltas }) => {
  if (deltas !== DELTAS) throw new Error(`received ${deltas} deltas`);
  return last - first;
});
backend.close();
rmSync(home, { recursive: true });

if (values.json) {
  const pairs = ([mine, theirs]) => mine.map((figure, i) => [figure, theirs[i]]);
  const rates = long.map((all) => all.map((ms) => (DELTAS / ms) * 1000));
  console.log(JSON.stringify({ against: openai.name, cold: pairs(cold), rate: pairs(rates) }));
  process.exit();
}
const [coldest, longest] = [cold, long].map((sides) => sides.map((all) => Math.min(...all)));
const rate = (ms) => `${Math.round(DELTAS / ms)},000`;
console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0].model}, ${process.platform}-${process.arch}

| | ${ours.name} | ${openai.name} | | wanted |
|---|---|---|---|---|
| from the start of Node to the first delta | ${coldest[0].toFixed(0)} ms | ${coldest[1].toFixed(0)} ms | ${(coldest[0] / coldest[1]).toFixed(2)} of the time | at most ${values.fetch ? 1.1 : 0.5} |
| a stream of ${DELTAS / 1000},000 deltas, per second | ${rate(longest[0])} | ${rate(longest[1])} | ${(longest[1] / longest[0]).toFixed(1)} times the speed | at least ${values.fetch ? 1 : 4} |`);
