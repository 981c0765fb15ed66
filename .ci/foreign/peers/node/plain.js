// A client without a library: it numbers calls, and finds them by the id of a response.
import { Failure } from './steps.js';

/** Returns a client, and receive, which handles each incoming message. */
export function plain(send, onEvent) {
  const waiting = new Map();
  let lastId = 0;

  function request(method, params) {
    const id = ++lastId;
    const answer = new Promise((resolve) => waiting.set(id, resolve));
    return { message: { jsonrpc: '2.0', id, method, params }, answer };
  }

  async function result(answer) {
    const response = await answer;
    if (response.error) throw new Failure(response.error);
    return response.result;
  }

  return {
    receive(message) {
      if (Array.isArray(message)) {
        message.forEach(this.receive, this);
      } else if (message.method === 'stream.event') {
        onEvent(message.params);
      } else {
        waiting.get(message.id)(message);
        waiting.delete(message.id);
      }
    },
    call(method, params) {
      const { message, answer } = request(method, params);
      send(message);
      const cancel = () => send({ jsonrpc: '2.0', method: '$/cancelRequest', params: { id: message.id } });
      return { answer: result(answer), cancel };
    },
    batch(calls) {
      const requests = calls.map(([method, params]) => request(method, params));
      send(requests.map((r) => r.message));
      return Promise.all(requests.map((r) => r.answer));
    },
  };
}
