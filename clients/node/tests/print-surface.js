// Prints the public surface of the package, one line per name, and for a method one
// more for each number of arguments that it accepts:
//
//     codex.tasks.list 0
//     codex.tasks.list 1
//     codex.tasks.list 2
import OpenAI, * as main from '../src/index.js';
import * as fetching from '../src/fetch.js';
import * as formatting from '../src/format.js';

for (const [path, module] of Object.entries({ '': main, '/fetch': fetching, '/helpers/zod': formatting })) {
  for (const name of Object.keys(module).sort()) console.log(`import${path} ${name}`);
}
for (const name of Object.getOwnPropertyNames(OpenAI).sort()) {
  if (!['length', 'name', 'prototype'].includes(name)) console.log(`static ${name}`);
}
const client = new OpenAI({ mock: true });
print(client, '');
await client.close();

function print(thing, path) {
  const names = new Set(Object.keys(thing));
  for (let type = Object.getPrototypeOf(thing); type !== Object.prototype; type = Object.getPrototypeOf(type)) {
    for (const name of Object.getOwnPropertyNames(type)) names.add(name);
  }
  for (const name of [...names].sort()) {
    const member = thing[name];
    if (name.startsWith('_') || name === 'constructor') continue;
    if (typeof member === 'function') {
      for (let n = 0; n <= member.length; n++) console.log(`${path}${name} ${n}`);
    } else if (typeof member === 'object') print(member, `${path}${name}.`);
  }
}
