// A WebSocket server that echoes messages in two fragments each: server.mjs HOW.
// HOW is "none", or a JSON object of the parameters of the extension. It prints its port.
import { WebSocketServer } from 'ws';

const how = process.argv[2];
const perMessageDeflate = how === 'none' ? false : { threshold: 0, ...JSON.parse(how) };
const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate, maxPayload: 0 });
server.on('listening', () => console.log(server.address().port));
server.on('connection', (socket) => {
  socket.on('message', (data) => {
    const text = data.toString();
    const half = text.length >> 1;
    socket.send(text.slice(0, half), { fin: false });
    socket.send(text.slice(half), { fin: true });
  });
});
