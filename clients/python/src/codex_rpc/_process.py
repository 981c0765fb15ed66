"""The codex-rpc process: found, started, read, and never left behind."""

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
"""The notification that tells of the account's limits."""

_NAME = "codex-rpc.exe" if os.name == "nt" else "codex-rpc"
BUNDLED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "bin", _NAME)
_READ_BYTES = 256 << 10
_STDERR_KEPT = 8 << 10
_LADDER_STEP = 2.0  # seconds that a process has to end, for each of the ways to make it

_IN_FLIGHT = 256  # calls at once, codex-rpc's own default
_TIMEOUT = 120.0  # so is this, in seconds
_GRACE = 5.0  # seconds that a process has to answer the question whether it is there
_LONGEST_WAIT = 3600.0  # a lock cannot be waited for without end everywhere
# What nobody has declared is refused at once, whatever the process does.
_QUESTION = b'{"jsonrpc":"2.0","id":0,"method":"$/alive"}\n'


def find_binary(binary: str | os.PathLike[str] | None = None) -> str:
    """Returns the path of codex-rpc: the given one, $CODEX_RPC_BIN, the bundled one, one on PATH."""
    for name, given in (("binary", binary), ("CODEX_RPC_BIN", os.environ.get("CODEX_RPC_BIN"))):
        if given:
            if not os.path.isfile(given):
                raise BinaryNotFoundError(f"{name} names {os.fspath(given)!r}, which is no file")
            return os.path.abspath(given)
    for path in (BUNDLED, *(os.path.join(folder, _NAME) for folder in os.get_exec_path())):
        if os.path.isfile(path) and os.access(path, os.X_OK):
            return path
    raise BinaryNotFoundError(
        "there is no codex-rpc binary: install the wheel of codex-rpc for this platform, which carries one, "
        "or build one by `go install github.com/codex-rpc/codex-rpc/cmd/codex-rpc@latest` and put it on PATH "
        "or name it by CODEX_RPC_BIN or OpenAI(binary=…)"
    )


class Process:
    """One process. Two threads of its own read it: what it answers, and what it has to say beside. A third
    ends calls that it is silent about for too long."""

    def __init__(
        self,
        command: list[str],
        env: Mapping[str, str],
        options: Mapping[str, Any],
        on_notice: Callable[[str, Any], object] = lambda method, params: None,
    ) -> None:
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
        self._watched = threading.Lock()  # held once there is a thread that watches
        self._asking = False
        self._look = threading.Event()  # tells it that something is new
        self._next_look = math.inf
        self._echo = bool(env.get("CODEX_RPC_LOG"))
        self._last_words = b""
        _processes.add(self)
        self._listener = self._start(self._listen)
        self._reader = self._start(self._read)
        if options:
            from . import __version__

            client = {"name": "codex-rpc for Python", "version": __version__}
            self.send(*self.open("initialize", {"clientInfo": client, "options": options}, self._greeted))

    def _start(self, target: Callable[[], None]) -> threading.Thread:
        thread = threading.Thread(target=target, name=f"codex-rpc {self.pid}", daemon=True)
        thread.start()
        return thread

    def _greeted(self, answer: Delivery) -> None:
        """Takes the answer to initialize. One that refuses the options is the failure of all calls."""
        from ._connection import failure_of

        if isinstance(answer, bytes) and failure_of(answer) is not None:
            self.connection.end(lambda: failure_of(answer) or APIConnectionError("codex-rpc refused its options"))

    @property
    def over(self) -> bool:
        """Whether no answers come any more, though its calls may not know yet."""
        return self._silent or self.connection.ended

    def _read(self) -> None:
        with self._stdout as stdout:
            read = _reader(stdout.fileno())
            while data := read(stdout.fileno(), _READ_BYTES):
                self._heard = time.monotonic()
                if self._asking:
                    self._look.set()
                self.connection.receive(data)
                self._outbox.flush()  # a call that ended makes room for another
                if self.connection.ended:  # what it writes is no protocol
                    self._child.kill()
                self.flow.pause(self.connection.held)
            self._silent = True
        try:
            exit_code = self._child.wait(_LADDER_STEP)
        except subprocess.TimeoutExpired:  # it ended its output, but not itself
            self._child.kill()
            exit_code = self._child.wait()
        # The pipe holds its last words, but who else has it may keep it open.
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
        """Ends calls for which nothing was heard for as long as they allow.

        Whether the backend is silent is for the process to find out. That the process is, shows when it
        leaves a question unanswered that it answers at once.
        """
        while not self.over:
            if self.flow.paused:  # it is not the process that is silent
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
        """Registers a call, and returns its id and its frame."""
        timeout = params.get("timeout")
        if not isinstance(timeout, (int, float)) or timeout <= 0:
            timeout = self._timeout
        now = time.monotonic()
        opened = self.connection.open(method, params, deliver, timeout, now)
        if now + timeout < self._next_look:
            self._look.set()
        return opened

    def send(self, id: bytes, frame: bytes) -> None:
        """Sends the request of a call, without waiting.

        It is no error if the process is gone: its reader ends all calls.
        """
        self._outbox.request(id, frame)
        if self._watched.acquire(blocking=False):
            self._start(self._watch)

    def cancel(self, id: bytes) -> None:
        """Ends a call here and at the backend, unless it has ended."""
        self._forget(id, self.connection.cancel(id))
        self.flow.wake()

    def interrupt(self, id: bytes) -> None:
        """Has a call end with what there is of it, unless it has ended."""
        if frame := self.connection.interrupt(id):
            self._outbox.control(frame)

    def _forget(self, id: bytes, frame: bytes) -> None:
        if frame and self._outbox.withdraw(id):
            self.connection.forget(id)
        elif frame:
            self._outbox.control(frame)

    def hang_up(self) -> None:
        """Cancels all calls and ends the input, upon which the process ends by itself."""
        for id in self.connection.ids():
            self.cancel(id)
        self._outbox.close()

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
        self._outbox.abandon()
        for pipe in (self._stdin, self._stdout, self._stderr):
            pipe.close()  # or the process would not see the end of its input when the parent's is closed
        self._child.returncode = 0  # it is not ours to wait for
        self.connection.abandon(
            lambda: APIConnectionError("the program was forked while the call was under way: it is the parent's")
        )


