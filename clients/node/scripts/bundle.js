import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

// esbuild and not rollup: one program without dependencies, which is fetched
// when it is needed.
const ESBUILD = '--package=esbuild@0.28.2';

/**
 * Writes the modules of `src` as they are published: what an entry needs is in
 * one file and what two entries share in another, since Node takes most of a
 * millisecond to find and load each module.
 *
 * @param {string} out folder that gets the entries, under the names they have in src
 */
export function bundle(out) {
  const entries = ['index.js', 'format.js'].map((name) => fileURLToPath(new URL(`../src/${name}`, import.meta.url)));
  const options = ['--bundle', '--splitting', '--platform=node', '--format=esm', '--target=node20', '--log-level=warning'];
  execFileSync('npm', ['exec', '--yes', ESBUILD, '--', 'esbuild', ...entries, ...options, `--outdir=${out}`], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}
