"""The asynchronous client, for asyncio and trio."""

from __future__ import annotations

from ._async_caller import AsyncCaller
from ._async_resources import AsyncMethods
from ._client import ClientOptions
from ._event_loop import in_thread

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType
    from typing import Any

    from typing_extensions import Self

    from ._process import Server


class AsyncOpenAI(ClientOptions, AsyncMethods):
    """The asynchronous client: its methods are coroutines, its streams asynchronous iterators::

        from codex_rpc import AsyncOpenAI

        async def main():
            async with AsyncOpenAI() as client:
                response = await client.responses.create(input="Explain quicksort in one paragraph.")
                print(response.output_text)

    Cancelling a task cancels the call that it awaits. Tasks of several event loops, in several threads,
    can share a client, including tasks of trio, with or without anyio.
    """

    def _attach(
        self,
        server: Server,
        of_calls: Mapping[str, Any],
        headers: Mapping[str, str] | None,
        query: Mapping[str, Any] | None,
    ) -> None:
        AsyncMethods.__init__(self, AsyncCaller(server, of_calls, headers, query))

    async def close(self) -> None:
        """Cancel the pending calls and stop the process. The client cannot be used afterwards."""
        self._caller.closed = True
        if not self._shares:
            await in_thread(self._server.close)

    def is_closed(self) -> bool:
        """Report whether the client is closed."""
        return self._caller.closed

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
