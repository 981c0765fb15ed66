import { OpenAIError } from './errors.js';

/**
 * The headers of a request: a Headers, an object, or pairs. A null value removes a
 * default header of the client.
 *
 * @typedef {Headers | Record<string, string | null | undefined> | (readonly [string, string])[]} HeadersLike
 */

/**
 * Additional query parameters of a request.
 *
 * @typedef {Record<string, string | number | boolean | string[] | null | undefined>} Query
 */

/**
 * Options of openai-node that are ignored: they are handled by codex-rpc or do not
 * apply. They are accepted so that programs can keep them.
 */
const IGNORED = {
  client: new Set([
    'apiKey',
    'adminAPIKey',
    'organization',
    'project',
    'webhookSecret',
    'baseURL',
    'fetch',
    'fetchOptions',
    'httpAgent',
    'dangerouslyAllowBrowser',
    'workloadIdentity',
    'provider',
  ]),
  call: new Set(['maxRetries', 'idempotencyKey', 'fetchOptions', 'httpAgent', 'defaultBaseURL', 'stream', 'method', 'path', 'body']),
};

let warned = false;

/**
 * Handles unknown options: those of openai-node are ignored with one warning per
 * process; others are an error.
 *
 * @param {'client' | 'call'} kind
 * @param {string[]} names
 * @param {(name: string) => string} complaint
 */
export function passOver(kind, names, complaint) {
  for (const name of names) {
    if (!IGNORED[kind].has(name)) throw new OpenAIError(complaint(name));
  }
  if (warned || names.length === 0) return;
  warned = true;
  process.emitWarning(`codex-rpc takes no ${names.join(', ')}: sign-in, addresses and connections are those of the codex-rpc program`, {
    code: 'CODEX_RPC_OPTION_IGNORED',
  });
}

/**
 * The names of the options that have a value.
 *
 * @param {object} options
 */
export function given(options) {
  return Object.entries(options).flatMap(([name, value]) => (value === undefined || value === null ? [] : [name]));
}

/**
 * Merges the headers of a call into those of its client. Returns undefined if there
 * are none.
 *
 * @param {(HeadersLike | null | undefined)[]} all later ones override earlier ones
 * @returns {Record<string, string> | undefined}
 */
export function headers(...all) {
  /** @type {Map<string, [string, string]>} */
  const merged = new Map();
  for (const some of all) {
    if (!some) continue;
    for (const [name, value] of Symbol.iterator in some ? some : Object.entries(some)) {
      if (value === null) merged.delete(name.toLowerCase());
      else if (value !== undefined) merged.set(name.toLowerCase(), [name, String(value)]);
    }
  }
  return merged.size > 0 ? Object.fromEntries(merged.values()) : undefined;
}

/**
 * Merges the query of a call into that of its client. Returns undefined if there is
 * none.
 *
 * @param {(Query | null | undefined)[]} all
 * @returns {Query | undefined}
 */
export function query(...all) {
  const merged = Object.entries(Object.assign({}, ...all)).filter(([, value]) => value !== undefined && value !== null);
  return merged.length > 0 ? Object.fromEntries(merged) : undefined;
}

/**
 * Converts a duration to seconds. Infinity becomes the largest number.
 *
 * @param {number} ms
 */
export function seconds(ms) {
  return ms === Infinity ? Number.MAX_SAFE_INTEGER : ms / 1000;
}
