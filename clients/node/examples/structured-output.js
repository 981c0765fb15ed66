// Structured output: an answer that a JSON Schema describes.
import OpenAI from 'codex-rpc';

const client = new OpenAI({ mock: Boolean(process.env.MOCK) });

const { output_parsed: person } = await client.responses.parse({
  input: 'Extract: Ada is 37 years old.',
  text_format: {
    name: 'person',
    schema: {
      type: 'object',
      properties: { name: { type: 'string' }, age: { type: 'integer' } },
      required: ['name', 'age'],
    },
  },
});
console.log(`${person.name} is ${person.age}.`);
await client.close();
