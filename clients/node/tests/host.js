// The real codex-rpc, started by a program that records its process id.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { findBinary } from '../src/binary.js';

/** Returns the path of such a program, and a function that returns the recorded process ids. */
export function host() {
  const folder = mkdtempSync(join(tmpdir(), 'codex-rpc-host-'));
  after(() => rmSync(folder, { recursive: true }));
  const binary = join(folder, 'codex-rpc');
  const pids = join(folder, 'pids');
  writeFileSync(pids, '');
  writeFileSync(binary, `#!/bin/sh\necho $$ >>'${pids}'\nexec '${findBinary(undefined, process.env)}' "$@"\n`, { mode: 0o755 });
  return { binary, pids: () => readFileSync(pids, 'utf8').split('\n').filter(Boolean).map(Number) };
}

export function isGone(pid) {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
}

/** Waits until a condition is true. */
export async function until(holds, what = 'it is so', ms = 10_000) {
  for (const start = performance.now(); !(await holds()); await sleep(10)) {
    if (performance.now() - start > ms) throw new Error(`not in ${ms} ms: ${what}`);
  }
}
