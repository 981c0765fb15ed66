import { OpenAIError } from './errors.js';

/**
 * Makes the text format for a Zod schema, as openai/helpers/zod does:
 *
 *     await client.responses.parse({input, text: {format: zodTextFormat(Person, 'person')}})
 *
 * @template T
 * @param {import('../types/api.js').Schema<T>} schema
 * @param {string} name
 * @returns {import('../types/api.js').ParseableFormat<T>}
 */
export function zodTextFormat(schema, name) {
  const format = { type: /** @type {const} */ ('json_schema'), name, schema: jsonSchemaOf(schema), strict: true };
  // Hidden, so that the format is plain JSON where it is sent.
  return Object.defineProperty(/** @type {any} */ (format), '$parseRaw', {
    value: (/** @type {string} */ text) => validate(schema, JSON.parse(text)),
  });
}

/**
 * Reads the format that responses.parse was given: what to send for it, and
 * what makes the value of the answer.
 *
 * @param {any} params
 * @returns {{params: object, parse: (result: {response: any, output_parsed: any}) => any}}
 */
export function parseParams({ text_format: given, text, ...rest }) {
  const format = given ?? text?.format;
  if (format === null || typeof format !== 'object') {
    throw new OpenAIError('responses.parse: pass text_format: a Zod schema, a JSON Schema, or {name, schema}');
  }
  if (given === undefined) {
    const { format: _, ...others } = text;
    text = others;
  }
  const params = text === undefined ? rest : { ...rest, text };
  // A JSON Schema may have a member that is called schema, but not beside a name.
  const named = !isStandard(format) && typeof format.name === 'string' && 'schema' in format;
  const schema = named ? format.schema : format;
  const json = isStandard(schema) ? jsonSchemaOf(schema) : schema;
  const name = named ? format.name : nameOf(json);
  return {
    params: { ...params, text_format: { name, schema: json } },
    parse({ response, output_parsed: value }) {
      if (typeof format.$parseRaw === 'function') return format.$parseRaw(response.output_text);
      return isStandard(schema) ? validate(schema, value) : value;
    },
  };
}

/** @param {any} schema */
function isStandard(schema) {
  return typeof schema?.['~standard']?.validate === 'function';
}

/** The backend takes letters, digits, _ and -. @param {{title?: unknown}} schema */
function nameOf(schema) {
  return typeof schema.title === 'string' ? schema.title.replace(/[^\w-]+/g, '_').slice(0, 64) : 'output';
}

/** @param {any} schema */
function jsonSchemaOf(schema) {
  const convert = schema['~standard']?.jsonSchema?.output;
  if (typeof convert !== 'function') {
    throw new OpenAIError('This schema does not tell its JSON Schema (Zod does from 4.2 on); pass {name, schema: z.toJSONSchema(…)} in its stead.');
  }
  return convert({ target: 'draft-2020-12' });
}

/**
 * @param {any} schema
 * @param {unknown} value
 */
async function validate(schema, value) {
  const { issues, value: output } = await schema['~standard'].validate(value);
  if (!issues) return output;
  const { path = [], message } = issues[0];
  const where = path.map((/** @type {any} */ step) => step?.key ?? step).join('.');
  throw new OpenAIError(`The output does not fit the schema: ${where ? `${where}: ` : ''}${message}`, { cause: issues });
}
