import OpenAI from 'openai';

const client = new OpenAI({ maxRetries: 1, timeout: 10_000 });
try {
  await client.responses.create({ model: 'gpt-4o', input: 'x', conversation: 'conv_unknown' });
} catch (error) {
  if (!(error instanceof OpenAI.APIError)) throw error;
  console.log(error.constructor.name, error.status);
}
try {
  await client.chat.completions.create({ model: 'gpt-4o', messages: [{ role: 'user', content: 'x' }], n: 2 });
} catch (error) {
  console.log(error.constructor.name, error.status);
}
