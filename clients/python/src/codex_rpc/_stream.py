"""Streams of events, for loops that wait and for loops that await."""

from __future__ import annotations

import os
from queue import Empty, SimpleQueue

from ._connection import result_of
from ._errors import OpenAIError
from ._flow import Held
from ._objects import event_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType
    from typing import Any, Generic, TypeVar

    from typing_extensions import Self

    from ._connection import Delivery
    from ._process import Pending
    from .types import ResponseStreamEvent

    ResultT = TypeVar("ResultT")

    class StreamOf(Generic[ResultT]):
        """Declares that a stream is generic in what it ends with."""
else:
    ResultT = None

    class StreamOf:
        """Makes ``Stream[Response]`` an expression without importing typing, which costs as much as json."""

        __slots__ = ()

        def __class_getitem__(cls, _):
            return cls


# On Windows a thread that waits for a lock is deaf to Ctrl-C.
_PATIENCE = 0.1 if os.name == "nt" else None


class Mailbox(Held):
    """What was delivered to a call, for a thread that waits for it."""

    def __init__(self) -> None:
        self._queue: SimpleQueue[Delivery] = SimpleQueue()
        self.deliver: Callable[[Delivery], object] = self._queue.put

    def get(self) -> Delivery:
        """Waits for the next delivery."""
        delivery = None
        try:
            delivery = self._queue.get(block=False)
        except Empty:
            self._wait()
        try:
            while delivery is None:
                try:
                    delivery = self._queue.get(timeout=_PATIENCE)
                except Empty:
                    pass
        finally:
            self._took(delivery or b"")
        return delivery


class StreamState(StreamOf[ResultT]):
    """What both kinds of streams know of their call."""

    __slots__ = ("_closed", "_ended", "_error", "_lines", "_make", "_pending", "_result")

    def __init__(self, pending: Pending, make: Callable[[Any], ResultT]) -> None:
        self._pending = pending
        self._make = make
        self._lines: Iterator[bytes] = iter(())  # of events that were delivered and not taken
        self._closed = self._ended = False
        self._error: Exception | None = None
        self._result: Any = None

    def _take(self, delivery: Delivery) -> None:
        if isinstance(delivery, list):
            self._lines = iter(delivery)
            return
        self._ended = True
        try:
            self._result = result_of(delivery)
        except Exception as error:
            self._error = error

    def _more(self) -> bool:
        """Reports whether more may come. Raises what ended the stream, if that is an error."""
        if self._closed:
            raise OpenAIError("the stream was left before its end, which cancelled the call")
        if self._error is not None:
            raise self._error
        return not self._ended

    def _leave(self) -> None:
        if not self._ended and not self._closed:
            self._closed = True
            self._pending.cancel()

    def __del__(self) -> None:
        if hasattr(self, "_result"):
            self._leave()


class Stream(StreamState[ResultT]):
    """The events of a call, as they come::

        with client.responses.create(input="Say hello", stream=True) as stream:
            for event in stream:
                if event.type == "response.output_text.delta":
                    print(event.delta, end="")
        print(stream.get_final_response().usage.total_tokens)

    It is an iterator of ResponseStreamEvent. A loop that is left early, by ``break``, ``return`` or an
    exception, cancels the call at the backend, and so do the end of the ``with`` block and ``close``;
    ``next(stream)`` takes a single event and leaves the rest. The iteration raises the APIError that
    the call ends with, after the events that came before it.

    Events that are not yet asked for are kept; where many are, the backend is not read on. One thread at a time may
    iterate; any may close.
    """

    __slots__ = ("_mailbox",)

    def __init__(self, pending: Pending, mailbox: Mailbox, make: Callable[[Any], ResultT]) -> None:
        """Streams are made by methods that take ``stream=True``."""
        super().__init__(pending, make)
        self._mailbox = mailbox

    def __iter__(self) -> Iterator[ResponseStreamEvent]:
        try:
            while self._more():
                for line in self._lines:
                    yield event_of(line)
                self._take(self._mailbox.get())
        finally:
            self.close()

    def __next__(self) -> ResponseStreamEvent:
        while self._more():
            for line in self._lines:
                return event_of(line)
            self._take(self._mailbox.get())
        raise StopIteration

    def get_final_response(self) -> ResultT:
        """Waits for the end and returns what the call returns without ``stream=True``.

        Events that were not taken are passed over. Raises the APIError that the call ends with.
        """
        while self._more():
            self._take(self._mailbox.get())
        return self._make(self._result)

    def interrupt(self) -> None:
        """Ends the response where it is, and keeps what was said.

        The iteration comes to its end by itself; get_final_response then returns a response whose status is
        ``incomplete`` for the reason ``interrupted``, or the whole one if that was done before. Does not wait.
        """
        self._pending.interrupt()

    def close(self) -> None:
        """Cancels the call at the backend, unless it has ended."""
        self._leave()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
