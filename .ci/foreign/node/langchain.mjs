// LangChain, with its package for OpenAI.
import assert from 'node:assert/strict';
import { HumanMessage, ToolMessage } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import { ChatOpenAI, OpenAIEmbeddings } from '@langchain/openai';
import * as z from 'zod';
import { backend, take } from './steps.mjs';

const options = (directives) => ({ apiKey: '-', model: 'gpt-4o', maxRetries: 0, configuration: { fetch: backend(directives) } });
const kinds = (directives) => [new ChatOpenAI(options(directives)), new ChatOpenAI({ ...options(directives), useResponsesApi: true })];
const models = kinds();

await take('@langchain/openai', {
  async completion() {
    for (const model of models) assert.match((await model.invoke('Say hello')).text, /Say hello/);
  },
  async stream() {
    for (const model of models) {
      let text = '';
      for await (const chunk of await model.stream('Say hello')) text += chunk.text;
      assert.match(text, /Say hello/);
    }
  },
  async tools() {
    const get_weather = tool(async () => '18 degrees', { name: 'get_weather', description: 'd', schema: z.object({ city: z.string() }) });
    for (const model of models) {
      const bound = model.bindTools([get_weather]);
      const messages = [new HumanMessage("What's the weather in Paris?")];
      const answer = await bound.invoke(messages);
      const [call] = answer.tool_calls;
      assert.equal(call.name, 'get_weather');
      messages.push(answer, new ToolMessage({ tool_call_id: call.id, content: await get_weather.invoke(call.args) }));
      assert.notEqual((await bound.invoke(messages)).text, '');
    }
  },
  async structured() {
    for (const model of models) {
      const person = await model.withStructuredOutput(z.object({ name: z.string(), age: z.number() }), { name: 'person' }).invoke('Ada is 37');
      assert.equal(typeof person.age, 'number');
    }
  },
  async embeddings() {
    const vectors = await new OpenAIEmbeddings(options()).embedDocuments(['a', 'b']);
    assert.equal(vectors.length, 2);
    assert.equal(typeof vectors[0][0], 'number');
  },
  async batch() {
    const answers = await models[0].batch(Array.from({ length: 20 }, (_, i) => `call ${i}`));
    answers.forEach((answer, i) => assert.ok(answer.text.includes(`call ${i}`)));
  },
  async 'a 429'() {
    for (const model of kinds('status=429')) await assert.rejects(model.invoke('x'), (error) => error.status === 429);
  },
  async cut() {
    for (const model of kinds('cut=6')) {
      await assert.rejects(async () => {
        for await (const _ of await model.stream('x'));
      });
    }
  },
  async stop() {
    for (const model of kinds('stall=6')) for await (const _ of await model.stream('x')) break;
  },
});
