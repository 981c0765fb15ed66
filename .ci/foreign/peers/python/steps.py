"""The steps of every client with a host, reported as TAP.

A client is a class with a name and

    client = await Client.start(framing, command, on_event)   # on_event(params) for each stream.event
    client.pid                            # of the host
    await client.call(method, params)     # the result, or an exception with code, message and data
    client.notify(method, params)         # from any thread
    await client.close()                  # the host's exit code

and, where it can, batch(requests), which returns the responses, and limit(framing, command), a step of its own.
"""

import asyncio
import sys
import traceback
from urllib.parse import quote

# Characters that end a line for some readers, and characters of two to four bytes.
TEXT = "na\u00efve \u2028\u2029\u0085\x7f \u65e5\u672c\u8a9e \U0001f600 \U0001f469\u200d\U0001f680 " * 50


class Failure(Exception):
    """An error response, for clients without their own class."""

    def __init__(self, code, message, data=None):
        super().__init__(message)
        self.code, self.message, self.data = code, message, data


def whole(events, result):
    """Check that all events of a stream arrive, in order and before the response."""
    assert [e["seq"] for e in events] == list(range(len(events))), [e["seq"] for e in events]
    assert len({e["id"] for e in events}) == 1, "events of several requests"
    kinds = [e["event"]["type"] for e in events]
    assert kinds[0] == "response.created" and kinds[-1] == "response.completed", kinds
    deltas = [e["event"]["delta"] for e in events if e["event"]["type"] == "response.output_text.delta"]
    assert "".join(deltas) == result["output_text"], "the deltas are not the text"
    return deltas


class Steps:
    def __init__(self, client_class, framing, command):
        self.client_class, self.framing, self.command = client_class, framing, command
        self.events = []
        self.on_event = self.events.append

    async def start(self):
        self.client = await self.client_class.start(self.framing, self.command, lambda params: self.on_event(params))
        print("# host", self.client.pid)

    async def create(self, **params):
        self.events.clear()
        return await self.client.call("responses.create", {"input": "Say hello", "stream": True, **params})

    async def call(self):
        models = await self.client.call("models.list", {})
        assert models["data"][0]["id"] == "gpt-6.2-sol", models

    async def stream(self):
        result = await self.create()
        assert whole(self.events, result)
        assert result["output_text"] == 'You said: "Say hello"', result

    async def text(self):
        result = await self.create(model="mock:deltas=199,reply=" + quote(TEXT, safe=""))
        assert len(whole(self.events, result)) == 199
        assert result["output_text"] == TEXT, ascii(result["output_text"])

    async def cancel(self):
        def cancel(params):
            self.client.notify("$/cancelRequest", {"id": params["id"]})

        self.on_event = cancel
        try:
            await self.create(model="mock:stall=1")
        except Exception as error:
            assert error.code == -32800, error
        else:
            raise AssertionError("the call was not cancelled")
        finally:
            self.on_event = self.events.append

    async def error(self):
        try:
            await self.create(input=5, temprature=1)
        except Exception as error:
            assert error.code == -32602, error
            assert [e["path"] for e in error.data["errors"]] == ["/input", "/temprature"], error.data
        else:
            raise AssertionError("the call did not fail")
        assert not self.events

    async def batch(self):
        self.events.clear()
        listed, created, unknown = await self.client.batch(
            [
                ("models.list", {}),
                ("responses.create", {"input": "Say hello", "stream": True}),
                ("models.lst", {}),
            ]
        )
        assert listed["result"]["object"] == "list"
        assert whole(self.events, created["result"])
        assert unknown["error"]["code"] == -32601

    async def burst(self):
        result = await self.create(model="mock:deltas=1000")
        assert len(whole(self.events, result)) == 1000

    async def limit(self):
        await self.client.limit(self.framing, self.command)

    async def close(self):
        code = await self.client.close()
        assert code == 0, f"exit code {code}"

    async def kill(self):
        """Wait to be killed during a stream. The killer checks that the host exits, too."""
        self.on_event = lambda params: print("# kill me", flush=True)
        await self.start()
        await self.create(model="mock:stall=1")

    async def run(self):
        print("# client", self.client_class.name)
        await self.start()
        names = ["call", "stream", "text", "cancel", "error", "batch", "burst", "limit", "close"]
        names = [name for name in names if name not in ("batch", "limit") or hasattr(self.client, name)]
        for number, name in enumerate(names, 1):
            try:
                await getattr(self, name)()
                print(f"ok {number} - {name}", flush=True)
            except Exception:
                print(f"not ok {number} - {name}")
                print("# " + traceback.format_exc().replace("\n", "\n# "), flush=True)
        await self.kill()


def run(client_class):
    """Run the steps. The command line is FRAMING HOST."""
    framing, host = sys.argv[1:]
    asyncio.run(Steps(client_class, framing, [host, "--mock"]).run())
