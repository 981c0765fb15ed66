"""The client for asyncio."""

from __future__ import annotations

import asyncio

from ._async_caller import AsyncCaller
from ._async_methods import AsyncMethods
from ._client import ClientOptions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import Any

    from typing_extensions import Self

    from ._process import Server


class AsyncOpenAI(ClientOptions, AsyncMethods):
    """The same as OpenAI for asyncio: its methods are coroutines, its streams asynchronous iterators::

        from codex_rpc import AsyncOpenAI

        async def main():
            async with AsyncOpenAI() as client:
                response = await client.responses.create(input="Explain quicksort in one paragraph.")
                print(response.output_text)

    The cancelling of a task cancels the call that it awaits. Tasks of several event loops, in several
    threads, may use one client.
    """

    def _attach(self, server: Server, defaults: dict[str, Any]) -> None:
        AsyncMethods.__init__(self, AsyncCaller(server, defaults))

    async def close(self) -> None:
        """Cancels the calls under way and ends the process. The client cannot be used any more."""
        await asyncio.get_running_loop().run_in_executor(None, self._server.close)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
