import { Resource } from './resource.js';

/** @typedef {import('./session.js').RequestOptions} RequestOptions */

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

  /**
   * Look up one model.
   *
   * @param {string} model
   * @param {RequestOptions | null} [options]
   * @returns {import('./promise.js').APIPromise<import('../types/api.js').Model>}
   */
  retrieve(model, options) {
    return this._session.call('models.retrieve', { model }, options);
  }
}

/** Embeddings. */
export class Embeddings extends Resource {
  /**
   * Embed texts. Vectors are numbers, unless `encoding_format` asks for base64.
   *
   * @param {import('../types/api.js').EmbeddingCreateParams} params
   * @param {RequestOptions | null} [options]
   * @returns {import('./promise.js').APIPromise<import('../types/api.js').CreateEmbeddingResponse>}
   */
  create(params, options) {
    return this._session.call('embeddings.create', params, options);
  }
}

/** Speech to text. */
export class Transcriptions extends Resource {
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
  create({ file, ...others }, options) {
    const params = async () => {
      const { fileParam } = await import('./file.js');
      return { file: await fileParam(file), ...others };
    };
    return this._session.call('audio.transcriptions.create', params, options);
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
   * @param {RequestOptions | null} [options]
   * @returns {import('./promise.js').APIPromise<import('../types/api.js').UploadedFile>}
   */
  upload(path, params, options) {
    const request = async () => {
      const { filePath } = await import('./file.js');
      return { path: filePath(path), ...params };
    };
    return this._session.call('files.upload', request, options);
  }

  /**
   * Upload a file as openai-node does, from wherever its bytes are. What it is
   * for is not told to the backend, which has one purpose alone.
   *
   * @param {{file: import('../types/api.js').FileLike, purpose?: string}} params
   * @param {RequestOptions | null} [options]
   * @returns {import('./promise.js').APIPromise<import('../types/api.js').FileObject>}
   */
  create({ file, purpose = 'user_data' }, options) {
    return this._session.call(
      'files.upload',
      async () => (await import('./file.js')).uploadParams(file),
      options,
      async (uploaded) => (await import('./file.js')).fileObject(uploaded, purpose),
    );
  }
}

/** Realtime calls. */
export class Calls extends Resource {
  /**
   * Open a realtime call: an SDP offer in, the answer out as `text`.
   *
   * @param {import('../types/api.js').RealtimeCallCreateParams} params
   * @param {RequestOptions | null} [options]
   * @returns {import('./promise.js').APIPromise<import('../types/api.js').RealtimeCallResponse>}
   */
  create(params, options) {
    return this._session.call('realtime.calls.create', params, options);
  }

  /**
   * Open a realtime call of version 3: an SDP offer in, the answer out as `text`.
   *
   * @param {import('../types/api.js').RealtimeCallCreateV3Params} params
   * @param {RequestOptions | null} [options]
   * @returns {import('./promise.js').APIPromise<import('../types/api.js').RealtimeCallResponse>}
   */
  createV3(params, options) {
    return this._session.call('realtime.calls.create_v3', params, options);
  }
}

/** Realtime sessions. */
export class Realtime extends Resource {
  calls = new Calls(this._session);
}
