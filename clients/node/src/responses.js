import { OpenAIError } from './errors.js';
import { APIPromise } from './promise.js';
import { Resource } from './resource.js';
import { ResponseStream } from './response-stream.js';
import { Stream } from './stream.js';

/** @typedef {import('./session.js').RequestOptions} RequestOptions */

/** Model responses: text, tool calls, structured output. */
export class SpecialResponses extends Resource {
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
  create(params, options) {
    const { stream, ...request } = this._request(params);
    if (!stream) return this._session.call('responses.create', request, options);
    return this._session.stream('responses.create', { ...request, stream }, options, (queue) => new Stream(queue));
  }

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
  parse(params, options) {
    return new APIPromise(this.#parse(this._request(params), options));
  }

  /**
   * @param {any} params
   * @param {RequestOptions | null} [options]
   */
  async #parse({ stream: _, ...params }, options) {
    const { parsing } = await import('./format.js');
    const { method, params: request, finish } = parsing(params);
    return this._session.answer(method, request, options, finish);
  }

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
  stream(params, options) {
    const request = this._request(params);
    /** @type {Promise<(response: any) => any>} */
    const finish = import('./format.js').then(({ streaming }) => streaming(request).finish);
    finish.catch(() => {}); // reported by the call
    return new ResponseStream(
      async (signal) => {
        const { streaming } = await import('./format.js');
        return this.create({ ...streaming(request).params, stream: true }, { ...options, signal });
      },
      async (response) => (await finish)(response),
      options?.signal,
    );
  }

  /**
   * Compact a conversation into an opaque item that replaces it in later inputs.
   *
   * @param {import('../types/api.js').ResponseCompactParams} params
   * @param {RequestOptions | null} [options]
   * @returns {APIPromise<import('../types/api.js').CompactedResponse>}
   */
  compact(params, options) {
    return this._session.call('responses.compact', params, options);
  }

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
  turn(use) {
    const turn = new Turn(this._session);
    return use === undefined ? turn : within(turn, use);
  }

  /**
   * Returns the parameters as sent.
   *
   * @protected
   * @param {any} params
   * @returns {any}
   */
  _request(params) {
    return withoutDefaults(params ?? {});
  }
}

/**
 * An agent turn, see {@link SpecialResponses.turn}. It has the methods of
 * `client.responses`. `compact` is not part of the turn.
 */
export class Turn extends SpecialResponses {
  /** The name of the turn, sent with its calls. */
  id = crypto.randomUUID(); // the global one, since loading node:crypto takes milliseconds
  #ended = false;

  /** End the turn: pending calls continue, and new ones fail. */
  close() {
    this.#ended = true;
  }

  /** Ends the turn at the end of a `using` block. */
  [Symbol.dispose]() {
    this.close();
  }

  async [Symbol.asyncDispose]() {
    this.close();
  }

  /**
   * @override
   * @protected
   * @param {any} params
   */
  _request(params) {
    if (this.#ended) throw new OpenAIError('The turn has ended.');
    return { ...super._request(params), turn: this.id };
  }
}

/**
 * @template T
 * @param {Turn} turn
 * @param {(turn: Turn) => T | Promise<T>} use
 */
async function within(turn, use) {
  try {
    return await use(turn);
  } finally {
    turn.close();
  }
}

/**
 * Removes parameters that the backend rejects if they have the default value of the
 * OpenAI API. Frameworks send them.
 *
 * @param {any} params
 */
function withoutDefaults({ background, truncation, top_logprobs, metadata, stream_options, ...params }) {
  return {
    ...params,
    ...(background !== false && { background }),
    ...(truncation !== 'disabled' && { truncation }),
    ...(top_logprobs !== 0 && { top_logprobs }),
    ...(!isPlain(metadata, []) && { metadata }),
    ...(!isPlain(stream_options, ['include_obfuscation']) && { stream_options }),
  };
}

/**
 * Reports whether a value is an object without other members.
 *
 * @param {unknown} value
 * @param {string[]} members
 */
function isPlain(value, members) {
  return typeof value === 'object' && value !== null && Object.keys(value).every((name) => members.includes(name));
}
