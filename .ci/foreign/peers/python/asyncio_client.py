"""asyncio's streams with their default limit: 64 KiB for a line, none for a body of known length."""

import asyncio
import json
import platform
from asyncio.subprocess import PIPE

from plain import Plain
from steps import run, whole


class Client(Plain):
    name = "asyncio streams, Python " + ".".join(platform.python_version_tuple()[:2])

    @classmethod
    async def start(cls, framing, command, on_event, **options):
        self = cls(on_event)
        self.framing = framing
        self.process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, **options)
        self.pid = self.process.pid
        self.reading = asyncio.create_task(self.read_lines() if framing == "lines" else self.read_headers())
        return self

    async def read_lines(self):
        async for line in self.process.stdout:
            self.receive(json.loads(line))

    async def read_headers(self):
        while header := await self.process.stdout.readline():
            length = int(header.removeprefix(b"Content-Length: "))
            await self.process.stdout.readline()
            self.receive(json.loads(await self.process.stdout.readexactly(length)))

    def send(self, message):
        body = json.dumps(message).encode()
        if self.framing == "lines":
            self.process.stdin.write(body + b"\n")
        else:
            self.process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))

    async def close(self):
        self.process.stdin.close()
        return await self.process.wait()

    @classmethod
    async def limit(cls, framing, command):
        """Check the limit: a line below it, a longer one, and a higher limit."""
        assert await cls.answer(framing, command, 24_000) == 24_000  # a line contains the text twice
        if framing == "lines":
            try:
                await cls.answer(framing, command, 40_000)
            except ValueError as error:  # raised by readline
                assert "limit" in str(error), error
            else:
                raise AssertionError("a line of 80,000 bytes is below the limit")
            assert await cls.answer(framing, command, 1_000_000, limit=1 << 26) == 1_000_000
        else:
            assert await cls.answer(framing, command, 1_000_000) == 1_000_000

    @classmethod
    async def answer(cls, framing, command, size, **options):
        """Return the length of a text of the given size, from a separate host."""
        events = []
        client = await cls.start(framing, command, events.append, **options)
        print("# host", client.pid)
        params = {"input": "x", "model": f"mock:size={size}", "stream": True}
        call = asyncio.create_task(client.call("responses.create", params))
        try:
            await asyncio.wait([call, client.reading], return_when=asyncio.FIRST_COMPLETED)
            if not call.done():
                client.reading.result()  # raises its failure
            whole(events, call.result())
            return len(call.result()["output_text"])
        finally:
            call.cancel()
            assert await client.close() == 0


run(Client)
