/**
 * The events of one call, between the connection that brings them and the loop
 * that takes them: a sink on one side, an async iterator on the other. An event
 * stays text until it is taken.
 *
 * @implements {AsyncIterator<any, undefined>}
 */
export declare class EventQueue implements AsyncIterator<any, undefined> {
    #private;
    /**
     * @param {import('./flow.js').Flow} flow
     * @param {() => void} cancel gives the call up upstream
     * @param {() => void} onEnd called once, when the call is over
     */
    constructor(flow: import('./flow.js').Flow, cancel: () => void, onEnd: () => void);
    /** @param {string} json */
    event(json: string): void;
    /** @param {string} json */
    result(json: string): void;
    /** @param {Error} error */
    fail(error: Error): void;
    /** Waits for the first event, or the answer; throws if that is an error and all there is. */
    opened(): Promise<void>;
    /**
     * Returns the next event; after the last one throws the call's error, if it has one.
     *
     * @returns {Promise<IteratorResult<any, undefined>>}
     */
    next(): Promise<IteratorResult<any, undefined>>;
    /**
     * Ends the iteration and, if that has not ended, the call.
     *
     * @returns {Promise<IteratorResult<any, undefined>>}
     */
    return(): Promise<IteratorResult<any, undefined>>;
    /** Waits for the call's result, and returns its JSON. */
    final(): Promise<string>;
    /** Cancels the call. What is held is dropped, and the iteration is at its end. */
    abort(): void;
}
