"""Agent turns."""

from __future__ import annotations

import copy
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import Any, Generic, TypeVar

    ResponsesT = TypeVar("ResponsesT")

    class TurnOf(Generic[ResponsesT]):
        """Declares that a turn is generic in its responses."""
else:
    ResponsesT = None

    class TurnOf:
        """Support ``Turn[Responses]`` at run time without importing typing."""

        def __class_getitem__(cls, _):
            return cls


class Turn(TurnOf[ResponsesT]):
    """An agent turn: the model calls between a message of the user and the final answer::

        with client.responses.turn() as responses:
            response = responses.create(input=history, tools=tools)

    It is a context manager of a copy of ``client.responses`` whose calls the backend routes to the same
    place. For an asynchronous client it supports both ``async with`` and ``with``.
    """

    def __init__(self, responses: ResponsesT) -> None:
        """Turns are created by ``client.responses.turn()``."""
        other: Any = copy.copy(responses)
        other._turn = os.urandom(16).hex()
        self._responses: ResponsesT = other

    def __enter__(self) -> ResponsesT:
        return self._responses

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the turn. codex-rpc forgets turns that are not used for an hour."""

    async def __aenter__(self) -> ResponsesT:
        return self._responses

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the turn."""
