// The steps of every client with a host, reported as TAP.
//
// A client is a name and connect(process, onEvent), which returns
//
//   call(method, params)    { answer, cancel }: a promise of the result, which fails with code, message
//                           and data, and a function
//   close()                 ends the host's input the library's way
//
// and, if supported, batch(requests), a promise of the responses. onEvent receives the params of each
// stream.event.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

// Characters that end a line for some readers, and characters of two to four bytes.
const TEXT = 'na\u00efve \u2028\u2029\u0085\x7f \u65e5\u672c\u8a9e \u{1f600} \u{1f469}\u200d\u{1f680} '.repeat(50);

/** The version of an installed package. */
export function version(name) {
  return JSON.parse(readFileSync(new URL(`node_modules/${name}/package.json`, import.meta.url))).version;
}

/** An error response, for clients without their own class. */
export class Failure extends Error {
  constructor({ code, message, data }) {
    super(message);
    Object.assign(this, { code, data });
  }
}

// Checks that all events arrive, in order and before the response.
function whole(events, result) {
  assert.deepEqual(
    events.map((e) => e.seq),
    events.map((_, i) => i),
  );
  assert.equal(new Set(events.map((e) => e.id)).size, 1);
  assert.equal(events.at(0).event.type, 'response.created');
  assert.equal(events.at(-1).event.type, 'response.completed');
  const deltas = events.filter((e) => e.event.type === 'response.output_text.delta').map((e) => e.event.delta);
  assert.equal(deltas.join(''), result.output_text);
  return deltas;
}

/** Runs the steps. The command line is FRAMING HOST. */
export async function run({ name, connect }) {
  const host = process.argv[3];
  let events = [];
  let onEvent = (params) => events.push(params);

  function start() {
    const child = spawn(host, ['--mock'], { stdio: ['pipe', 'pipe', 'inherit'] });
    console.log(`# host ${child.pid}`);
    return { child, client: connect(child, (params) => onEvent(params)) };
  }

  function create(params) {
    events = [];
    return client.call('responses.create', { input: 'Say hello', stream: true, ...params });
  }

  const steps = {
    async call() {
      const models = await client.call('models.list', {}).answer;
      assert.equal(models.data[0].id, 'gpt-6.2-sol');
    },
    async stream() {
      const result = await create().answer;
      whole(events, result);
      assert.equal(result.output_text, 'You said: "Say hello"');
    },
    async text() {
      const result = await create({ model: `mock:deltas=199,reply=${encodeURIComponent(TEXT)}` }).answer;
      assert.equal(whole(events, result).length, 199);
      assert.equal(result.output_text, TEXT);
    },
    async cancel() {
      const collect = onEvent;
      const { answer, cancel } = create({ model: 'mock:stall=1' });
      onEvent = cancel;
      await assert.rejects(answer, { code: -32800 });
      onEvent = collect;
    },
    async error() {
      await assert.rejects(create({ input: 5, temprature: 1 }).answer, (error) => {
        assert.equal(error.code, -32602);
        assert.deepEqual(
          error.data.errors.map((e) => e.path),
          ['/input', '/temprature'],
        );
        return true;
      });
      assert.deepEqual(events, []);
    },
    async batch() {
      events = [];
      const [listed, created, unknown] = await client.batch([
        ['models.list', {}],
        ['responses.create', { input: 'Say hello', stream: true }],
        ['models.lst', {}],
      ]);
      assert.equal(listed.result.object, 'list');
      whole(events, created.result);
      assert.equal(unknown.error.code, -32601);
    },
    async burst() {
      const result = await create({ model: 'mock:deltas=1000' }).answer;
      assert.equal(whole(events, result).length, 1000);
    },
    async close() {
      const exited = once(child, 'exit');
      client.close();
      assert.deepEqual(await exited, [0, null]);
    },
  };

  console.log(`# client ${name}`);
  let { child, client } = start();
  if (!client.batch) delete steps.batch;
  for (const [index, [step, take]] of Object.entries(steps).entries()) {
    try {
      await take();
      console.log(`ok ${index + 1} - ${step}`);
    } catch (error) {
      console.log(`not ok ${index + 1} - ${step}`);
      console.log(error.stack.replace(/^/gm, '# '));
    }
  }
  // Waits to be killed during a stream. The killer checks that the host exits, too.
  ({ child, client } = start());
  onEvent = () => console.log('# kill me');
  await create({ model: 'mock:stall=1' }).answer;
}
