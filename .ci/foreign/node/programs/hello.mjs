import OpenAI from 'openai';

const client = new OpenAI();
const response = await client.responses.create({ model: 'gpt-4o', instructions: 'Talk like a pirate.', input: 'Say hello' });
console.log(response.output_text);
