import { Resource } from './resource.js';
export type RequestOptions = import('./session.js').RequestOptions;
/** @typedef {import('./session.js').RequestOptions} RequestOptions */
/**
 * The models available to the account, by priority, in a single page.
 *
 * @implements {AsyncIterable<import('../types/api.js').Model>}
 */
export declare class ModelsPage implements AsyncIterable<import('../types/api.js').Model> {
    /** @type {'list'} */
    object: 'list';
    data: import("../types/declared.js").Model[];
    /** The ETag of the list. */
    etag: string | null;
    /** @param {{data: import('../types/api.js').Model[], etag: string | null}} page */
    constructor(page: {
        data: import('../types/api.js').Model[];
        etag: string | null;
    });
    /** Return false: there is a single page. */
    hasNextPage(): boolean;
    /** Return the models. */
    getPaginatedItems(): import("../types/declared.js").Model[];
    [Symbol.iterator](): ArrayIterator<import("../types/declared.js").Model>;
    [Symbol.asyncIterator](): AsyncGenerator<import("../types/declared.js").Model, void, unknown>;
}
/** Models. */
export declare class SpecialModels extends Resource {
    /**
     * List the models available to the account. The result can be awaited or iterated:
     * `for await (const model of client.models.list())`.
     *
     * @param {import('../types/api.js').ModelListParams} [params]
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<ModelsPage> & AsyncIterable<import('../types/api.js').Model>}
     */
    list(params?: import('../types/api.js').ModelListParams, options?: RequestOptions | null): import('./promise.js').APIPromise<ModelsPage> & AsyncIterable<import('../types/api.js').Model>;
}
/** Audio transcriptions. */
export declare class SpecialAudioTranscriptions extends Resource {
    /**
     * Transcribe an audio file to plain text.
     *
     * @overload
     * @param {import('../types/api.js').TranscriptionCreateParams & {response_format: 'text'}} params
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<string>}
     */
    /**
     * Transcribe an audio file.
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
     * Transcribe an audio file to plain text.
     *
     * @overload
     * @param {import('../types/api.js').TranscriptionCreateParams & {response_format: 'text'}} params
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<string>}
     */
    /**
     * Transcribe an audio file.
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
     * Edit images, each given as a file, a URL, or an uploaded file.
     *
     * @param {import('../types/api.js').ImageEditParams} params
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<import('../types/api.js').ImagesResponse>}
     */
    edit({ image, mask, ...others }: import('../types/api.js').ImageEditParams, options?: RequestOptions | null): import('./promise.js').APIPromise<import('../types/api.js').ImagesResponse>;
}
/** File uploads. */
export declare class SpecialFiles extends Resource {
    /**
     * Upload a file of at most 512 MiB for use by tools.
     *
     * @param {string | URL} path
     * @param {import('../types/api.js').FileUploadParams} [params]
     * @param {(RequestOptions & {onProgress?: (bytesSent: number, totalBytes: number) => void}) | null} [options] onProgress is
     *   called at most ten times a second
     * @returns {import('./promise.js').APIPromise<import('../types/api.js').UploadedFile>}
     */
    upload(path: string | URL, params?: import('../types/api.js').FileUploadParams, options?: (RequestOptions & {
        onProgress?: (bytesSent: number, totalBytes: number) => void;
    }) | null): import('./promise.js').APIPromise<import('../types/api.js').UploadedFile>;
    /**
     * Upload a file like openai-node, from a path, a File, bytes or a stream. The
     * purpose is not sent to the backend; it is returned as given.
     *
     * @param {{file: import('../types/api.js').FileLike, purpose?: string}} params
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<import('../types/api.js').FileObject>}
     */
    create({ file, purpose, ...others }: {
        file: import('../types/api.js').FileLike;
        purpose?: string;
    }, options?: RequestOptions | null): import('./promise.js').APIPromise<import('../types/api.js').FileObject>;
}
