"""The tests that need trio and anyio:

python3 clients/python/tests/with_trio.py
"""

from __future__ import annotations

import tempfile
import unittest
from typing import Any

import anyio
import trio

import harness

from codex_rpc import AsyncOpenAI, RateLimitError, ServerExitedError

HELLO = 'You said: "Say hello"'


async def everything(sleep: Any) -> None:
    """Calls, streams, failures and cancellation in every async library."""
    test = unittest.TestCase()
    async with AsyncOpenAI(mock=True) as client:
        test.assertEqual((await client.responses.create(input="Say hello")).output_text, HELLO)
        stream = await client.responses.create(input="Say hello", stream=True)
        text = "".join([event.delta async for event in stream if event.type == "response.output_text.delta"])
        test.assertEqual(text, HELLO)
        async with client.responses.stream(input="Say hello") as events:
            test.assertEqual((await events.get_final_response()).output_text, HELLO)
        with test.assertRaises(RateLimitError):
            await client.responses.create(model="mock:status=429", input="x")

        texts: list[str] = []

        async def call() -> None:
            texts.append((await client.responses.create(input="Say hello")).output_text)

        async with anyio.create_task_group() as group:
            for _ in range(600):
                group.start_soon(call)
        test.assertEqual(texts, [HELLO] * 600)

        with anyio.move_on_after(0.1) as scope:
            await client.responses.create(model="mock:pace=3600", input="x")
        test.assertTrue(scope.cancelled_caught)
        with anyio.move_on_after(0.1) as scope:
            stream = await client.responses.create(model="mock:pace=3600", input="x", stream=True)
            async for _ in stream:
                pass
        test.assertTrue(scope.cancelled_caught)
        test.assertEqual(client._server.process().connection.ids(), [], "they were cancelled")
        process = client._server.process()
    test.assertEqual(process._child.returncode, 0)

    with tempfile.TemporaryDirectory() as folder:
        client = AsyncOpenAI(binary=harness.scripted_host(folder))
        with test.assertRaises(ServerExitedError):
            await client.call("crash")
        test.assertEqual(await client.call("echo", {"a": 1}), {"a": 1})
        await client.close()


class TrioTest(unittest.TestCase):
    def test_trio(self) -> None:
        trio.run(everything, trio.sleep)
        harness.row("trio runs the tasks, including 600 calls", "calls, streams, errors and cancel as with asyncio")

    def test_anyio(self) -> None:
        for backend in ("trio", "asyncio"):
            anyio.run(everything, anyio.sleep, backend=backend)
            harness.row(f"anyio runs them on {backend}", "the same")

    def test_one_client_in_both(self) -> None:
        client = AsyncOpenAI(mock=True)

        async def call() -> str:
            return (await client.responses.create(input="Say hello")).output_text

        self.assertEqual([anyio.run(call, backend=backend) for backend in ("asyncio", "trio", "asyncio")], [HELLO] * 3)
        trio.run(client.close)

    def test_loop_ends_during_a_stream(self) -> None:
        client = AsyncOpenAI(mock=True)

        async def main() -> Any:
            stream = await client.responses.create(model="mock:deltas=50,pace=0.01", input="x", stream=True)
            await stream.__anext__()
            return stream

        stream = trio.run(main)
        stream._pending._process._reader.join(0.3)  # later deliveries have no receiver
        trio.run(client.close)


if __name__ == "__main__":
    unittest.main()
