import { accessSync, constants, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { ServerNotFoundError } from './errors.js';

const NAME = process.platform === 'win32' ? 'codex-rpc.exe' : 'codex-rpc';

/**
 * Finds the codex-rpc program: the one named, else $CODEX_RPC_BIN, else the one
 * that was installed with this package for this platform, else one on the PATH.
 *
 * @param {string | undefined} named
 * @param {NodeJS.ProcessEnv} env
 * @returns {string}
 */
export function findBinary(named, env) {
  const given = named ?? env.CODEX_RPC_BIN;
  if (given) {
    if (isProgram(given)) return given;
    throw new ServerNotFoundError(`${given} (${named ? 'the option binary' : 'CODEX_RPC_BIN'}) is no program that can be run`);
  }
  const found = [installed(), ...(env.PATH ?? '').split(delimiter).filter(Boolean).map((folder) => join(folder, NAME))];
  for (const file of found) if (file !== undefined && isProgram(file)) return file;
  throw new ServerNotFoundError(
    `codex-rpc was not found: the package codex-rpc-${process.platform}-${process.arch} is not installed and there is none on the PATH; ` +
      'install it (npm install codex-rpc, without --omit=optional), or name the program by CODEX_RPC_BIN or the option binary',
  );
}

/** Where the package for this platform has the program, if it is installed. */
function installed() {
  try {
    return createRequire(import.meta.url).resolve(`codex-rpc-${process.platform}-${process.arch}/bin/${NAME}`);
  } catch {
    return undefined;
  }
}

/** @param {string} file */
function isProgram(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
