"""JSON-RPC 2.0 as a codec: frames to send out, bytes received in, each event and answer to its call.

Nothing here reads, writes or waits. A process feeds received bytes to ``Connection.receive`` from one
thread; calls are opened from any.
"""

from __future__ import annotations

import itertools
import json
import math
import threading

from ._errors import APIConnectionError, APITimeoutError, CallCancelledError, InvalidParamsError, error_of
from ._objects import jsonable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any, Union

    # What is delivered to a call: the lines of some events, or its end, which
    # is the line of the answer or the reason that there is none.
    Delivery = Union[list[bytes], bytes, Exception]

_EVENT = b'{"jsonrpc":"2.0","method":"stream.event","params":{"id":'
_ANSWER = b'{"jsonrpc":"2.0","id":'


class Call:
    """A call under way."""

    __slots__ = ("deliver", "opened", "received", "taken", "timeout")

    def __init__(self, deliver: Callable[[Delivery], object], timeout: float, opened: float) -> None:
        self.deliver = deliver
        self.timeout = timeout
        self.opened = opened
        self.received = 0  # bytes of events; what came is counted by one thread
        self.taken = 0  # and what was taken of it by another

    def due(self, heard: float) -> float:
        """Returns when it has waited for as long as it may, if nothing was heard since."""
        return max(self.opened, heard) + self.timeout


class Connection:
    """The calls under way on one connection, each by its id.

    What is delivered to a call is delivered from the thread that receives, which must not wait: a stream
    that is read slowly keeps its events, as bytes, until they are asked for, and holds up no other.
    """

    def __init__(self, max_message_bytes: int = 64 << 20) -> None:
        self._max_message_bytes = max_message_bytes
        self._ids = itertools.count(1)
        self._calls: dict[bytes, Call] = {}
        self._cancelled: set[bytes] = set()  # those whose answer is yet to come
        # Of a call that is opened while the connection ends, either the one
        # or the other must take notice.
        self._lock = threading.Lock()
        self._ended: Callable[[], Exception] | None = None
        self.on_notice: Callable[[str, Any], object] = lambda method, params: None
        self._tail: list[bytes] = []  # pieces of a line whose end is not received

    def open(
        self,
        method: str,
        params: Mapping[str, Any],
        deliver: Callable[[Delivery], object],
        timeout: float = math.inf,
        now: float = 0,
    ) -> tuple[bytes, bytes]:
        """Registers a call and returns its id and its frame. Raises what ended the connection.

        The timeout is for ``overdue``, and now the time at which it begins.
        """
        number = next(self._ids)
        id = b"%d" % number
        frame = encoded({"jsonrpc": "2.0", "id": number, "method": method, "params": params}) + b"\n"
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
        """The number of calls that are not answered, cancelled ones among them."""
        return len(self._calls) + len(self._cancelled)

    def ids(self) -> list[bytes]:
        """Returns the ids of the calls under way."""
        return list(self._calls)

    def call(self, id: bytes) -> Call | None:
        """Returns a call that is under way."""
        return self._calls.get(id)

    def held(self) -> int:
        """Returns how many bytes of events were delivered and not taken."""
        return sum([call.received - call.taken for call in list(self._calls.values())])

    def due(self, heard: float) -> float:
        """Returns when the first call will be overdue, if nothing was heard since; infinity without calls."""
        return min([call.due(heard) for call in list(self._calls.values())], default=math.inf)

    def overdue(self, heard: float, now: float) -> list[bytes]:
        """Returns the ids of the calls that have waited for as long as they may."""
        return [id for id, call in list(self._calls.items()) if call.due(heard) <= now]

    def give_up(self, id: bytes) -> bytes:
        """Is cancel for a call that is overdue, which gets an APITimeoutError."""
        call = self._calls.get(id)
        seconds = 0 if call is None else call.timeout
        message = f"codex-rpc itself is silent: it has not answered for {seconds:g} s, nor said that it is there."
        return self.cancel(id, APITimeoutError(message, type="timeout", data={"retryable": True}))

    def cancel(self, id: bytes, reason: Exception | None = None) -> bytes:
        """Forgets a call and returns the frame that ends it, empty if it has ended.

        Who waits for the call gets the reason, by default a CallCancelledError; what else comes for it is
        dropped.
        """
        call = self._calls.pop(id, None)
        if call is None:
            return b""
        self._cancelled.add(id)
        call.deliver(reason or CallCancelledError("The call was cancelled.", type="cancelled"))
        return b'{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":%s}}\n' % id

    def interrupt(self, id: bytes) -> bytes:
        """Returns the frame by which a call is interrupted, empty if it has ended."""
        if id not in self._calls:
            return b""
        return b'{"jsonrpc":"2.0","method":"responses.interrupt","params":{"id":%s}}\n' % id

    def forget(self, id: bytes) -> None:
        """Expects no answer to a call that was cancelled before it was sent."""
        self._cancelled.discard(id)

    def end(self, reason: Callable[[], Exception]) -> None:
        """Ends all calls, and all that are still opened, each for a reason of its own making."""
        with self._lock:
            if self._ended is not None:
                return
            self._ended = reason
            calls = list(self._calls.values())
            self._calls.clear()
        for call in calls:
            call.deliver(reason())

    def abandon(self, reason: Callable[[], Exception]) -> None:
        """Is end for a child made by fork, where the thread that held the lock may not exist."""
        self._lock = threading.Lock()
        self.end(reason)

    @property
    def ended(self) -> bool:
        """Whether no more calls can be opened."""
        return self._ended is not None

    def receive(self, data: bytes) -> None:
        """Takes what was read, and delivers the lines that are complete. Cost is linear in the bytes."""
        lines = data.split(b"\n")
        if len(lines) == 1:
            self._tail.append(data)
            return
        if self._tail:
            lines[0] = b"".join((*self._tail, lines[0]))
        last = lines.pop()
        self._tail = [last] if last else []

        # Events come in runs of one call: a run is delivered at once.
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
        elif id == b"null":  # a frame of ours was not understood: whose, nobody can tell
            for each in list(self._calls):
                self._answer(each, line)

    def _receive_unusual(self, line: bytes) -> None:
        """Takes a message that is not laid out as this server's are."""
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
    """Returns the result in the end of a call. Raises the error that it is."""
    if isinstance(delivery, Exception):
        raise delivery
    try:
        message = json.loads(delivery)
        error = message.get("error")
        if error is None:
            return message["result"]
    except (ValueError, AttributeError, LookupError, RecursionError):
        raise _no_message(delivery) from None
    raise error_of(error)


def failure_of(answer: bytes) -> Exception | None:
    """Returns the error that an answer is, None if it is a result."""
    try:
        result_of(answer)
    except Exception as error:
        return error
    return None


def _no_message(line: bytes) -> APIConnectionError:
    return APIConnectionError(f"codex-rpc wrote a line that is no message: {line[:80]!r}")


def encoded(value: Any) -> bytes:
    """Returns JSON in UTF-8. Half of a surrogate pair, which that has no form for, is escaped."""
    try:
        return _encode(value).encode("utf-8")
    except UnicodeEncodeError:
        return _encode_as_ascii(value).encode("ascii")


_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=jsonable).encode
_encode_as_ascii = json.JSONEncoder(allow_nan=False, separators=(",", ":"), default=jsonable).encode
