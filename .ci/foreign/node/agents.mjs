// The OpenAI Agents SDK, on the official package.
import assert from 'node:assert/strict';
import { Agent, OpenAIProvider, Runner, setTracingDisabled, tool } from '@openai/agents';
import OpenAI from 'openai';
import * as z from 'zod';
import { backend, take } from './steps.mjs';

setTracingDisabled(true);
const on = (directives, useResponses) =>
  new Runner({
    model: 'gpt-4o',
    tracingDisabled: true,
    modelProvider: new OpenAIProvider({ openAIClient: new OpenAI({ apiKey: '-', fetch: backend(directives), maxRetries: 0 }), useResponses }),
  });
const runners = [on(undefined, true), on(undefined, false)];

await take('@openai/agents', {
  async completion() {
    for (const runner of runners) assert.match((await runner.run(new Agent({ name: 'a', instructions: 'Be brief.' }), 'Say hello')).finalOutput, /Say hello/);
  },
  async stream() {
    for (const runner of runners) {
      const result = await runner.run(new Agent({ name: 'a' }), 'Say hello', { stream: true });
      let text = '';
      for await (const piece of result.toTextStream()) text += piece;
      await result.completed;
      assert.match(text, /Say hello/);
    }
  },
  async tools() {
    for (const runner of runners) {
      const cities = [];
      const get_weather = tool({ name: 'get_weather', description: 'd', parameters: z.object({ city: z.string() }), execute: async ({ city }) => (cities.push(city), '18 degrees') });
      const { finalOutput } = await runner.run(new Agent({ name: 'a', tools: [get_weather] }), "What's the weather in Paris?");
      assert.equal(cities.length, 1);
      assert.notEqual(finalOutput, '');
    }
  },
  async structured() {
    for (const runner of runners) {
      const { finalOutput } = await runner.run(new Agent({ name: 'a', outputType: z.object({ name: z.string(), age: z.number() }) }), 'Ada is 37');
      assert.equal(typeof finalOutput.age, 'number');
    }
  },
  async handoff() {
    for (const runner of runners) {
      const other = new Agent({ name: 'other', instructions: 'You are the other.' });
      const first = Agent.create({ name: 'first', handoffs: [other] });
      const { finalOutput, lastAgent } = await runner.run(first, 'Say hello');
      assert.equal(lastAgent.name, 'other');
      assert.notEqual(finalOutput, '');
    }
  },
  async 'a 429'() {
    for (const useResponses of [true, false]) await assert.rejects(on('status=429', useResponses).run(new Agent({ name: 'a' }), 'x'), OpenAI.RateLimitError);
  },
  async stop() {
    const controller = new AbortController();
    const result = await on('stall=5', true).run(new Agent({ name: 'a' }), 'x', { stream: true, signal: controller.signal });
    for await (const _ of result) controller.abort();
    assert.ok(result.cancelled || result.error);
  },
});
