/**
 * Decides when the server's output is read, so that memory stays bounded
 * without one reader holding up another.
 *
 * All calls share one pipe. Events that no loop has taken yet are held as text.
 * Once more than {@link Flow.LIMIT} characters are held the pipe is left alone,
 * and the server stops reading from the backend in its turn, but only while
 * nobody waits for anything: a loop that waits for its next event, or a caller
 * for a result, gets it however much another stream has piled up. So a slow
 * reader alone is throttled; beside others it costs memory, at most the size of
 * its own response. Nothing is ever dropped.
 */
export declare class Flow {
    #private;
    /** Characters that may be held before reading pauses. */
    static LIMIT: number;
    /** Whether the pipe is left alone. */
    paused: boolean;
    /**
     * @param {() => void} pause stop reading
     * @param {() => void} resume read on
     */
    constructor(pause: () => void, resume: () => void);
    /** An event of so many characters is held. @param {number} size */
    hold(size: number): void;
    /** An event was taken, or given up. @param {number} size */
    release(size: number): void;
    /** Somebody waits for what only reading can bring. */
    wait(): void;
    /** Somebody waits no longer. */
    waited(): void;
}
