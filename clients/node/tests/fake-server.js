// Fake codex-rpc programs, for tests with a misbehaving server and of what the
// client sends.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';

/**
 * Writes a program that runs the body for each request, and returns its path.
 * The body has the request in `request`, and may call `send(frame)`.
 */
export function fakeServer(body, prelude = '') {
  const folder = mkdtempSync(join(tmpdir(), 'codex-rpc-fake-'));
  after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'codex-rpc');
  const program = `#!${process.execPath}
const send = (frame) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', ...frame }) + '\\n');
${prelude}
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const request = JSON.parse(line);
  ${body}
});
`;
  writeFileSync(file, program, { mode: 0o755 });
  return file;
}

/** A server that returns each request as its result. */
export const echo = () => fakeServer('if ("id" in request) send({ id: request.id, result: request });');
