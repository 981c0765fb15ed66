// Held to by tsc --strict: what the declarations promise to a user.
import OpenAI, { StreamInterruptedError, toFile, type Stream } from 'codex-rpc';
import { zodResponsesFunction, zodTextFormat } from 'codex-rpc/helpers/zod';
import type { Response, ResponseStreamEvent, Schema } from 'codex-rpc/types';

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
await client.close();
