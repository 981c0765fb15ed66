/**
 * The queue of a call's events, between the connection and the reader: a sink on
 * one side, an async iterator on the other. Events are decoded when they are read.
 *
 * @implements {AsyncIterableIterator<any, undefined>}
 */
export declare class EventQueue implements AsyncIterableIterator<any, undefined> {
    #private;
    /**
     * @param {import('./flow.js').Flow} flow
     * @param {{ cancel: () => void, interrupt: () => void }} upstream cancels or interrupts the call at the server
     * @param {() => void} onEnd called once, when the call has ended
     */
    constructor(flow: import('./flow.js').Flow, upstream: {
        cancel: () => void;
        interrupt: () => void;
    }, onEnd: () => void);
    /** Whether the call has ended. */
    get ended(): boolean;
    /** Whether there is a waiter. */
    get awaited(): boolean;
    /** @param {string} json */
    event(json: string): void;
    /** @param {string} json */
    result(json: string): void;
    /** Calls back with the result of the call, if there is one. @param {(json: string) => void} callback */
    onResult(callback: (json: string) => void): void;
    /** @param {Error} error */
    fail(error: Error): void;
    /** Fails the call, and cancels it at the server. @param {Error} error */
    giveUp(error: Error): void;
    /** Interrupts the call. */
    interrupt(): void;
    /** Waits for the first event or the response. Throws an error without preceding events. */
    opened(): Promise<void>;
    /**
     * Returns the next event. After the last one, throws the error of the call, if any.
     *
     * @returns {Promise<IteratorResult<any, undefined>>}
     */
    next(): Promise<IteratorResult<any, undefined>>;
    /**
     * Returns the JSON of the unread events, waiting for the first: at least one, and
     * at most size characters if there are more. After the last one, returns none, or
     * throws the error of the call.
     *
     * @param {number} size
     * @returns {Promise<string[]>}
     */
    texts(size: number): Promise<string[]>;
    /**
     * Ends the iteration, and the call unless it has ended.
     *
     * @returns {Promise<IteratorResult<any, undefined>>}
     */
    return(): Promise<IteratorResult<any, undefined>>;
    [Symbol.asyncIterator](): this;
    /** Waits for the result of the call, and returns its JSON. */
    final(): Promise<string>;
    /**
     * Aborts the call: unread events are dropped, and the iteration ends without an
     * error, unlike after any other failure.
     */
    abort(): void;
}
