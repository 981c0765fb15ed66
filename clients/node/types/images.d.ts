import { Resource } from './resource.js';
export type RequestOptions = import('./session.js').RequestOptions;
/** @typedef {import('./session.js').RequestOptions} RequestOptions */
/** Images. */
export declare class Images extends Resource {
    /**
     * Generate images.
     *
     * @param {import('../types/api.js').ImageGenerateParams} params
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<import('../types/api.js').ImagesResponse>}
     */
    generate(params: import('../types/api.js').ImageGenerateParams, options?: RequestOptions | null): import('./promise.js').APIPromise<import('../types/api.js').ImagesResponse>;
    /**
     * Edit images, each of which is a file, a URL, or a file that was uploaded.
     *
     * @param {import('../types/api.js').ImageEditParams} params
     * @param {RequestOptions | null} [options]
     * @returns {import('./promise.js').APIPromise<import('../types/api.js').ImagesResponse>}
     */
    edit({ image, mask, ...others }: import('../types/api.js').ImageEditParams, options?: RequestOptions | null): import('./promise.js').APIPromise<import('../types/api.js').ImagesResponse>;
}
