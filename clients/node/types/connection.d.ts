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
    /** @param {(frame: string) => void} write takes one line, its end included */
    constructor(write: (frame: string) => void);
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
     * Gives a call up. Its sink hears nothing more.
     *
     * @param {number} id
     */
    cancel(id: number): void;
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
