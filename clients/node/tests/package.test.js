// The published package, installed in an empty project.
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('../scripts/package.js', import.meta.url));
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const folder = mkdtempSync(join(tmpdir(), 'codex-rpc-package-'));
after(() => rmSync(folder, { recursive: true }));

test('the packages work together, without another program', () => {
  const target = `${process.platform}-${process.arch}`;
  const packages = execFileSync(process.execPath, [script, join(folder, 'out'), target], { encoding: 'utf8' }).trim().split('\n');
  assert.equal(packages.length, 2);
  execFileSync('npm', ['install', '--offline', '--no-audit', '--no-fund', '--silent', '--prefix', folder, ...packages]);

  const program = `
    import OpenAI from 'codex-rpc';
    import { zodTextFormat } from 'codex-rpc/helpers/zod';
    const client = new OpenAI({ mock: true });
    client.responses.create({ input: 'Say hello' }).then(({ output_text }) => console.log(typeof zodTextFormat, output_text));`;
  const env = { PATH: dirname(process.execPath), HOME: folder };
  const printed = execFileSync(process.execPath, ['--input-type=module', '-e', program], { cwd: folder, env, encoding: 'utf8' });
  assert.match(printed, /^function .*Say hello/);

  const required = `
    const OpenAI = require('codex-rpc');
    const { zodTextFormat } = require('codex-rpc/helpers/zod');
    const { createFetch } = require('codex-rpc/fetch');
    const client = new OpenAI({ mock: true });
    const same = OpenAI === OpenAI.OpenAI && OpenAI === OpenAI.default && new OpenAI.RateLimitError('m') instanceof OpenAI.APIError;
    client.responses.create({ input: 'Say hello' }).then(async ({ output_text }) => {
      console.log(typeof zodTextFormat, typeof createFetch, same, output_text);
      await client.close();
    });`;
  assert.match(execFileSync(process.execPath, ['-e', required], { cwd: folder, env, encoding: 'utf8' }), /^function function true .*Say hello/);

  // A bundled program in one file, without the package.
  writeFileSync(join(folder, 'program.mjs'), program);
  writeFileSync(join(folder, 'program.cjs'), required);
  const bundled = join(folder, 'dist');
  for (const [source, format] of [['program.mjs', 'esm'], ['program.mjs', 'cjs'], ['program.cjs', 'cjs']]) {
    const out = join(bundled, `${source}.${format === 'esm' ? 'mjs' : 'cjs'}`);
    execFileSync('npm', ['exec', '--yes', '--package=esbuild@0.28.2', '--', 'esbuild', join(folder, source), '--bundle', '--platform=node', `--format=${format}`, '--log-level=error', `--outfile=${out}`]);
    for (const cwd of [folder, '/']) {
      const said = execFileSync(process.execPath, [out], { cwd, env, encoding: 'utf8' });
      assert.match(said, /Say hello/, `${source} as ${format} in ${cwd}`);
    }
  }

  const binary = join(folder, 'node_modules', `codex-rpc-${target}`, 'bin', process.platform === 'win32' ? 'codex-rpc.exe' : 'codex-rpc');
  assert.ok(execFileSync(binary, ['version'], { encoding: 'utf8' }).startsWith(`codex-rpc ${version} `));
});

describe('the command', { skip: process.platform === 'win32' && 'npm makes a script of cmd.exe there' }, () => {
  const command = join(folder, 'node_modules', '.bin', 'codex-rpc');
  const env = { PATH: `${dirname(command)}:${dirname(process.execPath)}`, HOME: folder, CODEX_RPC_BIN: command };

  test('is on the PATH of npm, with arguments, output and status of the program', () => {
    const { stdout, stderr, status } = spawnSync('codex-rpc', ['ask', '--mock', '--no-save', 'Say hello'], { env, encoding: 'utf8' });
    assert.deepEqual({ stdout, stderr, status }, { stdout: 'You said: "Say hello"\n', stderr: '', status: 0 });
    assert.equal(spawnSync('codex-rpc', ['nonsense'], { env }).status, 2);
  });

  test('ends by a signal like the program', async () => {
    const serve = spawn('codex-rpc', ['serve', '--mock'], { env, stdio: ['pipe', 'pipe', 'inherit'] });
    serve.stdin.write('{"jsonrpc":"2.0","id":1,"method":"initialize"}\n');
    await once(serve.stdout, 'data');
    serve.kill('SIGTERM');
    assert.deepEqual(await once(serve, 'exit'), [0, null]);

    const ask = spawn('codex-rpc', ['ask', '--no-save', '--mock=stall=5', 'Say hello'], { env, stdio: ['ignore', 'pipe', 'ignore'] });
    await once(ask.stdout, 'data');
    ask.kill('SIGINT');
    assert.deepEqual(await once(ask, 'exit'), [null, 'SIGINT']);
  });

  test('reports the missing program, and does not find itself', () => {
    rmSync(join(folder, 'node_modules', `codex-rpc-${process.platform}-${process.arch}`), { recursive: true });
    const { stderr, status } = spawnSync('codex-rpc', ['version'], { env, encoding: 'utf8' });
    assert.equal(status, 1);
    assert.match(stderr, /^codex-rpc: the package codex-rpc-\S+ is not installed; npm install codex-rpc/);
    const program = "const OpenAI = require('codex-rpc'); try { new OpenAI({ mock: true }); } catch (error) { console.log(error.message); }";
    const said = execFileSync(process.execPath, ['-e', program], { cwd: folder, env: { PATH: env.PATH, HOME: folder }, encoding: 'utf8' });
    assert.match(said, /^codex-rpc was not found/);
  });
});

test('a platform without a package is an error', () => {
  assert.throws(() => execFileSync(process.execPath, [script, folder, 'plan9-x64'], { stdio: 'pipe' }), /usage: .*the platforms are linux-x64, /);
});
