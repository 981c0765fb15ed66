// json-rpc-2.0 on a naive transport, which decodes each chunk separately.
import { JSONRPCClient, JSONRPCServer, JSONRPCServerAndClient } from 'json-rpc-2.0';
import { Failure, run, version } from './steps.js';

run({
  name: `json-rpc-2.0 ${version('json-rpc-2.0')}`,
  connect(host, onEvent) {
    const send = (message) => host.stdin.write(JSON.stringify(message) + '\n');
    const rpc = new JSONRPCServerAndClient(new JSONRPCServer(), new JSONRPCClient(send));
    rpc.addMethod('stream.event', onEvent);

    let buffer = '';
    host.stdout.on('data', (chunk) => {
      buffer += chunk;
      const lines = buffer.split('\n');
      buffer = lines.pop();
      for (const line of lines) rpc.receiveAndSend(JSON.parse(line));
    });

    let lastId = 0;
    const request = ([method, params]) => ({ jsonrpc: '2.0', id: ++lastId, method, params });
    return {
      call(...call) {
        const message = request(call);
        const answer = rpc.requestAdvanced(message).then(({ result, error }) => {
          if (error) throw new Failure(error);
          return result;
        });
        return { answer, cancel: () => rpc.notify('$/cancelRequest', { id: message.id }) };
      },
      batch: (calls) => rpc.requestAdvanced(calls.map(request)),
      close: () => host.stdin.end(),
    };
  },
});
