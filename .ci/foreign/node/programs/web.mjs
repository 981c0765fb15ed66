import { createServer } from 'node:http';
import { once } from 'node:events';
import { get } from 'node:http';
import OpenAI from 'openai';

const client = new OpenAI();
const server = createServer(async (request, reply) => {
  reply.writeHead(200, { 'Content-Type': 'text/event-stream' });
  const stream = await client.responses.create({ model: 'gpt-4o', input: 'Say hello', stream: true });
  reply.on('close', () => stream.controller.abort());
  for await (const event of stream) {
    if (event.type === 'response.output_text.delta') reply.write(`data: ${JSON.stringify(event.delta)}\n\n`);
  }
  reply.end();
});
await once(server.listen(0, '127.0.0.1'), 'listening');
const [reply] = await once(get(`http://127.0.0.1:${server.address().port}`), 'response');
let text = '';
for await (const chunk of reply.setEncoding('utf8')) text += chunk;
server.close();
console.log(text.split('\n\n').filter(Boolean).map((line) => JSON.parse(line.slice(6))).join(''));
