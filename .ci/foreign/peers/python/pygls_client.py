"""pygls, which frames with headers. It ends like an LSP client: shutdown, exit."""

from importlib.metadata import version

from lsprotocol.converters import get_converter
from pygls.client import JsonRPCClient
from steps import run


class Client:
    name = "pygls " + version("pygls")

    @classmethod
    async def start(cls, framing, command, on_event):
        self = cls()
        # The default converter makes named tuples of objects.
        self.rpc = JsonRPCClient(converter_factory=get_converter)
        self.rpc.feature("stream.event")(on_event)
        await self.rpc.start_io(*command)
        self.process = self.rpc._server
        self.pid = self.process.pid
        return self

    async def call(self, method, params):
        return await self.rpc.protocol.send_request_async(method, params)

    def notify(self, method, params):
        self.rpc.protocol.notify(method, params)

    async def close(self):
        await self.call("shutdown", {})
        self.notify("exit", {})
        await self.rpc.stop()
        return self.process.returncode


run(Client)
