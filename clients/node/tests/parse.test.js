import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseParams, zodTextFormat } from '../src/format.js';
import OpenAI from '../src/index.js';

const json = {
  title: 'A person',
  type: 'object',
  properties: { name: { type: 'string' }, age: { type: 'integer' } },
  required: ['name', 'age'],
  additionalProperties: false,
};

/** What Zod's schemas have that is used here. */
const schema = {
  '~standard': {
    version: 1,
    vendor: 'test',
    jsonSchema: { output: ({ target }) => ({ ...json, $schema: target }) },
    validate: async (value) =>
      value.age >= 0 ? { value: { ...value, adult: value.age >= 18 } } : { issues: [{ message: 'too young', path: ['age'] }] },
  },
};

const answer = (value) => ({ response: { output_text: JSON.stringify(value) }, output_parsed: value });
const ada = { name: 'Ada', age: 37 };

describe('the form is given by', () => {
  for (const [how, params, sent, parsed] of [
    ['a JSON Schema', { text_format: json }, { name: 'A_person', schema: json }, ada],
    ['a JSON Schema and a name', { text_format: { name: 'p', schema: json } }, { name: 'p', schema: json }, ada],
    ['a JSON Schema without a title', { text_format: { type: 'object' } }, { name: 'output', schema: { type: 'object' } }, ada],
    ['a JSON Schema of a schema', { text_format: { properties: { schema: {} } } }, { name: 'output', schema: { properties: { schema: {} } } }, ada],
    ['a Zod schema', { text_format: schema }, { name: 'A_person', schema: { ...json, $schema: 'draft-2020-12' } }, { ...ada, adult: true }],
    ['a Zod schema and a name', { text_format: { name: 'p', schema } }, { name: 'p', schema: { ...json, $schema: 'draft-2020-12' } }, { ...ada, adult: true }],
    ['text.format', { text: { format: { type: 'json_schema', name: 'p', schema: json } } }, { name: 'p', schema: json }, ada],
    ['zodTextFormat', { text: { format: zodTextFormat(schema, 'p') } }, { name: 'p', schema: { ...json, $schema: 'draft-2020-12' } }, { ...ada, adult: true }],
  ]) {
    test(how, async () => {
      const { params: request, parse } = parseParams({ input: 'x', ...params });
      assert.deepEqual(request.text_format, sent);
      assert.equal(request.text?.format, undefined);
      assert.equal(request.input, 'x');
      assert.deepEqual(await parse(answer(ada)), parsed);
    });
  }

  test('nothing, which is an error', () => {
    assert.throws(() => parseParams({ input: 'x' }), /^Error: responses\.parse: pass text_format/);
  });

  test('a schema that has no JSON Schema, which is an error', () => {
    assert.throws(() => parseParams({ text_format: { '~standard': { validate() {} } } }), /does not tell its JSON Schema/);
  });
});

test('other options for the text are kept', () => {
  const { params } = parseParams({ text: { verbosity: 'low', format: { type: 'json_schema', name: 'p', schema: json } } });
  assert.deepEqual(params.text, { verbosity: 'low' });
});

test('an output that does not fit the schema is an error', async () => {
  const { parse } = parseParams({ text_format: schema });
  await assert.rejects(async () => parse(answer({ name: 'Ada', age: -1 })), /^Error: The output does not fit the schema: age: too young$/);
});

test('zodTextFormat is plain JSON where it is sent', () => {
  assert.deepEqual(JSON.parse(JSON.stringify(zodTextFormat(schema, 'p'))), {
    type: 'json_schema',
    name: 'p',
    strict: true,
    schema: { ...json, $schema: 'draft-2020-12' },
  });
});

test('the response comes with the value', async () => {
  const client = new OpenAI({ mock: true });
  const response = await client.responses.parse({ input: 'Ada is 37', text_format: { name: 'person', schema: json } });
  assert.equal(response.status, 'completed');
  assert.deepEqual(response.output_parsed, JSON.parse(response.output_text));
  assert.deepEqual(Object.keys(response.output_parsed), ['name', 'age']);
  await client.close();
});
