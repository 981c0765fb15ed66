"""Streams of events."""

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
        """Declares that a stream is generic in its result."""
else:
    ResultT = None

    class StreamOf:
        """Support ``Stream[Response]`` at run time without importing typing, which is as slow as json."""

        __slots__ = ()

        def __class_getitem__(cls, _):
            return cls


# On Windows, waiting for a lock without a timeout blocks Ctrl-C.
_PATIENCE = 0.1 if os.name == "nt" else None


class Mailbox(Held):
    """The deliveries to a call, for the thread that waits for it."""

    def __init__(self) -> None:
        self._queue: SimpleQueue[Delivery] = SimpleQueue()
        self.deliver: Callable[[Delivery], object] = self._queue.put

    def get(self) -> Delivery:
        """Wait for the next delivery."""
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
        if not isinstance(delivery, list):
            self._queue.put(delivery)  # for other threads that wait
        return delivery


class StreamState(StreamOf[ResultT]):
    """The base of both kinds of streams."""

    __slots__ = ("_closed", "_ended", "_error", "_lines", "_make", "_pending", "_result")

    def __init__(self, pending: Pending, make: Callable[[Any], ResultT]) -> None:
        self._pending = pending
        self._make = make
        self._lines: Iterator[bytes] = iter(())  # of delivered events that were not read
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
        """Report whether more events may follow. If the call failed, raise its error."""
        if self._closed:
            raise OpenAIError("the stream was closed before its end, which cancelled the call")
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
    """The events of a call, as they arrive::

        with client.responses.create(input="Say hello", stream=True) as stream:
            for event in stream:
                if event.type == "response.output_text.delta":
                    print(event.delta, end="")
        print(stream.get_final_response().usage.total_tokens)

    It is an iterator of ResponseStreamEvent. Leaving a loop early, by ``break``, ``return`` or an
    exception, cancels the call at the backend; so do the end of the ``with`` block and ``close``.
    ``next(stream)`` returns a single event and keeps the stream open. If the call fails, the iteration
    raises its APIError after the last event.

    Events are buffered until they are read; if too many are, reading from the backend pauses. Only one
    thread at a time may iterate; any thread may close the stream.
    """

    __slots__ = ("_mailbox",)

    def __init__(self, pending: Pending, mailbox: Mailbox, make: Callable[[Any], ResultT]) -> None:
        """Streams are created by methods called with ``stream=True``."""
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
        """Wait for the end of the stream and return the result, as without ``stream=True``.

        Events that were not read are skipped. If the call fails, its APIError is raised.
        """
        while self._more():
            self._take(self._mailbox.get())
        return self._make(self._result)

    def interrupt(self) -> None:
        """Interrupt the response and keep what was generated, without waiting.

        The iteration then ends, and get_final_response returns a response with the status ``incomplete``
        and the reason ``interrupted``, or the complete response if it was already complete.
        """
        self._pending.interrupt()

    def close(self) -> None:
        """Cancel the call at the backend, unless it has ended."""
        self._leave()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
