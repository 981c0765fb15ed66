"""The codex-rpc process."""

from __future__ import annotations

import atexit
import math
import os
import subprocess
import sys
import threading
import time
import weakref

from ._errors import APIConnectionError, BinaryNotFoundError, OpenAIError, ServerExitedError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from ._connection import Connection, Delivery
    from ._event_loop import AsyncMailbox
    from ._flow import Flow, Held

LIMITS_CHANGED = "limits.changed"
"""The notification of changed account limits."""

_NAME = "codex-rpc.exe" if os.name == "nt" else "codex-rpc"
BUNDLED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "bin", _NAME)
_READ_BYTES = 256 << 10
# The first read of a burst is smaller: the first event does not wait for the processing of hundreds of others.
_FIRST_READ_BYTES = 8 << 10
_STDERR_KEPT = 8 << 10
_EXIT_WAIT = 2.0  # seconds to wait for the exit after each step of stopping a process

_IN_FLIGHT = 256  # concurrent calls, codex-rpc's own default
_TIMEOUT = 120.0  # seconds, codex-rpc's own default
_GRACE = 5.0  # seconds to wait for the response that shows that a process does not hang
_LONGEST_WAIT = 3600.0  # some platforms limit the timeout of a lock
# An undeclared method is rejected immediately, even by a busy process.
_QUESTION = b'{"jsonrpc":"2.0","id":0,"method":"$/alive"}\n'


def find_binary(binary: str | os.PathLike[str] | None = None) -> str:
    """Return the path of the binary: the given one, $CODEX_RPC_BIN, the bundled one, or one on PATH."""
    for name, given in (("binary", binary), ("CODEX_RPC_BIN", os.environ.get("CODEX_RPC_BIN"))):
        if given:
            if not os.path.isfile(given):
                raise BinaryNotFoundError(f"{name} names {os.fspath(given)!r}, which is not a file")
            return os.path.abspath(given)
    for path in (BUNDLED, *(os.path.join(folder, _NAME) for folder in os.get_exec_path())):
        if os.path.isfile(path) and os.access(path, os.X_OK):
            return path
    raise BinaryNotFoundError(
        "codex-rpc binary not found: install the wheel of codex-rpc for this platform, which contains it, "
        "or build it with `go install github.com/codex-rpc/codex-rpc/cmd/codex-rpc@latest` and put it on PATH "
        "or set CODEX_RPC_BIN or OpenAI(binary=…) to its path"
    )


