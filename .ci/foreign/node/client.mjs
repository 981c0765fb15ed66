// The client itself, with import and with require.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import OpenAI from 'codex-rpc';
import { take } from './steps.mjs';

const client = new OpenAI({ mock: true, instructions: 'Be brief.', logger: () => {} });

await take('codex-rpc', {
  async completion() {
    const { data, request_id } = await client.responses.create({ model: 'gpt-5.5', input: 'Say hello' }).withResponse();
    assert.match(data.output_text, /Say hello/);
    assert.equal(data.instructions, 'Be brief.');
    assert.ok(request_id);
  },
  async stream() {
    let text = '';
    for await (const event of await client.responses.create({ input: 'Say hello', stream: true })) {
      if (event.type === 'response.output_text.delta') text += event.delta;
    }
    assert.match(text, /Say hello/);
    const stream = client.responses.stream({ input: 'Say hello' }).on('response.output_text.delta', ({ snapshot }) => (text = snapshot));
    assert.equal((await stream.finalResponse()).output_text, text);
  },
  async turn() {
    const turn = client.responses.turn();
    assert.equal((await turn.create({ input: 'x' })).status, 'completed');
  },
  async 'a 429'() {
    await assert.rejects(client.responses.create({ model: 'mock:status=429,code=usage_limit_reached', input: 'x' }), OpenAI.RateLimitError);
  },
  async 'a long stream'() {
    let deltas = 0;
    for await (const event of await client.responses.create({ model: 'mock:deltas=20000', input: 'x', stream: true })) {
      if (event.type === 'response.output_text.delta') deltas++;
    }
    assert.equal(deltas, 20_000);
  },
  async stop() {
    for await (const _ of await client.responses.create({ model: 'mock:stall=3', input: 'x', stream: true })) break;
    const call = client.responses.create({ model: 'mock:stall=0', input: 'x' }, { signal: AbortSignal.timeout(50) });
    await assert.rejects(call, OpenAI.APIUserAbortError);
  },
  async require() {
    const Required = createRequire(import.meta.url)('codex-rpc');
    const other = new Required({ mock: true });
    assert.equal(Required.OpenAI, Required);
    assert.equal((await other.responses.create({ input: 'x' })).status, 'completed');
    await other.close();
  },
  async close() {
    await client.close();
    await assert.rejects(client.models.list(), OpenAI.OpenAIError);
  },
});
