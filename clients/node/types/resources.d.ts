import { Resource } from './resource.js';
export type RequestOptions = import('./session.js').RequestOptions;
/** @typedef {import('./session.js').RequestOptions} RequestOptions */
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
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<ModelsPage> & AsyncIterable<import('../types/api.js').Model>}
     */
    list(params?: import('../types/api.js').ModelListParams, options?: RequestOptions | null): import('./promise.js').APIPromise<ModelsPage> & AsyncIterable<import('../types/api.js').Model>;
    /**
     * Look up one model.
     *
     * @param {string} model
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<import('../types/api.js').Model>}
     */
    retrieve(model: string, options?: RequestOptions | null): import('./promise.js').APIPromise<import('../types/api.js').Model>;
}
/** Embeddings. */
export declare class Embeddings extends Resource {
    /**
     * Embed texts. Vectors are numbers, unless `encoding_format` asks for base64.
     *
     * @param {import('../types/api.js').EmbeddingCreateParams} params
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<import('../types/api.js').CreateEmbeddingResponse>}
     */
    create(params: import('../types/api.js').EmbeddingCreateParams, options?: RequestOptions | null): import('./promise.js').APIPromise<import('../types/api.js').CreateEmbeddingResponse>;
}
/** Speech to text. */
export declare class Transcriptions extends Resource {
    /**
     * Transcribe a recording as text alone.
     *
     * @overload
     * @param {import('../types/api.js').TranscriptionCreateParams & {response_format: 'text'}} params
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<string>}
     */
    /**
     * Transcribe a recording.
     *
     * @overload
     * @param {import('../types/api.js').TranscriptionCreateParams} params
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<import('../types/api.js').Transcription>}
     */
    /**
     * @param {any} params
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<any>}
     */
    create(params: import('../types/api.js').TranscriptionCreateParams & {
        response_format: 'text';
    }, options?: RequestOptions | null): import('./promise.js').APIPromise<string>;
    /**
     * Transcribe a recording as text alone.
     *
     * @overload
     * @param {import('../types/api.js').TranscriptionCreateParams & {response_format: 'text'}} params
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<string>}
     */
    /**
     * Transcribe a recording.
     *
     * @overload
     * @param {import('../types/api.js').TranscriptionCreateParams} params
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<import('../types/api.js').Transcription>}
     */
    /**
     * @param {any} params
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<any>}
     */
    create(params: import('../types/api.js').TranscriptionCreateParams, options?: RequestOptions | null): import('./promise.js').APIPromise<import('../types/api.js').Transcription>;
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
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<import('../types/api.js').UploadedFile>}
     */
    upload(path: string | URL, params?: import('../types/api.js').FileUploadParams, options?: RequestOptions | null): import('./promise.js').APIPromise<import('../types/api.js').UploadedFile>;
    /**
     * Upload a file as openai-node does, from wherever its bytes are. What it is
     * for is not told to the backend, which has one purpose alone.
     *
     * @param {{file: import('../types/api.js').FileLike, purpose?: string}} params
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<import('../types/api.js').FileObject>}
     */
    create({ file, purpose }: {
        file: import('../types/api.js').FileLike;
        purpose?: string;
    }, options?: RequestOptions | null): import('./promise.js').APIPromise<import('../types/api.js').FileObject>;
}
/** Realtime calls. */
export declare class Calls extends Resource {
    /**
     * Open a realtime call: an SDP offer in, the answer out as `text`.
     *
     * @param {import('../types/api.js').RealtimeCallCreateParams} params
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<import('../types/api.js').RealtimeCallResponse>}
     */
    create(params: import('../types/api.js').RealtimeCallCreateParams, options?: RequestOptions | null): import('./promise.js').APIPromise<import('../types/api.js').RealtimeCallResponse>;
    /**
     * Open a realtime call of version 3: an SDP offer in, the answer out as `text`.
     *
     * @param {import('../types/api.js').RealtimeCallCreateV3Params} params
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<import('../types/api.js').RealtimeCallResponse>}
     */
    createV3(params: import('../types/api.js').RealtimeCallCreateV3Params, options?: RequestOptions | null): import('./promise.js').APIPromise<import('../types/api.js').RealtimeCallResponse>;
}
/** Realtime sessions. */
export declare class Realtime extends Resource {
    calls: Calls;
}
