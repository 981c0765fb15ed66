import OpenAI from 'openai';

const client = new OpenAI();
let previous;
const said = [];
for (const input of ['My name is Ada.', 'I am 37.', 'Say hello']) {
  const response = await client.responses.create({ model: 'gpt-4o', input, previous_response_id: previous, store: true });
  previous = response.id;
  said.push(response.output_text);
}
const items = [];
for await (const item of client.responses.inputItems.list(previous)) items.push(item);
console.log(said.length, items.length > 0, said.at(-1));
