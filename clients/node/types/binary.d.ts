/**
 * Returns the path of the codex-rpc binary: the given one, $CODEX_RPC_BIN, the one
 * installed with this package for this platform, or one on PATH.
 *
 * @param {string | undefined} named
 * @param {NodeJS.ProcessEnv} env
 * @returns {string}
 */
export declare function findBinary(named: string | undefined, env: NodeJS.ProcessEnv): string;
/**
 * Returns the path of the binary in the package for this platform, if installed. In
 * a bundle, this module has no URL or one in another directory: then the package is
 * resolved from the main script and the working directory. Not all installers let a
 * project resolve indirect dependencies, so it is also resolved from this package.
 */
export declare function installed(): string | undefined;
