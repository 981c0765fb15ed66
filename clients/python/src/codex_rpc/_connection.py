"""A sans-I/O JSON-RPC 2.0 connection: it encodes requests and delivers events and responses to their calls.

Nothing here reads, writes or waits. A process passes received bytes to ``Connection.receive`` from one
thread; calls can be opened from any thread.
"""

from __future__ import annotations

import itertools
import json
import math
import threading

from ._encoding import Encoder, encoded
from ._errors import APIConnectionError, APITimeoutError, CallCancelledError, InvalidParamsError, error_of
from ._objects import loads

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any, Union

    # A delivery to a call: the lines of some events, or its end, which is the line of
    # the response or an exception.
    Delivery = Union[list[bytes], bytes, Exception]

_EVENT = b'{"jsonrpc":"2.0","method":"stream.event","params":{"id":'
_ANSWER = b'{"jsonrpc":"2.0","id":'


class Call:
    """A pending call."""

    __slots__ = ("deliver", "opened", "received", "taken", "timeout")

    def __init__(self, deliver: Callable[[Delivery], object], timeout: float, opened: float) -> None:
        self.deliver = deliver
        self.timeout = timeout
        self.opened = opened
        self.received = 0  # bytes of events, counted by the receiving thread
        self.taken = 0  # those of them that were read, counted by the reader

    def due(self, heard: float) -> float:
        """Return the time at which the call is overdue if nothing more is received."""
        return max(self.opened, heard) + self.timeout


