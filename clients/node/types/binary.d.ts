/**
 * Finds the codex-rpc program: the one named, else $CODEX_RPC_BIN, else the one
 * that was installed with this package for this platform, else one on the PATH.
 *
 * @param {string | undefined} named
 * @param {NodeJS.ProcessEnv} env
 * @returns {string}
 */
export declare function findBinary(named: string | undefined, env: NodeJS.ProcessEnv): string;
/**
 * Returns where the package for this platform has the program, if it is installed. This
 * module may stand in a bundle, which has no URL of its own or that of another
 * folder: then it is looked for from where the program and the process are. Not
 * every installer lets a project see its packages' packages, so it is also
 * looked for from this one.
 */
export declare function installed(): string | undefined;
