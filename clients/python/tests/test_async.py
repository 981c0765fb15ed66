from __future__ import annotations

import asyncio
import gc
import tempfile
import threading
import unittest
from typing import Any

import harness

from codex_rpc import AsyncOpenAI, AsyncStream, CallCancelledError, OpenAIError, RateLimitError, ServerExitedError


class HostTest(unittest.IsolatedAsyncioTestCase):
    """With a host whose streams do not end until cancelled."""

    async def asyncSetUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.client = AsyncOpenAI(binary=harness.scripted_host(folder.name))
        self.addAsyncCleanup(self.client.close)

    async def stream(self, events: int) -> AsyncStream[Any]:
        return await self.client._caller.stream("responses.create", {"events": events})

    async def cancelled(self) -> list[int]:
        """The ids of the calls that the host has cancelled."""
        heard = await self.client.call("heard")
        return [message.params.id for message in heard if message.method == "$/cancelRequest"]

    async def test_ways_to_leave(self) -> None:
        async def break_off(stream: AsyncStream[Any]) -> None:
            async for _ in stream:
                break

        async def leave_block(stream: AsyncStream[Any]) -> None:
            async with stream:
                await stream.__anext__()

        async def close(stream: AsyncStream[Any]) -> None:
            await stream.close()
            await stream.close()

        async def cancel_task(stream: AsyncStream[Any]) -> None:
            reached = asyncio.Event()

            async def read() -> None:
                async for _ in stream:
                    reached.set()

            task = asyncio.ensure_future(read())
            await reached.wait()
            task.cancel()
            with self.assertRaises(asyncio.CancelledError):
                await task

        for n, leave in enumerate([break_off, leave_block, close, cancel_task]):
            with self.subTest(leave=leave.__name__):
                stream = await self.stream(events=5)
                await leave(stream)
                self.assertEqual(len(await self.cancelled()), n + 1)
                with self.assertRaisesRegex(OpenAIError, "closed before its end"):
                    await stream.__anext__()
                with self.assertRaisesRegex(OpenAIError, "closed before its end"):
                    await stream.get_final_response()

    async def test_forgotten(self) -> None:
        stream = await self.stream(events=5)
        self.assertEqual((await stream.__anext__()).n, 0)
        del stream
        gc.collect()
        self.assertEqual(len(await self.cancelled()), 1)

    async def test_cancelled_call(self) -> None:
        task = asyncio.ensure_future(self.client.call("mute"))
        while not any(message.method == "mute" for message in await self.client.call("heard")):
            pass
        task.cancel()
        with self.assertRaises(asyncio.CancelledError):
            await task
        self.assertEqual(len(await self.cancelled()), 1)

    async def test_asyncio_timeout(self) -> None:
        with self.assertRaises(asyncio.TimeoutError):
            await asyncio.wait_for(self.client.call("mute"), 0.05)
        self.assertEqual(len(await self.cancelled()), 1)

    async def test_large_request_does_not_block_the_loop(self) -> None:
        text = "x" * (4 << 20)
        answers = await asyncio.gather(*(self.client.call("echo", {"x": text, "n": n}) for n in range(3)))
        self.assertEqual([(answer.n, len(answer.x)) for answer in answers], [(n, len(text)) for n in range(3)])

    async def test_crash(self) -> None:
        events: list[int] = []
        with self.assertRaises(ServerExitedError):
            await self.client.call("crash", on_event=lambda event: events.append(event.n))
        self.assertEqual(events, [0])
        self.assertEqual(await self.client.call("echo", {"a": 1}), {"a": 1})

    async def test_end_reaches_every_reader(self) -> None:
        stream = await self.stream(events=0)
        readers = [asyncio.ensure_future(stream.__anext__()) for _ in range(3)]
        await asyncio.sleep(0)  # they wait
        stream._pending.cancel()
        ends = await asyncio.wait_for(asyncio.gather(*readers, return_exceptions=True), harness.PATIENCE)
        self.assertEqual([type(end) for end in ends], [CallCancelledError] * 3)

    async def test_slow_reader_does_not_delay_others(self) -> None:
        slow = await self.client._caller.stream("burst", {"events": 20_000})
        first = await slow.__anext__()
        self.assertEqual(await self.client.call("echo", {"a": 1}), {"a": 1})
        self.assertEqual([first.n] + [event.n async for event in slow], list(range(20_000)))


class MockTest(unittest.IsolatedAsyncioTestCase):
    async def test_responses(self) -> None:
        async with AsyncOpenAI(mock=True) as client:
            response = await client.responses.create(input="Say hello")
            self.assertEqual(response.output_text, 'You said: "Say hello"')
            stream = await client.responses.create(input="Say hello", stream=True)
            text = "".join([event.delta async for event in stream if event.type == "response.output_text.delta"])
            self.assertEqual(text, response.output_text)
            self.assertEqual((await stream.get_final_response()).output_text, text)
            self.assertEqual([event async for event in stream], [], "events after the end")
            with self.assertRaises(RateLimitError):
                await client.responses.create(model="mock:status=429", timeout=5)

    async def test_rest(self) -> None:
        async with AsyncOpenAI(mock="lenient") as client:
            models = await client.models.list()
            self.assertEqual(models[0].id, (await client.models.retrieve(models[0].id)).id)
            self.assertIn("mock", (await client.audio.transcriptions.create(model="m", file=b"RIFF")).text)
            self.assertEqual((await client.codex.usage()).plan_type, "plus")
            self.assertIn("gpt-realtime", await client.realtime_websocket_url(model="gpt-realtime"))

    def test_several_loops(self) -> None:
        client = AsyncOpenAI(mock=True)
        texts: list[str] = []

        async def main() -> None:
            texts.append((await client.responses.create(input="Say hello")).output_text)

        threads = [threading.Thread(target=asyncio.run, args=(main(),)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(harness.PATIENCE)
        self.assertEqual(texts, ['You said: "Say hello"'] * 4)
        asyncio.run(client.close())

    def test_loop_ends_during_a_stream(self) -> None:
        done = harness.run_python("""
            import asyncio
            from codex_rpc import AsyncOpenAI
            async def main():
                client = AsyncOpenAI(mock=True)
                stream = await client.responses.create(model="mock:stall=2", stream=True)
                await stream.__anext__()
                return client, stream
            left = asyncio.run(main())
            del left
            print("left")
        """)
        self.assertEqual((done.stdout, done.stderr), ("left\n", ""))


if __name__ == "__main__":
    unittest.main()