class Connection:
    """The pending calls of a connection, by id.

    Events and responses are delivered from the receiving thread, which must not block: a stream that is
    read slowly buffers its events as bytes and does not delay other calls.
    """

    def __init__(self, max_message_bytes: int = 64 << 20) -> None:
        self._max_message_bytes = max_message_bytes
        self._encoder = Encoder()
        self._ids = itertools.count(1)
        self._calls: dict[bytes, Call] = {}
        self._cancelled: set[bytes] = set()  # cancelled, and without a response so far
        # A call that is opened while the connection ends must be ended by one of the two.
        self._lock = threading.Lock()
        self._ended: Callable[[], Exception] | None = None
        self.on_notice: Callable[[str, Any], object] = lambda method, params: None
        self._tail: list[bytes] = []  # pieces of an incomplete line

    def open(
        self,
        method: str,
        params: Mapping[str, Any],
        deliver: Callable[[Delivery], object],
        timeout: float = math.inf,
        now: float = 0,
    ) -> tuple[bytes, bytes]:
        """Register a call and return its id and frame, or raise the error that ended the connection.

        The timeout is that of ``overdue``; it starts at now.
        """
        number = next(self._ids)
        id = b"%d" % number
        head = b'{"jsonrpc":"2.0","id":%b,"method":%b,"params":{' % (id, encoded(method))
        frame = b"".join((head, *self._encoder.members(params), b"}}\n"))
        if len(frame) > self._max_message_bytes:
            raise InvalidParamsError(
                f"the request is {len(frame)} bytes long; codex-rpc takes {self._max_message_bytes} "
                "(CODEX_RPC_MAX_MESSAGE_BYTES sets another limit)",
                type="frame_too_large",
            )
        with self._lock:
            if self._ended is not None:
                raise self._ended()
            self._calls[id] = Call(deliver, timeout, now)
        return id, frame

    def __len__(self) -> int:
        """The number of calls without a response, including cancelled ones."""
        return len(self._calls) + len(self._cancelled)

    def ids(self) -> list[bytes]:
        """Return the ids of the pending calls."""
        return list(self._calls)

    def call(self, id: bytes) -> Call | None:
        """Return a pending call."""
        return self._calls.get(id)

    def held(self) -> int:
        """Return the number of bytes of delivered events that were not read."""
        return sum([call.received - call.taken for call in list(self._calls.values())])

    def due(self, heard: float) -> float:
        """Return the time at which the first call is overdue; infinity without calls."""
        return min([call.due(heard) for call in list(self._calls.values())], default=math.inf)

    def overdue(self, heard: float, now: float) -> list[bytes]:
        """Return the ids of the overdue calls."""
        return [id for id, call in list(self._calls.items()) if call.due(heard) <= now]

    def give_up(self, id: bytes) -> bytes:
        """Like cancel, for an overdue call, which gets an APITimeoutError."""
        call = self._calls.get(id)
        seconds = 0 if call is None else call.timeout
        message = f"codex-rpc is not responding: it has not answered for {seconds:g} s, nor a ping."
        return self.cancel(id, APITimeoutError(message, type="timeout", data={"retryable": True}))

    def cancel(self, id: bytes, reason: Exception | None = None) -> bytes:
        """Remove a call and return the frame that cancels it, empty if it has ended.

        The waiter of the call gets the reason, by default a CallCancelledError; later events are dropped.
        """
        call = self._calls.pop(id, None)
        if call is None:
            return b""
        self._cancelled.add(id)
        call.deliver(reason or CallCancelledError("The call was cancelled.", type="cancelled"))
        return b'{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":%s}}\n' % id

    def interrupt(self, id: bytes) -> bytes:
        """Return the frame that interrupts a call, empty if it has ended."""
        if id not in self._calls:
            return b""
        return b'{"jsonrpc":"2.0","method":"responses.interrupt","params":{"id":%s}}\n' % id

    def forget(self, id: bytes) -> None:
        """Expect no response to a call that was cancelled before it was sent."""
        self._cancelled.discard(id)

    def end(self, reason: Callable[[], Exception]) -> None:
        """End all calls, and those opened later, each with an error made by the function."""
        with self._lock:
            if self._ended is not None:
                return
            self._ended = reason
            calls = list(self._calls.values())
            self._calls.clear()
        for call in calls:
            call.deliver(reason())

    def abandon(self, reason: Callable[[], Exception]) -> None:
        """Like end, in a forked child, where the thread that held the lock may not exist."""
        self._lock = threading.Lock()
        self.end(reason)

    @property
    def ended(self) -> bool:
        """Whether the connection has ended and no calls can be opened."""
        return self._ended is not None

    def receive(self, data: bytes) -> None:
        """Process received bytes and deliver complete lines, in time linear in the bytes."""
        lines = data.split(b"\n")
        if len(lines) == 1:
            self._tail.append(data)
            return
        if self._tail:
            lines[0] = b"".join((*self._tail, lines[0]))
        last = lines.pop()
        self._tail = [last] if last else []

        # Consecutive events often belong to one call: they are delivered together.
        prefix, run, call = b"\n", list[bytes](), None
        for line in lines:
            if line.startswith(prefix):
                run.append(line)
                continue
            if call is not None:
                call.received += sum(map(len, run))
                call.deliver(run)
            prefix, call = b"\n", None
            if line.startswith(_EVENT) and (end := line.find(b",", len(_EVENT))) > 0:
                prefix, run = line[: end + 1], [line]
                call = self._calls.get(line[len(_EVENT) : end])
            elif line.startswith(_ANSWER) and (end := line.find(b",", len(_ANSWER))) > 0:
                self._answer(line[len(_ANSWER) : end], line)
            elif line.strip():
                self._receive_unusual(line)
        if call is not None:
            call.received += sum(map(len, run))
            call.deliver(run)

    def _answer(self, id: bytes, line: bytes) -> None:
        call = self._calls.pop(id, None)
        if call is not None:
            call.deliver(line)
        elif id in self._cancelled:
            self._cancelled.discard(id)
        elif id == b"null":
            self._unread(line)

    def _unread(self, line: bytes) -> None:
        """End the call whose frame the server could not read, by the line of the error.

        Among several it is not known; the others may succeed when they are repeated.
        """
        end: Delivery = line
        if len(self) > 1:
            end = APIConnectionError(f"codex-rpc could not read one of the requests: {failure_of(line)}")
        for id in list(self._calls):
            if (call := self._calls.pop(id, None)) is not None:
                call.deliver(end)

    def _receive_unusual(self, line: bytes) -> None:
        """Process a message whose layout differs from this server's."""
        try:
            message = json.loads(line)
            params: Any = message.get("params") or {}
            id = encoded(message.get("id", params.get("id")))
            event = encoded(params.get("event"))
        except (ValueError, AttributeError, RecursionError):
            self.end(lambda: _no_message(line))
            return
        if "method" not in message:
            self._answer(id, line)
        elif message["method"] == "stream.event" and id in self._calls:
            self._calls[id].deliver([b'%s%s,"event":%s}}' % (_EVENT, id, event)])
        elif message["method"] != "stream.event" and "id" not in message:
            self.on_notice(message["method"], params)


def result_of(delivery: bytes | Exception) -> Any:
    """Return the result in the end of a call, or raise its error."""
    if isinstance(delivery, Exception):
        raise delivery
    try:
        message = loads(delivery)
        error = message.get("error")
        if error is None:
            return message["result"]
    except (ValueError, AttributeError, LookupError, RecursionError):
        raise _no_message(delivery) from None
    raise error_of(error)


def failure_of(answer: bytes) -> Exception | None:
    """Return the error of a response, None if it has a result."""
    try:
        result_of(answer)
    except Exception as error:
        return error
    return None


def _no_message(line: bytes) -> APIConnectionError:
    return APIConnectionError(f"codex-rpc wrote a line that is not a message: {line[:80]!r}")
