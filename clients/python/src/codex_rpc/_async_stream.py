"""Streams of events for loops that await."""

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
    """The events of a call, as they come::

        async with await client.responses.create(input="Say hello", stream=True) as stream:
            async for event in stream:
                if event.type == "response.output_text.delta":
                    print(event.delta, end="")
        print((await stream.get_final_response()).usage.total_tokens)

    It is an asynchronous iterator of ResponseStreamEvent. A loop that is left early, by ``break``,
    ``return``, an exception or the cancelling of its task, cancels the call at the backend, and so do
    the end of the ``async with`` block and ``close``; ``await anext(stream)`` takes a single event and
    leaves the rest. The iteration raises the APIError that the call ends with, after the events that
    came before it.

    Events that are not yet asked for are kept; where many are, the backend is not read on. It belongs to the
    event loop that made it.
    """

    __slots__ = ("_mailbox",)

    def __init__(self, pending: Pending, mailbox: AsyncMailbox, make: Callable[[Any], ResultT]) -> None:
        """Streams are made by methods that take ``stream=True``."""
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
        """Awaits the end and returns what the call returns without ``stream=True``.

        Events that were not taken are passed over. Raises the APIError that the call ends with.
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
        """Ends the response where it is, and keeps what was said.

        The iteration comes to its end by itself; get_final_response then returns a response whose status is
        ``incomplete`` for the reason ``interrupted``, or the whole one if that was done before. Does not wait.
        """
        self._pending.interrupt()

    async def close(self) -> None:
        """Cancels the call at the backend, unless it has ended."""
        self._leave()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leave()


class _Loop:
    """The iterator of one loop. A generator in its place would notice a ``break`` some rounds of the
    event loop later, if that still runs."""

    def __init__(self, stream: AsyncStream[Any]) -> None:
        self._stream = stream

    def __aiter__(self) -> AsyncIterator[ResponseStreamEvent]:
        return self

    def __anext__(self) -> Coroutine[Any, Any, ResponseStreamEvent]:
        return self._stream.__anext__()

    def __del__(self) -> None:
        self._stream._leave()
