import assert from 'node:assert/strict';

/**
 * Asserts that a value contains the expected one. It may have more members, at every level.
 * Null and absent are the same; "{{now}}" is the present time in Unix seconds.
 */
export function matches(want, got, where) {
  if (want === null) {
    assert.ok(got === null || got === undefined, `${where}: want null, got ${JSON.stringify(got)}`);
  } else if (want === '{{now}}') {
    assert.ok(Math.abs(got - Date.now() / 1000) < 60, `${where}: ${got} is not now`);
  } else if (Array.isArray(want)) {
    assert.ok(Array.isArray(got), `${where}: want a list, got ${JSON.stringify(got)}`);
    assert.equal(got.length, want.length, `${where}: ${JSON.stringify(got)}`);
    for (const [i, value] of want.entries()) matches(value, got[i], `${where}[${i}]`);
  } else if (typeof want === 'object') {
    assert.ok(got !== null && typeof got === 'object', `${where}: want an object, got ${JSON.stringify(got)}`);
    for (const [name, value] of Object.entries(want)) matches(value, got[name], `${where}.${name}`);
  } else {
    assert.equal(got, want, where);
  }
}
