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
export declare class SpecialModels extends Resource {
    /**
     * List the models. The list may be awaited, or looped over as it is:
     * `for await (const model of client.models.list())`.
     *
     * @param {import('../types/api.js').ModelListParams} [params]
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<ModelsPage> & AsyncIterable<import('../types/api.js').Model>}
     */
    list(params?: import('../types/api.js').ModelListParams, options?: RequestOptions | null): import('./promise.js').APIPromise<ModelsPage> & AsyncIterable<import('../types/api.js').Model>;
}
/** Speech to text. */
export declare class SpecialAudioTranscriptions extends Resource {
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
/** Images. */
export declare class SpecialImages extends Resource {
    /**
     * Edit images, each of which is a file, a URL, or a file that was uploaded.
     *
     * @param {import('../types/api.js').ImageEditParams} params
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<import('../types/api.js').ImagesResponse>}
     */
    edit({ image, mask, ...others }: import('../types/api.js').ImageEditParams, options?: RequestOptions | null): import('./promise.js').APIPromise<import('../types/api.js').ImagesResponse>;
}
/** Files for the parameters of Codex apps and MCP tools. */
export declare class SpecialFiles extends Resource {
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
