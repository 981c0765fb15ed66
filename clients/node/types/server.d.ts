import { Limits } from './limits.js';
import { Log } from './log.js';
import { ServerProcess } from './process.js';
export type Command = {
    file: string;
    args: string[];
    env: NodeJS.ProcessEnv;
    /**
     * of its session, as `initialize` takes them
     */
    options: object;
};
/**
 * How codex-rpc is started.
 *
 * @typedef {object} Command
 * @property {string} file
 * @property {string[]} args
 * @property {NodeJS.ProcessEnv} env
 * @property {object} options of its session, as `initialize` takes them
 */
/**
 * A codex-rpc that may be called at any time: one that died is followed by
 * another at the next call.
 */
export declare class Server {
    #private;
    /** What those who share it have for its log. */
    log: Log;
    limits: Limits;
    /**
     * Starts at once, so that it is ready by the first call.
     *
     * @param {Command} command
     * @param {number} [grace] how long close() waits before each harder way, in ms
     */
    constructor(command: Command, grace?: number);
    /**
     * Returns the server that is started so, a new one if there is none. Each that
     * shares it calls close().
     *
     * @param {Command} command
     */
    static share(command: Command): Server;
    /** Returns the process that runs. */
    running(): ServerProcess;
    /** Ends the process when the last who shares it has called this. */
    close(): Promise<void>;
}
