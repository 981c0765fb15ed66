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
     * Create a model response, and return its events as they arrive.
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
     * Create a model response, and return its events as they arrive.
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
     * Create a model response and parse its texts and the arguments of its tool calls:
     * `output_parsed`, `parsed` of each text, and `parsed_arguments` of each call of a
     * strict function.
     *
     * The format is given as `text_format`: a Zod schema, a JSON Schema, or
     * `{name, schema}` of either; or, as in openai-node, as `text.format`. A Zod schema
     * also transforms the value. `output_parsed` is null without a format, and if the
     * model calls tools instead.
     *
     * @template T
     * @param {import('../types/api.js').ResponseParseParams<T>} params
     * @param {RequestOptions | null} [options]
     * @returns {APIPromise<import('../types/api.js').ParsedResponse<T>>}
     */
    parse<T>(params: import('../types/api.js').ResponseParseParams<T>, options?: RequestOptions | null): APIPromise<import('../types/api.js').ParsedResponse<T>>;
    /**
     * Create a model response and stream it to listeners or a loop. The final response
     * is that of `parse`:
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
     * Compact a conversation into an opaque item that replaces it in later inputs.
     *
     * @param {import('../types/api.js').ResponseCompactParams} params
     * @param {RequestOptions | null} [options]
     * @returns {APIPromise<import('../types/api.js').CompactedResponse>}
     */
    compact(params: import('../types/api.js').ResponseCompactParams, options?: RequestOptions | null): APIPromise<import('../types/api.js').CompactedResponse>;
    /**
     * Start an agent turn: the calls between a message of the user and the final
     * answer. The backend routes the calls of a turn to the same place, where their
     * common state is cached.
     *
     *     using turn = client.responses.turn();
     *     const response = await turn.create({ input, tools });
     *
     * With a function, call it with the turn, and end the turn afterwards.
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
     * Start an agent turn: the calls between a message of the user and the final
     * answer. The backend routes the calls of a turn to the same place, where their
     * common state is cached.
     *
     *     using turn = client.responses.turn();
     *     const response = await turn.create({ input, tools });
     *
     * With a function, call it with the turn, and end the turn afterwards.
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
     * Returns the parameters as sent.
     *
     * @protected
     * @param {any} params
     * @returns {any}
     */
    protected _request(params: any): any;
}
/**
 * An agent turn, see {@link SpecialResponses.turn}. It has the methods of
 * `client.responses`. `compact` is not part of the turn.
 */
export declare class Turn extends SpecialResponses {
    #private;
    /** The name of the turn, sent with its calls. */
    id: `${string}-${string}-${string}-${string}-${string}`;
    /** End the turn: pending calls continue, and new ones fail. */
    close(): void;
    /** Ends the turn at the end of a `using` block. */
    [Symbol.dispose](): void;
    [Symbol.asyncDispose](): Promise<void>;
    /**
     * @override
     * @protected
     * @param {any} params
     */
    protected _request(params: any): any;
}
