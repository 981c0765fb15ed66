/**
 * An image as a part of a message's content.
 *
 * @param {string} url
 */
export declare function imageURL(url: string): {
    type: 'input_image';
    image_url: string;
};
/**
 * An image as a part of a message's content.
 *
 * @param {string} data base64
 * @param {string} [mediaType]
 */
export declare function imageB64(data: string, mediaType?: string): {
    type: 'input_image';
    image_url: string;
};
