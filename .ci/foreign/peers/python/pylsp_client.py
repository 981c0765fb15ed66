"""python-lsp-jsonrpc, which frames with headers and reads in a thread."""

import asyncio
import subprocess
import threading
from importlib.metadata import version

from pylsp_jsonrpc.endpoint import Endpoint
from pylsp_jsonrpc.streams import JsonRpcStreamReader, JsonRpcStreamWriter
from steps import run


class Client:
    name = "python-lsp-jsonrpc " + version("python-lsp-jsonrpc")

    @classmethod
    async def start(cls, framing, command, on_event):
        self = cls()
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.pid = self.process.pid
        self.writer = JsonRpcStreamWriter(self.process.stdin)
        self.endpoint = Endpoint({"stream.event": on_event}, self.writer.write)
        reader = JsonRpcStreamReader(self.process.stdout)
        threading.Thread(target=reader.listen, args=(self.endpoint.consume,)).start()
        return self

    async def call(self, method, params):
        return await asyncio.wrap_future(self.endpoint.request(method, params))

    def notify(self, method, params):
        self.endpoint.notify(method, params)

    async def close(self):
        self.writer.close()
        self.endpoint.shutdown()
        return await asyncio.to_thread(self.process.wait)


run(Client)
