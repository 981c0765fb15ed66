export type FileLike = import('../types/api.js').FileLike;
/** @typedef {import('../types/api.js').FileLike} FileLike */
/**
 * A File, which carries the name and type that bytes alone lack.
 *
 * @param {FileLike} content
 * @param {string} [name]
 * @param {{type?: string}} [options]
 */
export declare function toFile(content: FileLike, name?: string, options?: {
    type?: string;
}): Promise<import("buffer").File>;
/**
 * The file as the protocol's parameters have it. One that is given by its path
 * is read by the server; anything else travels in the message.
 *
 * @param {FileLike} file
 * @returns {Promise<object>}
 */
export declare function fileParam(file: FileLike): Promise<object>;
/**
 * The parameters of an upload. A stream of a whole file stands for its path, so
 * that a large one does not travel in the message.
 *
 * @param {FileLike} file
 * @returns {Promise<object>}
 */
export declare function uploadParams(file: FileLike): Promise<object>;
/**
 * An uploaded file as openai-node describes it, with what the backend tells
 * beyond that.
 *
 * @param {import('../types/api.js').UploadedFile} uploaded
 * @param {string} purpose
 * @returns {import('../types/api.js').FileObject}
 */
export declare function fileObject({ path, ...uploaded }: import('../types/api.js').UploadedFile, purpose: string): import('../types/api.js').FileObject;
/**
 * The absolute path: the server may have been started in another folder.
 *
 * @param {string | URL} file
 */
export declare function filePath(file: string | URL): string;
