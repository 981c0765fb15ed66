import { ReadStream } from 'node:fs';
import { basename, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { OpenAIError } from './errors.js';

/** @typedef {import('../types/api.js').FileLike} FileLike */

/**
 * Create a File, which has a name and a type in addition to its content.
 *
 * @param {FileLike} content
 * @param {string} [name]
 * @param {{type?: string}} [options]
 * @returns {Promise<InstanceType<typeof globalThis.File>>}
 */
export async function toFile(content, name, options = {}) {
  const { data, name: itsName, type } = await read(content);
  return new File([/** @type {Buffer<ArrayBuffer>} */ (data)], name ?? itsName, { type: options.type ?? type });
}

/**
 * Returns the file parameter of a file. A file given by its path is read by the
 * server; other content is sent in the message.
 *
 * @param {FileLike} file
 * @returns {Promise<object>}
 */
export async function fileParam(file) {
  if (typeof file === 'string' || file instanceof URL) return { path: filePath(file) };
  if (isParam(file)) return file;
  const { data, name, type } = await read(file);
  return { name, data: data.toString('base64'), ...(type && { content_type: type }) };
}

/**
 * Returns the parameters of an upload. A stream of a complete file is sent as its
 * path, so that large files are not sent in the message.
 *
 * @param {FileLike} file
 * @returns {Promise<object>}
 */
export async function uploadParams(file) {
  if (file instanceof ReadStream && typeof file.path === 'string' && !('start' in file && file.start) && !('end' in file && file.end !== Infinity)) {
    file.destroy();
    return { path: filePath(file.path) };
  }
  const param = await fileParam(file);
  return 'path' in param ? param : { file: param };
}

/**
 * Returns an uploaded file in the form of openai-node, with the additional members
 * of the backend.
 *
 * @param {import('../types/api.js').UploadedFile} uploaded
 * @param {string} purpose
 * @returns {import('../types/api.js').FileObject}
 */
export function fileObject({ path, ...uploaded }, purpose) {
  return {
    id: uploaded.file_id,
    object: 'file',
    bytes: uploaded.file_size_bytes,
    created_at: Math.floor(Date.now() / 1000),
    filename: uploaded.file_name,
    purpose,
    status: 'processed',
    ...uploaded,
  };
}

/**
 * Returns the absolute path: the server may have another working directory.
 *
 * @param {string | URL} file
 */
export function filePath(file) {
  return file instanceof URL ? fileURLToPath(file) : resolve(file);
}

/**
 * @param {object} file
 * @returns {file is {path: string} | {name: string, data: string}}
 */
function isParam(file) {
  return Object.getPrototypeOf(file) === Object.prototype && ('path' in file || 'data' in file);
}

/**
 * @param {any} content a FileLike other than a path
 * @returns {Promise<{data: Buffer, name: string, type?: string}>}
 */
async function read(content) {
  if (content instanceof Response) content = await content.blob();
  if (content instanceof Blob) {
    const name = 'name' in content ? String(content.name) : 'file';
    return { data: Buffer.from(await content.arrayBuffer()), name, type: content.type };
  }
  if (content instanceof ArrayBuffer) return { data: Buffer.from(content), name: 'file' };
  if (ArrayBuffer.isView(content)) {
    return { data: Buffer.from(content.buffer, content.byteOffset, content.byteLength), name: 'file' };
  }
  if (content?.[Symbol.asyncIterator]) {
    const pieces = [];
    for await (const piece of content) pieces.push(Buffer.from(piece));
    return { data: Buffer.concat(pieces), name: typeof content.path === 'string' ? basename(content.path) : 'file' };
  }
  throw new OpenAIError('A file must be a path, a File, a Blob, bytes, a Response or a stream.');
}
