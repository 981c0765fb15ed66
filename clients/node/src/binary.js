import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import module from 'node:module'; // not a named import, which webpack would take for its own require
import { delimiter, dirname, join } from 'node:path';
import { ServerNotFoundError } from './errors.js';

const NAME = process.platform === 'win32' ? 'codex-rpc.exe' : 'codex-rpc';

/**
 * Returns the path of the codex-rpc binary: the given one, $CODEX_RPC_BIN, the one
 * installed with this package for this platform, or one on PATH.
 *
 * @param {string | undefined} named
 * @param {NodeJS.ProcessEnv} env
 * @returns {string}
 */
export function findBinary(named, env) {
  const given = named ?? env.CODEX_RPC_BIN;
  if (given) {
    if (isProgram(given)) return given;
    throw new ServerNotFoundError(`${given} (${named ? 'the option binary' : 'CODEX_RPC_BIN'}) is not an executable file`);
  }
  const bundled = installed();
  if (bundled !== undefined) return bundled;
  const onPath = (env.PATH ?? '').split(delimiter).filter(Boolean).map((folder) => join(folder, NAME));
  // Skip the command of this package, which npm scripts have on their PATH.
  for (const file of onPath) if (isProgram(file) && !realpathSync(file).endsWith('.js')) return file;
  throw new ServerNotFoundError(
    `codex-rpc was not found: the package codex-rpc-${process.platform}-${process.arch} is not installed and there is no codex-rpc on PATH; ` +
      'install it (npm install codex-rpc, without --omit=optional), or set CODEX_RPC_BIN or the option binary to its path',
  );
}

/**
 * Returns the path of the binary in the package for this platform, if installed. In
 * a bundle, this module has no URL or one in another directory: then the package is
 * resolved from the main script and the working directory. Not all installers let a
 * project resolve indirect dependencies, so it is also resolved from this package.
 */
export function installed() {
  const program = `codex-rpc-${process.platform}-${process.arch}/bin/${NAME}`;
  const main = process.argv[1];
  for (const from of [import.meta.url, main && join(dirname(main), 'x'), join(process.cwd(), 'x')]) {
    const found = resolveFrom(from, program) ?? resolveFrom(resolveFrom(from, 'codex-rpc/package.json'), program);
    if (found !== undefined && isProgram(found)) return found;
  }
  return undefined;
}

/**
 * @param {string | undefined} from the path or URL of a module, if there is one
 * @param {string} name
 */
function resolveFrom(from, name) {
  try {
    return from === undefined ? undefined : module.createRequire(from).resolve(name);
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