class Process:
    """A process. One thread reads its output, one its standard error, and one ends overdue calls."""

    def __init__(
        self,
        command: list[str],
        env: Mapping[str, str],
        options: Mapping[str, Any],
        on_notice: Callable[[str, Any], object] = lambda method, params: None,
    ) -> None:
        # In its own process group, so that only the calling program, which may handle it,
        # receives Ctrl-C. The process exits at the end of its input.
        group: dict[str, Any] = {"start_new_session": True}
        if sys.platform == "win32":
            group = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW}
        pipe = subprocess.PIPE
        try:
            child = subprocess.Popen(command, bufsize=0, stdin=pipe, stdout=pipe, stderr=pipe, env=env, **group)
        except OSError as error:
            raise BinaryNotFoundError(f"cannot run {command[0]}: {error.strerror or error}") from error
        # Imported while the process starts, which takes longer.
        from ._connection import Connection
        from ._flow import Flow
        from ._outbox import Outbox

        assert child.stdin is not None and child.stdout is not None and child.stderr is not None
        self._child, self._stdin, self._stdout, self._stderr = child, child.stdin, child.stdout, child.stderr
        self.pid = child.pid
        self._silent = False
        limit = _positive(env.get("CODEX_RPC_MAX_MESSAGE_BYTES"))
        self.connection: Connection = Connection(int(limit)) if limit else Connection()
        self.connection.on_notice = on_notice
        at_once = _positive(env.get("CODEX_RPC_MAX_IN_FLIGHT")) or _IN_FLIGHT
        self.flow: Flow = Flow()
        self._outbox = Outbox(child.stdin, lambda waiting: len(self.connection) - waiting < at_once)
        self._timeout: float = options.get("timeout") or _positive(env.get("CODEX_RPC_TIMEOUT")) or _TIMEOUT
        self._heard = time.monotonic()
        self._watched = threading.Lock()  # held once the watching thread runs
        self._asking = False
        self._look = threading.Event()  # wakes it
        self._next_look = math.inf
        self._echo = bool(env.get("CODEX_RPC_LOG"))
        self._last_words = b""
        _processes.add(self)
        self._listener = self._start(self._listen)
        self._reader = self._start(self._read)
        if options:
            from . import __version__

            client = {"name": "codex-rpc for Python", "version": __version__}
            self.send(*self.open("initialize", {"clientInfo": client, "options": options}, self._on_initialized))

    def _start(self, target: Callable[[], None]) -> threading.Thread:
        thread = threading.Thread(target=target, name=f"codex-rpc {self.pid}", daemon=True)
        thread.start()
        return thread

    def _on_initialized(self, answer: Delivery) -> None:
        """Handle the response to initialize. If the options are rejected, all calls fail."""
        from ._connection import failure_of

        if isinstance(answer, bytes) and failure_of(answer) is not None:
            self.connection.end(lambda: failure_of(answer) or APIConnectionError("codex-rpc rejected its options"))

    @property
    def over(self) -> bool:
        """Whether its output has ended, although its calls may not have ended yet."""
        return self._silent or self.connection.ended

    def _read(self) -> None:
        with self._stdout as stdout:
            read, size = _reader(stdout.fileno()), _FIRST_READ_BYTES
            while data := read(stdout.fileno(), size):
                self._heard = time.monotonic()
                if self._asking:
                    self._look.set()
                self.connection.receive(data)
                self._outbox.flush()  # a finished call makes room for another
                if self.connection.ended:  # its output violates the protocol
                    self._child.kill()
                self.flow.pause(self.connection.held)
                burst = len(data) >= _FIRST_READ_BYTES and len(self.connection) > 0
                size = _READ_BYTES if burst else _FIRST_READ_BYTES
            self._silent = True
        try:
            exit_code = self._child.wait(_EXIT_WAIT)
        except subprocess.TimeoutExpired:  # it closed its output, but did not exit
            self._child.kill()
            exit_code = self._child.wait()
        # The pipe has its last output, but its children may keep it open.
        self._listener.join(1)
        self._outbox.close()
        last_words = self._last_words.decode("utf-8", "replace")
        self.connection.end(lambda: ServerExitedError(exit_code, last_words))
        self._look.set()
        _processes.discard(self)

    def _listen(self) -> None:
        with self._stderr as stderr:
            read = _reader(stderr.fileno())
            while data := read(stderr.fileno(), 4 << 10):
                self._last_words = (self._last_words + data)[-_STDERR_KEPT:]
                try:
                    if self._echo:
                        os.write(2, data)
                except OSError:
                    self._echo = False

    def _watch(self) -> None:
        """End overdue calls.

        The process itself detects an idle backend. A process that hangs is detected by a request that it
        would otherwise answer immediately.
        """
        while not self.over:
            if self.flow.paused:  # reading is paused, so the process is not silent
                self._heard = time.monotonic()
            due = self._next_look = self.connection.due(self._heard)
            now = time.monotonic()
            if due > now:
                self._look.wait(min(due - now, _LONGEST_WAIT))
                self._look.clear()
                continue
            heard = self._heard
            self._asking = True
            self._outbox.control(_QUESTION)
            while self._heard == heard and not self.over and (left := now + _GRACE - time.monotonic()) > 0:
                self._look.wait(left)
                self._look.clear()
            self._asking = False
            if self._heard == heard and not self.over and not self.flow.paused:
                for id in self.connection.overdue(heard, now):
                    self._forget(id, self.connection.give_up(id))

    def open(
        self, method: str, params: Mapping[str, Any], deliver: Callable[[Delivery], object]
    ) -> tuple[bytes, bytes]:
        """Register a call and return its id and frame."""
        timeout = params.get("timeout")
        if not isinstance(timeout, (int, float)) or timeout <= 0:
            timeout = self._timeout
        now = time.monotonic()
        opened = self.connection.open(method, params, deliver, timeout, now)
        if now + timeout < self._next_look:
            self._look.set()
        return opened

    def send(self, id: bytes, frame: bytes) -> None:
        """Send the request of a call, without blocking.

        If the process has ended, its reader ends the call.
        """
        self._outbox.request(id, frame)
        if self._watched.acquire(blocking=False):
            self._start(self._watch)

    def cancel(self, id: bytes) -> None:
        """Cancel a call, also at the backend, unless it has ended."""
        self._forget(id, self.connection.cancel(id))
        self.flow.wake()

    def interrupt(self, id: bytes) -> None:
        """Interrupt a call, unless it has ended."""
        if frame := self.connection.interrupt(id):
            self._outbox.control(frame)

    def _forget(self, id: bytes, frame: bytes) -> None:
        if frame and self._outbox.withdraw(id):
            self.connection.forget(id)
        elif frame:
            self._outbox.control(frame)

    def close_input(self) -> None:
        """Cancel all calls and close the input, which makes the process exit."""
        for id in self.connection.ids():
            self.cancel(id)
        self._outbox.close()

    def close(self) -> None:
        """Close the input and wait for the exit; after a grace period, send SIGTERM, then SIGKILL."""
        self.close_input()
        for harder in (self._child.terminate, self._child.kill):
            self._reader.join(_EXIT_WAIT)
            if not self._reader.is_alive():
                return
            harder()
        self._reader.join()

    def disown(self) -> None:
        """In a forked child, release what belongs to the parent."""
        self._outbox.abandon()
        for pipe in (self._stdin, self._stdout, self._stderr):
            pipe.close()  # otherwise closing the parent's end would not end the process's input
        self._child.returncode = 0  # only the parent can wait for it
        self.connection.abandon(
            lambda: APIConnectionError("the program was forked during the call, which belongs to the parent")
        )


