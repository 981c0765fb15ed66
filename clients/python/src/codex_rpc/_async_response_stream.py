"""Streams of responses with snapshots, parsed values and the final response, for asyncio."""

from __future__ import annotations

from ._response_stream import Enriched
from ._stream import ResultT, StreamOf

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from types import TracebackType
    from typing import Any

    from typing_extensions import Self

    from ._async_caller import AsyncCaller
    from ._async_stream import AsyncStream
    from ._parsing import Parser
    from ._types import ParsedResponse
    from .types import ParsedResponseStreamEvent


class AsyncResponseStream(StreamOf[ResultT]):
    """The same as ResponseStream, for asyncio."""

    def __init__(self, stream: AsyncStream[Any], parser: Parser) -> None:
        """Created by ``client.responses.stream``."""
        self._stream = stream
        self._parser = parser
        self._enriched = Enriched(parser)

    def __aiter__(self) -> AsyncIterator[ParsedResponseStreamEvent]:
        return self

    async def __anext__(self) -> ParsedResponseStreamEvent:
        return self._enriched.enrich(await self._stream.__anext__())

    async def until_done(self) -> Self:
        """Wait for the end of the stream, skipping events that were not read."""
        await self._stream.get_final_response()
        return self

    async def get_final_response(self) -> ParsedResponse[ResultT]:
        """Wait for the end of the stream and return the response. If the call fails, its APIError is raised."""
        return self._parser.parsed(await self._stream.get_final_response())

    async def interrupt(self) -> None:
        """Interrupt the response and keep what was generated; see Stream.interrupt."""
        await self._stream.interrupt()

    async def close(self) -> None:
        """Cancel the call at the backend, unless it has ended."""
        await self._stream.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


class AsyncResponseStreamManager(StreamOf[ResultT]):
    """An async context manager of an AsyncResponseStream."""

    def __init__(self, caller: AsyncCaller, parser: Parser, params: dict[str, Any]) -> None:
        """Created by ``client.responses.stream``."""
        self._caller = caller
        self._parser = parser
        self._params = params

    async def __aenter__(self) -> AsyncResponseStream[ResultT]:
        stream = await self._caller.stream(*self._parser.method(self._params))
        self._stream: AsyncResponseStream[ResultT] = AsyncResponseStream(stream, self._parser)
        return self._stream

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stream.close()
