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
 * Makes a function tool whose arguments have the form of a Zod schema, as
 * openai/helpers/zod does. Of a response that was parsed its calls have
 * `parsed_arguments`, which the schema has checked.
 *
 * @template T
 * @param {{name: string, parameters: import('../types/api.js').Schema<T>, description?: string, function?: (args: T) => unknown}} options
 * @returns {import('../types/api.js').ParseableTool<T>}
 */
export function zodResponsesFunction({ name, parameters, description, function: callback }) {
  const tool = { type: /** @type {const} */ ('function'), name, parameters: jsonSchemaOf(parameters), strict: true, ...(description && { description }) };
  return Object.defineProperties(/** @type {any} */ (tool), {
    $parseRaw: { value: (/** @type {string} */ text) => validate(parameters, JSON.parse(text)) },
    $callback: { value: callback },
  });
}

/**
 * What a call of responses.parse comes to: the method to call, with what
 * parameters, and what makes of its result the response with its values.
 *
 * @param {any} params
 * @returns {{method: string, params: object, finish: (result: any) => Promise<any>}}
 */
export function parsing({ text_format: given, text, ...rest }) {
  const format = given ?? text?.format;
  if (!isSchema(format, given)) {
    if (given !== undefined && given !== null) throw new OpenAIError('text_format is a Zod schema, a JSON Schema, or {name, schema}');
    return { method: 'responses.create', params: { ...rest, text }, finish: (response) => parsed(response, rest.tools, null) };
  }
  const { name, schema, decode } = read(format);
  // What says more than its schema goes as it is, and is not checked by the server.
  if (!given && Object.keys(format).some((member) => !['type', 'name', 'schema', 'strict'].includes(member) || format.strict === false)) {
    return { method: 'responses.create', params: { ...rest, text }, finish: (response) => parsed(response, rest.tools, decode) };
  }
  const { format: _, ...others } = text ?? {};
  return {
    method: 'responses.parse',
    // That both are given is for the server to refuse.
    params: { ...rest, ...(text && { text: given ? text : others }), text_format: { name, schema } },
    finish: ({ response, output_parsed }) => parsed(response, rest.tools, decode, output_parsed),
  };
}

/**
 * What a call of responses.stream comes to: as {@link parsing}, of a call of
 * responses.create.
 *
 * @param {any} params
 * @returns {{params: object, finish: (response: any) => Promise<any>}}
 */
export function streaming({ text_format: given, text, ...rest }) {
  const format = given ?? text?.format;
  if (!isSchema(format, given)) return { params: { ...rest, text }, finish: (response) => parsed(response, rest.tools, null) };
  const { name, schema, decode } = read(format);
  const sent = given ? { type: 'json_schema', name, schema, strict: true } : format;
  return { params: { ...rest, text: { ...text, format: sent } }, finish: (response) => parsed(response, rest.tools, decode) };
}

/**
 * Whether a format is one with a schema. Of text.format the others are JSON and
 * plain text.
 *
 * @param {any} format
 * @param {unknown} given by text_format
 */
function isSchema(format, given) {
  return format !== null && typeof format === 'object' && (Boolean(given) || format.type === 'json_schema');
}

/**
 * The name and the JSON Schema of a format, and what makes the value of a text.
 *
 * @param {any} format
 */
function read(format) {
  // A JSON Schema may have a member that is called schema, but not beside a name.
  const named = !isStandard(format) && typeof format.name === 'string' && 'schema' in format;
  const schema = named ? format.schema : format;
  const json = isStandard(schema) ? jsonSchemaOf(schema) : schema;
  return {
    name: named ? format.name : nameOf(json),
    schema: json,
    /** @type {(text: string) => unknown} */
    decode: format.$parseRaw ?? ((text) => (isStandard(schema) ? validate(schema, JSON.parse(text)) : JSON.parse(text))),
  };
}

/**
 * Returns a response with its values: `parsed` on each text, `parsed_arguments`
 * on each call of a function, and `output_parsed`. They are null where there is
 * nothing to parse: in commentary, in a response that was cut off, in calls of
 * functions that are not strict.
 *
 * @param {any} response
 * @param {any} tools those of the request
 * @param {((text: string) => unknown) | null} decode
 * @param {unknown} [checked] what the server made of the text, if it did
 */
async function parsed(response, tools, decode, checked) {
  const whole = response.status === undefined || response.status === 'completed';
  /** @type {unknown} */
  let value = null;
  const output = [];
  for (const item of response.output ?? []) {
    if (item.type === 'function_call') {
      output.push({ ...item, parsed_arguments: whole ? await argumentsOf(item, tools) : null });
    } else if (item.type === 'message' && Array.isArray(item.content)) {
      const content = [];
      for (const part of item.content) {
        if (part.type !== 'output_text') {
          content.push(part);
          continue;
        }
        const final = whole && decode !== null && item.phase !== 'commentary' && checked !== null;
        const parsed = final ? await decode(part.text) : null;
        value ??= parsed;
        content.push({ ...part, parsed });
      }
      output.push({ ...item, content });
    } else {
      output.push(item);
    }
  }
  return { ...response, output, output_parsed: value ?? checked ?? null };
}

/**
 * @param {any} call
 * @param {any} tools
 */
async function argumentsOf(call, tools) {
  const tool = Array.isArray(tools) ? tools.find((tool) => tool?.type === 'function' && tool.name === call.name) : undefined;
  if (typeof tool?.$parseRaw === 'function') return tool.$parseRaw(call.arguments);
  return tool?.strict ? JSON.parse(call.arguments) : null;
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
