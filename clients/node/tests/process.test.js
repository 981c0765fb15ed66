// The lifecycle of the server's process, with misbehaving programs.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, test } from 'node:test';
import { findBinary } from '../src/binary.js';
import OpenAI, { APIConnectionError, ServerExitedError, ServerNotFoundError } from '../src/index.js';
import { Server } from '../src/server.js';
import { Session } from '../src/session.js';
import { echo, fakeServer } from './fake-server.js';

/** Returns its process id; `input` says what else to do. */
const moody = () =>
  fakeServer(`
    const input = request.params?.input;
    if (input === 'die') { process.stderr.write('some log\\npanic: out of cheese\\ngoroutine 1\\n'); process.exit(3); }
    if (input === 'be killed') process.kill(process.pid, 'SIGKILL');
    if (input === 'be noisy') for (let i = 0; i < 20000; i++) require('node:fs').writeSync(2, 'a line of sixty-four bytes or so, to fill whatever pipe there is\\n');
    if (input !== 'be silent') send({ id: request.id, result: { pid: process.pid } });
    if (input === 'answer and die') process.stdout.write('', () => process.exit(1));
  `);

const pidOf = async (client) => (await client.responses.create({ input: 'who?' })).pid;

function isGone(pid) {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
}

describe('a server that dies', () => {
  test('fails pending calls, and the next call starts a new one', async () => {
    const client = new OpenAI({ binary: moody() });
    const first = await pidOf(client);
    const waiting = client.responses.create({ input: 'be silent' });
    const dying = client.responses.create({ input: 'die' });
    for (const call of [waiting, dying]) {
      await assert.rejects(call, (error) => {
        assert.ok(error instanceof ServerExitedError && error instanceof APIConnectionError);
        assert.equal(error.message, 'codex-rpc exited with status 3: panic: out of cheese');
        assert.equal(error.exitCode, 3);
        assert.match(error.stderr, /some log\npanic.*\ngoroutine 1\n$/);
        return true;
      });
    }
    assert.notEqual(await pidOf(client), first);
    await client.close();
  });

  test('from a signal reports the signal', async () => {
    const client = new OpenAI({ binary: moody() });
    await assert.rejects(client.responses.create({ input: 'be killed' }), { message: 'codex-rpc was ended by SIGKILL', signal: 'SIGKILL' });
    await client.close();
  });

  test('after its response has still responded', async () => {
    const client = new OpenAI({ binary: moody() });
    assert.equal(typeof (await client.responses.create({ input: 'answer and die' })).pid, 'number');
    await client.close();
  });

  test('from an invalid command line reports the reason', async () => {
    const client = new OpenAI({ mock: 'no-such-directive=1' });
    await assert.rejects(client.models.list(), /^Error: codex-rpc exited with status 2: --mock: .*unknown directive/);
    await client.close();
  });
});

test('a large log blocks nothing, and is available line by line', async () => {
  const lines = [];
  const client = new OpenAI({ binary: moody(), logger: (line) => lines.push(line) });
  assert.equal(typeof (await client.responses.create({ input: 'be noisy' })).pid, 'number');
  await client.close();
  assert.ok(lines.length > 19000);
  assert.deepEqual(new Set(lines), new Set(['a line of sixty-four bytes or so, to fill whatever pipe there is']));
});

test('a server that closes its log costs a call nothing', async () => {
  const warnings = [];
  const warn = (warning) => warnings.push(warning.message);
  process.on('warning', warn);
  // A file in place of the log, as of a shell script that ends in exec codex-rpc 2>log.
  const binary = fakeServer('send({ id: request.id, result: request })', "require('node:fs').closeSync(2);");
  const client = new OpenAI({ binary });
  for (let call = 0; call < 20; call++) await client.models.list();
  await client.close();
  process.off('warning', warn);
  assert.deepEqual(warnings, []);
});

test('a program that cannot be started fails the call', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'codex-rpc-bad-'));
  const binary = join(folder, 'codex-rpc');
  writeFileSync(binary, '#!/nowhere/interpreter\n', { mode: 0o755 });
  const client = new OpenAI({ binary });
  await assert.rejects(client.models.list(), /^Error: codex-rpc cannot be started: /);
  await client.close();
  rmSync(folder, { recursive: true });
});

test('a program without free file descriptors fails the call, not Node', async () => {
  const source = `import { closeSync, openSync } from 'node:fs';
    import OpenAI from ${JSON.stringify(new URL('../src/index.js', import.meta.url).href)};
    new OpenAI({ binary: ${JSON.stringify(echo())} });
    const files = [];
    try { for (;;) files.push(openSync('/dev/null')); } catch {}
    try { new OpenAI({ binary: ${JSON.stringify(echo())} }); } catch (error) { files.forEach(closeSync); console.log(error.message); }`;
  const shell = spawn('sh', ['-c', 'ulimit -n 64; exec "$0" --input-type=module -e "$1"', process.execPath, source], { stdio: ['ignore', 'pipe', 'inherit'] });
  assert.equal(await text(shell.stdout), 'codex-rpc cannot be started: too many open files\n');
});

