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
        """Declares that a turn is generic in the responses that it gives."""
else:
    ResponsesT = None

    class TurnOf:
        """Makes ``Turn[Responses]`` an expression without importing typing."""

        def __class_getitem__(cls, _):
            return cls


class Turn(TurnOf[ResponsesT]):
    """One turn of an agent: its model calls, between a message of the user and the final answer::

        with client.responses.turn() as responses:
            response = responses.create(input=history, tools=tools)

    The block gives ``client.responses`` anew, whose calls the backend routes to where the first one of the
    turn went. A turn of an asynchronous client is entered by ``async with`` or by ``with``.
    """

    def __init__(self, responses: ResponsesT) -> None:
        """Turns are made by ``client.responses.turn()``."""
        other: Any = copy.copy(responses)
        other._turn = os.urandom(16).hex()
        self._responses: ResponsesT = other

    def __enter__(self) -> ResponsesT:
        return self._responses

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Ends the turn, of which codex-rpc forgets what is not used for an hour."""

    async def __aenter__(self) -> ResponsesT:
        return self._responses

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Ends the turn."""
