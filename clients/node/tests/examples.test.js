// The examples run, and the README has the same code.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const here = fileURLToPath(new URL('..', import.meta.url));
const readme = readFileSync(join(here, 'README.md'), 'utf8');

// Installed like a user's, so that the imports are a user's.
const project = mkdtempSync(join(tmpdir(), 'codex-rpc-examples-'));
const installed = join(project, 'node_modules', 'codex-rpc');
for (const part of ['src', 'types', 'package.json']) cpSync(join(here, part), join(installed, part), { recursive: true });
cpSync(join(here, 'examples'), project, { recursive: true });
after(() => rmSync(project, { recursive: true }));

async function run(file) {
  const { stdout } = await promisify(execFile)(process.execPath, [file], { cwd: project, env: { ...process.env, MOCK: '1' } });
  return stdout;
}

/** The first code block of the README that contains a text. */
function shown(part) {
  const block = readme.split('```js\n').slice(1).map((rest) => rest.split('```')[0]).find((code) => code.includes(part));
  assert.ok(block, `the README shows no ${part}`);
  return block;
}

/** The code of an example, without its title line. */
const code = (name) => readFileSync(join(here, 'examples', name), 'utf8').replace(/^\/\/.*\n/, '');

test('agent-loop.js calls the tool and prints the answer', async () => {
  assert.match(await run('agent-loop.js'), /cloudy/);
  assert.equal(shown('function_call_output'), code('agent-loop.js'));
});

test('structured-output.js prints a person', async () => {
  assert.match(await run('structured-output.js'), /^\S.* is \d+\.\n$/);
  assert.equal(shown("name: 'person'"), code('structured-output.js'));
});

test('the README contains structured-output-zod.js', () => {
  // tests/zod.js, which needs Zod, runs it.
  assert.equal(shown("from 'zod'"), code('structured-output-zod.js'));
});

test('the first program of the README runs', async () => {
  const program = shown('Say hello').replace('new OpenAI()', 'new OpenAI({ mock: true })').replace('.authenticate()', '.authenticate({ interactive: false })');
  writeFileSync(join(project, 'first.mjs'), program);
  assert.match(await run('first.mjs'), /Say hello/);
});
