import { OpenAIError } from './errors.js';
import { APIPromise } from './promise.js';
import { Resource } from './resource.js';
import { ResponseStream } from './response-stream.js';
import { Stream } from './stream.js';

/** @typedef {import('./session.js').RequestOptions} RequestOptions */

/** Model responses: text, tool calls, structured output. */
export class SpecialResponses extends Resource {
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
  create(params, options) {
    const { stream, ...request } = this._request(params);
    if (!stream) return this._session.call('responses.create', request, options);
    return this._session.stream('responses.create', { ...request, stream }, options, (queue) => new Stream(queue));
  }

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
  stream(params, options) {
    const request = this._request(params);
    /** @type {Promise<(response: any) => any>} */
    const finish = import('./format.js').then(({ streaming }) => streaming(request).finish);
    finish.catch(() => {}); // told by the call
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
   * Compress a long input into an opaque summary that stands for it in later
   * inputs.
   *
   * @param {import('../types/api.js').ResponseCompactParams} params
   * @param {RequestOptions | null} [options]
   * @returns {APIPromise<import('../types/api.js').CompactedResponse>}
   */
  compact(params, options) {
    return this._session.call('responses.compact', params, options);
  }

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
  turn(use) {
    const turn = new Turn(this._session);
    return use === undefined ? turn : within(turn, use);
  }

  /**
   * What is sent for the parameters.
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
 * A turn of an agent, see {@link SpecialResponses.turn}. It has the methods of
 * `client.responses`. Compacting belongs to no turn.
 */
export class Turn extends SpecialResponses {
  /** What the calls of this turn have in common. */
  id = crypto.randomUUID(); // the global one, since loading node:crypto takes milliseconds
  #ended = false;

  /** Ends the turn: calls under way go on, and no more are made. */
  close() {
    this.#ended = true;
  }

  /** `using turn = client.responses.turn()` ends it. */
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
 * Leaves out what the backend rejects but says no more than its absence: a
 * parameter of OpenAI's API that has its default there. Frameworks send them.
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
 * Whether a value is an object that has no members but these.
 *
 * @param {unknown} value
 * @param {string[]} members
 */
function isPlain(value, members) {
  return typeof value === 'object' && value !== null && Object.keys(value).every((name) => members.includes(name));
}
