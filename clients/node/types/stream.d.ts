/**
 * The events of a response, in order, as `responses.create({stream: true})`
 * returns them:
 *
 *     for await (const event of stream) …
 *
 * Leaving the loop cancels the call. A call that fails throws its error when
 * the events before it are through. Once its caller aborts it, by the signal or
 * the controller, the loop just ends.
 *
 * Events that wait to be taken are held as text; see {@link import('./flow.js').Flow}
 * for what becomes of a slow reader.
 *
 * @template Event
 * @template [Result=unknown]
 * @implements {AsyncIterable<Event>}
 */
export declare class Stream<Event, Result = unknown> implements AsyncIterable<Event> {
    #private;
    /** Its `abort()` ends the stream. */
    controller: AbortController;
    /** @param {import('./queue.js').EventQueue} queue */
    constructor(queue: import('./queue.js').EventQueue);
    /** @returns {AsyncIterator<Event, undefined, void>} */
    [Symbol.asyncIterator](): AsyncIterator<Event, undefined, void>;
    /**
     * Waits for the end and returns what the call without `stream` would have:
     * the whole response. May be called during the loop, after it, or in its stead.
     *
     * @returns {Promise<Result>}
     */
    finalResponse(): Promise<Result>;
    /**
     * Ends the response where it is, and keeps what was said: the loop comes to its
     * end by itself, and finalResponse() has the status "incomplete" for the reason
     * "interrupted", or is whole if that was done before.
     */
    interrupt(): void;
    /**
     * Splits the stream in two that are read on their own. What only one of them
     * has read is kept for the other.
     *
     * @returns {[AsyncIterableIterator<Event>, AsyncIterableIterator<Event>]}
     */
    tee(): [AsyncIterableIterator<Event>, AsyncIterableIterator<Event>];
    /**
     * The events as bytes: one JSON text a line. Cancelling it cancels the call.
     *
     * @returns {ReadableStream<Uint8Array>}
     */
    toReadableStream(): ReadableStream<Uint8Array>;
    /**
     * The events as bytes, as server-sent events have them.
     *
     * @returns {ReadableStream<Uint8Array>}
     */
    toEventStream(): ReadableStream<Uint8Array>;
    /** `await using` a stream cancels it, if it has not ended. */
    [Symbol.asyncDispose](): Promise<void>;
}
