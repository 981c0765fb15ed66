"""The codex-rpc process: found, started, read, and never left behind."""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
import threading

from ._errors import APIConnectionError, BinaryNotFoundError, OpenAIError, ServerExitedError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from ._connection import Connection, Delivery

_NAME = "codex-rpc.exe" if os.name == "nt" else "codex-rpc"
_READ_BYTES = 256 << 10
_STDERR_KEPT = 8 << 10
_LADDER_STEP = 2.0  # seconds that a process has to end, for each of the ways to make it


def find_binary(binary: str | os.PathLike[str] | None = None) -> str:
    """Returns the path of codex-rpc: the given one, $CODEX_RPC_BIN, the bundled one, one on PATH."""
    for name, given in (("binary", binary), ("CODEX_RPC_BIN", os.environ.get("CODEX_RPC_BIN"))):
        if given:
            if not os.path.isfile(given):
                raise BinaryNotFoundError(f"{name} names {os.fspath(given)!r}, which is no file")
            return os.path.abspath(given)
    places = [os.path.join(os.path.dirname(os.path.abspath(__file__)), "bin"), *os.get_exec_path()]
    for place in places:
        path = os.path.join(place, _NAME)
        if os.path.isfile(path) and os.access(path, os.X_OK):
            return path
    raise BinaryNotFoundError(
        "there is no codex-rpc binary: install the wheel of codex-rpc for this platform, which carries one, "
        "or build one by `go install github.com/codex-rpc/codex-rpc/cmd/codex-rpc@latest` and put it on PATH "
        "or name it by CODEX_RPC_BIN or OpenAI(binary=…)"
    )


class Process:
    """One process. Two threads of its own read it: what it answers, and what it has to say beside."""

    def __init__(self, command: list[str], env: Mapping[str, str]) -> None:
        # In a group of its own, so that Ctrl-C is for the program that calls:
        # it may mean to go on. The end of its input ends the process.
        group: dict[str, Any] = {"start_new_session": True}
        if sys.platform == "win32":
            group = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW}
        pipe = subprocess.PIPE
        try:
            child = subprocess.Popen(command, bufsize=0, stdin=pipe, stdout=pipe, stderr=pipe, env=env, **group)
        except OSError as error:
            raise BinaryNotFoundError(f"cannot run {command[0]}: {error.strerror or error}") from error
        # The process takes longer to be ready than json to load.
        from ._connection import Connection

        assert child.stdin is not None and child.stdout is not None and child.stderr is not None
        self._child, self._stdin, self._stdout, self._stderr = child, child.stdin, child.stdout, child.stderr
        self.pid = child.pid
        self._silent = False
        limit = env.get("CODEX_RPC_MAX_MESSAGE_BYTES", "")
        self.connection: Connection = Connection(int(limit)) if limit.isdigit() else Connection()
        self._writing = threading.Lock()
        self._echo = bool(env.get("CODEX_RPC_LOG"))
        self._last_words = b""
        _processes.add(self)
        self._listener = self._start(self._listen)
        self._reader = self._start(self._read)

    def _start(self, target: Callable[[], None]) -> threading.Thread:
        thread = threading.Thread(target=target, name=f"codex-rpc {self.pid}", daemon=True)
        thread.start()
        return thread

    @property
    def over(self) -> bool:
        """Whether no answers come any more, though its calls may not know yet."""
        return self._silent or self.connection.ended

    def _read(self) -> None:
        with self._stdout as stdout:
            while data := os.read(stdout.fileno(), _READ_BYTES):
                self.connection.receive(data)
                if self.connection.ended:  # what it writes is no protocol
                    self._child.kill()
            self._silent = True
        try:
            exit_code = self._child.wait(_LADDER_STEP)
        except subprocess.TimeoutExpired:  # it ended its output, but not itself
            self._child.kill()
            exit_code = self._child.wait()
        # The pipe holds its last words, but who else has it may keep it open.
        self._listener.join(1)
        with self._writing:
            self._stdin.close()
        last_words = self._last_words.decode("utf-8", "replace")
        self.connection.end(lambda: ServerExitedError(exit_code, last_words))
        _processes.discard(self)

    def _listen(self) -> None:
        with self._stderr as stderr:
            while data := os.read(stderr.fileno(), 4 << 10):
                self._last_words = (self._last_words + data)[-_STDERR_KEPT:]
                try:
                    if self._echo:
                        os.write(2, data)
                except OSError:
                    self._echo = False

    def send(self, frame: bytes) -> None:
        """Writes a frame, waiting while the process does not read.

        It is no error if the process is gone: its reader tells all calls.
        """
        rest = memoryview(frame)
        try:
            with self._writing:
                while rest and not self._stdin.closed:
                    rest = rest[self._stdin.write(rest) :]
        except OSError:
            pass

    def hang_up(self) -> None:
        """Cancels all calls and ends the input, upon which the process ends by itself."""
        frames = self.connection.cancel_all()
        # Neither a process that does not read may hold this up, nor whoever
        # waits for it to read. A thread to do the waiting cannot be started
        # when the program is about to end.
        if not self._writing.acquire(timeout=_LADDER_STEP):
            return
        try:
            with self._stdin as stdin:
                if hasattr(os, "set_blocking"):  # Windows has it from Python 3.12 on
                    os.set_blocking(stdin.fileno(), False)
                    stdin.write(frames)
        except (OSError, ValueError):  # it is gone, or was hung up on before
            pass
        finally:
            self._writing.release()

    def close(self) -> None:
        """Hangs up and returns when the process is gone; one that stays gets TERM, then KILL."""
        self.hang_up()
        for harder in (self._child.terminate, self._child.kill):
            self._reader.join(_LADDER_STEP)
            if not self._reader.is_alive():
                return
            harder()
        self._reader.join()

    def disown(self) -> None:
        """In a child made by fork, gives up what is the parent's."""
        for pipe in (self._stdin, self._stdout, self._stderr):
            pipe.close()  # or the process would not see the end of its input when the parent's is closed
        self._child.returncode = 0  # it is not ours to wait for
        self.connection.abandon(
            lambda: APIConnectionError("the program was forked while the call was under way: it is the parent's")
        )


