// The account's limits, and several accounts in one program.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import OpenAI from '../src/index.js';

describe('limits', () => {
  test('are available without a request, and reported when they change', async () => {
    const received = [];
    const client = new OpenAI({ mock: true, onLimits: (limits) => received.push(limits) });
    assert.equal((await client.codex.usage({ cached: true })).seen_at, null);
    await client.responses.create({ input: 'x' });
    await client.responses.create({ input: 'x' });
    assert.deepEqual(
      received.map((limits) => limits.rate_limit.primary_window.used_percent),
      [12],
    );
    assert.equal((await client.codex.usage({ cached: true })).seen_at >= received[0].seen_at, true);
    await client.responses.create({ model: 'mock:used=80', input: 'x' });
    assert.equal(received.at(-1).rate_limit.primary_window.used_percent, 80);
    await client.close();
  });

  test('are reported to each client with a listener, and to no other', async () => {
    const received = [[], []];
    const clients = received.map((list) => new OpenAI({ mock: true, model: 'gpt-5.5', onLimits: (limits) => list.push(limits) }));
    const quiet = new OpenAI({ mock: true, model: 'gpt-5.5' });
    await quiet.responses.create({ input: 'x' });
    assert.deepEqual(received, [[], []]);
    await clients[0].responses.create({ input: 'x' });
    assert.deepEqual(received.map((list) => list.length), [1, 1]);
    await clients[0].close();
    await clients[1].responses.create({ model: 'mock:used=50', input: 'x' });
    assert.deepEqual(received.map((list) => list.length), [1, 2]);
    await Promise.all([clients[1].close(), quiet.close()]);
  });

  test('are reported only to functions', () => {
    assert.throws(() => new OpenAI({ mock: true, onLimits: 'x' }), /onLimits must be a function/);
  });
});

test('two accounts in one program', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'codex-rpc-homes-'));
  const clients = ['work', 'private'].map((name) => {
    const home = join(folder, name);
    mkdirSync(home);
    writeFileSync(join(home, 'auth.json'), JSON.stringify({ tokens: { access_token: `access-${name}`, account_id: `acct-${name}` } }));
    return new OpenAI({ home });
  });
  const accounts = await Promise.all(clients.map((client) => client.accountInfo()));
  assert.deepEqual(
    accounts.map((account) => account.account_id),
    ['acct-work', 'acct-private'],
  );
  await Promise.all(clients.map((client) => client.close()));
  rmSync(folder, { recursive: true });
});
