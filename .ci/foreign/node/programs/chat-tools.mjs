import OpenAI from 'openai';

const client = new OpenAI();
const messages = [{ role: 'user', content: "What's the weather in Paris?" }];
const tools = [{ type: 'function', function: { name: 'get_weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } } }];
const first = await client.chat.completions.create({ model: 'gpt-4o', messages, tools, tool_choice: 'auto' });
const { message, finish_reason } = first.choices[0];
messages.push(message);
for (const call of message.tool_calls ?? []) messages.push({ role: 'tool', tool_call_id: call.id, content: '18 degrees' });
const second = await client.chat.completions.create({ model: 'gpt-4o', messages, tools });
console.log(finish_reason, message.tool_calls.length, second.choices[0].message.content);
