import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import module from 'node:module'; // not by name, which webpack takes for a require of its own
import { delimiter, dirname, join } from 'node:path';
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
    throw new ServerNotFoundError(`${given} (${named ? 'the option binary' : 'CODEX_RPC_BIN'}) is not a program that can be run`);
  }
  const bundled = installed();
  if (bundled !== undefined) return bundled;
  const onPath = (env.PATH ?? '').split(delimiter).filter(Boolean).map((folder) => join(folder, NAME));
  // The command of this package, which npm scripts have on their PATH, would not find it either.
  for (const file of onPath) if (isProgram(file) && !realpathSync(file).endsWith('.js')) return file;
  throw new ServerNotFoundError(
    `codex-rpc was not found: the package codex-rpc-${process.platform}-${process.arch} is not installed and there is none on the PATH; ` +
      'install it (npm install codex-rpc, without --omit=optional), or name the program by CODEX_RPC_BIN or the option binary',
  );
}

/**
 * Returns where the package for this platform has the program, if it is installed. This
 * module may stand in a bundle, which has no URL of its own or that of another
 * folder: then it is looked for from where the program and the process are. Not
 * every installer lets a project see its packages' packages, so it is also
 * looked for from this one.
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