_processes: set[Process] = set()

# Held where a fork by another thread must wait: it would leave the child half a
# process, or a module that is being imported for ever. The Popen of gevent forks
# in Python while it is held.
unforked = threading.RLock()


class Server:
    """What the calls of a client go to: its process, and a new one when that has ended.

    Clients and pending calls refer to it, and nothing else does: with the last of them the process goes.
    """

    def __init__(
        self,
        command: list[str],
        home: str | None = None,
        options: Mapping[str, Any] | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Starts the process: what runs, the folder of auth.json, the options for initialize, and the
        environment, by default that of the program."""
        self._command = command
        self._home = home
        self.options: Mapping[str, Any] = options or {}
        self._environment = dict(os.environ) if environment is None else environment
        self._variants: dict[str, Server] = {}
        # What clients have given to be called with the limits.
        self.listeners: list[Callable[[Any], object]] = []
        self._closed = False
        with unforked:
            self._process = self._started()

    def _started(self) -> Process:
        env = self._environment if self._home is None else {**self._environment, "CODEX_HOME": self._home}
        # The process is not to keep what is to end it.
        server = weakref.ref(self)

        def on_notice(method: str, params: Any) -> None:
            if (alive := server()) is not None:
                alive.notice(method, params)

        return Process(self._command, env, self.options, on_notice)

    def notice(self, method: str, params: Any) -> None:
        """Takes a notification. What a listener raises is logged: it is no failure of a call."""
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
        """Returns the process, started if there is none."""
        if self._process.over or self._closed:
            with unforked:
                if self._closed:
                    raise OpenAIError("the client is closed")
                if self._process.over:
                    self._process = self._started()
        return self._process

    def variant(self, command: list[str], home: str | None, options: Mapping[str, Any]) -> Server:
        """Returns the server with other settings, itself where they are the same. It is closed with this one."""
        if (command, home, options) == (self._command, self._home, self.options):
            return self
        key = repr((command, home, sorted(options.items())))
        if key not in self._variants:
            self._variants[key] = Server(command, home, options, self._environment)
        return self._variants[key]

    def open(self, method: str, params: Mapping[str, Any], deliver: Callable[[Delivery], object]) -> Pending:
        """Registers a call, which is to be sent then."""
        process = self.process()
        return Pending(self, process, *process.open(method, params, deliver))

    def close(self) -> None:
        """Cancels the calls under way and returns when the process is gone."""
        self._closed = True
        for variant in list(self._variants.values()):
            variant.close()
        self._process.close()

    def __del__(self) -> None:
        process = getattr(self, "_process", None)
        if process is not None and not process.over:
            process.hang_up()


class Pending:
    """A call, from its making to its end."""

    __slots__ = ("_frame", "_id", "_process", "_server")

    def __init__(self, server: Server, process: Process, id: bytes, frame: bytes) -> None:
        self._server = server  # lives as long as the call
        self._process = process
        self._id = id
        self._frame = frame

    def fill(self, mailbox: Held | AsyncMailbox) -> None:
        """Has the call's mailbox take part in when the process is read."""
        mailbox.follow(self._process.flow, self._process.connection.call(self._id))

    def send(self) -> None:
        """Sends the request, without waiting."""
        self._process.send(self._id, self._frame)
        self._frame = b""

    def cancel(self) -> None:
        """Ends the call here and at the backend, unless it has ended."""
        self._process.cancel(self._id)

    def interrupt(self) -> None:
        """Has the call end with what there is of it, unless it has ended."""
        self._process.interrupt(self._id)


def _positive(text: str | None) -> float:
    """Returns a number from the environment, 0 if it is none."""
    try:
        return max(float(text or 0), 0)
    except ValueError:
        return 0  # codex-rpc complains of it


def _reader(file: int) -> Callable[[int, int], bytes]:
    """Returns os.read, or what takes its place under gevent, where a thread that waits stops all others."""
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
    # No process is half made at the moment of the fork.
    os.register_at_fork(before=unforked.acquire, after_in_parent=unforked.release, after_in_child=_disown_all)
