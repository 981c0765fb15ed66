import { Flow } from './flow.js';
/**
 * A codex-rpc process and the connection to it. It keeps Node running only while a
 * call is pending and its events are read. When Node exits, for whatever reason, the
 * pipe to the server is closed and the server exits.
 */
export declare class ServerProcess {
    #private;
    flow: Flow;
    /** Resolves when the process has exited. @type {Promise<unknown>} */
    exited: Promise<unknown>;
    /** When something was last received, by performance.now(). */
    heard: number;
    /**
     * @param {import('./server.js').Command} command
     * @param {import('./log.js').Log} log
     * @param {import('./limits.js').Limits} limits
     */
    constructor({ file, args, env, options }: import('./server.js').Command, log: import('./log.js').Log, limits: import('./limits.js').Limits);
    /** Whether it accepts calls. */
    get alive(): boolean;
    /**
     * Sends a request, and returns functions that cancel and interrupt it.
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
     * Reports whether the server still responds. If it does not, it gets no more calls,
     * and is stopped when the pending ones have ended.
     *
     * @param {number} patience how long to wait for a response, in ms
     * @returns {Promise<boolean>}
     */
    answers(patience: number): Promise<boolean>;
    /**
     * Stops the process, by closing its input and then by signals. Resolves when it has
     * exited and its log is read.
     *
     * @param {number} [grace] how long to wait before each signal, in ms
     * @returns {Promise<unknown>}
     */
    close(grace?: number): Promise<unknown>;
}
