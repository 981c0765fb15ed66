// Without VS Code: the conversation alone, then the extension on a stand-in for
// the module `vscode`. The command line may name the host: headers PROGRAM.
'use strict';

const assert = require('node:assert/strict');
const childProcess = require('node:child_process');
const { test } = require('node:test');

const program = process.argv[3] ?? 'codex-rpc';
const version = require('../package.json').dependencies['vscode-jsonrpc'];
console.log(`# client VS Code extension on vscode-jsonrpc ${version}`);

// Every process that the extension starts.
const hosts = [];
const { spawn } = childProcess;
childProcess.spawn = (...args) => {
  const host = spawn(...args);
  if (host.pid) console.log(`# host ${host.pid}`);
  hosts.push(host);
  return host;
};

const { CancellationTokenSource } = require('vscode-jsonrpc/node');
const vscode = require('vscode');
const { CANCELLED, Conversation } = require('../conversation');
const extension = require('../extension');

const stderr = (text) => process.stderr.write(text);
const mock = (directives) => [program, directives ? `--mock=${directives}` : '--mock'];

/** Returns what a conversation says to some questions that are asked at once. */
async function answers(conversation, ...questions) {
  return Promise.all(
    questions.map(async (question) => {
      const deltas = [];
      const response = await conversation.ask(question, (text) => deltas.push(text));
      assert.equal(deltas.join(''), response.output_text);
      return response.output_text;
    }),
  );
}

test('stream', async () => {
  const conversation = new Conversation(mock('pace=5ms'), stderr);
  assert.deepEqual(await answers(conversation, 'one', 'two', 'three'), [
    'You said: "one"',
    'You said: "two"',
    'You said: "three"',
  ]);
  await conversation.dispose();
  assert.equal(hosts.at(-1).exitCode, 0);
});

test('cancel', async () => {
  const conversation = new Conversation(mock('stall=5'), stderr);
  const source = new CancellationTokenSource();
  const answer = conversation.ask('Say hello', () => source.cancel(), source.token);
  await assert.rejects(answer, { code: CANCELLED });
  await conversation.dispose();
});

test('dispose', async () => {
  const conversation = new Conversation(mock('stall=5'), stderr);
  let disposed;
  const answer = conversation.ask('Say hello', () => (disposed = conversation.dispose()));
  await assert.rejects(answer);
  await disposed;
  await assert.rejects(conversation.ask('Say hello', assert.fail), /ended with exit code 0/);
});

test('no program', async () => {
  const conversation = new Conversation(['/no/such/program'], stderr);
  await assert.rejects(conversation.ask('Say hello', assert.fail), { code: 'ENOENT' });
  await conversation.dispose();
});

/** Runs the command on a text that is all selected, and returns what becomes of the text. */
async function ask(text, onEdit = () => {}) {
  const editor = vscode.test.editor(text);
  vscode.test.messages.length = vscode.test.progress.length = 0;
  vscode.test.onEdit = onEdit;
  await vscode.test.run('codex.ask', editor);
  return editor.document.text;
}

test('command', async () => {
  const context = { subscriptions: [] };
  extension.activate(context);
  vscode.test.settings['codex.command'] = mock('pace=20ms');
  const seen = [];
  assert.equal(await ask('Say hello', ({ text }) => seen.push(text)), 'Say hello\nYou said: "Say hello"');
  assert.ok(seen.length > 3, `the answer came in ${seen.length} edits`);
  assert.equal(vscode.test.progress[0].options.cancellable, true);
  assert.deepEqual(vscode.test.messages, []);
});

test('typing', async () => {
  let typed = 0;
  const text = await ask('Say hello', (document) => {
    if (typed++ === 1) vscode.test.replace(document, 0, 3, 'Please say');
  });
  assert.equal(text, 'Please say hello\nYou said: "Say hello"');
});

test('nothing selected', async () => {
  assert.equal(await ask(' '), ' ');
  assert.deepEqual(vscode.test.messages, ['Select what to ask Codex.']);
});

test('deactivate', async () => {
  await extension.deactivate();
  assert.equal(hosts.at(-1).exitCode, 0);
});

test('progress cancel', async () => {
  vscode.test.settings['codex.command'] = mock('stall=5');
  const text = await ask('Say hello', ({ text }) => {
    if (text !== 'Say hello\n') vscode.test.progress[0].cancel();
  });
  assert.equal(text, 'Say hello\nYou');
  assert.deepEqual(vscode.test.messages, []);
});

test('error', async () => {
  await extension.deactivate();
  vscode.test.settings['codex.command'] = mock('status=429,code=usage_limit_reached');
  assert.equal(await ask('Say hello'), 'Say hello\n');
  assert.match(vscode.test.messages[0], /^Codex: ./);
});

test('host lost', async () => {
  await extension.deactivate();
  vscode.test.settings['codex.command'] = mock('stall=5');
  await ask('Say hello', ({ text }) => {
    if (text !== 'Say hello\n') hosts.at(-1).kill('SIGKILL');
  });
  assert.match(vscode.test.messages[0], /ended with SIGKILL/);
  vscode.test.settings['codex.command'] = mock();
  assert.equal(await ask('Say hello'), 'Say hello\nYou said: "Say hello"');
});

test('close', async () => {
  await extension.deactivate();
  for (const host of hosts) assert.ok(host.exitCode !== null || host.signalCode !== null);
});
