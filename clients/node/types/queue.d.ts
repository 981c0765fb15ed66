/**
 * The events of one call, between the connection that brings them and the loop
 * that takes them: a sink on one side, an async iterator on the other. An event
 * stays text until it is taken.
 *
 * @implements {AsyncIterableIterator<any, undefined>}
 */
export declare class EventQueue implements AsyncIterableIterator<any, undefined> {
    #private;
    /**
     * @param {import('./flow.js').Flow} flow
     * @param {{ cancel: () => void, interrupt: () => void }} upstream gives the call up there, or has it end
     * @param {() => void} onEnd called once, when the call is over
     */
    constructor(flow: import('./flow.js').Flow, upstream: {
        cancel: () => void;
        interrupt: () => void;
    }, onEnd: () => void);
    /** Whether the call is over. */
    get ended(): boolean;
    /** Whether somebody waits for what comes next. */
    get awaited(): boolean;
    /** @param {string} json */
    event(json: string): void;
    /** @param {string} json */
    result(json: string): void;
    /** Calls back with the call's result, should there be one. @param {(json: string) => void} callback */
    onResult(callback: (json: string) => void): void;
    /** @param {Error} error */
    fail(error: Error): void;
    /** Fails the call, and cancels it upstream. @param {Error} error */
    giveUp(error: Error): void;
    /** Has the call end with what there is of it. */
    interrupt(): void;
    /** Waits for the first event, or the answer; throws if that is an error and all there is. */
    opened(): Promise<void>;
    /**
     * Returns the next event; after the last one throws the call's error, if it has one.
     *
     * @returns {Promise<IteratorResult<any, undefined>>}
     */
    next(): Promise<IteratorResult<any, undefined>>;
    /**
     * Returns the JSON of the events that are there, of so many characters at most
     * if they are more than one; waits for one if there are none. After the last
     * one returns none, or throws the call's error.
     *
     * @param {number} size
     * @returns {Promise<string[]>}
     */
    texts(size: number): Promise<string[]>;
    /**
     * Ends the iteration and, if that has not ended, the call.
     *
     * @returns {Promise<IteratorResult<any, undefined>>}
     */
    return(): Promise<IteratorResult<any, undefined>>;
    [Symbol.asyncIterator](): this;
    /** Waits for the call's result, and returns its JSON. */
    final(): Promise<string>;
    /**
     * Cancels the call because its caller wants no more of it: what is held is
     * dropped, and the iteration is at its end. No other failure ends it so.
     */
    abort(): void;
}