_processes: set[Process] = set()

# Delays a fork by another thread, which would leave the child with a half-created
# process or a half-imported module. The Popen of gevent forks in Python while it is held.
unforked = threading.RLock()


class Server:
    """The process of a client, restarted after it has ended.

    Only clients and pending calls refer to it: the process is stopped with the last of them.
    """

    def __init__(
        self,
        command: list[str],
        home: str | None = None,
        options: Mapping[str, Any] | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Start the process with a command, the directory of auth.json, the options of initialize, and the
        environment, by default that of the program."""
        self._command = command
        self._home = home
        self.options: Mapping[str, Any] = options or {}
        self._environment = dict(os.environ) if environment is None else environment
        self._variants: dict[str, Server] = {}
        # The callbacks for changed limits.
        self.listeners: list[Callable[[Any], object]] = []
        self._closed = False
        with unforked:
            self._process = self._started()

    def _started(self) -> Process:
        env = self._environment if self._home is None else {**self._environment, "CODEX_HOME": self._home}
        # The process must not inherit the pipe whose end stops it.
        server = weakref.ref(self)

        def on_notice(method: str, params: Any) -> None:
            if (alive := server()) is not None:
                alive.notice(method, params)

        return Process(self._command, env, self.options, on_notice)

    def notice(self, method: str, params: Any) -> None:
        """Handle a notification. Exceptions of listeners are logged."""
        if method != LIMITS_CHANGED:
            return
        from ._objects import wrapped

        for listener in list(self.listeners):
            try:
                listener(wrapped(params))
            except Exception:
                import logging

                logging.getLogger("codex_rpc").exception("on_limits failed")

    def process(self) -> Process:
        """Return the process, starting it if there is none."""
        if self._process.over or self._closed:
            with unforked:
                if self._closed:
                    raise OpenAIError("the client is closed")
                if self._process.over:
                    self._process = self._started()
        return self._process

    def variant(self, command: list[str], home: str | None, options: Mapping[str, Any]) -> Server:
        """Return a server with other settings, or this one if they are the same. It is closed with this one."""
        if (command, home, options) == (self._command, self._home, self.options):
            return self
        key = repr((command, home, sorted(options.items())))
        if key not in self._variants:
            self._variants[key] = Server(command, home, options, self._environment)
        return self._variants[key]

    def open(self, method: str, params: Mapping[str, Any], deliver: Callable[[Delivery], object]) -> Pending:
        """Register a call, to be sent later."""
        process = self.process()
        return Pending(self, process, *process.open(method, params, deliver))

    def close(self) -> None:
        """Cancel the pending calls and wait for the process to exit."""
        self._closed = True
        for variant in list(self._variants.values()):
            variant.close()
        self._process.close()

    def __del__(self) -> None:
        process = getattr(self, "_process", None)
        if process is not None and not process.over:
            process.close_input()


class Pending:
    """A call, from its creation to its end."""

    __slots__ = ("_frame", "_id", "_process", "_server")

    def __init__(self, server: Server, process: Process, id: bytes, frame: bytes) -> None:
        self._server = server  # kept alive by the call
        self._process = process
        self._id = id
        self._frame = frame

    def fill(self, mailbox: Held | AsyncMailbox) -> None:
        """Add the call's mailbox to the flow of its process."""
        mailbox.follow(self._process.flow, self._process.connection.call(self._id))

    def send(self) -> None:
        """Send the request, without blocking."""
        self._process.send(self._id, self._frame)
        self._frame = b""

    def cancel(self) -> None:
        """Cancel the call, also at the backend, unless it has ended."""
        self._process.cancel(self._id)

    def interrupt(self) -> None:
        """Interrupt the call, unless it has ended."""
        self._process.interrupt(self._id)


def _positive(text: str | None) -> float:
    """Return a number from the environment, 0 if it is invalid."""
    try:
        return max(float(text or 0), 0)
    except ValueError:
        return 0  # codex-rpc reports it


def _reader(file: int) -> Callable[[int, int], bytes]:
    """Return os.read, or its cooperative replacement under gevent, where a blocking thread blocks all."""
    monkey = sys.modules.get("gevent.monkey")
    if monkey is None or not monkey.is_module_patched("threading"):
        return os.read
    from gevent.os import make_nonblocking, nb_read

    make_nonblocking(file)
    return nb_read


def _close_all() -> None:
    for process in list(_processes):
        process.close()


def _disown_all() -> None:
    unforked.release()
    while _processes:
        _processes.pop().disown()


atexit.register(_close_all)
if hasattr(os, "register_at_fork"):
    # No process is half-created during the fork.
    os.register_at_fork(before=unforked.acquire, after_in_parent=unforked.release, after_in_child=_disown_all)
