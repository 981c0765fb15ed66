// The official package, used as in its README.
import assert from 'node:assert/strict';
import OpenAI, { toFile } from 'openai';
import { zodResponseFormat, zodTextFormat } from 'openai/helpers/zod';
import * as z from 'zod';
import { backend, take } from './steps.mjs';

const on = (directives) => new OpenAI({ apiKey: '-', fetch: backend(directives), maxRetries: 0 });
const client = on();
const model = 'gpt-4o';
const messages = [{ role: 'user', content: 'Say hello' }];
const Person = z.object({ name: z.string(), age: z.number() });
const weather = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false };

await take('openai', {
  async completion() {
    const { data, response, request_id } = await client.responses.create({ model, input: 'Say hello' }).withResponse();
    assert.match(data.output_text, /Say hello/);
    assert.equal(response.status, 200);
    assert.ok(request_id && data._request_id === request_id);
    const chat = await client.chat.completions.create({ model, messages, temperature: 0.5 });
    assert.match(chat.choices[0].message.content, /Say hello/);
    assert.equal(chat.choices[0].finish_reason, 'stop');
  },
  async stream() {
    let text = '';
    for await (const event of await client.responses.create({ model, input: 'Say hello', stream: true })) {
      if (event.type === 'response.output_text.delta') text += event.delta;
    }
    assert.match(text, /Say hello/);
    text = '';
    for await (const chunk of await client.chat.completions.create({ model, messages, stream: true })) text += chunk.choices[0]?.delta.content ?? '';
    assert.match(text, /Say hello/);
    let snapshot = '';
    const helped = client.responses.stream({ model, input: 'Say hello' }).on('response.output_text.delta', (event) => (snapshot = event.snapshot));
    assert.equal((await helped.finalResponse()).output_text, snapshot);
  },
  async tools() {
    const tools = [{ type: 'function', name: 'get_weather', parameters: weather, strict: true }];
    const input = [{ role: 'user', content: "What's the weather in Paris?" }];
    const first = await client.responses.create({ model, input, tools });
    const call = first.output.find((item) => item.type === 'function_call');
    assert.equal(call.name, 'get_weather');
    input.push(...first.output, { type: 'function_call_output', call_id: call.call_id, output: '{"temperature":18}' });
    assert.notEqual((await client.responses.create({ model, input, tools })).output_text, '');

    const runner = client.chat.completions.runTools({
      model,
      messages: [{ role: 'user', content: "What's the weather in Paris?" }],
      tools: [{ type: 'function', function: { name: 'get_weather', parameters: weather, parse: JSON.parse, function: ({ city }) => `18 degrees in ${city}` } }],
    });
    assert.notEqual(await runner.finalContent(), '');
    assert.ok(runner.messages.some((message) => message.role === 'tool'));
  },
  async history() {
    const first = await client.responses.create({ model, input: 'My name is Ada.' });
    const second = await client.responses.create({ model, input: 'Say hello', previous_response_id: first.id });
    assert.equal(second.previous_response_id, first.id);
    assert.equal((await client.responses.retrieve(first.id)).id, first.id);
  },
  async structured() {
    const parsed = await client.responses.parse({ model, input: 'Ada is 37', text: { format: zodTextFormat(Person, 'person') } });
    assert.equal(typeof parsed.output_parsed.age, 'number');
    const chat = await client.chat.completions.parse({ model, messages, response_format: zodResponseFormat(Person, 'person') });
    assert.equal(typeof chat.choices[0].message.parsed.age, 'number');
  },
  async embeddings() {
    const { data } = await client.embeddings.create({ model: 'text-embedding-3-small', input: ['a', 'b'] });
    assert.equal(data.length, 2);
    assert.equal(typeof data[0].embedding[0], 'number');
  },
  async files() {
    assert.ok((await client.files.create({ purpose: 'user_data', file: await toFile(Buffer.from('a,b'), 'a.csv') })).id);
  },
  async models() {
    const ids = [];
    for await (const { id } of client.models.list()) ids.push(id);
    assert.ok(ids.includes('gpt-5.5'));
  },
  async 'a 429'() {
    await assert.rejects(on('status=429').responses.create({ model, input: 'x' }), (error) => error instanceof OpenAI.RateLimitError && Boolean(error.requestID));
    await assert.rejects(on('status=429').chat.completions.create({ model, messages, stream: true }), OpenAI.RateLimitError);
  },
  async cut() {
    for (const stream of [
      await on('cut=5').responses.create({ model, input: 'x', stream: true }),
      await on('cut=5').chat.completions.create({ model, messages, stream: true }),
    ]) {
      await assert.rejects(async () => {
        for await (const _ of stream);
      });
    }
    await assert.rejects(on('cut=5').responses.create({ model, input: 'x' }), OpenAI.APIConnectionError);
  },
  async stop() {
    const stalling = on('stall=3');
    for await (const _ of await stalling.responses.create({ model, input: 'x', stream: true })) break;
    const controller = new AbortController();
    const call = stalling.responses.create({ model, input: 'x' }, { signal: controller.signal });
    setTimeout(() => controller.abort(), 20);
    await assert.rejects(call, OpenAI.APIUserAbortError);
  },
  async 'a thousand at once'() {
    const all = await Promise.all(Array.from({ length: 1000 }, (_, i) => client.responses.create({ model, input: `call ${i}` })));
    all.forEach(({ output_text }, i) => assert.ok(output_text.includes(`call ${i}`)));
  },
});
