from __future__ import annotations

import gc
import os
import signal
import tempfile
import threading
import unittest
from pathlib import Path
from unittest import mock

import harness

from codex_rpc import (
    APIConnectionError,
    BinaryNotFoundError,
    CallCancelledError,
    InvalidParamsError,
    OpenAI,
    OpenAIError,
    RPCError,
    ServerExitedError,
)
from codex_rpc._process import find_binary


class FindTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = harness.scripted_host(folder.name)
        (Path(folder.name) / "codex-rpc").symlink_to(self.path)
        self.folder = folder.name

    def test_order(self) -> None:
        on_path = str(Path(self.folder) / "codex-rpc")
        for binary, environment, path, expected in [
            (self.path, "/absent", "", self.path),
            (Path(self.path), None, "", self.path),
            (None, self.path, "", self.path),
            (None, None, f"/absent:{self.folder}", on_path),
            (None, "", self.folder, on_path),
        ]:
            env = {"PATH": path} if environment is None else {"PATH": path, "CODEX_RPC_BIN": environment}
            with self.subTest(binary=binary, env=env), mock.patch.dict(os.environ, env, clear=True):
                self.assertEqual(find_binary(binary), expected)

    def test_bundled_binary_precedes_path(self) -> None:
        bundled = harness.SOURCE / "codex_rpc" / "bin" / "codex-rpc"
        path = mock.patch.dict(os.environ, {"PATH": self.folder}, clear=True)
        there = mock.patch("os.path.isfile", lambda path: True)
        with path, there, mock.patch("os.access", lambda path, mode: True):
            self.assertEqual(find_binary(), str(bundled))

    def test_none(self) -> None:
        for binary, env, message in [
            ("/absent", {}, "binary names '/absent', which is not a file"),
            (None, {"CODEX_RPC_BIN": "/absent"}, "CODEX_RPC_BIN names '/absent', which is not a file"),
            (None, {"PATH": "/absent"}, "codex-rpc binary not found: install "),
        ]:
            with self.subTest(message=message), mock.patch.dict(os.environ, env, clear=True):
                with self.assertRaisesRegex(BinaryNotFoundError, message) as raised:
                    OpenAI(binary=binary)
                self.assertIsInstance(raised.exception, FileNotFoundError)

    @unittest.skipIf(os.name == "nt", "Windows has no exec")
    def test_command(self) -> None:
        shell = "echo $0 $1; kill -s PIPE $$; exit 3"
        done = harness.run_python(
            f"""
            import sys
            from codex_rpc import __main__
            __main__.BUNDLED = "/bin/sh"
            sys.argv[1:] = ["-c", "{shell}", "a b", "c"]
            __main__.main()
            """,
            CODEX_RPC_BIN=self.path,
        )
        self.assertEqual((done.stdout, done.stderr, done.returncode), ("a b c\n", "", -signal.SIGPIPE))

    def test_cannot_be_run(self) -> None:
        Path(self.path).chmod(0o600)
        with self.assertRaisesRegex(BinaryNotFoundError, "cannot run .*: Permission denied"):
            OpenAI(binary=self.path)

    def test_rejected_flags(self) -> None:
        client = OpenAI(chatgpt_base_url="http://example.test")
        with self.assertRaises(ServerExitedError) as raised:
            client.codex.usage()
        self.assertEqual(raised.exception.exit_code, 2)
        self.assertIn("example.test", raised.exception.stderr)


