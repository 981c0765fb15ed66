// Checks the JavaScript and its declarations with tsc --strict:
//
//     node scripts/check.js [--write]
//
// The files in types/, save api.d.ts, declared.d.ts, vocabulary.d.ts and those for require, are what tsc makes of the JSDoc in src/;
// --write writes them. TypeScript is installed into a folder that is removed.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('..', import.meta.url));
const project = mkdtempSync(join(tmpdir(), 'codex-rpc-types-'));
const byHand = new Set(['api.d.ts', 'declared.d.ts', 'vocabulary.d.ts', 'index.d.cts', 'format.d.cts', 'fetch.d.cts']);

try {
  for (const part of ['src', 'types', 'tests', 'package.json', 'tsconfig.json']) {
    cpSync(join(here, part), join(project, part), { recursive: true });
  }
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: project, stdio: 'inherit' });
  const tsc = (...args) => {
    const bin = join(project, 'node_modules', 'typescript', 'bin', 'tsc');
    try {
      execFileSync(process.execPath, [bin, ...args], { cwd: project, stdio: 'inherit' });
    } catch {
      process.exitCode = 1;
    }
  };
  tsc('-p', 'tsconfig.json');
  tsc('-p', 'tests/tsconfig.json');

  const written = new Set(readdirSync(join(project, 'types')));
  for (const name of new Set([...written, ...readdirSync(join(here, 'types'))])) {
    const [want, got] = [project, here].map((root) => read(join(root, 'types', name)));
    const made = read(join(project, 'src', name.replace(/\.d\.ts$/, '.js'))) !== undefined || byHand.has(name);
    if (made && want === got) continue;
    if (process.argv.includes('--write')) {
      if (made) writeFileSync(join(here, 'types', name), want);
      else rmSync(join(here, 'types', name));
    } else {
      console.error(`types/${name} is not what tsc makes of src/: run node scripts/check.js --write`);
      process.exitCode = 1;
    }
  }
} finally {
  rmSync(project, { recursive: true });
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
