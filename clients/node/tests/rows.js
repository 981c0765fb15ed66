// What the tests of faults saw, row by row, for the tables of what is promised
// and what came: clients_test.go reads the file and turns each into a test of Go.
import { appendFileSync } from 'node:fs';
import { test } from 'node:test';

/** A test that returns what came of a fault. */
export function fault(what, run) {
  test(what, async (t) => {
    const came = await run(t);
    const file = process.env.CODEX_RPC_TEST_TABLE;
    if (file) appendFileSync(file, `${JSON.stringify({ tried: what, came })}\n`);
  });
}
