"""Calls: send a request, wait for its response, and cancel it if the wait is interrupted."""

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
# The methods without an HTTP response.
_WITHOUT_ANSWER = frozenset({"authenticate", "logout"})


class CallerState:
    """The base of both kinds of callers: the server, and the default parameters of calls."""

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
        # Collects the response headers; None if they are not requested.
        self._headers: list[dict[str, str]] | None = None
        self.closed = False

    def recording(self, headers: list[dict[str, str]]) -> Self:
        """Return a caller whose calls append their response headers to the list."""
        other = copy.copy(self)
        other._headers = headers
        return other

    def result(self, method: str, params: Mapping[str, Any], result: Any) -> Any:
        """Return the result of a call, created from decoded JSON."""
        headers = result.get("response_headers") if isinstance(result, dict) else None
        if self._headers is not None:
            self._headers.append(headers or {})
        made = maker(method)(result)
        if headers is not None and isinstance(made, CodexBaseModel):
            made._came_with(headers, bool(params.get("include_headers")))
        return made

    def open(self, method: str, params: Mapping[str, Any], deliver: Callable[[Delivery], object]) -> Pending:
        """Register a call with its parameters and the default ones."""
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
    """Makes calls from threads."""

    def call(
        self,
        method: str,
        params: Mapping[str, Any],
        on_event: Callable[[ResponseStreamEvent], object] | None = None,
    ) -> Any:
        """Return the result of a method, or raise the APIError of the call."""
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
        """Return the stream of a method that is called with ``stream=True``."""
        mailbox = Mailbox()
        pending = self.open(method, {**params, "stream": True}, mailbox.deliver)
        pending.fill(mailbox)
        stream = Stream(pending, mailbox, lambda result: self.result(method, params, result))
        pending.send()
        return stream


def maker(method: str) -> Callable[[Any], Any]:
    """Return the function that creates a result from decoded JSON. Types are imported on first use."""
    if not _makers:
        with unforked:
            from ._types import RESULTS

            _makers.update(RESULTS)
    return _makers.get(method, wrapped)


_makers: dict[str, Callable[[Any], Any]] = {}
