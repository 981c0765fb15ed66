// Plays the hour with a Node library, and prints what it saw as one line of JSON.
//
//     agent.mjs LIBRARY ORIGIN SCRIPT
//
// LIBRARY is codex-rpc, codex-rpc+websocket, codex-rpc+openai or openai-node; with node, nothing is played. ORIGIN is where the backend is.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';

const [library, origin, path] = process.argv.slice(2);
const script = JSON.parse(readFileSync(path, 'utf8'));
if (library === 'node') {
  console.log('{}');
  process.exit();
}
const key = '5b0c4a52-8d52-4c0e-9d55-0d7c3f0f6a11';
const named = { originator: 'benchmark', version: '0.171.0' };
const more = { prompt_cache_key: key };
let client, options;
if (library === 'openai-node') {
  const { default: OpenAI } = await import('openai');
  client = new OpenAI({ baseURL: `${origin}/backend-api/codex`, apiKey: 'access-token', defaultHeaders: named });
  options = { headers: { 'session-id': key } };
} else if (library === 'codex-rpc+openai') {
  const { default: OpenAI } = await import('openai');
  const { createFetch } = await import(process.env.CODEX_RPC_NODE + '/fetch.js');
  const fetch = createFetch();
  client = new OpenAI({ apiKey: '-', fetch });
  client.close = () => fetch.close();
} else {
  const { default: OpenAI } = await import(process.env.CODEX_RPC_NODE + '/index.js');
  client = new OpenAI();
  if (library === 'codex-rpc+websocket') more.transport = 'websocket';
}

let cached = 0, input = 0;
const first = [];

function count(usage) {
  input += usage.input_tokens;
  cached += usage.input_tokens_details.cached_tokens ?? 0;
}

/** Has the backend break the next answer. An HTTP library would count in the agent's memory. */
async function cutNext() {
  const { hostname, port } = new URL(origin);
  const backend = connect(Number(port), hostname);
  backend.end('GET /cut HTTP/1.0\r\n\r\n');
  await once(backend.resume(), 'close');
}

const common = { model: 'gpt-5.5', instructions: script.instructions, tools: script.tools, store: false, stream: true };

async function request(history, parallel, stop) {
  const begun = performance.now();
  let seen = false;
  const stream = await client.responses.create({ ...common, input: history, parallel_tool_calls: parallel, ...more }, options);
  for await (const event of stream) {
    if (!seen) first.push(performance.now() - begun);
    seen = true;
    if (stop && event.type === 'response.output_text.delta') return null;
    if (event.type === 'response.completed') {
      count(event.response.usage);
      return event.response.output;
    }
  }
  throw new Error('the stream ended without response.completed');
}

async function compact(history) {
  if (library !== 'openai-node') {
    const body = { model: 'gpt-5.5', instructions: script.instructions, input: history };
    if (!library.endsWith('+openai')) Object.assign(body, { tools: script.tools, ...more });
    return (await client.responses.compact(body)).output;
  }
  let output;
  const headers = { ...options.headers, 'x-codex-beta-features': 'remote_compaction_v2' };
  const stream = await client.responses.create({ ...common, input: [...history, { type: 'compaction_trigger' }], ...more }, { headers });
  for await (const event of stream) {
    if (event.type === 'response.output_item.done') output = [event.item];
    if (event.type === 'response.completed') count(event.response.usage);
  }
  return output;
}

let history = [];
for (const turn of script.turns) {
  if (turn.compact) history = await compact(history);
  const content = [{ type: 'input_text', text: turn.user }, ...(turn.images ?? []).map((url) => ({ type: 'input_image', image_url: url, detail: 'auto' }))];
  let said = [...history, { type: 'message', role: 'user', content }];
  const outputs = turn.outputs.values();
  const before = first.length;
  let cut = turn.cut;
  for (;;) {
    const answering = said.at(-1).type === 'function_call_output';
    if (cut && answering) {
      await cutNext();
      cut = false;
    }
    let got;
    try {
      got = await request(said, turn.parallel ?? false, turn.cancel && answering);
    } catch (error) {
      if (cut !== false) throw error;
      cut = null;
      console.error(`repeats after ${error.name}: ${error.message}`.slice(0, 200));
      continue;
    }
    if (got === null) {
      said = history;
      break;
    }
    said.push(...got);
    const calls = got.filter((item) => item.type === 'function_call');
    if (calls.length === 0) break;
    said.push(...calls.map((call) => ({ type: 'function_call_output', call_id: call.call_id, output: outputs.next().value })));
  }
  history = said;
  first.length = before + 1;
}
await client.close?.();
console.log(JSON.stringify({ input, cached, first, history: JSON.stringify(history).length }));
