import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeRequest } from '../src/request.js';

const long = 'x'.repeat(2000);
const encoded = (params, body) => encodeRequest(1, 'm', params, body).join('');
const expected = (params) => `${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'm', params })}\n`;

class Model {
  constructor() {
    this.text = long;
  }
  toJSON() {
    return { model: this.text.length };
  }
}

test('a request is the JSON of its parameters', () => {
  for (const params of [
    {},
    { a: undefined, b: () => {}, c: 1.5, d: null, e: '\ud800\u2028é' },
    { list: [] },
    { list: [[], {}, 1, 'a', null, undefined, () => {}, NaN, new Date(0), -0] },
    { a: 1, list: [{ long }, 'a', { long }, [long]], b: [], c: { list: [long] } },
    { list: [{ long, holes: [, 1, ,], nested: { undefined: undefined, symbol: Symbol('s') } }] },
    { list: [new Model(), { long, model: new Model() }, Object.assign(Object.create(null), { long })] },
    { list: [{ long, '__proto__': { a: 1 } }, JSON.parse(`{"long":"${long}","__proto__":{"a":1}}`)] },
    { list: Object.assign([{ long }], { toJSON: () => 'own' }) },
    { toJSON: 1, '"': [{ long }] },
  ]) {
    for (let call = 0; call < 2; call++) assert.equal(encoded(params), expected(params));
  }
  assert.equal(encoded({ path: '/' }, '{"n":1.50}'), '{"jsonrpc":"2.0","id":1,"method":"m","params":{"path":"/","body":{"n":1.50}}}\n');
  assert.equal(encoded({}, '1'), '{"jsonrpc":"2.0","id":1,"method":"m","params":{"body":1}}\n');
});

test('an item that was changed since the last call is sent as it is now', () => {
  for (const change of [
    (item) => (item.long += 'y'),
    (item) => (item.content[0].text = 'other'),
    (item) => item.content.push({ text: 'more' }),
    (item) => item.content.pop(),
    (item) => (item.content.length += 1),
    (item) => delete item.one,
    (item) => (item.one = true),
    (item) => (item.one = '1'),
    (item) => (item.zero = -1),
    (item) => (item.none = undefined),
    (item) => (item.content = { ...item.content }),
    (item) => (item.content = new Model()),
    (item) => (item.content[0].toJSON = () => 'own'),
    (item) => Object.setPrototypeOf(item.content[0], Model.prototype),
    (item) => (item.number = new Number(2)),
    (item) => ([item.zero, item.one] = [item.one, item.zero]),
    (item) => {
      delete item.long;
      item.long = long; // now the last member
    },
  ]) {
    const item = { long, zero: 0, one: 1, none: null, number: {}, content: [{ type: 'input_text', text: long }] };
    assert.equal(encoded({ list: [item] }), expected({ list: [item] }));
    change(item);
    assert.equal(encoded({ list: [item] }), expected({ list: [item] }), String(change));
  }
  const boxed = { long, value: new Number(1) };
  encoded({ list: [boxed] });
  boxed.value = new Number(2);
  assert.equal(encoded({ list: [boxed] }), expected({ list: [boxed] }));
});

test('what has no JSON is an error, also in an item that was sent before', () => {
  const item = { long };
  encoded({ list: [item] });
  item.item = item;
  assert.throws(() => encoded({ list: [item] }), TypeError);
  item.item = 1n;
  assert.throws(() => encoded({ list: [item] }), TypeError);
});

test('an unchanged item is encoded once', () => {
  const history = Array.from({ length: 50 }, (_, at) => ({ type: 'message', content: [{ type: 'input_text', text: `${at}${long}` }] }));
  const first = encodeRequest(1, 'm', { input: history });
  const again = encodeRequest(2, 'm', { input: [...history, { long }] });
  const texts = first.filter((part) => typeof part !== 'string');
  assert.equal(texts.length, 50);
  assert.ok(texts.every((text) => again.includes(text)));
});
