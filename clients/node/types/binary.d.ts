/**
 * Finds the codex-rpc program: the one named, else $CODEX_RPC_BIN, else the one
 * that was installed with this package for this platform, else one on the PATH.
 *
 * @param {string | undefined} named
 * @param {NodeJS.ProcessEnv} env
 * @returns {string}
 */
export declare function findBinary(named: string | undefined, env: NodeJS.ProcessEnv): string;
