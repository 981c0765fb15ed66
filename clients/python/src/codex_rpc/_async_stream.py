"""Asynchronous streams of events."""

from __future__ import annotations

from ._objects import event_of
from ._stream import ResultT, StreamState

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine
    from types import TracebackType
    from typing import Any

    from typing_extensions import Self

    from ._event_loop import AsyncMailbox
    from ._process import Pending
    from .types import ResponseStreamEvent


class AsyncStream(StreamState[ResultT]):
    """The events of a call, as they arrive::

        async with await client.responses.create(input="Say hello", stream=True) as stream:
            async for event in stream:
                if event.type == "response.output_text.delta":
                    print(event.delta, end="")
        print((await stream.get_final_response()).usage.total_tokens)

    It is an asynchronous iterator of ResponseStreamEvent. Leaving a loop early, by ``break``, ``return``,
    an exception or the cancellation of its task, cancels the call at the backend; so do the end of the
    ``async with`` block and ``close``. ``await anext(stream)`` returns a single event and keeps the
    stream open. If the call fails, the iteration raises its APIError after the last event.

    Events are buffered until they are read; if too many are, reading from the backend pauses. A stream
    belongs to the event loop that created it.
    """

    __slots__ = ("_mailbox",)

    def __init__(self, pending: Pending, mailbox: AsyncMailbox, make: Callable[[Any], ResultT]) -> None:
        """Streams are created by methods called with ``stream=True``."""
        super().__init__(pending, make)
        self._mailbox = mailbox

    def __aiter__(self) -> AsyncIterator[ResponseStreamEvent]:
        return _Loop(self)

    async def __anext__(self) -> ResponseStreamEvent:
        while self._more():
            for line in self._lines:
                return event_of(line)
            await self._receive()
        raise StopAsyncIteration

    async def get_final_response(self) -> ResultT:
        """Await the end of the stream and return the result, as without ``stream=True``.

        Events that were not read are skipped. If the call fails, its APIError is raised.
        """
        while self._more():
            await self._receive()
        return self._make(self._result)

    async def _receive(self) -> None:
        try:
            self._take(await self._mailbox.get())
        except BaseException:  # the task is cancelled
            self._leave()
            raise

    async def interrupt(self) -> None:
        """Interrupt the response and keep what was generated, without waiting.

        The iteration then ends, and get_final_response returns a response with the status ``incomplete``
        and the reason ``interrupted``, or the complete response if it was already complete.
        """
        self._pending.interrupt()

    async def close(self) -> None:
        """Cancel the call at the backend, unless it has ended."""
        self._leave()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leave()


class _Loop:
    """The iterator of one loop. A generator would notice a ``break`` only some iterations of the event
    loop later, if it still runs."""

    def __init__(self, stream: AsyncStream[Any]) -> None:
        self._stream = stream

    def __aiter__(self) -> AsyncIterator[ResponseStreamEvent]:
        return self

    def __anext__(self) -> Coroutine[Any, Any, ResponseStreamEvent]:
        return self._stream.__anext__()

    def __del__(self) -> None:
        self._stream._leave()
