import { Resource } from './resource.js';
import { Stream } from './stream.js';
export type RequestOptions = import('./session.js').RequestOptions;
/** @typedef {import('./session.js').RequestOptions} RequestOptions */
/** Model responses: text, tool calls, structured output. */
export declare class Responses extends Resource {
    create(params: import('../types/api.js').ResponseCreateParams & {
        stream: true;
    }, options?: RequestOptions): Promise<Stream<import('../types/api.js').ResponseStreamEvent, import('../types/api.js').Response>>;
    create(params?: import('../types/api.js').ResponseCreateParams & {
        stream?: false | null;
    }, options?: RequestOptions): Promise<import('../types/api.js').Response>;
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
    parse<T>(params: import('../types/api.js').ResponseParseParams<T>, options?: RequestOptions): Promise<import('../types/api.js').ParsedResponse<T>>;
    /**
     * Compress a long input into an opaque summary that stands for it in later
     * inputs.
     *
     * @param {import('../types/api.js').ResponseCompactParams} params
     * @param {RequestOptions} [options]
     * @returns {Promise<import('../types/api.js').CompactedResponse>}
     */
    compact(params: import('../types/api.js').ResponseCompactParams, options?: RequestOptions): Promise<import('../types/api.js').CompactedResponse>;
}
/**
 * All models of the account, by their priority. There is one page.
 *
 * @implements {AsyncIterable<import('../types/api.js').Model>}
 */
export declare class ModelsPage implements AsyncIterable<import('../types/api.js').Model> {
    /** @type {'list'} */
    object: 'list';
    data: import("../types/declared.js").Model[];
    /** The backend's ETag of the list. */
    etag: string | null;
    /** @param {{data: import('../types/api.js').Model[], etag: string | null}} page */
    constructor(page: {
        data: import('../types/api.js').Model[];
        etag: string | null;
    });
    /** As the pages of openai-node have it. */
    hasNextPage(): boolean;
    /** As the pages of openai-node have it. */
    getPaginatedItems(): import("../types/declared.js").Model[];
    [Symbol.iterator](): ArrayIterator<import("../types/declared.js").Model>;
    [Symbol.asyncIterator](): AsyncGenerator<import("../types/declared.js").Model, void, unknown>;
}
/** The models that the account may use. */
export declare class Models extends Resource {
    /**
     * List the models. The list may be awaited, or looped over as it is:
     * `for await (const model of client.models.list())`.
     *
     * @param {import('../types/api.js').ModelListParams} [params]
     * @param {RequestOptions} [options]
     * @returns {Promise<ModelsPage> & AsyncIterable<import('../types/api.js').Model>}
     */
    list(params?: import('../types/api.js').ModelListParams, options?: RequestOptions): Promise<ModelsPage> & AsyncIterable<import('../types/api.js').Model>;
    /**
     * Look up one model.
     *
     * @param {string} model
     * @param {RequestOptions} [options]
     * @returns {Promise<import('../types/api.js').Model>}
     */
    retrieve(model: string, options?: RequestOptions): Promise<import('../types/api.js').Model>;
}
/** Embeddings. */
export declare class Embeddings extends Resource {
    /**
     * Embed texts. Vectors are numbers, unless `encoding_format` asks for base64.
     *
     * @param {import('../types/api.js').EmbeddingCreateParams} params
     * @param {RequestOptions} [options]
     * @returns {Promise<import('../types/api.js').CreateEmbeddingResponse>}
     */
    create(params: import('../types/api.js').EmbeddingCreateParams, options?: RequestOptions): Promise<import('../types/api.js').CreateEmbeddingResponse>;
}
/** Speech to text. */
export declare class Transcriptions extends Resource {
    create(params: import('../types/api.js').TranscriptionCreateParams & {
        stream: true;
    }, options?: RequestOptions): Promise<Stream<import('../types/api.js').TranscriptionStreamEvent, import('../types/api.js').Transcription>>;
    create(params: import('../types/api.js').TranscriptionCreateParams & {
        response_format: 'text' | 'srt' | 'vtt';
    }, options?: RequestOptions): Promise<string>;
    create(params: import('../types/api.js').TranscriptionCreateParams, options?: RequestOptions): Promise<import('../types/api.js').Transcription>;
}
/** Audio. */
export declare class Audio extends Resource {
    transcriptions: Transcriptions;
}
/** Files for the parameters of Codex apps and MCP tools. */
export declare class Files extends Resource {
    /**
     * Upload a file of at most 512 MiB.
     *
     * @param {string | URL} path
     * @param {import('../types/api.js').FileUploadParams} [params]
     * @param {RequestOptions} [options]
     * @returns {Promise<import('../types/api.js').UploadedFile>}
     */
    upload(path: string | URL, params?: import('../types/api.js').FileUploadParams, options?: RequestOptions): Promise<import('../types/api.js').UploadedFile>;
}
/** Realtime calls. */
export declare class Calls extends Resource {
    /**
     * Open a realtime call: an SDP offer in, the answer out as `text`.
     *
     * @param {import('../types/api.js').RealtimeCallCreateParams} params
     * @param {RequestOptions} [options]
     * @returns {Promise<import('../types/api.js').RealtimeCallResponse>}
     */
    create(params: import('../types/api.js').RealtimeCallCreateParams, options?: RequestOptions): Promise<import('../types/api.js').RealtimeCallResponse>;
}
/** Realtime sessions. */
export declare class Realtime extends Resource {
    calls: Calls;
}
