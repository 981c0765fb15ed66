import OpenAI from 'openai';
import { zodTextFormat } from 'openai/helpers/zod';
import { z } from 'zod';

const Event = z.object({ name: z.string(), date: z.string(), participants: z.array(z.string()) });
const response = await new OpenAI().responses.parse({
  model: 'gpt-4o-2024-08-06',
  input: [{ role: 'user', content: 'Alice and Bob are going to a science fair on Friday.' }],
  text: { format: zodTextFormat(Event, 'event') },
});
console.log(Object.keys(response.output_parsed).join(' '));
