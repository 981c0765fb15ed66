"""How a method of a client is carried out, by a thread or by a task: send, wait, and cancel when told to stop."""

from __future__ import annotations

import copy

from ._connection import result_of
from ._errors import OpenAIError
from ._objects import CodexBaseModel, event_of, wrapped
from ._params import given, merged, seconds
from ._process import unforked
from ._resources import WITH_EXTRAS
from ._stream import Mailbox, Stream

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from typing_extensions import Self

    from ._connection import Delivery
    from ._objects import ResponseStreamEvent
    from ._process import Pending, Server

# The methods whose results have _request_id.
_WITH_REQUEST_ID = WITH_EXTRAS | {"files.upload", "codex.memories.trace_summarize"}
# The methods that have no HTTP answer to tell of.
_WITHOUT_ANSWER = frozenset({"authenticate", "logout"})


class CallerState:
    """What both kinds of callers know: whom to call, and what calls are given by default."""

    def __init__(
        self,
        server: Server,
        of_calls: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, Any] | None = None,
    ) -> None:
        self._server = server
        self._of_calls = of_calls or {}
        self._extras = {"extra_headers": headers, "extra_query": query}
        # Where to put the headers of the answers, for which nobody asks else.
        self._headers: list[dict[str, str]] | None = None
        self.closed = False

    def recording(self, headers: list[dict[str, str]]) -> Self:
        """Returns a caller whose calls add the headers of their answers to the list."""
        other = copy.copy(self)
        other._headers = headers
        return other

    def result(self, method: str, params: Mapping[str, Any], result: Any) -> Any:
        """Returns the result of a call, made of decoded JSON."""
        headers = result.get("response_headers") if isinstance(result, dict) else None
        if self._headers is not None:
            self._headers.append(headers or {})
        made = maker(method)(result)
        if headers is not None and isinstance(made, CodexBaseModel):
            made._came_with(headers, bool(params.get("include_headers")))
        return made

    def open(self, method: str, params: Mapping[str, Any], deliver: Callable[[Delivery], object]) -> Pending:
        """Registers a call with what it is given, by the caller and by default."""
        if self.closed:
            raise OpenAIError("the client is closed")
        params = given(params)
        if "timeout" in params:
            params["timeout"] = seconds(params["timeout"])
        for name, value in self._of_calls.items():
            if method.startswith("responses.") or (name == "timeout" and not method.startswith("rpc.")):
                params.setdefault(name, value)
        if method in WITH_EXTRAS:
            for name, extras in self._extras.items():
                if extras:
                    params[name] = merged(extras, params.get(name))
        if method in _WITH_REQUEST_ID or (self._headers is not None and method not in _WITHOUT_ANSWER):
            params.setdefault("include_headers", True)
        return self._server.open(method, params, deliver)


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
        pending = self.open(method, params, mailbox.deliver)
        pending.fill(mailbox)
        try:
            pending.send()
            while isinstance(delivery := mailbox.get(), list):
                for line in delivery:
                    if on_event is not None:
                        on_event(event_of(line))
        except BaseException:
            pending.cancel()
            raise
        return self.result(method, params, result_of(delivery))

    def stream(self, method: str, params: Mapping[str, Any]) -> Stream[Any]:
        """Returns the stream of a method that is called with ``stream=True``."""
        mailbox = Mailbox()
        pending = self.open(method, {**params, "stream": True}, mailbox.deliver)
        pending.fill(mailbox)
        stream = Stream(pending, mailbox, lambda result: self.result(method, params, result))
        pending.send()
        return stream


def maker(method: str) -> Callable[[Any], Any]:
    """Returns what makes a result of decoded JSON. The types are loaded when there is a first one to make."""
    if not _makers:
        with unforked:
            from ._types import RESULTS

            _makers.update(RESULTS)
    return _makers.get(method, wrapped)


_makers: dict[str, Callable[[Any], Any]] = {}
