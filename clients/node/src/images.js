import { Resource } from './resource.js';

/** @typedef {import('./session.js').RequestOptions} RequestOptions */

/** Images. */
export class Images extends Resource {
  /**
   * Generate images.
   *
   * @param {import('../types/api.js').ImageGenerateParams} params
   * @param {RequestOptions | null} [options]
   * @returns {import('./promise.js').APIPromise<import('../types/api.js').ImagesResponse>}
   */
  generate(params, options) {
    return this._session.call('images.generate', params, options);
  }

  /**
   * Edit images, each of which is a file, a URL, or a file that was uploaded.
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

/** @param {import('../types/api.js').ImageInput} image */
async function imageParam(image) {
  if (typeof image === 'string' && /^(https?|data):/i.test(image)) return image;
  if (image !== null && typeof image === 'object' && ('image_url' in image || 'file_id' in image)) return image;
  const { fileParam } = await import('./file.js');
  return fileParam(image);
}
