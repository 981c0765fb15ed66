// The methods that need more than a plain call. The generated classes of
// resources.js add the other methods.
import { Resource } from './resource.js';

/** @typedef {import('./session.js').RequestOptions} RequestOptions */

/**
 * The models available to the account, by priority, in a single page.
 *
 * @implements {AsyncIterable<import('../types/api.js').Model>}
 */
export class ModelsPage {
  /** @param {{data: import('../types/api.js').Model[], etag: string | null}} page */
  constructor(page) {
    /** @type {'list'} */
    this.object = 'list';
    this.data = page.data;
    /** The ETag of the list. */
    this.etag = page.etag;
  }

  /** Return false: there is a single page. */
  hasNextPage() {
    return false;
  }

  /** Return the models. */
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

/** Models. */
export class SpecialModels extends Resource {
  /**
   * List the models available to the account. The result can be awaited or iterated:
   * `for await (const model of client.models.list())`.
   *
   * @param {import('../types/api.js').ModelListParams} [params]
   * @param {RequestOptions | null} [options]
   * @returns {import('./promise.js').APIPromise<ModelsPage> & AsyncIterable<import('../types/api.js').Model>}
   */
  list(params, options) {
    const page = this._session.call('models.list', params, options, (list) => new ModelsPage(list));
    return Object.assign(page, {
      async *[Symbol.asyncIterator]() {
        yield* (await page).data;
      },
    });
  }
}

/** Audio transcriptions. */
export class SpecialAudioTranscriptions extends Resource {
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
  create({ file, ...others }, options) {
    const params = async () => {
      const { fileParam } = await import('./file.js');
      return { file: await fileParam(file), ...others };
    };
    return this._session.call('audio.transcriptions.create', params, options);
  }
}

/** Images. */
export class SpecialImages extends Resource {
  /**
   * Edit images, each given as a file, a URL, or an uploaded file.
   *
   * @param {import('../types/api.js').ImageEditParams} params
   * @param {RequestOptions | null} [options]
   * @returns {import('./promise.js').APIPromise<import('../types/api.js').ImagesResponse>}
   */
  edit({ image, mask, ...others }, options) {
    const params = async () => ({
      image: Array.isArray(image) ? await Promise.all(image.map(imageParam)) : await imageParam(image),
      ...(mask && { mask: await imageParam(mask) }),
      ...others,
    });
    return this._session.call('images.edit', params, options);
  }
}

/** File uploads. */
export class SpecialFiles extends Resource {
  /**
   * Upload a file of at most 512 MiB for use by tools.
   *
   * @param {string | URL} path
   * @param {import('../types/api.js').FileUploadParams} [params]
   * @param {(RequestOptions & {onProgress?: (bytesSent: number, totalBytes: number) => void}) | null} [options] onProgress is
   *   called at most ten times a second
   * @returns {import('./promise.js').APIPromise<import('../types/api.js').UploadedFile>}
   */
  upload(path, params, options) {
    const { onProgress, ...others } = options ?? {};
    const request = async () => {
      const { filePath } = await import('./file.js');
      return { path: filePath(path), ...params, ...(onProgress && { stream: true }) };
    };
    const onEvent = onProgress && ((/** @type {any} */ event) => onProgress(event.bytes_sent, event.total_bytes));
    return this._session.call('files.upload', request, others, undefined, onEvent);
  }

  /**
   * Upload a file like openai-node, from a path, a File, bytes or a stream. The
   * purpose is not sent to the backend; it is returned as given.
   *
   * @param {{file: import('../types/api.js').FileLike, purpose?: string}} params
   * @param {RequestOptions | null} [options]
   * @returns {import('./promise.js').APIPromise<import('../types/api.js').FileObject>}
   */
  create({ file, purpose = 'user_data', ...others }, options) {
    return this._session.call(
      'files.upload',
      async () => ({ ...(await (await import('./file.js')).uploadParams(file)), ...others }),
      options,
      async (uploaded) => (await import('./file.js')).fileObject(uploaded, purpose),
    );
  }
}

/** @param {import('../types/api.js').ImageInput} image */
async function imageParam(image) {
  if (typeof image === 'string' && /^(https?|data):/i.test(image)) return image;
  if (image !== null && typeof image === 'object' && ('image_url' in image || 'file_id' in image)) return image;
  const { fileParam } = await import('./file.js');
  return fileParam(image);
}
