"""The tests that need gevent, whose programs patch the standard library before other imports:

python3 clients/python/tests/with_gevent.py
"""

from __future__ import annotations

from gevent import monkey

monkey.patch_all()

import os
import signal
import tempfile
import threading
import time
import unittest
from unittest import mock

import gevent

import harness

from codex_rpc import APITimeoutError, OpenAI, ServerExitedError

HELLO = 'You said: "Say hello"'


class GeventTest(unittest.TestCase):
    def setUp(self) -> None:
        self.client = OpenAI(mock=True)
        self.addCleanup(self.client.close)
        # Fails if something blocks all greenlets.
        self.longest, self.over = 0.0, False
        ticker = gevent.spawn(self.tick)
        self.addCleanup(self.check, ticker)

    def tick(self) -> None:
        before = time.monotonic()
        while not self.over:
            gevent.sleep(0.01)
            now = time.monotonic()
            self.longest = max(self.longest, now - before)
            before = now

    def check(self, ticker: gevent.Greenlet) -> None:
        self.over = True
        ticker.join()
        self.assertLess(self.longest, 1)

    def test_greenlets(self) -> None:
        calls = [gevent.spawn(self.client.responses.create, input="Say hello") for _ in range(300)]
        gevent.joinall(calls, timeout=harness.PATIENCE)
        self.assertEqual([call.value.output_text for call in calls], [HELLO] * 300)
        harness.row("gevent: 300 greenlets of a patched program call", "300 answers")

    def test_streams(self) -> None:
        def read(n: int) -> str:
            stream = self.client.responses.create(model="mock:deltas=20,pace=0.02", input=str(n), stream=True)
            return "".join(event.delta for event in stream if event.type == "response.output_text.delta")

        before = time.monotonic()
        streams = [gevent.spawn(read, n) for n in range(20)]
        gevent.joinall(streams, timeout=harness.PATIENCE)
        self.assertTrue(all(stream.value for stream in streams))
        self.assertLess(time.monotonic() - before, 20 * 20 * 0.02, "the calls run concurrently")
        harness.row("gevent: 20 greenlets read one stream each", "all concurrently")

    def test_killed_greenlet(self) -> None:
        call = gevent.spawn(self.client.responses.create, model="mock:pace=3600", input="x")
        gevent.sleep(0.1)
        call.kill()
        with gevent.Timeout(0.2, False):
            self.client.responses.create(model="mock:pace=3600", input="x")
        self.assertEqual(len(self.client._server.process().connection.ids()), 0, "they were cancelled")
        self.assertEqual(self.client.responses.create(input="Say hello").output_text, HELLO)
        harness.row("gevent: a greenlet is killed, another has a gevent.Timeout", "their calls are cancelled")

    def test_threads(self) -> None:
        texts: list[str] = []
        threads = [
            threading.Thread(target=lambda: texts.append(self.client.responses.create(input="Say hello").output_text))
            for _ in range(20)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(harness.PATIENCE)
        self.assertEqual(texts, [HELLO] * 20)

    def test_host_exits(self) -> None:
        stream = self.client.responses.create(model="mock:pace=3600", input="x", stream=True)
        next(stream)
        os.kill(self.client._server.process().pid, signal.SIGKILL)
        with self.assertRaises(ServerExitedError):
            next(stream)
        self.assertEqual(self.client.responses.create(input="Say hello").output_text, HELLO)

    def test_host_that_does_not_read(self) -> None:
        with tempfile.TemporaryDirectory() as folder, mock.patch("codex_rpc._process._GRACE", 0.2):
            client = OpenAI(binary=harness.scripted_host(folder), timeout=0.5)
            client.call("echo", {"timeout": 3600})
            os.kill(client._server.process().pid, signal.SIGSTOP)
            with self.assertRaises(APITimeoutError):
                client.call("echo", {"x": "x" * (4 << 20)})
            os.kill(client._server.process().pid, signal.SIGCONT)
            self.assertEqual(client.call("echo", {"a": 1, "timeout": 3600})["a"], 1)
            client.close()
        harness.row("gevent: 4 MB to a host that does not read", "other greenlets are not blocked, APITimeoutError")


if __name__ == "__main__":
    unittest.main()
