export type Sink = {
    event: (json: string) => void;
    result: (json: string) => void;
    fail: (error: Error) => void;
};
/** The name of a parameter `body`, beside others, that is already JSON on one line and is sent as it is. */
export declare const BODY: unique symbol;
/**
 * The client side of a connection, without I/O: it writes frames with a function,
 * receives them through {@link Connection.receive}, and keeps the pending calls.
 */
export declare class Connection {
    #private;
    /** Whether the server is shutting down. */
    stopping: boolean;
    /**
     * @param {(parts: (string | Uint8Array)[]) => void} write writes the parts of a line, including its newline
     * @param {number} [maxLine] the longest line that can be read; by default the longest string
     * @param {(method: string, params: any) => void} [notice] receives notifications that belong to no call
     * @param {number} [maxMessage] the server's limit of a message, in bytes
     */
    constructor(write: (parts: (string | Uint8Array)[]) => void, maxLine?: number, notice?: (method: string, params: any) => void, maxMessage?: number);
    /** The number of pending calls. */
    get pending(): number;
    /**
     * Sends a request whose response goes to sink, and returns its id.
     *
     * @param {string} method
     * @param {object} params
     * @param {Sink} sink
     */
    request(method: string, params: object, sink: Sink): number;
    /**
     * Sends a request of the client itself, which is not counted as a call.
     *
     * @param {string} method
     * @param {object} params
     * @param {Sink} sink
     */
    aside(method: string, params: object, sink: Sink): void;
    /**
     * Cancels a call. Its sink receives nothing more.
     *
     * @param {number} id
     */
    cancel(id: number): void;
    /**
     * Interrupts a call.
     *
     * @param {number} id
     */
    interrupt(id: number): void;
    /**
     * Fails all calls, since nothing more will be received.
     *
     * @param {Error} error
     */
    fail(error: Error): void;
    /**
     * Processes the next chunk of the server's output. The server writes only ASCII, so
     * chunks can be decoded as Latin-1.
     *
     * @param {string} text
     */
    receive(text: string): void;
}
/**
 * Reports whether a server refused a call because it is shutting down.
 *
 * @param {{data?: {type?: string}, message?: string}} error
 */
export declare function isShuttingDown({ data, message }: {
    data?: {
        type?: string;
    };
    message?: string;
}): boolean;
