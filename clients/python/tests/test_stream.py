from __future__ import annotations

import gc
import tempfile
import threading
import unittest
from collections.abc import Iterator
from unittest import mock

import harness

from codex_rpc import CallCancelledError, OpenAI, OpenAIError, ResponseStreamEvent, Stream


class HostTest(unittest.TestCase):
    """With a host whose streams do not end until cancelled."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.client = OpenAI(binary=harness.scripted_host(folder.name))
        self.addCleanup(self.client.close)

    def stream(self, events: int) -> Stream[object]:
        return self.client._caller.stream("responses.create", {"events": events})

    def cancelled(self) -> list[int]:
        """The ids of the calls that the host has cancelled."""
        heard = self.client.call("heard")
        return [message.params.id for message in heard if message.method == "$/cancelRequest"]

    def test_ways_to_leave(self) -> None:
        def break_off(stream: Stream[object]) -> None:
            for _ in stream:
                break

        def raise_in_loop(stream: Stream[object]) -> None:
            try:
                for _ in stream:
                    raise KeyError
            except KeyError:
                pass

        def return_from_loop(stream: Stream[object]) -> object:
            for event in stream:
                return event
            return None

        def leave_block(stream: Stream[object]) -> None:
            with stream:
                next(stream)

        def close(stream: Stream[object]) -> None:
            stream.close()
            stream.close()

        for n, leave in enumerate([break_off, raise_in_loop, return_from_loop, leave_block, close]):
            with self.subTest(leave=leave.__name__):
                stream = self.stream(events=5)
                leave(stream)
                self.assertEqual(len(self.cancelled()), n + 1)
                for more in [next, list, Stream.get_final_response]:
                    with self.assertRaisesRegex(OpenAIError, "closed before its end"):
                        more(stream)

    def test_forgotten(self) -> None:
        stream = self.stream(events=5)
        next(stream)
        self.assertEqual(self.cancelled(), [])
        del stream
        gc.collect()
        self.assertEqual(len(self.cancelled()), 1)

    def test_next_keeps_the_rest(self) -> None:
        stream = self.stream(events=3)
        self.assertEqual([next(stream).n, next(stream).n, next(stream).n], [0, 1, 2])
        self.assertEqual(self.cancelled(), [])

    def test_closed_by_another_thread(self) -> None:
        stream = self.stream(events=1)
        reached = threading.Event()
        failures: list[OpenAIError] = []

        def read() -> None:
            try:
                for _ in stream:
                    reached.set()
            except OpenAIError as error:
                failures.append(error)

        reader = threading.Thread(target=read)
        reader.start()
        self.assertTrue(reached.wait(harness.PATIENCE))
        stream.close()
        reader.join(harness.PATIENCE)
        self.assertEqual(len(failures), 1)

    def test_end_reaches_every_reader(self) -> None:
        stream = self.stream(events=0)
        waiting = threading.Semaphore(0)
        failures: list[OpenAIError] = []

        def read() -> None:
            try:
                next(stream)
            except OpenAIError as error:
                failures.append(error)

        readers = [threading.Thread(target=read, daemon=True) for _ in range(3)]
        with mock.patch.object(stream._mailbox, "_wait", waiting.release):
            for reader in readers:
                reader.start()
            for _ in readers:
                self.assertTrue(waiting.acquire(timeout=harness.PATIENCE))
        stream._pending.cancel()
        for reader in readers:
            reader.join(harness.PATIENCE)
        self.assertEqual(len(failures), 3)

    def test_slow_reader_does_not_delay_others(self) -> None:
        slow = self.client._caller.stream("burst", {"events": 20_000})
        first = next(slow)
        self.assertEqual(self.client.call("echo", {"a": 1}), {"a": 1})
        quick = self.client._caller.stream("burst", {"events": 100})
        self.assertEqual([event.n for event in quick], list(range(100)))
        self.assertEqual([first.n, *(event.n for event in slow)], list(range(20_000)), "and receives everything")

    def test_interrupted(self) -> None:
        # In its own process: the interrupt must not reach other tests.
        with tempfile.TemporaryDirectory() as folder:
            done = harness.run_python(f"""
                from codex_rpc import OpenAI
                client = OpenAI(binary={harness.scripted_host(folder)!r})
                for wait in [
                    lambda: client.call("interrupt"),
                    lambda: list(client._caller.stream("interrupt", {{"events": 1}})),
                ]:
                    try:
                        wait()
                    except KeyboardInterrupt:
                        print("interrupted")
                heard = client.call("heard")
                print(sum(message.method == "$/cancelRequest" for message in heard))
                client.close()
            """)
        self.assertEqual((done.stdout, done.stderr), ("interrupted\ninterrupted\n2\n", ""))


class MockTest(harness.MockTestCase):
    def test_events(self) -> None:
        stream = self.client.responses.create(input="Say hello", stream=True)
        self.assertIsInstance(stream, Iterator)
        events = list(stream)
        self.assertEqual((events[0].type, events[-1].type), ("response.created", "response.completed"))
        self.assertEqual([event.sequence_number for event in events], list(range(len(events))))
        text = "".join(event.delta for event in events if event.type == "response.output_text.delta")
        self.assertEqual(text, 'You said: "Say hello"')
        self.assertIsInstance(events[0], ResponseStreamEvent)
        self.assertEqual(events[-1].response.output_text, text)
        self.assertEqual(list(stream), [], "events after the end")
        final = stream.get_final_response()
        self.assertEqual((final.output_text, final.id), (text, events[-1].response.id))
        self.assertEqual(final.usage, events[-1].response.usage.__class__(final.usage.to_dict()))

    def test_final_response_without_events(self) -> None:
        stream = self.client.responses.create(input="Say hello", stream=True)
        next(stream)
        self.assertEqual(stream.get_final_response().output_text, 'You said: "Say hello"')

    def test_many_at_once(self) -> None:
        texts: dict[int, str] = {}

        def read(n: int) -> None:
            stream = self.client.responses.create(model="mock:deltas=200", input=f"{n}", stream=True)
            texts[n] = "".join(event.delta for event in stream if event.type == "response.output_text.delta")
            texts[n] += "|" + stream.get_final_response().output_text

        threads = [threading.Thread(target=read, args=(n,)) for n in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(harness.PATIENCE)
        self.assertEqual(len(texts), 20)
        for text in texts.values():
            streamed, final = text.split("|")
            self.assertEqual(streamed, final)

    def test_leaving_cancels_at_the_backend(self) -> None:
        # The backend would take an hour. The process exits right after its input ends, so the call
        # was cancelled there, too.
        with OpenAI(mock=True) as client:
            process = client._server.process()
            for _ in client.responses.create(model="mock:pace=3600", stream=True):
                break
        self.assertEqual(process._child.returncode, 0)

    def test_call_cancelled_by_close(self) -> None:
        client = OpenAI(mock=True)
        failures: list[Exception] = []
        begun = threading.Event()

        def call() -> None:
            stream = client.responses.create(model="mock:stall=1", stream=True)
            next(stream)
            begun.set()
            try:
                next(stream)
            except CallCancelledError as error:
                failures.append(error)

        caller = threading.Thread(target=call)
        caller.start()
        self.assertTrue(begun.wait(harness.PATIENCE))
        client.close()
        caller.join(harness.PATIENCE)
        self.assertEqual(len(failures), 1)


if __name__ == "__main__":
    unittest.main()