_processes: set[Process] = set()
_starting = threading.Lock()


class Server:
    """What the calls of a client go to: its process, and a new one when that has ended.

    Clients and pending calls refer to it, and nothing else does: with the last of them the process goes.
    """

    def __init__(self, command: list[str], env: Mapping[str, str]) -> None:
        self._command = command
        self._env = env
        self._closed = False
        with _starting:
            self._process = Process(command, env)

    def process(self) -> Process:
        """Returns the process, started if there is none."""
        if self._process.over or self._closed:
            with _starting:
                if self._closed:
                    raise OpenAIError("the client is closed")
                if self._process.over:
                    self._process = Process(self._command, self._env)
        return self._process

    def open(self, method: str, params: Mapping[str, Any], deliver: Callable[[Delivery], object]) -> Pending:
        """Registers a call, which is to be sent then."""
        process = self.process()
        id, frame = process.connection.open(method, params, deliver)
        return Pending(self, process, id, frame)

    def close(self) -> None:
        """Cancels the calls under way and returns when the process is gone."""
        self._closed = True
        self._process.close()

    def __del__(self) -> None:
        process = getattr(self, "_process", None)
        if process is not None and not process.over:
            process.hang_up()


class Pending:
    """A call, from its making to its end."""

    __slots__ = ("_id", "_process", "_server", "frame")

    def __init__(self, server: Server, process: Process, id: bytes, frame: bytes) -> None:
        self._server = server  # lives as long as the call
        self._process = process
        self._id = id
        self.frame = frame

    def send(self) -> None:
        """Sends the request."""
        self._process.send(self.frame)
        self.frame = b""

    def cancel(self) -> None:
        """Ends the call here and at the backend, unless it has ended."""
        if frame := self._process.connection.cancel(self._id):
            self._process.send(frame)


def _close_all() -> None:
    for process in list(_processes):
        process.close()


def _disown_all() -> None:
    _starting.release()
    while _processes:
        _processes.pop().disown()


atexit.register(_close_all)
if hasattr(os, "register_at_fork"):
    # No process is half made at the moment of the fork.
    os.register_at_fork(before=_starting.acquire, after_in_parent=_starting.release, after_in_child=_disown_all)
