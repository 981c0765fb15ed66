/**
 * A response that is followed while it is made, as `responses.stream` returns it.
 * There are the listeners of openai-node's:
 *
 *     connect                                    the first event is there
 *     event                                      each event
 *     response.output_text.delta and so on       the events of a type; the deltas of texts and
 *                                                arguments with a `snapshot` of all so far
 *     error, abort                               how it failed
 *     end                                        after all else
 *
 * It may as well be looped over, which leaving cancels the call. The request
 * goes out at once; its events are given from when the first listener, loop or
 * promise is there. A loop that does not read stops the stream, unless somebody
 * waits for its end.
 *
 * @template [T=unknown]
 * @implements {AsyncIterable<import('../types/api.js').ResponseStreamEvent>}
 */
export declare class ResponseStream<T = unknown> implements AsyncIterable<import('../types/api.js').ResponseStreamEvent> {
    #private;
    /** Its `abort()` cancels the call. */
    controller: AbortController;
    ended: boolean;
    errored: boolean;
    aborted: boolean;
    /**
     * @param {(signal: AbortSignal) => Promise<import('./stream.js').Stream<any, any>>} open makes the call
     * @param {(response: any) => Promise<any>} finish makes of the response what finalResponse() returns
     * @param {AbortSignal | null} [signal] the caller's
     */
    constructor(open: (signal: AbortSignal) => Promise<import('./stream.js').Stream<any, any>>, finish: (response: any) => Promise<any>, signal?: AbortSignal | null);
    /** Cancels the call. */
    abort(): void;
    /** Ends the response where it is, and keeps what was said; see {@link import('./stream.js').Stream}. */
    interrupt(): void;
    /**
     * Calls a listener for each event of a name.
     *
     * @template {string} Name
     * @param {Name} name
     * @param {import('../types/api.js').ResponseStreamListener<Name>} listener
     * @returns {this}
     */
    on<Name extends string>(name: Name, listener: import('../types/api.js').ResponseStreamListener<Name>): this;
    /**
     * Calls a listener for the next event of a name.
     *
     * @template {string} Name
     * @param {Name} name
     * @param {import('../types/api.js').ResponseStreamListener<Name>} listener
     * @returns {this}
     */
    once<Name extends string>(name: Name, listener: import('../types/api.js').ResponseStreamListener<Name>): this;
    /**
     * Takes a listener away that on() or once() has added.
     *
     * @template {string} Name
     * @param {Name} name
     * @param {import('../types/api.js').ResponseStreamListener<Name>} listener
     * @returns {this}
     */
    off<Name extends string>(name: Name, listener: import('../types/api.js').ResponseStreamListener<Name>): this;
    /**
     * Waits for the next event of a name; throws if the stream fails before.
     *
     * @template {string} Name
     * @param {Name} name
     * @returns {Promise<Parameters<import('../types/api.js').ResponseStreamListener<Name>>[0]>}
     */
    emitted<Name extends string>(name: Name): Promise<Parameters<import('../types/api.js').ResponseStreamListener<Name>>[0]>;
    /** Waits for the end; throws what the stream fails with. */
    done(): Promise<void>;
    /**
     * Waits for the end and returns the whole response, with what its texts and the
     * arguments of its calls stand for.
     *
     * @returns {Promise<import('../types/api.js').ParsedResponse<T>>}
     */
    finalResponse(): Promise<import('../types/api.js').ParsedResponse<T>>;
    /** @returns {AsyncIterableIterator<import('../types/api.js').ResponseStreamEvent>} */
    [Symbol.asyncIterator](): AsyncIterableIterator<import('../types/api.js').ResponseStreamEvent>;
    /**
     * The events as bytes: one JSON text a line. Cancelling it cancels the call.
     *
     * @returns {ReadableStream<Uint8Array>}
     */
    toReadableStream(): ReadableStream<Uint8Array>;
    /** `await using` a stream cancels it, if it has not ended. */
    [Symbol.asyncDispose](): Promise<void>;
}
