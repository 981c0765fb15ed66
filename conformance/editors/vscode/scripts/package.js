// Packs the extension, as a .vsix for each platform that carries the codex-rpc
// program:
//
//     npm ci && node scripts/package.js OUT [PLATFORM-ARCH …]
//
// The programs are cross-compiled by go. Without platforms it is all of them.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

// The names that VS Code has for a platform, and those that Go has.
const targets = {
  'linux-x64': ['linux', 'amd64'],
  'linux-arm64': ['linux', 'arm64'],
  'alpine-x64': ['linux', 'amd64'],
  'alpine-arm64': ['linux', 'arm64'],
  'darwin-x64': ['darwin', 'amd64'],
  'darwin-arm64': ['darwin', 'arm64'],
  'win32-x64': ['windows', 'amd64'],
  'win32-arm64': ['windows', 'arm64'],
};

const here = fileURLToPath(new URL('..', import.meta.url));
const root = resolve(here, '../../..');
const vsce = join(here, 'node_modules/@vscode/vsce/vsce');

const [out, ...wanted] = process.argv.slice(2);
const unknown = wanted.filter((target) => !(target in targets));
if (out === undefined || unknown.length > 0) {
  console.error(`usage: node scripts/package.js OUT [PLATFORM-ARCH …]; the platforms are ${Object.keys(targets).join(', ')}`);
  process.exit(2);
}
mkdirSync(out, { recursive: true });
for (const target of wanted.length > 0 ? wanted : Object.keys(targets)) pack(target);

/** @param {string} target */
function pack(target) {
  const [goos, goarch] = targets[target];
  const folder = mkdtempSync(join(tmpdir(), 'codex-rpc-vsix-'));
  try {
    for (const name of ['package.json', 'README.md', 'src']) cpSync(join(here, name), join(folder, name), { recursive: true });
    cpSync(join(root, 'LICENSE'), join(folder, 'LICENSE'));
    const program = join(folder, 'bin', goos === 'windows' ? 'codex-rpc.exe' : 'codex-rpc');
    const env = { ...process.env, CGO_ENABLED: '0', GOOS: goos, GOARCH: goarch };
    execFileSync('go', ['build', '-trimpath', '-ldflags=-s -w', '-o', program, './cmd/codex-rpc'], { cwd: root, env, stdio: 'inherit' });
    const file = join(resolve(out), `codex-rpc-${target}.vsix`);
    execFileSync(process.execPath, [vsce, 'package', '--target', target, '--no-dependencies', '--skip-license', '--out', file], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    console.log(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
