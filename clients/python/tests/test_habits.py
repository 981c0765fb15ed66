"""Usage patterns of real programs. Each test is also a row of a table of the evidence."""

from __future__ import annotations

import asyncio
import copy
import os
import pickle
import signal
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path
from unittest import mock

import harness

from codex_rpc import (
    APIError,
    APITimeoutError,
    AsyncOpenAI,
    BinaryNotFoundError,
    CallCancelledError,
    OpenAI,
    RateLimitError,
    Response,
    ServerExitedError,
)
from codex_rpc._errors import error_of
from codex_rpc._flow import LIMIT
from codex_rpc._process import _READ_BYTES, Process

HELLO = 'You said: "Say hello"'


class ManyTest(unittest.TestCase):
    def test_gather(self) -> None:
        async def main(count: int) -> list[str]:
            async with AsyncOpenAI(mock=True) as client:
                calls = [client.responses.create(input="Say hello") for _ in range(count)]
                return [response.output_text for response in await asyncio.gather(*calls)]

        for count in (600, 1000):
            self.assertEqual(asyncio.run(main(count)), [HELLO] * count)
            harness.row(f"asyncio.gather of {count} calls", f"{count} answers")

    def test_more_calls_than_the_host_accepts(self) -> None:
        limits = mock.patch.dict(os.environ, CODEX_RPC_MAX_IN_FLIGHT="3", CODEX_RPC_MAX_QUEUE="1")
        with limits, OpenAI(mock=True) as client:
            texts: list[str] = []

            def call() -> None:
                texts.append(client.responses.create(input="Say hello").output_text)

            threads = [threading.Thread(target=call) for _ in range(50)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(harness.PATIENCE)
        self.assertEqual(texts, [HELLO] * 50)
        harness.row("50 threads call a host that takes 3 calls at once", "50 answers")

    def test_cancel_storm(self) -> None:
        async def main() -> int:
            async with AsyncOpenAI(mock=True) as client:
                calls = [
                    asyncio.ensure_future(client.responses.create(model="mock:pace=3600", input="x"))
                    for _ in range(1000)
                ]
                await asyncio.sleep(0)
                for call in calls:
                    call.cancel()
                ends = await asyncio.gather(*calls, return_exceptions=True)
                self.assertEqual((await client.responses.create(input="Say hello")).output_text, HELLO)
                return sum(isinstance(end, asyncio.CancelledError) for end in ends)

        self.assertEqual(asyncio.run(main()), 1000)
        harness.row("1,000 tasks are cancelled at once", "all end, and the next call is answered")

    def test_threads_and_tasks(self) -> None:
        client, other = OpenAI(mock=True), AsyncOpenAI(mock=True)
        texts: list[str] = []

        async def main() -> None:
            for response in await asyncio.gather(*(other.responses.create(input="Say hello") for _ in range(20))):
                texts.append(response.output_text)
            texts.append((await asyncio.to_thread(client.responses.create, input="Say hello")).output_text)

        threads = [threading.Thread(target=asyncio.run, args=(main(),)) for _ in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(harness.PATIENCE)
        self.assertEqual(texts, [HELLO] * 210)
        asyncio.run(other.close())
        client.close()
        harness.row("10 threads with event loops share an AsyncOpenAI and an OpenAI", "210 answers")


class UnreadTest(unittest.IsolatedAsyncioTestCase):
    """A stream of about 20 MB that is not read."""

    MODEL = "mock:deltas=100000"

    def settled(self, process: Process) -> int:
        """Wait until the client stops reading, and return the number of buffered bytes."""
        held, before = process.connection.held(), -1
        while held != before or not process.flow.paused:
            time.sleep(0.3)
            held, before = process.connection.held(), held
        return held

    def test_stream(self) -> None:
        with OpenAI(mock=True, timeout=2) as client, mock.patch("codex_rpc._process._GRACE", 2):
            stream = client.responses.create(model=self.MODEL, input="x", stream=True)
            next(stream)
            process = client._server.process()
            held = self.settled(process)
            self.assertLess(held, LIMIT + _READ_BYTES)
            self.assertEqual(client.models.list().object, "list", "other calls are not delayed")
            self.settled(process)
            time.sleep(5)  # longer than the timeout, but the host responds
            self.assertEqual(1 + sum(1 for _ in stream), 100_008)
            self.assertEqual(len(stream.get_final_response().output_text.split()), 100_000)
        harness.row("a stream of 20 MB that is not read", f"{held >> 20} MB are buffered, the backend keeps the rest")

    def test_left(self) -> None:
        with OpenAI(mock=True) as client:
            stream = client.responses.create(model=self.MODEL, input="x", stream=True)
            process = client._server.process()
            self.settled(process)
            stream.close()
            self.assertEqual(client.models.list().object, "list")
            self.assertFalse(process.flow.waiting)

    async def test_async(self) -> None:
        async with AsyncOpenAI(mock=True) as client:
            stream = await client.responses.create(model=self.MODEL, input="x", stream=True)
            await stream.__anext__()
            process = client._server.process()
            self.assertLess(await asyncio.to_thread(self.settled, process), LIMIT + _READ_BYTES)
            self.assertEqual((await client.models.list()).object, "list", "other calls are not delayed")
            count = 1
            async for _ in stream:
                count += 1
            self.assertEqual(count, 100_008)
            self.assertFalse(process.flow.waiting)

    def test_program_ends(self) -> None:
        done = harness.run_python(f"""
            import time
            from codex_rpc import OpenAI
            client = OpenAI(mock=True)
            stream = client.responses.create(model={self.MODEL!r}, input="x", stream=True)
            next(stream)
            while not client._server.process().flow.paused:
                time.sleep(0.1)
            print(client._server.process().pid)
        """)
        self.assertEqual(done.stderr, "")
        self.assertTrue(harness.ends(int(done.stdout)))


class SilentTest(unittest.TestCase):
    """With a host that runs but does not answer."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.binary = harness.scripted_host(folder.name)
        for name, seconds in [("_GRACE", 0.2), ("_EXIT_WAIT", 0.1)]:
            patch = mock.patch(f"codex_rpc._process.{name}", seconds)
            patch.start()
            self.addCleanup(patch.stop)
        self.client = OpenAI(binary=self.binary, timeout=0.2)
        self.addCleanup(self.client.close)
        self.client.call("echo", {"timeout": 3600})  # it starts slowly

    def expect_timeout(self, client: OpenAI) -> None:
        before = time.monotonic()
        with self.assertRaisesRegex(APITimeoutError, "has not answered for 0.2 s") as raised:
            client.call("mute")
        self.assertLess(time.monotonic() - before, 10)
        self.assertTrue(raised.exception.retryable)

    def test_silent_host(self) -> None:
        self.client.call("silent")
        self.expect_timeout(self.client)
        stream = self.client.responses.create(stream=True)
        with self.assertRaises(APITimeoutError):
            next(stream)
        harness.row("the host reads but no longer responds", "APITimeoutError after timeout and grace")

    def test_stopped_host(self) -> None:
        pid = self.client._server.process().pid
        self.client.call("echo")
        os.kill(pid, signal.SIGSTOP)
        self.expect_timeout(self.client)
        os.kill(pid, signal.SIGCONT)
        self.assertEqual(self.client.call("echo", {"a": 1}), {"a": 1}, "the host responds again")
        harness.row("the host is stopped (SIGSTOP)", "APITimeoutError; answered again after SIGCONT")

    def test_timeout_of_a_call(self) -> None:
        client = self.client.with_options(timeout=3600)
        client.call("silent")
        with self.assertRaisesRegex(APITimeoutError, "for 0.1 s"):
            client.call("mute", {"timeout": 0.1})

    def test_responsive_host_is_waited_for(self) -> None:
        # The host detects a silent backend, and may retry or wait for a slot.
        failures: list[APIError] = []

        def call() -> None:
            try:
                self.client.call("mute")
            except APIError as error:
                failures.append(error)

        waiting = threading.Thread(target=call)
        waiting.start()
        waiting.join(1)  # five times the timeout
        self.assertTrue(waiting.is_alive())
        self.assertGreater(sum(message.method == "$/alive" for message in self.client.call("heard")), 1)
        self.client.close()
        waiting.join(harness.PATIENCE)
        self.assertIsInstance(failures[0], CallCancelledError)
        harness.row("a call takes longer than the timeout, and the host responds to pings", "it is waited for")

    def test_event_loop_is_not_blocked(self) -> None:
        async def main() -> list[type]:
            client = AsyncOpenAI(binary=self.binary, timeout=0.3)
            await client.call("echo")
            pid = client._server.process().pid
            os.kill(pid, signal.SIGSTOP)
            goes_on = threading.Timer(10, os.kill, (pid, signal.SIGCONT))  # so that a write to the pipe does not hang
            goes_on.start()
            self.addCleanup(goes_on.cancel)
            ticks, longest = time.monotonic(), 0.0
            # More than fits in a pipe, in pieces that each fit.
            calls = [asyncio.ensure_future(client.call("echo", {"x": "x" * (60 << 10)})) for _ in range(200)]
            while not all(call.done() for call in calls):
                await asyncio.sleep(0.01)
                longest = max(longest, time.monotonic() - ticks)
                ticks = time.monotonic()
            self.assertLess(longest, 5, "the event loop did not wait for the pipe")
            await client.close()
            return [type(call.exception()) for call in calls]

        self.assertEqual(set(asyncio.run(main())), {APITimeoutError})
        harness.row("12 MB of requests to a host that does not read", "the event loop is not blocked, APITimeoutError")

    def test_abandoned_requests_are_not_sent(self) -> None:
        pid = self.client._server.process().pid
        os.kill(pid, signal.SIGSTOP)
        for _ in range(3):
            self.expect_timeout_of_large()
        self.assertEqual(len(self.client._server.process()._outbox._requests), 0, "abandoned requests are released")
        os.kill(pid, signal.SIGCONT)
        heard = self.client.with_options(timeout=3600).call("heard")
        self.assertEqual(sum(message.method == "large" for message in heard), 1, "only the partly sent one arrives")

    def expect_timeout_of_large(self) -> None:
        with self.assertRaises(APITimeoutError):
            self.client.call("large", {"size": 1, "x": "x" * (1 << 20)})


class SignalTest(unittest.TestCase):
    def test_ctrl_c_does_not_reach_the_host(self) -> None:
        done = harness.run_python("""
            import os, signal
            from codex_rpc import OpenAI
            os.setpgid(0, 0)
            client = OpenAI(mock=True)
            stream = client.responses.create(model="mock:deltas=20,pace=0.02", stream=True)
            next(stream)
            signal.signal(signal.SIGINT, lambda *_: print("interrupted"))
            os.killpg(os.getpgid(0), signal.SIGINT)  # like a terminal
            print([event.type for event in stream][-1])
        """)
        self.assertEqual((done.stdout, done.stderr), ("interrupted\nresponse.completed\n", ""))
        harness.row("Ctrl-C during a stream that the program keeps reading", "the stream is complete")

    def test_host_is_killed_during_a_stream(self) -> None:
        for number, expected in [(signal.SIGTERM, APIError), (signal.SIGKILL, ServerExitedError)]:
            client = OpenAI(mock=True)
            stream = client.responses.create(model="mock:pace=3600", stream=True)
            next(stream)
            process = client._server.process()
            while not process.over:
                os.kill(process.pid, number)
                time.sleep(0.05)  # or the two count as one; the second does not wait for pending calls
            with self.assertRaises(expected) as raised:
                for _ in stream:
                    pass
            client.close()
            harness.row(f"the host gets {number.name} during a stream", type(raised.exception).__name__)


class SecretsTest(unittest.TestCase):
    @unittest.skipUnless(os.path.isdir("/proc/self"), "only Linux shows command lines as files")
    def test_not_in_ps(self) -> None:
        words = "the system message" * 20_000  # too long for a command line or a variable
        with OpenAI(mock=True, instructions=words, model="gpt-of-ours") as client:
            client.models.list()
            pid = client._server.process().pid
            for place in ("cmdline", "environ"):
                text = Path(f"/proc/{pid}/{place}").read_bytes()
                self.assertNotIn(b"system message", text)
                self.assertNotIn(b"gpt-of-ours", text)
        harness.row("instructions of 360 KB", "not in ps: initialize sends them")


class ErrorsTest(unittest.TestCase):
    def test_pickle_and_copy(self) -> None:
        errors = [
            error_of({"code": 429, "message": "m", "data": {"type": "api_error", "status": 429, "retry_after": 2}}),
            error_of({"code": -32012, "message": "m", "data": {"type": "stream_interrupted", "partial": {"id": "r"}}}),
            error_of({"code": -32602, "message": "m", "data": {"type": "invalid_params", "errors": [{"path": "/a"}]}}),
            error_of({"code": -32001, "message": "m", "data": {"type": "overloaded", "retry_after_ms": 5}}),
            ServerExitedError(-9, "panic: oh\n"),
            BinaryNotFoundError("m"),
        ]
        for error in errors:
            for other in [pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)]:
                self.assertIs(type(other), type(error))
                self.assertEqual((str(other), other.args, vars(other)), (str(error), error.args, vars(error)))
        harness.row("exceptions are pickled and copied", "the same exceptions")

    def test_cause_of_an_exit(self) -> None:
        for stderr, cause in [
            ("codex-rpc: unknown flag: --nope\nhint: codex-rpc --help lists the flags\n", "unknown flag: --nope"),
            ("codex-rpc: a\nhint: b\nhint: c\n", "a"),
            ("hint: b\n", ""),
            ("time=1 level=WARN msg=x\npanic: oh [recovered]\n\ngoroutine 1 [running]:\nmain.go:12\n", "panic: oh"),
            ("a word\nanother\n", "another"),
            ("", ""),
        ]:
            message = str(ServerExitedError(2, stderr))
            self.assertTrue(
                message.startswith(f"codex-rpc ended with exit code 2{': ' if cause else ''}{cause}"), message
            )
            self.assertNotIn("hint", message)
        client = OpenAI(chatgpt_base_url="http://example.test")
        with self.assertRaisesRegex(ServerExitedError, 'code 2: the ChatGPT base URL "http://example.test" must be'):
            client.models.list()
        harness.row("the host rejects its flags, with a hint", "ServerExitedError has the reason, not the hint")

    def test_answer(self) -> None:
        headers = {"x-request-id": "req_1", "retry-after": "2"}
        common = {"type": "api_error", "status": 429, "request_id": "req_1", "retry_after": 2}
        body = {"error": {"type": "usage_limit_reached", "param": "model", "message": "m"}}
        for data in [{**common, "body": body}, {**common, "body": body, "headers": {**headers, "x-codex-a": "1"}}]:
            error = error_of({"code": 429, "message": "m", "data": data})
            assert isinstance(error, RateLimitError)
            self.assertEqual((error.code, error.param, error.status_code), ("usage_limit_reached", "model", 429))
            self.assertEqual((error.response.headers["Retry-After"], error.response.status_code), ("2", 429))
            self.assertEqual(error.response.headers.get("X-Request-ID"), "req_1")
            self.assertEqual(error.response.json(), body)
            self.assertEqual("x-codex-a" in error.response.headers, "headers" in data)

    def test_code_of_a_failure(self) -> None:
        for report, code in [
            ({"type": "usage_limit_reached"}, "usage_limit_reached"),
            ({"type": "server_error", "code": "rate_limit_exceeded"}, "rate_limit_exceeded"),
            ({"type": "server_error", "code": None}, "server_error"),
            ({}, None),
            (None, None),
        ]:
            error = error_of({"code": -32013, "message": "m", "data": {"type": "response_failed", "error": report}})
            self.assertEqual(error.code, code)


class ObjectsTest(unittest.TestCase):
    def test_as_containers(self) -> None:
        response = Response(id="r", usage={"total_tokens": 3}, output=[{"type": "message", "content": []}])
        self.assertEqual(dict(response), {"id": "r", "usage": response.usage, "output": response.output})
        self.assertEqual([name for name, _ in response], ["id", "usage", "output"])
        self.assertEqual(len(list(response)), 3)
        item = response.output[0]
        self.assertEqual((dict(item), list(item)), ({"type": "message", "content": []}, ["type", "content"]))
        response.id = "s"
        response["future"] = 1
        item.status = "completed"
        item["content"] = [{"type": "output_text", "text": "x"}]
        self.assertEqual((response["id"], response.future, response.output[0].status), ("s", 1, "completed"))
        del response.future, item.status
        self.assertEqual(
            response.to_dict(),
            {
                "id": "s",
                "usage": {"total_tokens": 3},
                "output": [{"type": "message", "content": [{"type": "output_text", "text": "x"}]}],
            },
        )
        for gone in (response, item):
            with self.assertRaises(AttributeError):
                del gone.future
        harness.row("dict(), list() and assignment on results and items", "like Pydantic's models and dicts")

    def test_pickles(self) -> None:
        with OpenAI(mock=True) as client:
            stream = client.responses.create(input="Say hello", stream=True)
            results = [*stream, stream.get_final_response(), client.models.list(), client.codex.usage()]
            results.append(client.responses.parse(input="x", text_format={"type": "object", "title": "n"}))
        for result in results:
            for other in [pickle.loads(pickle.dumps(result)), copy.copy(result), copy.deepcopy(result)]:
                self.assertEqual((type(other), other), (type(result), result))
                self.assertEqual(other.to_dict(), result.to_dict())
        harness.row("results and events are pickled and copied", "equal to the originals")


class TextTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def test_bytes_on_the_wire(self) -> None:
        client = OpenAI(binary=harness.scripted_host(self.folder))
        self.addCleanup(client.close)
        for text in ["\u00e9\u20ac\U0001f600\u2028" * 1000, "half \udcff of a pair"]:
            self.assertEqual(client.call("echo", {"x": text}), {"x": text})
        frame = client._server.process().open("m", {"x": "\u65e5" * 1000}, lambda _: None)[1]
        self.assertLess(len(frame), 3100)
        harness.row("1,000 characters of Japanese", f"{len(frame)} bytes on the wire")

    @unittest.skipIf(sys.platform in ("win32", "darwin"), "file names are text there")
    def test_file_names(self) -> None:
        name = os.fsencode(self.folder) + b"/caf\xe9.txt"
        Path(os.fsdecode(name)).write_bytes(b"RIFF words")
        with OpenAI(mock="lenient") as client:
            for path in (os.fsdecode(name), Path(os.fsdecode(name))):
                uploaded = client.files.upload(path)
                self.assertEqual((uploaded.file_name, uploaded.file_size_bytes), ("caf\ufffd.txt", 10))
                self.assertIn("mock", client.audio.transcriptions.create(model="m", file=path).text)
                created = client.files.create(file=path, purpose="assistants")
                self.assertEqual((created.filename, created.bytes), ("caf\ufffd.txt", 10))
        left = [each for each in os.listdir(tempfile.gettempdir()) if each.startswith("codex-rpc-file-")]
        self.assertEqual(left, [], "no link is left")
        harness.row("a file whose name is not UTF-8 is uploaded, and transcribed", "both work")


class OddMomentsTest(unittest.TestCase):
    def test_host_is_killed_repeatedly(self) -> None:
        client = OpenAI(mock=True)
        self.addCleanup(client.close)
        ends: list[str] = []

        def call() -> None:
            for _ in range(10):
                try:
                    ends.append(client.responses.create(input="Say hello").output_text)
                except ServerExitedError:
                    ends.append("exited")

        threads = [threading.Thread(target=call) for _ in range(8)]
        for thread in threads:
            thread.start()
        for _ in range(15):
            try:
                os.kill(client._server._process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            time.sleep(0.01)
        for thread in threads:
            thread.join(harness.PATIENCE)
        self.assertEqual((len(ends), set(ends) - {HELLO, "exited"}), (80, set()))
        self.assertEqual(client.responses.create(input="Say hello").output_text, HELLO)
        harness.row("8 threads call while the host is killed 15 times", "each call ends, the next one is answered")

    def test_fork_during_calls(self) -> None:
        done = harness.run_python(
            """
            import os, threading
            from codex_rpc import OpenAI
            client = OpenAI(mock=True)
            over = threading.Event()
            def call():
                while not over.is_set():
                    client.responses.create(input="Say hello")
            threads = [threading.Thread(target=call) for _ in range(4)]
            for thread in threads:
                thread.start()
            for _ in range(20):
                child = os.fork()
                if child == 0:
                    os._exit(client.responses.create(input="Say hello").output_text != 'You said: "Say hello"')
                print(os.waitpid(child, 0)[1])
            over.set()
            for thread in threads:
                thread.join()
            """,
            "-W",
            "ignore::DeprecationWarning",
        )
        self.assertEqual((done.stdout.split(), done.stderr), (["0"] * 20, ""))
        harness.row("20 forks during calls of 4 threads", "each child is answered")

    def test_discarded_client(self) -> None:
        before = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
        for _ in range(20):
            OpenAI(mock=True).responses.create(input="Say hello")
        client = OpenAI(mock=True)
        client.responses.create(input="Say hello")
        client.close()
        deadline = time.monotonic() + harness.PATIENCE
        while before and len(os.listdir("/proc/self/fd")) > before and time.monotonic() < deadline:
            time.sleep(0.05)
        if before:
            self.assertLessEqual(len(os.listdir("/proc/self/fd")), before)
        names = [thread.name for thread in threading.enumerate() if thread.name.startswith("codex-rpc")]
        while names and time.monotonic() < deadline:
            names = [thread.name for thread in threading.enumerate() if thread.name.startswith("codex-rpc")]
        self.assertEqual(names, [], "no thread is left")
        harness.row("20 clients dropped without close", "no process, thread or descriptor is left")

    def test_program_exits_while_the_host_does_not_read(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            program = f"""
                import threading
                from codex_rpc import APIError, OpenAI
                client = OpenAI(binary={harness.scripted_host(folder)!r})
                client.call("deaf")
                def call():
                    try:
                        client.call("echo", {{"x": "x" * (1 << 20)}})
                    except APIError:
                        pass
                threading.Thread(target=call, daemon=True).start()
                print(client._server.process().pid, flush=True)
            """
            done = harness.run_python(program)
            self.assertEqual(done.stderr, "")
            self.assertTrue(harness.ends(int(done.stdout)))


if __name__ == "__main__":
    unittest.main()
