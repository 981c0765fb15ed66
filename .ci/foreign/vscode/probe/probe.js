// An extension that uses the models as any other one may, through vscode.lm, and
// writes what it sees to the file that PROBE names.
'use strict';

const { renameSync, writeFileSync } = require('node:fs');
const vscode = require('vscode');

const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';
const weather = {
  name: 'get_weather',
  description: 'Tells the weather of a city.',
  inputSchema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};

exports.activate = (context) => {
  context.subscriptions.push(
    vscode.commands.registerCommand('probe.run', async () => {
      const seen = await look().catch((error) => ({ error: error.stack }));
      writeFileSync(`${process.env.PROBE}.part`, JSON.stringify(seen));
      renameSync(`${process.env.PROBE}.part`, process.env.PROBE);
    }),
  );
};

async function look() {
  const models = await vscode.lm.selectChatModels({ vendor: 'codex-rpc' });
  const model = models.find(({ id }) => id === 'gpt-5.5');
  const question = new vscode.LanguageModelTextPart('What is it?');
  return {
    models: models.map(({ id, name, family, maxInputTokens }) => ({ id, name, family, maxInputTokens })),
    tokens: [await model.countTokens('Say hello'), await model.countTokens(user('Say hello'))],
    text: await ask(model, [user('Say hello')]),
    image: (await ask(model, [user([question, vscode.LanguageModelDataPart.image(Buffer.from(PIXEL, 'base64'), 'image/png')])])).join(''),
    tool: await useTool(model),
    cancelled: await cancel(model),
  };
}

const user = (content) => vscode.LanguageModelChatMessage.User(content);

async function parts(model, messages, options = {}, token = undefined) {
  const response = await model.sendRequest(messages, options, token);
  const all = [];
  for await (const part of response.stream) all.push(part);
  return all;
}

async function ask(model, messages) {
  return (await parts(model, messages)).map(({ value }) => value);
}

async function useTool(model) {
  const question = user('Weather in Paris?');
  const options = { tools: [weather], toolMode: vscode.LanguageModelChatToolMode.Required };
  const [call] = await parts(model, [question], options);
  const result = new vscode.LanguageModelToolResultPart(call.callId, [new vscode.LanguageModelTextPart('18 degrees')]);
  const answer = await ask(model, [question, vscode.LanguageModelChatMessage.Assistant([call]), user([result])]);
  return { isCall: call instanceof vscode.LanguageModelToolCallPart, name: call.name, input: call.input, answer: answer.join('') };
}

/** Cancels at the first part, and returns how it ended. */
async function cancel(model) {
  const source = new vscode.CancellationTokenSource();
  const seen = [];
  try {
    const response = await model.sendRequest([user(`${'many words '.repeat(500)}`)], {}, source.token);
    for await (const part of response.stream) {
      seen.push(part.value);
      source.cancel();
    }
    return { seen: seen.length, ended: true };
  } catch (error) {
    return { seen: seen.length, error: error.name };
  }
}
