export type FileLike = import('../types/api.js').FileLike;
/** @typedef {import('../types/api.js').FileLike} FileLike */
/**
 * Create a File, which has a name and a type in addition to its content.
 *
 * @param {FileLike} content
 * @param {string} [name]
 * @param {{type?: string}} [options]
 * @returns {Promise<InstanceType<typeof globalThis.File>>}
 */
export declare function toFile(content: FileLike, name?: string, options?: {
    type?: string;
}): Promise<InstanceType<typeof globalThis.File>>;
/**
 * Returns the file parameter of a file. A file given by its path is read by the
 * server; other content is sent in the message.
 *
 * @param {FileLike} file
 * @returns {Promise<object>}
 */
export declare function fileParam(file: FileLike): Promise<object>;
/**
 * Returns the parameters of an upload. A stream of a complete file is sent as its
 * path, so that large files are not sent in the message.
 *
 * @param {FileLike} file
 * @returns {Promise<object>}
 */
export declare function uploadParams(file: FileLike): Promise<object>;
/**
 * Returns an uploaded file in the form of openai-node, with the additional members
 * of the backend.
 *
 * @param {import('../types/api.js').UploadedFile} uploaded
 * @param {string} purpose
 * @returns {import('../types/api.js').FileObject}
 */
export declare function fileObject({ path, ...uploaded }: import('../types/api.js').UploadedFile, purpose: string): import('../types/api.js').FileObject;
/**
 * Returns the absolute path: the server may have another working directory.
 *
 * @param {string | URL} file
 */
export declare function filePath(file: string | URL): string;
