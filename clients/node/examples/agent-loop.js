// An agent: the model calls tools until it has the answer.
import OpenAI from 'codex-rpc';

const client = new OpenAI({ mock: Boolean(process.env.MOCK) });

const tools = {
  get_weather: {
    description: 'Get the current weather for a city.',
    parameters: {
      type: 'object',
      properties: { city: { type: 'string' } },
      required: ['city'],
      additionalProperties: false,
    },
    run: async ({ city }) => ({ city, temperature: 18, unit: 'celsius', condition: 'cloudy' }),
  },
};

const declared = Object.entries(tools).map(([name, { description, parameters }]) => ({
  type: 'function',
  name,
  description,
  parameters,
}));

// The backend keeps no history: each request contains the whole conversation.
const input = [{ role: 'user', content: "What's the weather in Paris?" }];
for (let turn = 0; turn < 10; turn++) {
  const stream = await client.responses.create({ input, tools: declared, stream: true });
  for await (const event of stream) {
    if (event.type === 'response.output_text.delta') process.stdout.write(event.delta);
  }
  const { output, tool_calls } = await stream.finalResponse();
  if (tool_calls.length === 0) break;

  input.push(...output);
  for (const call of tool_calls) {
    const result = await tools[call.name].run(JSON.parse(call.arguments));
    input.push({ type: 'function_call_output', call_id: call.call_id, output: JSON.stringify(result) });
  }
}
process.stdout.write('\n');
await client.close();
