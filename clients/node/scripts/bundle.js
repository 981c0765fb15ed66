import { execFileSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

// esbuild and not rollup: one program without dependencies, which is fetched
// when it is needed.
const ESBUILD = '--package=esbuild@0.28.2';

/**
 * Writes the modules of `src` as they are published: what an entry needs is in
 * one file and what two entries share in another, since Node takes most of a
 * millisecond to find and load each module. For `require` there is one file.
 *
 * @param {string} out folder that gets the entries, under the names they have in src
 */
export function bundle(out) {
  esbuild(out, ['index.js', 'format.js', 'fetch.js', 'command.js'], ['--splitting', '--format=esm']);
  esbuild(out, ['index.cjs'], ['--format=cjs', '--define:import.meta.url=__filename', '--out-extension:.js=.cjs']);
  for (const name of ['format.cjs', 'fetch.cjs']) cpSync(source(name), join(out, name));
}

/**
 * @param {string} out
 * @param {string[]} entries
 * @param {string[]} options
 */
function esbuild(out, entries, options) {
  const common = ['--bundle', '--platform=node', '--target=node20', '--log-level=warning', `--outdir=${out}`];
  execFileSync('npm', ['exec', '--yes', ESBUILD, '--', 'esbuild', ...entries.map(source), ...common, ...options], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}

/** @param {string} name */
function source(name) {
  return fileURLToPath(new URL(`../src/${name}`, import.meta.url));
}
