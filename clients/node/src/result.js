/**
 * Decodes the result of a call and separates the response headers from it. As in
 * openai-node, the result has the id of its request as a non-enumerable property.
 *
 * @param {string} json
 * @returns {{result: any, headers: Record<string, string> | undefined}}
 */
export function readResult(json) {
  const value = JSON.parse(json);
  if (typeof value?.response_headers !== 'object') return { result: value, headers: undefined };
  const { response_headers: headers, ...result } = value;
  identify(result, headers);
  return { result, headers };
}

/**
 * @param {unknown} data
 * @param {Record<string, string> | undefined} headers
 */
export function identify(data, headers) {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return;
  Object.defineProperty(data, '_request_id', { value: headers?.['x-request-id'] ?? null, configurable: true });
}
