// Structured output with the real Zod, 4.2 or later. Not part of the test suite,
// since the package does not depend on Zod. Pass the folder of a project that has it:
//
//     npm install --prefix /tmp/zod zod && node tests/zod.js /tmp/zod
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

if (process.argv[2] === undefined) throw new Error('usage: node tests/zod.js FOLDER, a project in which zod is installed');
const here = fileURLToPath(new URL('..', import.meta.url));
const project = mkdtempSync(join(tmpdir(), 'codex-rpc-zod-'));
try {
  for (const part of ['src', 'types', 'package.json']) {
    cpSync(join(here, part), join(project, 'node_modules', 'codex-rpc', part), { recursive: true });
  }
  cpSync(resolve(process.argv[2], 'node_modules', 'zod'), join(project, 'node_modules', 'zod'), { recursive: true });
  cpSync(join(here, 'examples', 'structured-output-zod.js'), join(project, 'example.mjs'));
  const env = { ...process.env, MOCK: '1' };
  const stdout = execFileSync(process.execPath, ['example.mjs'], { cwd: project, env, encoding: 'utf8' });
  assert.match(stdout, /^\S.* is \d+\.\n$/);

  const program = `
    import assert from 'node:assert/strict';
    import OpenAI from 'codex-rpc';
    import { zodTextFormat } from 'codex-rpc/helpers/zod';
    import * as z from 'zod';
    const client = new OpenAI({ mock: true });
    const Plain = z.object({ name: z.string() });
    const { output_parsed } = await client.responses.parse({ input: 'x', text: { format: zodTextFormat(Plain, 'plain') } });
    assert.deepEqual(Object.keys(output_parsed), ['name']);
    const Long = z.object({ name: z.string() }).refine(() => false, 'never right');
    await assert.rejects(client.responses.parse({ input: 'x', text_format: Long }), /never right/);
    await client.close();
  `;
  execFileSync(process.execPath, ['--input-type=module', '-e', program], { cwd: project, env: process.env, stdio: 'inherit' });
} finally {
  rmSync(project, { recursive: true });
}
console.log('ok');
