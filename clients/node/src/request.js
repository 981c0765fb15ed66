/** The length of the shortest text that is kept. Encoding a shorter item takes no longer than comparing it. */
const SHORTEST = 1 << 10;
/** The length of the longest one, since it takes as much memory as the item, and as long. */
const LONGEST = 1 << 20;
/** How deep an item may be nested whose text is kept. */
const DEPTH = 64;
/** In place of a copy, for what is not plain data. */
const OTHER = Symbol('other');

/** The texts of items that were sent, and copies of the items. @type {WeakMap<object, { copy: unknown, text: Uint8Array }>} */
const sent = new WeakMap();

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
export function encodeRequest(id, method, params, body) {
  let text = `{"jsonrpc":"2.0","id":${id},"method":${JSON.stringify(method)},"params":{`;
  /** @type {(string | Uint8Array)[]} */
  const parts = [];
  let comma = '';
  for (const [name, value] of Object.entries(params)) {
    if (!Array.isArray(value) || !isPlain(value)) {
      const json = JSON.stringify(value);
      if (json === undefined) continue; // such as a function
      text += `${comma}${JSON.stringify(name)}:${json}`;
      comma = ',';
      continue;
    }
    text += `${comma}${JSON.stringify(name)}:[`;
    comma = '';
    for (const item of value) {
      const json = itemText(item);
      text += comma;
      comma = ',';
      if (typeof json === 'string') {
        text += json;
      } else {
        parts.push(text, json);
        text = '';
      }
    }
    text += ']';
    comma = ',';
  }
  if (body !== undefined) text += `${comma}"body":${body}`;
  parts.push(`${text}}}\n`);
  return parts;
}

/**
 * Returns the JSON of an item of a list.
 *
 * @param {unknown} item
 * @returns {string | Uint8Array}
 */
function itemText(item) {
  const known = isObject(item) ? sent.get(item) : undefined;
  if (known !== undefined && isSame(item, known.copy)) return known.text;
  const json = JSON.stringify(item) ?? 'null';
  if (json.length < SHORTEST || json.length > LONGEST || !isObject(item)) return json;
  const copy = copyOf(item, DEPTH);
  if (copy === OTHER) return json;
  const text = Buffer.from(json);
  sent.set(item, { copy, text });
  return text;
}

/** @param {unknown} value @returns {value is Record<string, unknown>} */
function isObject(value) {
  return typeof value === 'object' && value !== null;
}

/**
 * Reports whether the JSON of an object has just its own members.
 *
 * @param {any} value
 */
function isPlain(value) {
  const kind = Object.getPrototypeOf(value);
  return (kind === Object.prototype || kind === null || kind === Array.prototype) && value.toJSON === undefined;
}

/**
 * Returns a copy of plain data, which shares its strings; otherwise OTHER.
 *
 * @param {any} value
 * @param {number} depth
 * @returns {unknown}
 */
function copyOf(value, depth) {
  if (!isObject(value)) return typeof value === 'function' ? OTHER : value;
  if (depth === 0 || !isPlain(value)) return OTHER;
  /** @type {any} */
  const copy = Array.isArray(value) ? [] : Object.create(null);
  for (const name of Object.keys(value)) {
    copy[name] = copyOf(value[name], depth - 1);
    if (copy[name] === OTHER) return OTHER;
  }
  return copy;
}

/**
 * Reports whether a value has the JSON of a copy. Strings are usually the same, so that
 * this does not look into them.
 *
 * @param {any} value
 * @param {any} copy
 * @returns {boolean}
 */
function isSame(value, copy) {
  if (!isObject(value) || !isObject(copy)) return Object.is(value, copy);
  if (!isPlain(value) || Array.isArray(value) !== Array.isArray(copy)) return false;
  const names = Object.keys(value);
  const copied = Object.keys(copy);
  // Holes at the end of a list count in its length alone.
  if (names.length !== copied.length || value.length !== copy.length) return false;
  return names.every((name, at) => name === copied[at] && isSame(value[name], copy[name]));
}
