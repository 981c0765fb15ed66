import { Limits } from './limits.js';
import { Log } from './log.js';
import { ServerProcess } from './process.js';
export type Command = {
    file: string;
    args: string[];
    env: {
        [name: string]: string | undefined;
    };
    /**
     * the options of `initialize`
     */
    options: object;
};
/**
 * The command that starts codex-rpc.
 *
 * @typedef {object} Command
 * @property {string} file
 * @property {string[]} args
 * @property {{ [name: string]: string | undefined }} env
 * @property {object} options the options of `initialize`
 */
/**
 * A codex-rpc server, restarted by the next call after its process has ended.
 */
export declare class Server {
    #private;
    /** The loggers of its clients. */
    log: Log;
    limits: Limits;
    /**
     * Starts the process immediately, so that it is ready for the first call.
     *
     * @param {Command} command
     * @param {number} [grace] how long close() waits before each signal, in ms
     */
    constructor(command: Command, grace?: number);
    /**
     * Returns the server with this command, starting it if there is none. Each client
     * that shares it calls close().
     *
     * @param {Command} command
     */
    static share(command: Command): Server;
    /** Returns the running process. */
    running(): ServerProcess;
    /** Stops the process after the last client that shares it has called this. */
    close(): Promise<void>;
}