describe('clients with the same options', () => {
  test('share a process until the last is closed', async () => {
    const binary = moody();
    const [one, two] = [new OpenAI({ binary }), new OpenAI({ binary })];
    const pid = await pidOf(one);
    assert.equal(await pidOf(two), pid);
    await one.close();
    assert.equal(await pidOf(two), pid);
    await two.close();
    assert.ok(isGone(pid));
  });

  test('do not share it if their options differ', async () => {
    const binary = moody();
    const clients = [{ binary }, { binary, model: 'm' }, { binary, codexHome: '/tmp' }, { binary, originator: 'o' }].map((options) => new OpenAI(options));
    const pids = await Promise.all(clients.map(pidOf));
    assert.equal(new Set(pids).size, 4);
    await Promise.all(clients.map((client) => client.close()));
  });
});

describe('closing', () => {
  for (const [how, prelude, deaf] of [
    ['by the end of its input', '', false],
    ['by a signal if it goes on', 'setInterval(() => {}, 1000);', true],
    ['by force if it goes on all the same', 'setInterval(() => {}, 1000); process.on("SIGTERM", () => {});', true],
  ]) {
    test(`ends the process ${how}`, async () => {
      const file = fakeServer('send({ id: request.id, result: process.pid });', prelude);
      const server = new Server({ file, args: [], env: process.env, options: {} }, deaf ? 50 : 60_000);
      const session = new Session(server);
      const pid = await session.call('pid');
      await session.close();
      assert.ok(isGone(pid));
    });
  }
});

describe('when Node exits', () => {
  // The server holds a connection to the test, which closes when it exits.
  async function outlived(program) {
    const watch = createServer();
    await once(watch.listen(0, '127.0.0.1'), 'listening');
    const connected = once(watch, 'connection');
    const binary = fakeServer(
      'send({ id: request.id, result: {} });',
      `require('node:net').connect(${watch.address().port}, '127.0.0.1').on('error', () => {}).unref();`,
    );
    const source = `import OpenAI from ${JSON.stringify(new URL('../src/index.js', import.meta.url).href)};
      const client = new OpenAI({ binary: ${JSON.stringify(binary)} });
      ${program}`;
    const node = spawn(process.execPath, ['--input-type=module', '-e', source], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [socket] = await connected;
    const gone = once(socket.resume(), 'close');
    if (program.includes('forever')) node.stdout.once('data', () => node.kill('SIGKILL'));
    const [code, signal] = await once(node, 'exit');
    await gone;
    watch.close();
    return { code, signal };
  }

  test('normally, which an idle client does not delay, the server exits', async () => {
    assert.deepEqual(await outlived('await client.models.retrieve("m");'), { code: 0, signal: null });
  });

  test('by process.exit(), the server exits', async () => {
    assert.deepEqual(await outlived('await client.models.retrieve("m"); process.exit(7);'), { code: 7, signal: null });
  });

  test('killed, the server exits', async () => {
    const program = 'await client.models.retrieve("m"); process.stdout.write("ready"); setInterval(() => {}, 1e6); // forever';
    assert.deepEqual(await outlived(program), { code: null, signal: 'SIGKILL' });
  });
});

test('a pending call keeps Node running', async () => {
  const binary = fakeServer('setTimeout(() => send({ id: request.id, result: { ok: true } }), 50);');
  const source = `import OpenAI from ${JSON.stringify(new URL('../src/index.js', import.meta.url).href)};
    const client = new OpenAI({ binary: ${JSON.stringify(binary)} });
    client.models.retrieve('m').then((result) => console.log(JSON.stringify(result)));`;
  const node = spawn(process.execPath, ['--input-type=module', '-e', source], { stdio: ['ignore', 'pipe', 'inherit'] });
  assert.equal(await text(node.stdout), '{"ok":true}\n');
});

describe('the program', () => {
  const file = process.env.CODEX_RPC_BIN;

  test('is the named one', () => {
    assert.equal(findBinary(echo(), { CODEX_RPC_BIN: '/nowhere' }).endsWith('codex-rpc'), true);
    assert.throws(() => findBinary('/nowhere/codex-rpc', {}), ServerNotFoundError);
  });

  test('else that of CODEX_RPC_BIN', () => {
    assert.equal(findBinary(undefined, { CODEX_RPC_BIN: file }), file);
    assert.throws(() => findBinary(undefined, { CODEX_RPC_BIN: tmpdir() }), /^Error: .* \(CODEX_RPC_BIN\) is not an executable file$/);
  });

  test('else one on the PATH', () => {
    const binary = echo();
    assert.equal(findBinary(undefined, { PATH: `/nowhere:${binary.slice(0, -'/codex-rpc'.length)}` }), binary);
  });

  test('else an error that describes how to install it', () => {
    assert.throws(() => findBinary(undefined, { PATH: '' }), /codex-rpc was not found: .*npm install codex-rpc.*CODEX_RPC_BIN/);
  });
});
