"""The HTTP responses behind results and errors."""

from __future__ import annotations

import copy
import functools
import inspect

from ._objects import dumps, plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any


class Answer:
    """An HTTP response, with the attributes of ``httpx.Response`` that are known.

    Attributes:
        status_code: The HTTP status.
        headers: The response headers meant for clients, with case-insensitive names. For an error, they
            are complete with ``with_raw_response``; otherwise only ``x-request-id`` and ``retry-after``.
    """

    def __init__(self, status_code: int, headers: dict[str, str], body: Any = None) -> None:
        self.status_code = status_code
        self.headers = Headers(headers)
        self._body = body

    def json(self) -> Any:
        """Return the body as decoded JSON."""
        return self._body

    @property
    def text(self) -> str:
        """The body as text."""
        return self._body if isinstance(self._body, str) else dumps(self._body)


class Headers(dict[str, str]):
    """HTTP headers, with case-insensitive names."""

    def __init__(self, headers: Mapping[str, str] | None = None) -> None:
        super().__init__((name.lower(), value) for name, value in (headers or {}).items())

    def __getitem__(self, name: str) -> str:
        return super().__getitem__(name.lower())

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and super().__contains__(name.lower())

    def get(self, name: str, default: Any = None) -> Any:
        """Return the header, or the default if there is none."""
        return super().get(name.lower(), default)


class RawResponse:
    """A result with its HTTP response.

    Attributes:
        headers: The response headers meant for clients, such as ``x-request-id`` and ``x-ratelimit-*``. For
            a stream they are available after it has ended.
        status_code: 200.
    """

    status_code = 200

    def __init__(self, result: Any, recorded: list[dict[str, str]]) -> None:
        """Raw responses are created by ``with_raw_response``."""
        self._result = result
        self._recorded = recorded

    def parse(self) -> Any:
        """Return the result of the method."""
        return self._result

    @property
    def headers(self) -> Headers:
        """The headers."""
        if self._recorded:
            return Headers(self._recorded[-1])
        ended = getattr(self._result, "_result", None)  # of a stream
        return Headers(ended.get("response_headers") if isinstance(ended, dict) else None)

    @property
    def request_id(self) -> str | None:
        """The backend's id of the request, for bug reports."""
        return self.headers.get("x-request-id")

    @property
    def http_response(self) -> Answer:
        """The HTTP response, with the attributes of ``httpx.Response`` that are known."""
        return Answer(self.status_code, self.headers, plain(self._result))


class RawMethods:
    """The methods of a resource, each of which returns a RawResponse."""

    def __init__(self, resource: Any) -> None:
        """Created by ``with_raw_response``."""
        self._resource = resource

    def __getattr__(self, name: str) -> Any:
        if hasattr(group := getattr(self._resource, name), "_caller"):
            return RawMethods(group)
        resource, recorded = copy.copy(self._resource), list[dict[str, str]]()
        resource._caller = self._resource._caller.recording(recorded)
        method = getattr(resource, name)
        if inspect.iscoroutinefunction(method):

            async def call_and_await(*args: Any, **params: Any) -> RawResponse:
                return RawResponse(await method(*args, **params), recorded)

            return call_and_await

        def call(*args: Any, **params: Any) -> RawResponse:
            return RawResponse(method(*args, **params), recorded)

        return call


class StreamingMethods:
    """The methods of a resource, each of which returns a context manager of a RawResponse."""

    def __init__(self, resource: Any) -> None:
        """Created by ``with_streaming_response``."""
        self._raw = RawMethods(resource)

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._raw, name)
        if isinstance(method, RawMethods):
            return StreamingMethods(method._resource)
        return functools.partial(_Block, method)


class _Block:
    def __init__(self, method: Callable[..., Any], *args: Any, **params: Any) -> None:
        self._call = functools.partial(method, *args, **params)

    def __enter__(self) -> RawResponse:
        self._response = self._call()
        return self._response

    def __exit__(self, *exception: object) -> None:
        self._close()

    async def __aenter__(self) -> RawResponse:
        self._response = await self._call()
        return self._response

    async def __aexit__(self, *exception: object) -> None:
        if (closing := self._close()) is not None:
            await closing

    def _close(self) -> Any:
        close = getattr(self._response.parse(), "close", None)  # of a stream
        return close() if close is not None else None
