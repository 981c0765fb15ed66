import OpenAI from 'openai';

const client = new OpenAI();
const tools = [
  {
    type: 'function',
    name: 'get_weather',
    description: 'Get the weather of a city.',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false },
    strict: true,
  },
];
const input = [{ role: 'user', content: "What's the weather in Paris?" }];
let calls = 0;
for (;;) {
  const response = await client.responses.create({ model: 'gpt-4.1', input, tools });
  input.push(...response.output);
  const wanted = response.output.filter((item) => item.type === 'function_call');
  if (wanted.length === 0) {
    console.log(`after ${calls} call: ${response.output_text}`);
    break;
  }
  for (const call of wanted) {
    calls++;
    const { city } = JSON.parse(call.arguments);
    input.push({ type: 'function_call_output', call_id: call.call_id, output: JSON.stringify({ city, temperature: 18 }) });
  }
}
