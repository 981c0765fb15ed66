import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Flow } from '../src/flow.js';

function open() {
  const acts = [];
  return { acts, flow: new Flow(() => acts.push('pause'), () => acts.push('resume')) };
}

test('reading pauses above the limit and resumes at half of it', () => {
  const { acts, flow } = open();
  flow.hold(Flow.LIMIT);
  assert.deepEqual(acts, []);
  flow.hold(1);
  flow.hold(1);
  assert.deepEqual(acts, ['pause']);
  flow.release(Flow.LIMIT / 2);
  assert.deepEqual(acts, ['pause']);
  flow.release(2);
  assert.deepEqual(acts, ['pause', 'resume']);
});

test('reading does not pause while a call is pending', () => {
  const { acts, flow } = open();
  flow.wait();
  flow.hold(2 * Flow.LIMIT);
  assert.deepEqual(acts, []);
  flow.waited();
  flow.hold(1);
  assert.deepEqual(acts, ['pause']);
  flow.wait();
  assert.deepEqual(acts, ['pause', 'resume']);
});
