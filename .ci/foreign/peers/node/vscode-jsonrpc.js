// vscode-jsonrpc, used like in VS Code and its extensions.
import rpc from 'vscode-jsonrpc/node';
import { run, version } from './steps.js';

run({
  name: `vscode-jsonrpc ${version('vscode-jsonrpc')}`,
  connect(host, onEvent) {
    const connection = rpc.createMessageConnection(host.stdout, host.stdin);
    connection.onNotification('stream.event', onEvent);
    connection.listen();
    return {
      call(method, params) {
        const source = new rpc.CancellationTokenSource();
        const answer = connection.sendRequest(method, params, source.token);
        return { answer, cancel: () => source.cancel() };
      },
      close: () => connection.end(),
    };
  },
});
