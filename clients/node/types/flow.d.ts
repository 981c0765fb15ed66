/**
 * Flow control: decides when the server's output is read, so that memory is bounded
 * and a slow reader does not delay others.
 *
 * All calls share one pipe. Unread events are buffered as text. Above
 * {@link Flow.LIMIT} characters, reading pauses, and the server in turn pauses
 * reading from the backend, unless there is a waiter: a loop that waits for its next
 * event, or a caller for a result, gets it however much is buffered for another
 * stream. So a single slow reader is throttled; with other readers, it costs memory,
 * at most the size of its own response. Nothing is dropped.
 */
export declare class Flow {
    #private;
    /** The number of buffered characters at which reading pauses. */
    static LIMIT: number;
    /** Whether reading is paused. */
    paused: boolean;
    /**
     * @param {() => void} pause pauses reading
     * @param {() => void} resume resumes reading
     */
    constructor(pause: () => void, resume: () => void);
    /** Adds a buffered event. @param {number} size in characters */
    hold(size: number): void;
    /** Removes an event that was read or dropped. @param {number} size in characters */
    release(size: number): void;
    /** Adds a waiter. */
    wait(): void;
    /** Removes a waiter. */
    waited(): void;
}
