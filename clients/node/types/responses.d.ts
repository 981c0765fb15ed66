import { APIPromise } from './promise.js';
import { Resource } from './resource.js';
import { ResponseStream } from './response-stream.js';
import { Stream } from './stream.js';
export type RequestOptions = import('./session.js').RequestOptions;
/** @typedef {import('./session.js').RequestOptions} RequestOptions */
/** Model responses: text, tool calls, structured output. */
export declare class SpecialResponses extends Resource {
    #private;
    /**
     * Create a model response. With `stream: true` its events are returned while
     * they come.
     *
     * @overload
     * @param {import('../types/api.js').ResponseCreateParams & {stream: true}} params
     * @param {RequestOptions | null} [options]
     * @returns {APIPromise<Stream<import('../types/api.js').ResponseStreamEvent, import('../types/api.js').Response>>}
     */
    /**
     * Create a model response.
     *
     * @overload
     * @param {(import('../types/api.js').ResponseCreateParams & {stream?: false | null}) | null} [params]
     * @param {RequestOptions | null} [options]
     * @returns {APIPromise<import('../types/api.js').Response>}
     */
    /**
     * @param {any} [params]
     * @param {RequestOptions | null} [options]
     * @returns {APIPromise<any>}
     */
    create(params: import('../types/api.js').ResponseCreateParams & {
        stream: true;
    }, options?: RequestOptions | null): APIPromise<Stream<import('../types/api.js').ResponseStreamEvent, import('../types/api.js').Response>>;
    /**
     * Create a model response. With `stream: true` its events are returned while
     * they come.
     *
     * @overload
     * @param {import('../types/api.js').ResponseCreateParams & {stream: true}} params
     * @param {RequestOptions | null} [options]
     * @returns {APIPromise<Stream<import('../types/api.js').ResponseStreamEvent, import('../types/api.js').Response>>}
     */
    /**
     * Create a model response.
     *
     * @overload
     * @param {(import('../types/api.js').ResponseCreateParams & {stream?: false | null}) | null} [params]
     * @param {RequestOptions | null} [options]
     * @returns {APIPromise<import('../types/api.js').Response>}
     */
    /**
     * @param {any} [params]
     * @param {RequestOptions | null} [options]
     * @returns {APIPromise<any>}
     */
    create(params?: (import('../types/api.js').ResponseCreateParams & {
        stream?: false | null;
    }) | null, options?: RequestOptions | null): APIPromise<import('../types/api.js').Response>;
    /**
     * Create a model response, and return it with what its texts and the arguments
     * of its tool calls stand for: `output_parsed`, `parsed` on each text, and
     * `parsed_arguments` on each call of a strict function.
     *
     * The form is given as `text_format`, which is a Zod schema, a JSON Schema, or
     * `{name, schema}` of either; or as in openai-node by `text.format`. With a
     * Zod schema the value is what that makes of it. Without a form, and where the
     * model calls tools in place of an answer, `output_parsed` is null.
     *
     * @template T
     * @param {import('../types/api.js').ResponseParseParams<T>} params
     * @param {RequestOptions | null} [options]
     * @returns {APIPromise<import('../types/api.js').ParsedResponse<T>>}
     */
    parse<T>(params: import('../types/api.js').ResponseParseParams<T>, options?: RequestOptions | null): APIPromise<import('../types/api.js').ParsedResponse<T>>;
    /**
     * Create a model response and follow it by listeners, a loop, or its end, which
     * is what `parse` would have returned:
     *
     *     const stream = client.responses.stream({ input: 'Say hello' });
     *     stream.on('response.output_text.delta', ({ delta }) => process.stdout.write(delta));
     *     const response = await stream.finalResponse();
     *
     * @template [T=unknown]
     * @param {import('../types/api.js').ResponseStreamParams<T>} params
     * @param {RequestOptions | null} [options]
     * @returns {ResponseStream<T>}
     */
    stream<T = unknown>(params: import('../types/api.js').ResponseStreamParams<T>, options?: RequestOptions | null): ResponseStream<T>;
    /**
     * Compress a long input into an opaque summary that stands for it in later
     * inputs.
     *
     * @param {import('../types/api.js').ResponseCompactParams} params
     * @param {RequestOptions | null} [options]
     * @returns {APIPromise<import('../types/api.js').CompactedResponse>}
     */
    compact(params: import('../types/api.js').ResponseCompactParams, options?: RequestOptions | null): APIPromise<import('../types/api.js').CompactedResponse>;
    /**
     * Begin a turn of an agent: the calls that lead from one message of the user to
     * the final answer. The backend sends those of one turn to the same place, where
     * what they have in common is at hand.
     *
     *     using turn = client.responses.turn();
     *     const response = await turn.create({ input, tools });
     *
     * Given a function, it calls that with the turn, and ends the turn after it.
     *
     * @overload
     * @returns {Turn}
     */
    /**
     * @template T
     * @overload
     * @param {(turn: Turn) => T | Promise<T>} use
     * @returns {Promise<T>}
     */
    /**
     * @param {(turn: Turn) => any} [use]
     * @returns {any}
     */
    turn(): Turn;
    /**
     * Begin a turn of an agent: the calls that lead from one message of the user to
     * the final answer. The backend sends those of one turn to the same place, where
     * what they have in common is at hand.
     *
     *     using turn = client.responses.turn();
     *     const response = await turn.create({ input, tools });
     *
     * Given a function, it calls that with the turn, and ends the turn after it.
     *
     * @overload
     * @returns {Turn}
     */
    /**
     * @template T
     * @overload
     * @param {(turn: Turn) => T | Promise<T>} use
     * @returns {Promise<T>}
     */
    /**
     * @param {(turn: Turn) => any} [use]
     * @returns {any}
     */
    turn<T>(use: (turn: Turn) => T | Promise<T>): Promise<T>;
    /**
     * What is sent for the parameters.
     *
     * @protected
     * @param {any} params
     * @returns {any}
     */
    protected _request(params: any): any;
}
/**
 * A turn of an agent, see {@link SpecialResponses.turn}. It has the methods of
 * `client.responses`. Compacting belongs to no turn.
 */
export declare class Turn extends SpecialResponses {
    #private;
    /** What the calls of this turn have in common. */
    id: `${string}-${string}-${string}-${string}-${string}`;
    /** Ends the turn: calls under way go on, and no more are made. */
    close(): void;
    /** `using turn = client.responses.turn()` ends it. */
    [Symbol.dispose](): void;
    [Symbol.asyncDispose](): Promise<void>;
    /**
     * @override
     * @protected
     * @param {any} params
     */
    protected _request(params: any): any;
}
