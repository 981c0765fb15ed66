#!/usr/bin/env node
// The command codex-rpc of this package: runs the binary of the package for this
// platform. Only that one: CODEX_RPC_BIN and PATH may refer to this command itself.
import { spawn } from 'node:child_process';
import { isatty } from 'node:tty';
import { installed } from './binary.js';

const program = installed();
const args = process.argv.slice(2);
if (program === undefined) {
  fail(`the package codex-rpc-${process.platform}-${process.arch} is not installed; npm install codex-rpc, without --omit=optional, installs it`);
} else if ('execve' in process && process.platform !== 'win32') {
  /** @type {any} */ (process).execve(program, [program, ...args]); // since Node 22.15
} else {
  run(program);
}

/**
 * Runs the binary as a child process, forwards signals to it and exits with its
 * status.
 *
 * @param {string} program
 */
function run(program) {
  const child = spawn(program, args, { stdio: 'inherit' });
  // A terminal sends signals to the child as well, and a second signal would end it
  // immediately.
  const terminal = [0, 1, 2].some(isatty);
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGHUP', 'SIGTERM'])) {
    process.on(signal, () => {
      if (!terminal || signal === 'SIGTERM') child.kill(signal);
    });
  }
  child.on('error', (error) => fail(error.message));
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

/** @param {string} reason */
function fail(reason) {
  console.error(`codex-rpc: ${reason}`);
  process.exitCode = 1;
}
