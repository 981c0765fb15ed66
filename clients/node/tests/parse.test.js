import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parsing, zodResponsesFunction, zodTextFormat } from '../src/format.js';
import OpenAI from '../src/index.js';

const json = {
  title: 'A person',
  type: 'object',
  properties: { name: { type: 'string' }, age: { type: 'integer' } },
  required: ['name', 'age'],
  additionalProperties: false,
};

/** The members of Zod's schemas that the client uses. */
const schema = {
  '~standard': {
    version: 1,
    vendor: 'test',
    jsonSchema: { output: ({ target }) => ({ ...json, $schema: target }) },
    validate: async (value) =>
      value.age >= 0 ? { value: { ...value, adult: value.age >= 18 } } : { issues: [{ message: 'too young', path: ['age'] }] },
  },
};

const message = (value, more) => ({
  type: 'message',
  content: [{ type: 'output_text', text: typeof value === 'string' ? value : JSON.stringify(value) }],
  ...more,
});
const answer = (value) => ({ response: { status: 'completed', output: [message(value)] }, output_parsed: value });
const ada = { name: 'Ada', age: 37 };
const named = { name: 'p', schema: json };

describe('the format is', () => {
  for (const [how, params, sent, parsed] of [
    ['a JSON Schema', { text_format: json }, { name: 'A_person', schema: json }, ada],
    ['a JSON Schema and a name', { text_format: named }, named, ada],
    ['a JSON Schema without a title', { text_format: { type: 'object' } }, { name: 'output', schema: { type: 'object' } }, ada],
    ['a JSON Schema of a schema', { text_format: { properties: { schema: {} } } }, { name: 'output', schema: { properties: { schema: {} } } }, ada],
    ['a Zod schema', { text_format: schema }, { name: 'A_person', schema: { ...json, $schema: 'draft-2020-12' } }, { ...ada, adult: true }],
    ['a Zod schema and a name', { text_format: { name: 'p', schema } }, { name: 'p', schema: { ...json, $schema: 'draft-2020-12' } }, { ...ada, adult: true }],
    ['text.format', { text: { format: { type: 'json_schema', ...named } } }, named, ada],
    ['zodTextFormat', { text: { format: zodTextFormat(schema, 'p') } }, { name: 'p', schema: { ...json, $schema: 'draft-2020-12' } }, { ...ada, adult: true }],
  ]) {
    test(how, async () => {
      const { method, params: request, finish } = parsing({ input: 'x', ...params });
      assert.equal(method, 'responses.parse');
      assert.deepEqual(request.text_format, sent);
      assert.equal(request.text?.format, undefined);
      assert.equal(request.input, 'x');
      const response = await finish(answer(ada));
      assert.deepEqual(response.output_parsed, parsed);
      assert.deepEqual(response.output[0].content[0].parsed, parsed);
    });
  }

  for (const [how, params] of [
    ['nothing', {}],
    ['plain text', { text: { format: { type: 'text' } } }],
    ['a format that says more than its schema', { text: { format: { type: 'json_schema', ...named, description: 'A person.' } } }],
    ['a format that is not strict', { text: { format: { type: 'json_schema', ...named, strict: false } } }],
  ]) {
    test(`${how}, which is sent unchanged`, async () => {
      const { method, params: request, finish } = parsing({ input: 'x', ...params });
      assert.equal(method, 'responses.create');
      assert.deepEqual(request, { input: 'x', text: params.text });
      const { output_parsed } = await finish(answer(ada).response);
      assert.deepEqual(output_parsed, params.text?.format.type === 'json_schema' ? ada : null);
    });
  }

  test('invalid, which is an error', () => {
    assert.throws(() => parsing({ input: 'x', text_format: 'json' }), /^Error: text_format must be a Zod schema/);
  });

  test('a schema without a JSON Schema, which is an error', () => {
    assert.throws(() => parsing({ text_format: { '~standard': { validate() {} } } }), /has no JSON Schema/);
  });
});

test('other options for the text are kept', () => {
  const { params } = parsing({ text: { verbosity: 'low', format: { type: 'json_schema', ...named } } });
  assert.deepEqual(params.text, { verbosity: 'low' });
});

test('an output that does not match the schema is an error', async () => {
  const { finish } = parsing({ text_format: schema });
  await assert.rejects(async () => finish(answer({ name: 'Ada', age: -1 })), /^Error: The output does not match the schema: age: too young$/);
});

describe('nothing is parsed', () => {
  const finish = (response, output_parsed) => parsing({ text_format: schema, tools }).finish({ response, output_parsed });
  const tools = [{ type: 'function', name: 'f', strict: true }, { type: 'function', name: 'loose' }, zodResponsesFunction({ name: 'checked', parameters: schema })];
  const called = (name) => ({ type: 'function_call', name, arguments: JSON.stringify(ada) });

  test('in commentary', async () => {
    const response = await finish({ output: [message('First, I look.', { phase: 'commentary' }), message(ada, { phase: 'final_answer' })] }, ada);
    assert.deepEqual(response.output.map((item) => item.content[0].parsed), [null, { ...ada, adult: true }]);
    assert.deepEqual(response.output_parsed, { ...ada, adult: true });
  });

  test('in an incomplete response', async () => {
    const response = await finish({ status: 'incomplete', output: [message('{"na'), called('f')] }, null);
    assert.equal(response.output_parsed, null);
    assert.equal(response.output[0].content[0].parsed, null);
    assert.equal(response.output[1].parsed_arguments, null);
  });

  test('in tool calls, except the arguments of strict functions', async () => {
    const response = await finish({ output: [message('I look.'), called('f'), called('loose'), called('checked'), called('unknown')] }, null);
    assert.equal(response.output_parsed, null);
    assert.deepEqual(response.output.slice(1).map((item) => item.parsed_arguments), [ada, null, { ...ada, adult: true }, null]);
  });

  test('in a refusal', async () => {
    const response = await finish({ output: [{ type: 'message', content: [{ type: 'refusal', refusal: 'No.' }] }] }, null);
    assert.deepEqual(response.output[0].content, [{ type: 'refusal', refusal: 'No.' }]);
    assert.equal(response.output_parsed, null);
  });
});

test('zodTextFormat is sent as plain JSON', () => {
  assert.deepEqual(JSON.parse(JSON.stringify(zodTextFormat(schema, 'p'))), {
    type: 'json_schema',
    name: 'p',
    strict: true,
    schema: { ...json, $schema: 'draft-2020-12' },
  });
});

test('zodResponsesFunction is sent as plain JSON', () => {
  const run = () => {};
  const tool = zodResponsesFunction({ name: 'f', parameters: schema, description: 'Does.', function: run });
  assert.deepEqual(JSON.parse(JSON.stringify(tool)), {
    type: 'function',
    name: 'f',
    parameters: { ...json, $schema: 'draft-2020-12' },
    strict: true,
    description: 'Does.',
  });
  assert.equal(tool.$callback, run);
});

test('the response contains the value', async () => {
  const client = new OpenAI({ mock: true });
  const response = await client.responses.parse({ input: 'Ada is 37', text_format: { name: 'person', schema: json } });
  assert.equal(response.status, 'completed');
  assert.deepEqual(response.output_parsed, JSON.parse(response.output_text));
  assert.deepEqual(Object.keys(response.output_parsed), ['name', 'age']);
  assert.deepEqual(response.output.at(-1).content[0].parsed, response.output_parsed);
  const plain = await client.responses.parse({ input: 'Ada is 37' });
  assert.equal(plain.output_parsed, null);
  assert.match(plain.output_text, /Ada/);
  await client.close();
});
