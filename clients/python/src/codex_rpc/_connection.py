"""JSON-RPC 2.0 as a codec: frames to send out, bytes received in, each event and answer to its call.

Nothing here reads, writes or waits. A process feeds received bytes to ``Connection.receive`` from one
thread; calls are opened from any.
"""

from __future__ import annotations

import itertools
import json
import threading

from ._errors import APIConnectionError, CallCancelledError, InvalidParamsError, error_of
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


class Connection:
    """The calls under way on one connection, each by its id.

    A call is a function that takes what is delivered to it. It is called from the thread that receives
    and must not wait: a stream that is read slowly keeps its events, as bytes, until they are asked for,
    and holds up no other. What it can come to hold is the text of one response.
    """

    def __init__(self, max_message_bytes: int = 64 << 20) -> None:
        self._max_message_bytes = max_message_bytes
        self._ids = itertools.count(1)
        self._calls: dict[bytes, Callable[[Delivery], object]] = {}
        # Of a call that is opened while the connection ends, either the one
        # or the other must take notice.
        self._lock = threading.Lock()
        self._ended: Callable[[], Exception] | None = None
        self._tail: list[bytes] = []  # pieces of a line whose end is not received

    def open(
        self, method: str, params: Mapping[str, Any], deliver: Callable[[Delivery], object]
    ) -> tuple[bytes, bytes]:
        """Registers a call and returns its id and its frame. Raises what ended the connection."""
        number = next(self._ids)
        id = b"%d" % number
        frame = encode({"jsonrpc": "2.0", "id": number, "method": method, "params": params}).encode("ascii") + b"\n"
        if len(frame) > self._max_message_bytes:
            raise InvalidParamsError(
                f"the request is {len(frame)} bytes long; codex-rpc takes {self._max_message_bytes} "
                "(CODEX_RPC_MAX_MESSAGE_BYTES sets another limit)",
                type="frame_too_large",
            )
        with self._lock:
            if self._ended is not None:
                raise self._ended()
            self._calls[id] = deliver
        return id, frame

    def cancel(self, id: bytes) -> bytes:
        """Forgets a call and returns the frame that ends it, empty if it has ended.

        Whoever waits for the call gets a CallCancelledError; what else comes for it is dropped.
        """
        deliver = self._calls.pop(id, None)
        if deliver is None:
            return b""
        deliver(CallCancelledError("The call was cancelled.", type="cancelled"))
        return b'{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":%s}}\n' % id

    def cancel_all(self) -> bytes:
        """Cancels what is under way and returns the frames that do."""
        return b"".join(self.cancel(id) for id in list(self._calls))

    def end(self, reason: Callable[[], Exception]) -> None:
        """Ends all calls, and all that are still opened, each for a reason of its own making."""
        with self._lock:
            if self._ended is not None:
                return
            self._ended = reason
            calls = list(self._calls.values())
            self._calls.clear()
        for deliver in calls:
            deliver(reason())

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
        prefix, run, deliver = b"\n", list[bytes](), None
        for line in lines:
            if line.startswith(prefix):
                run.append(line)
                continue
            if deliver is not None:
                deliver(run)
            prefix, deliver = b"\n", None
            if line.startswith(_EVENT) and (end := line.find(b",", len(_EVENT))) > 0:
                prefix, run = line[: end + 1], [line]
                deliver = self._calls.get(line[len(_EVENT) : end])
            elif line.startswith(_ANSWER) and (end := line.find(b",", len(_ANSWER))) > 0:
                self._answer(line[len(_ANSWER) : end], line)
            elif line.strip():
                self._receive_unusual(line)
        if deliver is not None:
            deliver(run)

    def _answer(self, id: bytes, line: bytes) -> None:
        deliver = self._calls.pop(id, None)
        if deliver is not None:
            deliver(line)
        elif id == b"null":  # a frame of ours was not understood: whose, nobody can tell
            for each in list(self._calls):
                self._answer(each, line)

    def _receive_unusual(self, line: bytes) -> None:
        """Takes a message that is not laid out as this server's are."""
        try:
            message = json.loads(line)
            params: Any = message.get("params") or {}
            id = encode(message.get("id", params.get("id"))).encode("ascii")
            event = encode(params.get("event")).encode("ascii")
        except (ValueError, AttributeError, RecursionError):
            self.end(lambda: _no_message(line))
            return
        if "method" not in message:
            self._answer(id, line)
        elif message["method"] == "stream.event" and id in self._calls:
            self._calls[id]([b'%s%s,"event":%s}}' % (_EVENT, id, event)])


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


def _no_message(line: bytes) -> APIConnectionError:
    return APIConnectionError(f"codex-rpc wrote a line that is no message: {line[:80]!r}")


encode = json.JSONEncoder(allow_nan=False, separators=(",", ":"), default=jsonable).encode