class HostTest(unittest.TestCase):
    """With the scripted host."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.client = OpenAI(binary=harness.scripted_host(folder.name))
        self.addCleanup(self.client.close)

    def pid(self) -> int:
        return self.client._server.process().pid

    def test_large_answer(self) -> None:
        self.assertEqual(len(self.client.call("large", {"size": 10 << 20})), 10 << 20)

    def test_large_request(self) -> None:
        self.assertEqual(len(self.client.call("echo", {"x": "x" * (10 << 20)})["x"]), 10 << 20)

    def test_standard_error_is_drained(self) -> None:
        self.assertIsNone(self.client.call("noise"))

    def test_crash(self) -> None:
        waiting = threading.Thread(target=self.expect_exit, args=("mute",))
        waiting.start()
        before = self.pid()
        events: list[int] = []
        with self.assertRaises(ServerExitedError) as raised:
            self.client.call("crash", on_event=lambda event: events.append(event.n))
        waiting.join(harness.PATIENCE)
        self.assertFalse(waiting.is_alive(), "all pending calls fail")
        self.assertEqual(events, [0])
        self.assertEqual((raised.exception.exit_code, raised.exception.stderr), (3, "a goroutine panicked\n"))
        self.assertEqual(str(raised.exception), "codex-rpc ended with exit code 3: a goroutine panicked")
        self.assertEqual(self.client.call("echo", {"a": 1}), {"a": 1}, "the next call starts another process")
        self.assertNotEqual(self.pid(), before)

    def expect_exit(self, method: str) -> None:
        with self.assertRaises(ServerExitedError):
            self.client.call(method)

    def test_killed(self) -> None:
        stream = self.client.responses.create(stream=True)
        os.kill(self.pid(), 9)
        with self.assertRaises(ServerExitedError) as raised:
            next(stream)
        self.assertEqual(raised.exception.exit_code, -9)
        self.assertEqual(self.client.call("echo", {"a": 1}), {"a": 1})

    def test_invalid_output(self) -> None:
        with self.assertRaisesRegex(APIConnectionError, "not a message: b'no protocol'"):
            self.client.call("garbage")
        self.assertEqual(self.client.call("echo", {"a": 1}), {"a": 1})

    def test_error_without_id(self) -> None:
        with self.assertRaisesRegex(RPCError, "too large"):
            self.client.call("nobody")

    def test_limit_of_requests(self) -> None:
        with mock.patch.dict(os.environ, CODEX_RPC_MAX_MESSAGE_BYTES="1000"):
            client = OpenAI(binary=self.client._options["binary"])
        with self.assertRaises(InvalidParamsError):
            client.call("echo", {"x": "x" * 1000})
        self.assertEqual(client.call("echo", {"x": 1}), {"x": 1})
        client.close()

    def test_threads_share_the_process(self) -> None:
        answers: dict[int, int] = {}
        pid = self.pid()

        def call(n: int) -> None:
            answers[n] = self.client.call("echo", {"n": n})["n"]

        threads = [threading.Thread(target=call, args=(n,)) for n in range(100)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(harness.PATIENCE)
        self.assertEqual(answers, {n: n for n in range(100)})
        self.assertEqual(self.pid(), pid)

    def test_options(self) -> None:
        client = self.client.with_options(
            model="m", instructions="i", timeout=1.5, max_retries=0, retry_base_delay=0.1, mock=True, codex_home="/h"
        )
        self.addCleanup(client.close)
        self.assertEqual(client.call("arguments"), {"argv": ["serve", "--mock=1"], "CODEX_HOME": "/h"})
        session = {"max_retries": 0, "retry_base_delay": 0.1}
        self.assertEqual(self.sessions(client), [session])
        self.assertEqual(
            self.created(client), {"model": "m", "instructions": "i", "timeout": 1.5, "input": "x", "stream": True}
        )
        other = client.with_options(mock=False, timeout=None)
        self.assertEqual(other.call("arguments")["argv"], ["serve", "--mock=0"])
        self.assertEqual(self.created(other), {"model": "m", "instructions": "i", "input": "x", "stream": True})
        self.assertEqual(self.created(self.client), {"input": "x", "stream": True})

    def sessions(self, client: OpenAI) -> list[object]:
        """The options that the host received in initialize."""
        return [message.params.options for message in client.call("heard") if message.method == "initialize"]

    def created(self, client: OpenAI) -> object:
        """The parameters of a response, one of which the caller passes."""
        client.responses.create(input="x", model=None, stream=True).close()
        params = [message for message in client.call("heard") if message.method == "responses.create"][-1].params
        self.assertTrue(params.pop("include_headers"), "for _request_id")
        return params

    def test_options_of_the_first(self) -> None:
        client = OpenAI(binary=self.client._options["binary"], model="m", instructions="i", timeout=9, max_retries=1)
        self.addCleanup(client.close)
        session = {"model": "m", "instructions": "i", "timeout": 9, "max_retries": 1}
        self.assertEqual((self.sessions(client), client.call("arguments")["argv"]), ([session], ["serve"]))
        self.assertEqual(self.created(client), {"input": "x", "stream": True}, "not with each call")
        self.assertEqual(self.created(client.with_options(model="n")), {"model": "n", "input": "x", "stream": True})
        del session["model"]
        self.assertEqual(self.sessions(client.with_options(model=None)), [session])

    def test_rejected_options(self) -> None:
        client = OpenAI(binary=self.client._options["binary"], instructions="refused")
        self.addCleanup(client.close)
        for _ in range(2):
            with self.assertRaisesRegex(InvalidParamsError, "^no$"):
                client.call("mute")

    def test_copies_share_the_process(self) -> None:
        pids = set()
        for n in range(20):
            copies = [
                self.client.with_options(timeout=n + 1, model=f"m{n}"),
                self.client.copy(default_headers={"x-n": str(n)}),
                self.client.with_options(timeout=5).with_options(instructions="i"),
            ]
            pids |= {copied.call("arguments") and copied._server.process().pid for copied in copies}
            copies[0].close()
            with self.assertRaisesRegex(OpenAIError, "the client is closed"):
                copies[0].call("echo")
        self.assertEqual(pids, {self.pid()})
        others = {self.client.with_options(max_retries=n % 2)._server.process().pid for n in range(20)}
        self.assertEqual(len(others - pids), 2, "one for each setting")
        copied = self.client.with_options(max_retries=1)
        self.assertTrue(copied.call("echo", {"a": 1}))
        self.client.close()
        with self.assertRaisesRegex(OpenAIError, "the client is closed"):
            copied.call("echo")
        for pid in [*pids, *others]:
            self.assertTrue(harness.ends(pid))
        harness.row("with_options and copy, 80 times", "1 process; 1 more for each different max_retries")

    def test_absence_markers(self) -> None:
        class NotGiven:
            pass

        self.assertEqual(
            self.client.call("echo", {"a": None, "b": NotGiven(), "c": False, "d": [None]}), {"c": False, "d": [None]}
        )


class EndTest(unittest.TestCase):
    def test_close(self) -> None:
        with OpenAI(mock=True) as client:
            process = client._server.process()
            stream = client.responses.create(model="mock:stall=1", stream=True)
            next(stream)
        self.assertEqual(process._child.returncode, 0, "the process exited without a signal")
        with self.assertRaises(CallCancelledError):
            next(stream)
        with self.assertRaisesRegex(OpenAIError, "the client is closed"):
            client.codex.usage()
        client.close()

    def test_close_escalates(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        client = OpenAI(binary=harness.scripted_host(folder.name))
        client.call("deaf")
        process = client._server.process()
        with mock.patch("codex_rpc._process._EXIT_WAIT", 0.05):
            client.close()
        self.assertEqual(process._child.returncode, -9)

    def test_close_escalates_while_the_host_does_not_read(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        client = OpenAI(binary=harness.scripted_host(folder.name))
        client.call("deaf")
        process = client._server.process()
        failures: list[Exception] = []

        def call() -> None:
            try:
                client.call("echo", {"x": "x" * (1 << 20)})
            except APIConnectionError as error:
                failures.append(error)
            except CallCancelledError as error:
                failures.append(error)

        writer = threading.Thread(target=call)
        writer.start()
        with mock.patch("codex_rpc._process._EXIT_WAIT", 0.05):
            client.close()
        writer.join(harness.PATIENCE)
        self.assertEqual((process._child.returncode, len(failures)), (-9, 1))

    def test_exits_with_the_client(self) -> None:
        client = OpenAI(mock=True)
        pid = client._server.process().pid
        usage = client.codex.usage
        del client
        gc.collect()
        self.assertEqual(usage().plan_type, "plus", "a bound method keeps the client")
        del usage
        self.assertTrue(harness.ends(pid))

    def test_survives_while_a_stream_is_referenced(self) -> None:
        stream = OpenAI(mock=True).responses.create(input="Say hello", stream=True)
        pid = stream._pending._process.pid
        self.assertEqual([event.type for event in stream][-1], "response.completed")
        del stream
        self.assertTrue(harness.ends(pid))

    def test_exits_with_the_program(self) -> None:
        for ending in ["", "raise SystemExit(0)", "import os; os._exit(0)", "import os; os.kill(os.getpid(), 9)"]:
            with self.subTest(ending=ending):
                done = harness.run_python(f"""
                    from codex_rpc import OpenAI
                    client = OpenAI(mock=True)
                    stream = client.responses.create(model="mock:stall=1", stream=True)
                    next(stream)
                    print(client._server.process().pid, flush=True)
                    {ending}
                """)
                self.assertEqual(done.stderr, "")
                self.assertTrue(harness.ends(int(done.stdout)))


class ForkTest(unittest.TestCase):
    def test_fork(self) -> None:
        done = harness.run_python(
            """
            import os
            from codex_rpc import APIConnectionError, OpenAI
            client = OpenAI(mock=True)
            stream = client.responses.create(model="mock:stall=1", stream=True)
            next(stream)
            mine = client._server.process().pid
            child = os.fork()
            if child == 0:
                try:
                    for event in stream:
                        pass
                except APIConnectionError as error:
                    print("child:", error)
                print("child:", client.responses.create(input="Say hello").output_text)
                print("child: another", client._server.process().pid != mine)
                raise SystemExit(5)
            _, status = os.waitpid(child, 0)
            print("parent: child exits", os.waitstatus_to_exitcode(status))
            print("parent:", client.responses.create(input="Say hello").output_text)
            print("parent: the same", client._server.process().pid == mine)
            stream.close()
            client.close()
            """,
            "-u",
            "-W",
            "ignore::DeprecationWarning",
        )
        self.assertEqual(done.stderr, "")
        self.assertEqual(
            done.stdout.splitlines(),
            [
                "child: the program was forked during the call, which belongs to the parent",
                'child: You said: "Say hello"',
                "child: another True",
                "parent: child exits 5",
                'parent: You said: "Say hello"',
                "parent: the same True",
            ],
        )

    def test_child_does_not_hold_the_parents_process(self) -> None:
        done = harness.run_python(
            """
            import os
            from codex_rpc import OpenAI
            client = OpenAI(mock=True)
            pid = client._server.process().pid
            reader, writer = os.pipe()
            child = os.fork()
            if child == 0:
                os.close(writer)
                os.read(reader, 1)  # until the parent has exited
                os._exit(0)
            print(pid, child, flush=True)
            client.close()
            """,
            "-W",
            "ignore::DeprecationWarning",
        )
        self.assertEqual(done.stderr, "")
        for pid in done.stdout.split():
            self.assertTrue(harness.ends(int(pid)))


if __name__ == "__main__":
    unittest.main()
