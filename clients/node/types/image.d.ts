/**
 * Return the content part of an image.
 *
 * @param {string} url
 */
export declare function imageURL(url: string): {
    type: 'input_image';
    image_url: string;
};
/**
 * Return the content part of an image.
 *
 * @param {string} data base64
 * @param {string} [mediaType]
 */
export declare function imageB64(data: string, mediaType?: string): {
    type: 'input_image';
    image_url: string;
};
