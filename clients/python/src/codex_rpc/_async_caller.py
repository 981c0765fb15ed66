"""Calls from asynchronous tasks."""

from __future__ import annotations

from ._async_stream import AsyncStream
from ._caller import CallerState
from ._connection import result_of
from ._event_loop import mailbox
from ._objects import event_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from ._objects import ResponseStreamEvent


class AsyncCaller(CallerState):
    """Makes calls from tasks. Tasks of several event loops can share it."""

    async def call(
        self,
        method: str,
        params: Mapping[str, Any],
        on_event: Callable[[ResponseStreamEvent], object] | None = None,
    ) -> Any:
        """Return the result of a method, or raise the APIError of the call."""
        box = mailbox()
        pending = self.open(method, params, box.deliver)
        pending.fill(box)
        try:
            pending.send()
            while isinstance(delivery := await box.get(), list):
                for line in delivery:
                    if on_event is not None:
                        on_event(event_of(line))
        except BaseException:
            pending.cancel()
            raise
        return self.result(method, params, result_of(delivery))

    async def stream(self, method: str, params: Mapping[str, Any]) -> AsyncStream[Any]:
        """Return the stream of a method that is called with ``stream=True``."""
        box = mailbox()
        pending = self.open(method, {**params, "stream": True}, box.deliver)
        pending.fill(box)
        stream = AsyncStream(pending, box, lambda result: self.result(method, params, result))
        pending.send()
        return stream
