export type Sink = {
    event: (json: string) => void;
    result: (json: string) => void;
    fail: (error: Error) => void;
};
/**
 * The client's end of a connection, without the pipe: frames out through a
 * function, frames in through {@link Connection.receive}, and the table of the
 * calls in between.
 */
export declare class Connection {
    #private;
    /** Whether the server has said that it is about to end. */
    stopping: boolean;
    /**
     * @param {(frame: string) => void} write takes one line, its end included
     * @param {number} [maxLine] the longest line that can be read: the longest string there is
     * @param {(method: string, params: any) => void} [notice] takes the notifications that belong to no call
     */
    constructor(write: (frame: string) => void, maxLine?: number, notice?: (method: string, params: any) => void);
    /** How many calls await their answer. */
    get pending(): number;
    /**
     * Sends a request whose answer goes to sink, and returns its id.
     *
     * @param {string} method
     * @param {object} params
     * @param {Sink} sink
     */
    request(method: string, params: object, sink: Sink): number;
    /**
     * Sends a request of the client itself, which does not count as a call.
     *
     * @param {string} method
     * @param {object} params
     * @param {Sink} sink
     */
    aside(method: string, params: object, sink: Sink): void;
    /**
     * Gives a call up. Its sink hears nothing more.
     *
     * @param {number} id
     */
    cancel(id: number): void;
    /**
     * Has a call end with what there is of it.
     *
     * @param {number} id
     */
    interrupt(id: number): void;
    /**
     * Fails all calls: nothing more will be received.
     *
     * @param {Error} error
     */
    fail(error: Error): void;
    /**
     * Takes the next piece of the server's output, cut anywhere. The server writes
     * ASCII alone, so it may be decoded as Latin-1, which no cut can spoil.
     *
     * @param {string} text
     */
    receive(text: string): void;
}
/**
 * Whether a server refuses a call because it is about to end.
 *
 * @param {{data?: {type?: string}, message?: string}} error
 */
export declare function isShuttingDown({ data, message }: {
    data?: {
        type?: string;
    };
    message?: string;
}): boolean;
