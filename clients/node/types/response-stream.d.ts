/**
 * A stream of a response, as returned by `responses.stream`. It supports the
 * listeners of openai-node:
 *
 *     connect                                    the first event has arrived
 *     event                                      each event
 *     response.output_text.delta and so on       the events of a type; deltas of texts and
 *                                                arguments have a `snapshot` of the text so far
 *     error, abort                               the stream failed
 *     end                                        the stream has ended
 *
 * It is also iterable; leaving the loop cancels the call. The request is sent
 * immediately; events are delivered once there is a listener, a loop or a promise.
 * A loop that does not read pauses the stream, unless the end of the stream is
 * awaited.
 *
 * @template [T=unknown]
 * @implements {AsyncIterable<import('../types/api.js').ResponseStreamEvent>}
 */
export declare class ResponseStream<T = unknown> implements AsyncIterable<import('../types/api.js').ResponseStreamEvent> {
    #private;
    /** `abort()` cancels the call. */
    controller: AbortController;
    ended: boolean;
    errored: boolean;
    aborted: boolean;
    /**
     * @param {(signal: AbortSignal) => Promise<import('./stream.js').Stream<any, any>>} open starts the call
     * @param {(response: any) => Promise<any>} finish converts the response for finalResponse()
     * @param {AbortSignal | null} [signal] the caller's
     */
    constructor(open: (signal: AbortSignal) => Promise<import('./stream.js').Stream<any, any>>, finish: (response: any) => Promise<any>, signal?: AbortSignal | null);
    /** Cancel the call. */
    abort(): void;
    /** Interrupt the response and keep what was generated; see {@link import('./stream.js').Stream}. */
    interrupt(): void;
    /**
     * Add a listener for an event.
     *
     * @template {string} Name
     * @param {Name} name
     * @param {import('../types/api.js').ResponseStreamListener<Name>} listener
     * @returns {this}
     */
    on<Name extends string>(name: Name, listener: import('../types/api.js').ResponseStreamListener<Name>): this;
    /**
     * Add a listener for the next occurrence of an event.
     *
     * @template {string} Name
     * @param {Name} name
     * @param {import('../types/api.js').ResponseStreamListener<Name>} listener
     * @returns {this}
     */
    once<Name extends string>(name: Name, listener: import('../types/api.js').ResponseStreamListener<Name>): this;
    /**
     * Remove a listener added by on() or once().
     *
     * @template {string} Name
     * @param {Name} name
     * @param {import('../types/api.js').ResponseStreamListener<Name>} listener
     * @returns {this}
     */
    off<Name extends string>(name: Name, listener: import('../types/api.js').ResponseStreamListener<Name>): this;
    /**
     * Wait for the next occurrence of an event. Throws if the stream fails before it.
     *
     * @template {string} Name
     * @param {Name} name
     * @returns {Promise<Parameters<import('../types/api.js').ResponseStreamListener<Name>>[0]>}
     */
    emitted<Name extends string>(name: Name): Promise<Parameters<import('../types/api.js').ResponseStreamListener<Name>>[0]>;
    /** Wait for the end. Throws if the stream fails. */
    done(): Promise<void>;
    /**
     * Wait for the end and return the complete response, with its parsed texts and
     * arguments.
     *
     * @returns {Promise<import('../types/api.js').ParsedResponse<T>>}
     */
    finalResponse(): Promise<import('../types/api.js').ParsedResponse<T>>;
    /** @returns {AsyncIterableIterator<import('../types/api.js').ResponseStreamEvent>} */
    [Symbol.asyncIterator](): AsyncIterableIterator<import('../types/api.js').ResponseStreamEvent>;
    /**
     * Return the events as a byte stream, one JSON text per line. Cancelling it cancels
     * the call.
     *
     * @returns {ReadableStream<Uint8Array>}
     */
    toReadableStream(): ReadableStream<Uint8Array>;
    /** Cancels the stream at the end of an `await using` block. */
    [Symbol.asyncDispose](): Promise<void>;
}
