/**
 * Encodes a request as a line of JSON, in parts. A program passes its whole history with
 * each call: the text of an item of a list is kept, and used again while the item has the
 * same members, so that a call encodes its new items only.
 *
 * @param {number} id
 * @param {string} method
 * @param {object} params
 * @param {string} [body] the parameter `body`, which is already JSON
 * @returns {(string | Uint8Array)[]}
 */
export declare function encodeRequest(id: number, method: string, params: object, body?: string): (string | Uint8Array)[];
