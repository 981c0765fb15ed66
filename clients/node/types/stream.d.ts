/**
 * The events of a response, as returned by `responses.create({stream: true})`:
 *
 *     for await (const event of stream) …
 *
 * Leaving the loop cancels the call. If the call fails, the loop throws its error
 * after the last event. If the caller aborts it, by the signal or the controller,
 * the loop ends without an error.
 *
 * Unread events are buffered as text; see {@link import('./flow.js').Flow} for the
 * flow control.
 *
 * @template Event
 * @template [Result=unknown]
 * @implements {AsyncIterable<Event>}
 */
export declare class Stream<Event, Result = unknown> implements AsyncIterable<Event> {
    #private;
    /** `abort()` ends the stream. */
    controller: AbortController;
    /** @param {import('./queue.js').EventQueue} queue */
    constructor(queue: import('./queue.js').EventQueue);
    /** @returns {AsyncIterator<Event, undefined, void>} */
    [Symbol.asyncIterator](): AsyncIterator<Event, undefined, void>;
    /**
     * Wait for the end and return the complete response, as without `stream`. Can be
     * called during, after or instead of a loop.
     *
     * @returns {Promise<Result>}
     */
    finalResponse(): Promise<Result>;
    /**
     * Interrupt the response and keep what was generated: the loop ends, and
     * finalResponse() has the status "incomplete" and the reason "interrupted", or is
     * complete if the response already was.
     */
    interrupt(): void;
    /**
     * Split the stream into two that can be read independently. Events that only one
     * of them has read are buffered for the other.
     *
     * @returns {[AsyncIterableIterator<Event>, AsyncIterableIterator<Event>]}
     */
    tee(): [AsyncIterableIterator<Event>, AsyncIterableIterator<Event>];
    /**
     * Return the events as a byte stream, one JSON text per line. Cancelling it cancels
     * the call.
     *
     * @returns {ReadableStream<Uint8Array>}
     */
    toReadableStream(): ReadableStream<Uint8Array>;
    /**
     * Return the events as a byte stream of server-sent events.
     *
     * @returns {ReadableStream<Uint8Array>}
     */
    toEventStream(): ReadableStream<Uint8Array>;
    /** Cancels the stream at the end of an `await using` block. */
    [Symbol.asyncDispose](): Promise<void>;
}
/**
 * Returns events as a byte stream, one JSON text per line.
 *
 * @param {AsyncIterator<any>} events
 * @returns {ReadableStream<Uint8Array>}
 */
export declare function jsonLines(events: AsyncIterator<any>): ReadableStream<Uint8Array>;
