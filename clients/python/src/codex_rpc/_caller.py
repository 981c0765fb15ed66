"""How a method of a client is carried out, by a thread or by a task: send, wait, and cancel when told to stop."""

from __future__ import annotations

from ._connection import result_of
from ._objects import event_of, wrapped
from ._params import given
from ._stream import Mailbox, Stream

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from ._objects import ResponseStreamEvent
    from ._process import Server


class CallerState:
    """What both kinds of callers know: whom to call, and what responses methods are given by default."""

    def __init__(self, server: Server, defaults: Mapping[str, Any]) -> None:
        self.server = server
        self.defaults = defaults


class Caller(CallerState):
    """Carries out calls for threads."""

    def call(
        self,
        method: str,
        params: Mapping[str, Any],
        on_event: Callable[[ResponseStreamEvent], object] | None = None,
    ) -> Any:
        """Returns the result of a method. Raises the APIError that the call ends with."""
        mailbox = Mailbox()
        pending = self.server.open(method, given(params), mailbox.deliver)
        try:
            pending.send()
            while isinstance(delivery := mailbox.get(), list):
                for line in delivery:
                    if on_event is not None:
                        on_event(event_of(line))
        except BaseException:
            pending.cancel()
            raise
        return maker(method)(result_of(delivery))

    def stream(self, method: str, params: Mapping[str, Any]) -> Stream[Any]:
        """Returns the stream of a method that is called with ``stream=True``."""
        mailbox = Mailbox()
        pending = self.server.open(method, {**given(params), "stream": True}, mailbox.deliver)
        stream = Stream(pending, mailbox, lambda result: maker(method)(result))
        pending.send()
        return stream


def maker(method: str) -> Callable[[Any], Any]:
    """Returns what makes a result of decoded JSON. The types are loaded when there is a first one to make."""
    from ._types import RESULTS

    return RESULTS.get(method, wrapped)
