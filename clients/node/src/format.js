import { OpenAIError } from './errors.js';

/**
 * Create the text format for a Zod schema, as openai/helpers/zod does:
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
  // Not enumerable, so that it is not sent.
  return Object.defineProperty(/** @type {any} */ (format), '$parseRaw', {
    value: (/** @type {string} */ text) => validate(schema, JSON.parse(text)),
  });
}

/**
 * Create a function tool with a Zod schema for its arguments, as openai/helpers/zod
 * does. In a parsed response its calls have `parsed_arguments`, validated by the
 * schema.
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
 * Returns the method to call for responses.parse, its parameters, and the function
 * that parses its result.
 *
 * @param {any} params
 * @returns {{method: string, params: object, finish: (result: any) => Promise<any>}}
 */
export function parsing({ text_format: given, text, ...rest }) {
  const format = given ?? text?.format;
  if (!isSchema(format, given)) {
    if (given !== undefined && given !== null) throw new OpenAIError('text_format must be a Zod schema, a JSON Schema, or {name, schema}');
    return { method: 'responses.create', params: { ...rest, text }, finish: (response) => parsed(response, rest.tools, null) };
  }
  const { name, schema, decode } = read(format);
  // A format with other members is sent unchanged, and not validated by the server.
  if (!given && Object.keys(format).some((member) => !['type', 'name', 'schema', 'strict'].includes(member) || format.strict === false)) {
    return { method: 'responses.create', params: { ...rest, text }, finish: (response) => parsed(response, rest.tools, decode) };
  }
  const { format: _, ...others } = text ?? {};
  return {
    method: 'responses.parse',
    // The server rejects requests with both.
    params: { ...rest, ...(text && { text: given ? text : others }), text_format: { name, schema } },
    finish: ({ response, output_parsed }) => parsed(response, rest.tools, decode, output_parsed),
  };
}

/**
 * Like {@link parsing}, for responses.stream, which calls responses.create.
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
 * Reports whether a format has a schema. The other kinds of text.format are JSON and
 * plain text.
 *
 * @param {any} format
 * @param {unknown} given text_format
 */
function isSchema(format, given) {
  return format !== null && typeof format === 'object' && (Boolean(given) || format.type === 'json_schema');
}

/**
 * Returns the name and the JSON Schema of a format, and the function that parses a
 * text.
 *
 * @param {any} format
 */
function read(format) {
  // A JSON Schema may have a member named schema, but not one named name.
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
 * Returns the parsed response: `parsed` of each text, `parsed_arguments` of each
 * function call, and `output_parsed`. They are null in commentary, in incomplete
 * responses, and for functions that are not strict.
 *
 * @param {any} response
 * @param {any} tools the tools of the request
 * @param {((text: string) => unknown) | null} decode
 * @param {unknown} [checked] the value parsed by the server, if any
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

/** Returns a name of letters, digits, _ and -, as the backend requires. @param {{title?: unknown}} schema */
function nameOf(schema) {
  return typeof schema.title === 'string' ? schema.title.replace(/[^\w-]+/g, '_').slice(0, 64) : 'output';
}

/** @param {any} schema */
function jsonSchemaOf(schema) {
  const convert = schema['~standard']?.jsonSchema?.output;
  if (typeof convert !== 'function') {
    throw new OpenAIError('This schema has no JSON Schema (Zod supports it since 4.2); pass {name, schema: z.toJSONSchema(…)} instead.');
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
  throw new OpenAIError(`The output does not match the schema: ${where ? `${where}: ` : ''}${message}`, { cause: issues });
}
