import { Resource } from './resource.js';
import { Stream } from './stream.js';

/** @typedef {import('./session.js').RequestOptions} RequestOptions */

/** Model responses: text, tool calls, structured output. */
export class Responses extends Resource {
  /**
   * Create a model response. With `stream: true` its events are returned while
   * they come.
   *
   * @overload
   * @param {import('../types/api.js').ResponseCreateParams & {stream: true}} params
   * @param {RequestOptions} [options]
   * @returns {Promise<Stream<import('../types/api.js').ResponseStreamEvent, import('../types/api.js').Response>>}
   */
  /**
   * Create a model response.
   *
   * @overload
   * @param {import('../types/api.js').ResponseCreateParams & {stream?: false | null}} [params]
   * @param {RequestOptions} [options]
   * @returns {Promise<import('../types/api.js').Response>}
   */
  /**
   * @param {any} [params]
   * @param {RequestOptions} [options]
   * @returns {Promise<any>}
   */
  async create({ stream, ...params } = {}, options) {
    if (!stream) return this._session.call('responses.create', params, options);
    return new Stream(await this._session.stream('responses.create', { ...params, stream }, options));
  }

  /**
   * Create a model response in the form of a schema, and return it with
   * `output_parsed`, the value that its text stands for.
   *
   * The form is given as `text_format`, which is a Zod schema, a JSON Schema, or
   * `{name, schema}` of either; or as in openai-node by `text.format`. With a
   * Zod schema the value is what that makes of it.
   *
   * @template T
   * @param {import('../types/api.js').ResponseParseParams<T>} params
   * @param {RequestOptions} [options]
   * @returns {Promise<import('../types/api.js').ParsedResponse<T>>}
   */
  async parse(params, options) {
    const { parseParams } = await import('./format.js');
    const { params: request, parse } = parseParams(params);
    const result = await this._session.call('responses.parse', request, options);
    return { ...result.response, output_parsed: await parse(result) };
  }

  /**
   * Compress a long input into an opaque summary that stands for it in later
   * inputs.
   *
   * @param {import('../types/api.js').ResponseCompactParams} params
   * @param {RequestOptions} [options]
   * @returns {Promise<import('../types/api.js').CompactedResponse>}
   */
  async compact(params, options) {
    return this._session.call('responses.compact', params, options);
  }
}

/**
 * All models of the account, by their priority. There is one page.
 *
 * @implements {AsyncIterable<import('../types/api.js').Model>}
 */
export class ModelsPage {
  /** @param {{data: import('../types/api.js').Model[], etag: string | null}} page */
  constructor(page) {
    /** @type {'list'} */
    this.object = 'list';
    this.data = page.data;
    /** The backend's ETag of the list. */
    this.etag = page.etag;
  }

  /** As the pages of openai-node have it. */
  hasNextPage() {
    return false;
  }

  /** As the pages of openai-node have it. */
  getPaginatedItems() {
    return this.data;
  }

  [Symbol.iterator]() {
    return this.data[Symbol.iterator]();
  }

  async *[Symbol.asyncIterator]() {
    yield* this.data;
  }
}

/** The models that the account may use. */
export class Models extends Resource {
  /**
   * List the models. The list may be awaited, or looped over as it is:
   * `for await (const model of client.models.list())`.
   *
   * @param {import('../types/api.js').ModelListParams} [params]
   * @param {RequestOptions} [options]
   * @returns {Promise<ModelsPage> & AsyncIterable<import('../types/api.js').Model>}
   */
  list(params, options) {
    const page = this._session.call('models.list', params, options).then((list) => new ModelsPage(list));
    return Object.assign(page, {
      async *[Symbol.asyncIterator]() {
        yield* (await page).data;
      },
    });
  }

  /**
   * Look up one model.
   *
   * @param {string} model
   * @param {RequestOptions} [options]
   * @returns {Promise<import('../types/api.js').Model>}
   */
  async retrieve(model, options) {
    return this._session.call('models.retrieve', { model }, options);
  }
}

/** Embeddings. */
export class Embeddings extends Resource {
  /**
   * Embed texts. Vectors are numbers, unless `encoding_format` asks for base64.
   *
   * @param {import('../types/api.js').EmbeddingCreateParams} params
   * @param {RequestOptions} [options]
   * @returns {Promise<import('../types/api.js').CreateEmbeddingResponse>}
   */
  async create(params, options) {
    return this._session.call('embeddings.create', params, options);
  }
}

/** Speech to text. */
export class Transcriptions extends Resource {
  /**
   * Transcribe a recording while its text comes.
   *
   * @overload
   * @param {import('../types/api.js').TranscriptionCreateParams & {stream: true}} params
   * @param {RequestOptions} [options]
   * @returns {Promise<Stream<import('../types/api.js').TranscriptionStreamEvent, import('../types/api.js').Transcription>>}
   */
  /**
   * Transcribe a recording.
   *
   * @overload
   * @param {import('../types/api.js').TranscriptionCreateParams & {response_format: 'text' | 'srt' | 'vtt'}} params
   * @param {RequestOptions} [options]
   * @returns {Promise<string>}
   */
  /**
   * @overload
   * @param {import('../types/api.js').TranscriptionCreateParams} params
   * @param {RequestOptions} [options]
   * @returns {Promise<import('../types/api.js').Transcription>}
   */
  /**
   * @param {any} params
   * @param {RequestOptions} [options]
   * @returns {Promise<any>}
   */
  async create({ file, stream, ...others }, options) {
    const { fileParam } = await import('./file.js');
    const params = { file: await fileParam(file), ...others };
    if (!stream) return this._session.call('audio.transcriptions.create', params, options);
    return new Stream(await this._session.stream('audio.transcriptions.create', { ...params, stream }, options));
  }
}

/** Audio. */
export class Audio extends Resource {
  transcriptions = new Transcriptions(this._session);
}

/** Files for the parameters of Codex apps and MCP tools. */
export class Files extends Resource {
  /**
   * Upload a file of at most 512 MiB.
   *
   * @param {string | URL} path
   * @param {import('../types/api.js').FileUploadParams} [params]
   * @param {RequestOptions} [options]
   * @returns {Promise<import('../types/api.js').UploadedFile>}
   */
  async upload(path, params, options) {
    const { filePath } = await import('./file.js');
    return this._session.call('files.upload', { path: filePath(path), ...params }, options);
  }
}

/** Realtime calls. */
export class Calls extends Resource {
  /**
   * Open a realtime call: an SDP offer in, the answer out as `text`.
   *
   * @param {import('../types/api.js').RealtimeCallCreateParams} params
   * @param {RequestOptions} [options]
   * @returns {Promise<import('../types/api.js').RealtimeCallResponse>}
   */
  async create(params, options) {
    return this._session.call('realtime.calls.create', params, options);
  }
}

/** Realtime sessions. */
export class Realtime extends Resource {
  calls = new Calls(this._session);
}
