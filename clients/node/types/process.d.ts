import { Flow } from './flow.js';
/**
 * One run of codex-rpc and the connection to it. It keeps Node running only
 * while a call is under way and its events are read. When Node goes, by whatever
 * way, the pipe to the server is closed with it and the server ends itself.
 */
export declare class ServerProcess {
    #private;
    flow: Flow;
    /** Resolves when the process is gone. @type {Promise<unknown>} */
    exited: Promise<unknown>;
    /** When it was last heard of, by performance.now(). */
    heard: number;
    /**
     * @param {import('./server.js').Command} command
     * @param {import('./log.js').Log} log
     * @param {import('./limits.js').Limits} limits
     */
    constructor({ file, args, env, options }: import('./server.js').Command, log: import('./log.js').Log, limits: import('./limits.js').Limits);
    /** Whether it takes calls. */
    get alive(): boolean;
    /**
     * Sends a request; returns what gives it up, and what interrupts it.
     *
     * @param {string} method
     * @param {object} params
     * @param {import('./connection.js').Sink} sink
     * @returns {{ cancel: () => void, interrupt: () => void }}
     */
    request(method: string, params: object, sink: import('./connection.js').Sink): {
        cancel: () => void;
        interrupt: () => void;
    };
    /**
     * Tells whether the server still answers. One that does not is given no more
     * calls, and is ended when those under way are over.
     *
     * @param {number} patience how long to wait for a word of it, in ms
     * @returns {Promise<boolean>}
     */
    answers(patience: number): Promise<boolean>;
    /**
     * Ends the process: its input, and if that does not do, by force. Resolves
     * when it is gone.
     *
     * @param {number} [grace] how long to wait before each harder way, in ms
     * @returns {Promise<unknown>}
     */
    close(grace?: number): Promise<unknown>;
}
