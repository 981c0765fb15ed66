import { Flow } from './flow.js';
/**
 * One run of codex-rpc and the connection to it. It keeps Node running only
 * while a call is under way. When Node goes, by whatever way, the pipe to the
 * server is closed with it and the server ends itself.
 */
export declare class ServerProcess {
    #private;
    flow: Flow;
    /** Whether it takes calls. */
    alive: boolean;
    /**
     * @param {import('./server.js').Command} command
     * @param {((line: string) => void) | undefined} log takes the lines of its log
     */
    constructor({ file, args, env }: import('./server.js').Command, log: ((line: string) => void) | undefined);
    /**
     * Sends a request; returns what gives it up.
     *
     * @param {string} method
     * @param {object} params
     * @param {import('./connection.js').Sink} sink
     * @returns {() => void}
     */
    request(method: string, params: object, sink: import('./connection.js').Sink): () => void;
    /**
     * Ends the process: its input, and if that does not do, by force. Resolves
     * when it is gone.
     *
     * @param {number} grace how long to wait before each harder way, in ms
     */
    close(grace: number): Promise<void>;
}
