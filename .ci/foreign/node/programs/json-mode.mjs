import OpenAI from 'openai';

const completion = await new OpenAI().chat.completions.create({
  model: 'gpt-3.5-turbo',
  messages: [{ role: 'user', content: 'Ada is 37. Answer in JSON.' }],
  response_format: { type: 'json_schema', json_schema: { name: 'p', strict: true, schema: { type: 'object', properties: { age: { type: 'number' } }, required: ['age'], additionalProperties: false } } },
});
console.log(typeof JSON.parse(completion.choices[0].message.content).age);
