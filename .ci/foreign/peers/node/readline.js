// Node's readline with its defaults. It treats U+2028 as the end of a line.
import { createInterface } from 'node:readline';
import { plain } from './plain.js';
import { run } from './steps.js';

run({
  name: `readline, Node ${process.versions.node.split('.')[0]}`,
  connect(host, onEvent) {
    const client = plain((message) => host.stdin.write(JSON.stringify(message) + '\n'), onEvent);
    createInterface({ input: host.stdout }).on('line', (line) => client.receive(JSON.parse(line)));
    return { ...client, close: () => host.stdin.end() };
  },
});
