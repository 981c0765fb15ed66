import { ServerProcess } from './process.js';
export type Command = {
    file: string;
    args: string[];
    env: NodeJS.ProcessEnv;
};
/**
 * A codex-rpc that may be called at any time: one that died is followed by
 * another at the next call.
 */
export declare class Server {
    #private;
    /**
     * Starts at once, so that it is ready by the first call.
     *
     * @param {Command} command
     * @param {(line: string) => void} [log]
     * @param {number} [grace]
     */
    constructor(command: Command, log?: (line: string) => void, grace?: number);
    /**
     * Returns the server that is started so, a new one if there is none. One
     * whose log somebody wants is not shared. Each that shares it calls close().
     *
     * @param {Command} command
     * @param {(line: string) => void} [log]
     */
    static share(command: Command, log?: (line: string) => void): Server;
    /** Returns the process that runs. */
    running(): ServerProcess;
    /** Ends the process when the last who shares it has called this. */
    close(): Promise<void>;
}
