"""How a method of a client is carried out by a task of asyncio."""

from __future__ import annotations

import asyncio

from ._async_stream import AsyncMailbox, AsyncStream
from ._caller import CallerState, maker
from ._connection import result_of
from ._objects import event_of
from ._params import given

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from ._objects import ResponseStreamEvent
    from ._process import Pending

# A pipe takes so much at once on Linux. To write more may mean to wait for the
# process to read, which an event loop must not.
_WRITTEN_AT_ONCE = 64 << 10


class AsyncCaller(CallerState):
    """Carries out calls for tasks. Those of several event loops may share it."""

    async def call(
        self,
        method: str,
        params: Mapping[str, Any],
        on_event: Callable[[ResponseStreamEvent], object] | None = None,
    ) -> Any:
        """Returns the result of a method. Raises the APIError that the call ends with."""
        mailbox = AsyncMailbox()
        pending = self.server.open(method, given(params), mailbox.deliver)
        try:
            await _send(pending)
            while isinstance(delivery := await mailbox.get(), list):
                for line in delivery:
                    if on_event is not None:
                        on_event(event_of(line))
        except BaseException:
            pending.cancel()
            raise
        return maker(method)(result_of(delivery))

    async def stream(self, method: str, params: Mapping[str, Any]) -> AsyncStream[Any]:
        """Returns the stream of a method that is called with ``stream=True``."""
        mailbox = AsyncMailbox()
        pending = self.server.open(method, {**given(params), "stream": True}, mailbox.deliver)
        stream = AsyncStream(pending, mailbox, lambda result: maker(method)(result))
        await _send(pending)
        return stream


async def _send(pending: Pending) -> None:
    if len(pending.frame) <= _WRITTEN_AT_ONCE:
        pending.send()
    else:
        await asyncio.get_running_loop().run_in_executor(None, pending.send)
