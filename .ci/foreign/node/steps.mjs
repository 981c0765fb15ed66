// What the programs of this folder have in common: the backend that is embedded in
// codex-rpc, and the steps that they take, which they tell of in the end.
import { appendFileSync, readFileSync } from 'node:fs';
import { createFetch } from 'codex-rpc/fetch';

const fetches = [];

/** A fetch to an embedded backend, whose answers to a model's calls the directives change. */
export function backend(directives) {
  const fetch = createFetch({ mock: directives ? `${directives},path=/responses` : true, maxRetries: 0 });
  fetches.push(fetch);
  return fetch;
}

/** Takes the steps of a package, each with a time limit, and tells of them. */
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
  process.exit(0); // whatever a framework keeps running
}

function runtime() {
  const { bun, deno, node } = process.versions;
  return bun ? `Bun ${bun}` : deno ? `Deno ${deno}` : `Node ${node}`;
}
