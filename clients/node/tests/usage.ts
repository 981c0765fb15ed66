// Held to by tsc --strict: what the declarations promise to a user.
import OpenAI, { StreamInterruptedError, toFile, type Stream } from 'codex-rpc';
import { zodResponsesFunction, zodTextFormat } from 'codex-rpc/helpers/zod';
import type { FunctionTool, Response, ResponseInputItem, ResponseStreamEvent, ResponseTextDeltaEvent, Schema, UnknownObject } from 'codex-rpc/types';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function holds<_ extends true>() {}

const client = await new OpenAI({ mock: true, timeout: 20_000 }).authenticate();

const response = await client.responses.create({ input: 'x', reasoning: { effort: 'low' } });
holds<Equal<typeof response, Response>>();
const text: string = response.output_text;
for (const item of response.output) {
  if (item.type === 'function_call') JSON.parse(item.arguments);
  // @ts-expect-error: messages have no arguments
  if (item.type === 'message') item.arguments;
}

const stream = await client.responses.create({ input: [{ role: 'user', content: text }], stream: true });
holds<Equal<typeof stream, Stream<ResponseStreamEvent, Response>>>();
for await (const event of stream) {
  if (event.type === 'response.output_text.delta') event.delta.toUpperCase();
  if (event.type === 'response.completed') event.response.status;
  // @ts-expect-error: only some events have a delta
  event.delta;
}
const final: Response = await stream.finalResponse();

function told(event: ResponseStreamEvent): string {
  switch (event.type) {
    case 'response.output_text.delta':
      holds<Equal<typeof event, ResponseTextDeltaEvent>>();
      return event.delta;
    case 'response.output_item.done':
      if (event.item.type === 'function_call') return event.item.arguments;
      if (event.item.type === 'reasoning') return event.item.summary.map((part) => (part.type === 'summary_text' ? part.text : '')).join();
      // @ts-expect-error: only some items have arguments
      return event.item.arguments;
    case 'response.completed':
    case 'response.failed':
      return event.response.usage?.total_tokens.toFixed() ?? event.response.id;
    case 'codex.rate_limits':
      return event.plan_type ?? '';
    case 'error':
      return event.error?.message ?? event.message ?? '';
    default:
      // @ts-expect-error: none of those that are left has an annotation index alone
      event.annotation_index.toFixed();
      return event.type;
  }
}
declare const tomorrow: UnknownObject;
told(tomorrow);

const weather: FunctionTool = { type: 'function', name: 'f', parameters: { type: 'object' }, strict: null };
// @ts-expect-error: a name is a string
const nameless: FunctionTool = { type: 'function', name: 5 };
const items: ResponseInputItem[] = [
  { role: 'user', content: ['x', { type: 'input_image', image_url: 'https://example.com/a.png' }] },
  { type: 'function_call_output', call_id: 'c', output: [{ type: 'input_text', text: 'x' }] },
  { type: 'compaction_trigger' },
  { type: 'tomorrow', x: 1 },
  ...final.output,
];
await client.responses.create({ input: items, tools: [weather, nameless, { type: 'web_search' }, { type: 'tomorrow' }], tool_choice: { type: 'function', name: 'f' } });

// @ts-expect-error: the backend stores nothing
await client.responses.create({ input: 'x', store: true });
// @ts-expect-error: no such option
new OpenAI({ modle: 'x' });
new OpenAI({ apiKey: 'x', baseURL: undefined, logger: console, logLevel: 'off', timeout: Infinity, defaultHeaders: { 'X-A': null } });
// @ts-expect-error: a number of milliseconds
await client.responses.create({ input: final.output }, { timeout: '5s' });

const { data, response: http, request_id } = await client.responses.create({ input: 'x' }).withResponse();
holds<Equal<typeof data, Response>>();
http.headers.get('x-request-id')?.concat(request_id ?? '');
await client.responses.create(null, null);

const turn = client.responses.turn();
holds<Equal<Awaited<ReturnType<typeof turn.create>>, Response>>();
turn.close();
const answer: string = await client.responses.turn(async (t) => (await t.create({ input: 'x' })).output_text);

declare const Person: Schema<{ name: string; age: number }>;
const parsed = await client.responses.parse({ input: 'x', text_format: Person });
holds<Equal<typeof parsed.output_parsed, { name: string; age: number } | null>>();
const same = await client.responses.parse({ input: 'x', text: { format: zodTextFormat(Person, 'person') } });
holds<Equal<typeof same.output_parsed, { name: string; age: number } | null>>();
for (const item of parsed.output) {
  if (item.type === 'message') for (const part of item.content) if (part.type === 'output_text') part.parsed?.age.toFixed();
  if (item.type === 'function_call') item.parsed_arguments;
}
const followed = client.responses.stream({ input: answer, text_format: Person });
followed.on('response.output_text.delta', ({ delta, snapshot }) => snapshot.endsWith(delta)).once('end', () => {});
for await (const event of followed) event.type.length;
(await followed.finalResponse()).output_parsed?.name;
const tool = zodResponsesFunction({ name: 'f', parameters: Person });
await client.responses.parse({ input: 'x', tools: [tool] });

const plain = await client.responses.parse<{ city: string }>({ input: 'x', text_format: { type: 'object' } });
plain.output_parsed?.city;

for await (const model of client.models.list()) model.context_window?.toFixed();
const page = await client.models.list();
page.data[0]?.id;

const vector: number[] = (await client.embeddings.create({ input: 'x', model: 'm' })).data[0]!.embedding;
const file = await toFile(new Uint8Array(4), 'a.wav');
const { text: heard } = await client.audio.transcriptions.create({ file, model: 'gpt-4o-mini-transcribe' });
const subtitles: string = await client.audio.transcriptions.create({ file: heard, model: 'm', response_format: 'text' });

try {
  await client.files.upload(subtitles);
} catch (error) {
  if (error instanceof OpenAI.RateLimitError) error.retryAfter?.toFixed();
  if (error instanceof StreamInterruptedError) error.partial?.output_text;
}
const uploaded = await client.files.create({ file, purpose: 'user_data' });
uploaded.id.length;

const { credits } = await client.codex.rateLimitResetCredits.list();
credits[0]?.expires_at?.length;
// @ts-expect-error: a credit has no such member
credits[0]?.expires_at?.nonsense;
const tasks = await client.codex.tasks.list({ limit: 1 });
tasks.items[0]?.id;
tasks.whatever.anything;
await client.close();
