// Packs the published packages: this one, and for each platform one that contains
// the codex-rpc program, which npm selects by os and cpu. Nothing else is
// downloaded during installation.
//
//     node scripts/package.js OUT [PLATFORM-ARCH …]
//
// It writes the .tgz files to OUT and their names to stdout. Go cross-compiles the
// programs; the default is all platforms.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.js';

// The names of platforms in Node and in Go.
const targets = {
  'linux-x64': ['linux', 'amd64'],
  'linux-arm64': ['linux', 'arm64'],
  'darwin-x64': ['darwin', 'amd64'],
  'darwin-arm64': ['darwin', 'arm64'],
  'win32-x64': ['windows', 'amd64'],
  'win32-arm64': ['windows', 'arm64'],
};

const here = fileURLToPath(new URL('..', import.meta.url));
const root = join(here, '..', '..');
const manifest = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'));

const [out, ...wanted] = process.argv.slice(2);
const unknown = wanted.filter((target) => !(target in targets));
if (out === undefined || unknown.length > 0) {
  console.error(`usage: node scripts/package.js OUT [PLATFORM-ARCH …]; the platforms are ${Object.keys(targets).join(', ')}`);
  process.exit(2);
}

const stage = mkdtempSync(join(tmpdir(), 'codex-rpc-package-'));
try {
  mkdirSync(out, { recursive: true });
  for (const target of wanted.length > 0 ? wanted : Object.keys(targets)) packProgram(target);
  packClient();
} finally {
  rmSync(stage, { recursive: true });
}

/** @param {string} target */
function packProgram(target) {
  const [goos, goarch] = targets[target];
  const [os, cpu] = target.split('-');
  const folder = join(stage, target);
  const program = join('bin', goos === 'windows' ? 'codex-rpc.exe' : 'codex-rpc');
  const flags = ['-trimpath', '-ldflags=-s -w'];
  execFileSync('go', ['build', ...flags, '-o', join(folder, program), './cmd/codex-rpc'], {
    cwd: root,
    env: { ...process.env, CGO_ENABLED: '0', GOOS: goos, GOARCH: goarch },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const { version, license, repository, engines } = manifest;
  pack(folder, {
    name: `codex-rpc-${target}`,
    version,
    description: `The codex-rpc program for ${os} on ${cpu}; installed by codex-rpc`,
    license,
    repository,
    engines,
    os: [os],
    cpu: [cpu],
    files: ['bin'],
    preferUnplugged: true,
  });
}

function packClient() {
  const folder = join(stage, 'client');
  for (const name of ['types', 'README.md']) cpSync(join(here, name), join(folder, name), { recursive: true });
  bundle(join(folder, 'src'));
  const { scripts, devDependencies, ...published } = manifest;
  const programs = Object.keys(targets).map((target) => [`codex-rpc-${target}`, manifest.version]);
  pack(folder, { ...published, optionalDependencies: Object.fromEntries(programs) });
}

/**
 * @param {string} folder
 * @param {object} content of its package.json
 */
function pack(folder, content) {
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(content, null, 2)}\n`);
  cpSync(join(root, 'LICENSE'), join(folder, 'LICENSE'));
  const name = execFileSync('npm', ['pack', '--silent', '--pack-destination', resolve(out)], { cwd: folder, encoding: 'utf8' });
  console.log(join(out, name.trim()));
}
