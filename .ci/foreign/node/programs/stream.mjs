import OpenAI from 'openai';

const stream = await new OpenAI().chat.completions.create({
  model: 'gpt-4o',
  messages: [{ role: 'user', content: 'Say hello' }],
  stream: true,
  stream_options: { include_usage: true },
});
let usage;
for await (const chunk of stream) {
  process.stdout.write(chunk.choices[0]?.delta?.content || '');
  usage = chunk.usage ?? usage;
}
console.log(`\n${usage.total_tokens > 0 ? 'counted' : 'not counted'}`);
