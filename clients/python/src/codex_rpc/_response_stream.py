"""Streams of responses with snapshots, parsed values and the final response."""

from __future__ import annotations

from ._objects import ResponseStreamEvent
from ._stream import ResultT, StreamOf
from ._types import ParsedResponse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType
    from typing import Any

    from typing_extensions import Self

    from ._caller import Caller
    from ._parsing import Parser
    from ._stream import Stream
    from .types import ParsedResponseStreamEvent


class SnapshotEvent(ResponseStreamEvent):
    """A delta with the text so far."""

    __slots__ = ("_count", "_parts")

    _parts: list[str]
    _count: int

    @property
    def snapshot(self) -> str:
        """The text or the arguments up to and including this delta."""
        return "".join(self._parts[: self._count])

    def to_dict(self, **options: Any) -> dict[str, Any]:
        """Return a copy of plain dicts and lists, with the snapshot."""
        return {**super().to_dict(**options), "snapshot": self.snapshot}


_set_parts = SnapshotEvent.__dict__["_parts"].__set__
_set_count = SnapshotEvent.__dict__["_count"].__set__


class Enriched:
    """The state of a response's events, which adds snapshots and parsed values to them."""

    def __init__(self, parser: Parser) -> None:
        self._parser = parser
        self._parts: dict[tuple[object, ...], list[str]] = {}
        self._phases: dict[object, str | None] = {}  # of the messages, by output index

    def enrich(self, event: Any) -> Any:
        """Return an event with its snapshot or parsed value."""
        kind = event.type
        if kind == "response.output_text.delta":
            return self._snapshot(event, (event.output_index, event.content_index))
        if kind == "response.function_call_arguments.delta":
            return self._snapshot(event, (event.output_index,))
        if kind == "response.output_item.added":
            self._phases[event.output_index] = event.item.get("phase")
        elif kind == "response.output_text.done":
            event["parsed"] = self._parser.text(event.text, self._phases.get(event.output_index))
        elif kind == "response.completed":
            event["response"] = self._parser.response(event.response._members())
        return event

    def _snapshot(self, event: Any, place: tuple[object, ...]) -> SnapshotEvent:
        parts = self._parts.setdefault(place, [])
        parts.append(event.delta)
        enriched = SnapshotEvent(event._members())
        _set_parts(enriched, parts)
        _set_count(enriched, len(parts))
        return enriched


class ResponseStream(StreamOf[ResultT]):
    """The events of a response, with snapshots and parsed values::

        with client.responses.stream(input="Say hello") as stream:
            for event in stream:
                if event.type == "response.output_text.delta":
                    print(event.delta, end="")  # event.snapshot has the text so far
            response = stream.get_final_response()

    In addition to what the backend sends, ``response.output_text.delta`` and
    ``response.function_call_arguments.delta`` have a ``snapshot``, ``response.output_text.done`` has
    ``parsed``, and the ``response`` of ``response.completed`` is a ParsedResponse. A loop can be left and
    resumed; the end of the ``with`` block cancels a pending call.
    """

    def __init__(self, stream: Stream[Any], parser: Parser) -> None:
        """Created by ``client.responses.stream``."""
        self._stream = stream
        self._parser = parser
        self._enriched = Enriched(parser)

    def __iter__(self) -> Iterator[ParsedResponseStreamEvent]:
        return self

    def __next__(self) -> ParsedResponseStreamEvent:
        return self._enriched.enrich(next(self._stream))

    def until_done(self) -> Self:
        """Wait for the end of the stream, skipping events that were not read."""
        self._stream.get_final_response()
        return self

    def get_final_response(self) -> ParsedResponse[ResultT]:
        """Wait for the end of the stream and return the response. If the call fails, its APIError is raised."""
        return self._parser.parsed(self._stream.get_final_response())

    def interrupt(self) -> None:
        """Interrupt the response and keep what was generated; see Stream.interrupt."""
        self._stream.interrupt()

    def close(self) -> None:
        """Cancel the call at the backend, unless it has ended."""
        self._stream.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class ResponseStreamManager(StreamOf[ResultT]):
    """A context manager of a ResponseStream."""

    def __init__(self, caller: Caller, parser: Parser, params: dict[str, Any]) -> None:
        """Created by ``client.responses.stream``."""
        self._caller = caller
        self._parser = parser
        self._params = params

    def __enter__(self) -> ResponseStream[ResultT]:
        stream = self._caller.stream(*self._parser.method(self._params))
        self._stream: ResponseStream[ResultT] = ResponseStream(stream, self._parser)
        return self._stream

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stream.close()
