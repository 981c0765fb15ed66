// What the declarations promise to a program that requires the package.
import OpenAI = require('codex-rpc');
import zod = require('codex-rpc/helpers/zod');

const client: OpenAI = new OpenAI({ mock: true });
const other: OpenAI.OpenAI = new OpenAI.OpenAI();
new OpenAI.default();
client.responses.create({ input: 'x' }).then(({ output_text }) => output_text.length, (error) => error instanceof OpenAI.StreamInterruptedError && error.partial);
zod.zodTextFormat.length;
other.close();
