/**
 * Return the content part of an image.
 *
 * @param {string} url
 */
export function imageURL(url) {
  return { type: /** @type {const} */ ('input_image'), image_url: url };
}

/**
 * Return the content part of an image.
 *
 * @param {string} data base64
 * @param {string} [mediaType]
 */
export function imageB64(data, mediaType = 'image/jpeg') {
  return imageURL(`data:${mediaType};base64,${data}`);
}
