"""A WebSocket server that echoes messages in two fragments each: server.py HOW.

HOW is "none", or a JSON object of the parameters of the extension. It prints its port.
"""

import asyncio
import contextlib
import json
import sys

from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosed
from websockets.extensions.permessage_deflate import ServerPerMessageDeflateFactory

how = sys.argv[1]
extensions = [] if how == "none" else [ServerPerMessageDeflateFactory(**json.loads(how))]


async def echo(connection):
    with contextlib.suppress(ConnectionClosed):  # without a close frame
        async for text in connection:
            half = len(text) // 2
            await connection.send(iter([text[:half], text[half:]]))


async def main():
    server = await serve(echo, "127.0.0.1", 0, compression=None, extensions=extensions, max_size=None)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main())
