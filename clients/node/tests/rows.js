// Records the outcomes of the tests of faults for the tables of the evidence:
// clients_test.go reads the file and makes each row a Go test.
import { appendFileSync } from 'node:fs';
import { test } from 'node:test';

/** A test that returns the outcome of a fault. */
export function fault(what, run) {
  test(what, async (t) => {
    const came = await run(t);
    const file = process.env.CODEX_RPC_TEST_TABLE;
    if (file) appendFileSync(file, `${JSON.stringify({ tried: what, came })}\n`);
  });
}
