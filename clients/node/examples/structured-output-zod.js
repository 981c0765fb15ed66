// Structured output: an answer that a Zod schema describes and validates.
import OpenAI from 'codex-rpc';
import * as z from 'zod';

const client = new OpenAI({ mock: Boolean(process.env.MOCK) });

const Person = z.object({ name: z.string(), age: z.number().int() }).meta({ title: 'person' });

const { output_parsed: person } = await client.responses.parse({
  input: 'Extract: Ada is 37 years old.',
  text_format: Person,
});
console.log(`${person.name} is ${person.age}.`);
await client.close();
