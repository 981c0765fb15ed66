// Shared by the programs of this folder: the embedded backend of codex-rpc, and
// the steps, whose outcomes they report at the end.
import { appendFileSync, readFileSync } from 'node:fs';
import { createFetch } from 'codex-rpc/fetch';

const fetches = [];

/** A fetch to an embedded backend, with directives that change the answers to calls of a model. */
export function backend(directives) {
  const fetch = createFetch({ mock: directives ? `${directives},path=/responses` : true, maxRetries: 0 });
  fetches.push(fetch);
  return fetch;
}

/** Runs the steps of a package, each with a time limit, and reports the outcomes. */
export async function take(name, steps) {
  const { version } = JSON.parse(readFileSync(new URL(`node_modules/${name}/package.json`, import.meta.url), 'utf8'));
  const client = `${name} ${version}`;
  for (const [what, step] of Object.entries(steps)) {
    let timer;
    const late = new Promise((_, reject) => (timer = setTimeout(reject, 30_000, new Error('takes too long'))));
    try {
      await Promise.race([step(), late]);
    } catch (error) {
      console.error(`${client}: ${what}:`, error);
      process.exit(1);
    }
    clearTimeout(timer);
  }
  await Promise.all(fetches.map((fetch) => fetch.close()));
  const row = { client, runtime: runtime(), steps: Object.keys(steps).join(', ') };
  if (process.env.CODEX_RPC_TEST_TABLE) appendFileSync(process.env.CODEX_RPC_TEST_TABLE, `${JSON.stringify(row)}\n`);
  process.exit(0); // even if a framework keeps something running
}

function runtime() {
  const { bun, deno, node } = process.versions;
  return bun ? `Bun ${bun}` : deno ? `Deno ${deno}` : `Node ${node}`;
}
