import { execFileSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

// esbuild rather than rollup: a single program without dependencies, which npx
// downloads when needed.
const ESBUILD = '--package=esbuild@0.28.2';

/**
 * Writes the modules of `src` for publication: the modules of an entry are in one
 * file and those that entries share in another, since Node takes almost a
 * millisecond to load each module. For `require` there is one file.
 *
 * @param {string} out folder for the entries, with their names in src
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
