// The AI SDK, with its provider for OpenAI.
import assert from 'node:assert/strict';
import { createOpenAI } from '@ai-sdk/openai';
import { APICallError, embedMany, generateText, Output, stepCountIs, streamText, tool } from 'ai';
import * as z from 'zod';
import { backend, take } from './steps.mjs';

const on = (directives) => createOpenAI({ apiKey: '-', fetch: backend(directives) });
const openai = on();
const kinds = (provider) => [provider('gpt-4o'), provider.chat('gpt-4o')];
const prompt = 'Say hello';

await take('ai', {
  async completion() {
    for (const model of kinds(openai)) {
      const { text, usage } = await generateText({ model, prompt });
      assert.match(text, /Say hello/);
      assert.ok(usage.totalTokens > 0);
    }
  },
  async stream() {
    for (const model of kinds(openai)) {
      let text = '';
      for await (const delta of streamText({ model, prompt }).textStream) text += delta;
      assert.match(text, /Say hello/);
    }
  },
  async tools() {
    for (const model of kinds(openai)) {
      const cities = [];
      const get_weather = tool({
        description: 'Get the weather.',
        inputSchema: z.object({ city: z.string() }),
        execute: async ({ city }) => (cities.push(city), { temperature: 18 }),
      });
      const { text, steps } = await generateText({ model, prompt: "What's the weather in Paris?", tools: { get_weather }, stopWhen: stepCountIs(3) });
      assert.equal(cities.length, 1);
      assert.equal(steps.length, 2);
      assert.notEqual(text, '');
    }
  },
  async structured() {
    for (const model of kinds(openai)) {
      const { output } = await generateText({ model, prompt: 'Ada is 37', output: Output.object({ schema: z.object({ name: z.string(), age: z.number() }) }) });
      assert.equal(typeof output.age, 'number');
    }
  },
  async embeddings() {
    const { embeddings } = await embedMany({ model: openai.textEmbeddingModel('text-embedding-3-small'), values: ['a', 'b'] });
    assert.equal(embeddings.length, 2);
  },
  async 'a 429'() {
    for (const model of kinds(on('status=429'))) {
      await assert.rejects(generateText({ model, prompt, maxRetries: 0 }), (error) => APICallError.isInstance(error) && error.statusCode === 429);
    }
  },
  async cut() {
    for (const model of kinds(on('cut=6'))) {
      const failed = []; // an error before the first part is thrown, a later one is a part
      try {
        for await (const part of streamText({ model, prompt, maxRetries: 0, onError() {} }).fullStream) if (part.type === 'error') failed.push(part.error);
      } catch (error) {
        failed.push(error);
      }
      assert.notEqual(failed.length, 0);
    }
  },
  async stop() {
    for (const model of kinds(on('stall=6'))) {
      const controller = new AbortController();
      const parts = [];
      for await (const part of streamText({ model, prompt, abortSignal: controller.signal, onError() {} }).fullStream) {
        parts.push(part.type);
        controller.abort();
      }
      assert.ok(parts.includes('abort'), String(parts));
    }
  },
});
