"""The official ``openai`` package on codex-rpc: transports for httpx and httpx2.

Programs and frameworks that use ``openai`` run unchanged on a client whose requests to
https://api.openai.com/v1 are handled by codex-rpc instead::

    from codex_rpc.httpx import openai_client

    client = openai_client()
    completion = client.chat.completions.create(model="gpt-5.5", messages=[{"role": "user", "content": "Hello"}])

``async_openai_client`` is the same for ``openai.AsyncOpenAI``, under asyncio and trio. The transports can
also be used directly: ``openai.OpenAI(api_key="-", http_client=httpx.Client(transport=Transport()))``.

Only this module imports openai and httpx; ``pip install codex-rpc[openai]`` installs them.
"""

from __future__ import annotations

import binascii
import itertools
import json
import os
import sys

from ._client import OpenAI
from ._connection import result_of
from ._encoding import Encoded
from ._errors import (
    APIConnectionError,
    APITimeoutError,
    InvalidParamsError,
    OpenAIError,
    StreamInterruptedError,
)
from ._objects import event_of
from ._stream import Mailbox

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Mapping
    from types import ModuleType
    from typing import Any, Literal

    import httpx
    import httpx2
    from openai import AsyncOpenAI as OfficialAsyncOpenAI, OpenAI as OfficialOpenAI
    from typing_extensions import Self

    from ._async_client import AsyncOpenAI
    from ._connection import Delivery
    from ._event_loop import AsyncMailbox
    from ._process import Pending

    # The base classes for type checkers; at run time neither package is required.
    class _SyncBase(httpx.BaseTransport, httpx2.BaseTransport): ...  # type: ignore[misc]

    class _AsyncBase(httpx.AsyncBaseTransport, httpx2.AsyncBaseTransport): ...  # type: ignore[misc]
else:
    _SyncBase = _AsyncBase = object

__all__ = ["AsyncTransport", "Transport", "async_openai_client", "openai_client"]

# Headers of the connection and of credentials, which do not apply.
_HEADERS_LEFT_OUT = frozenset(
    {
        "accept-encoding",
        "api-key",
        "authorization",
        "connection",
        "content-length",
        "cookie",
        "host",
        "proxy-authorization",
        "transfer-encoding",
        "user-agent",
    }
)
_BASE_URL = "https://api.openai.com/v1"
# The nesting and the number of values up to which a body is sent as JSON: the host's limits of a message,
# less some for the other parameters. Bodies in base64 have the limits of the OpenAI API alone, and fail no
# other call.
_MAX_DEPTH = 9_000
_MAX_VALUES = 900_000
# Statuses of the errors that have none, by their type.
_STATUS = {"invalid_request": 400, "frame_too_large": 413, "overloaded": 429}
# The default timeout of openai, in seconds; it is replaced by that of codex-rpc.
_DEFAULT_TIMEOUT = 600


class _Translation:
    """The sans-I/O part of all transports: requests of httpx as calls of codex-rpc."""

    def __init__(
        self,
        aliases: Mapping[str, str] | None,
        unknown_model: Literal["replace", "error"] | None,
        unsupported: Literal["drop", "error"] | None,
        derive_cache_key: bool | None,
    ) -> None:
        self._preferences = {
            "aliases": aliases,
            "unknown_model": unknown_model,
            "unsupported": unsupported,
            "derive_cache_key": derive_cache_key,
        }

    def params(self, request: Any, body: bytes) -> dict[str, Any]:
        """Return the parameters of the call for a request."""
        headers = {name: value for name, value in request.headers.items() if not _left_out(name)}
        timeout = request.extensions.get("timeout", {}).get("read")
        params: dict[str, Any] = {
            "method": request.method,
            "path": request.url.raw_path.decode("ascii"),
            "headers": headers,
            "timeout": None if timeout == _DEFAULT_TIMEOUT else timeout,
            **self._preferences,
        }
        if body:
            try:
                if "json" not in headers.get("content-type", "json"):
                    raise ValueError("it is a form")
                json.loads(body.decode("utf-8"), parse_constant=_refuse)
                if not _fits(body):
                    raise ValueError("it does not fit into a message")
                params["body"] = Encoded(b" ".join(body.splitlines()))  # no string holds a line end
            except (ValueError, RecursionError):
                params["body_base64"] = binascii.b2a_base64(body, newline=False).decode("ascii")
        return params


def _fits(body: bytes) -> bool:
    """Report whether valid JSON is within _MAX_DEPTH and _MAX_VALUES."""
    if sum(map(body.count, (b"[", b"{", b","))) < _MAX_DEPTH:
        return True
    # Without escapes, every other part between quotes is outside of strings.
    marks = b"".join(body.replace(rb"\\", b"").replace(rb"\"", b"").split(b'"')[::2])
    opening = marks.count(b"[") + marks.count(b"{")
    if opening + marks.count(b",") >= _MAX_VALUES:
        return False
    steps = (1 if mark in b"[{" else -1 for mark in marks if mark in b"[]{}")
    return opening <= _MAX_DEPTH or max(itertools.accumulate(steps)) <= _MAX_DEPTH


def _refuse(constant: str) -> None:
    """Raise ValueError for NaN and the infinities, which are not JSON."""
    raise ValueError(constant)


def _left_out(name: str) -> bool:
    return name in _HEADERS_LEFT_OUT or name.startswith("x-stainless-")


def _module(request: Any) -> ModuleType:
    """Return the httpx module of a request."""
    return sys.modules[type(request).__module__.partition(".")[0]]


def _head(line: bytes) -> tuple[int, dict[str, str]]:
    """Return the status and the headers of a stream, which are its first event."""
    event = event_of(line)
    return event["status"], dict(event["headers"])


def _events(lines: list[bytes]) -> bytes:
    """Return the events of lines as server-sent events, without decoding them."""
    chunks: list[bytes] = []
    for line in lines:
        start = line.index(b'"event":') + 8
        if line.startswith(b'{"type":"', start):
            chunks += (b"event: ", line[start + 9 : line.find(b'"', start + 9)], b"\ndata: ")
        else:
            chunks.append(b"data: ")
        chunks += (line[start : line.rindex(b"}}")], b"\n\n")
    return b"".join(chunks)


def _answer(line: bytes) -> tuple[int, dict[str, str], bytes]:
    """Return the status, headers and body of a response that is not a stream, or raise its APIError.

    The body is the last member, and is passed on unchanged if it is JSON.
    """
    head = line.find(b',"body":')
    if line.startswith(b'{"jsonrpc":"2.0","id":') and b'"result":{"status":' in line[:64] and head > 0:
        answer = result_of(line[:head] + b"}}")
        return answer["status"], answer["headers"], line[head + 8 : line.rindex(b"}}")]
    answer = result_of(line)
    body = json.dumps(answer["body"]) if "body" in answer else answer.get("text", "")
    return answer["status"], answer["headers"], body.encode("utf-8")


def _response(request: Any, error: OpenAIError) -> Any:
    """Return the HTTP response of an error, or raise it as an exception of httpx if there is none."""
    default = 400 if isinstance(error, InvalidParamsError) else 0
    status = getattr(error, "status_code", _STATUS.get(getattr(error, "type", ""), default))
    if not status:
        raise _failure(request, error) from error
    code = getattr(error, "code", None) or getattr(error, "type", None)
    report = {"message": str(error), "type": "invalid_request_error", "param": None, "code": code}
    body = json.dumps({"error": report}).encode("utf-8")
    id = getattr(error, "request_id", None) or f"req_{os.urandom(16).hex()}"
    headers = {"content-type": "application/json", "x-request-id": id, "x-should-retry": "false"}
    return _module(request).Response(status, headers=headers, content=body, request=request)


def _failure(request: Any, error: OpenAIError) -> Exception:
    """Return the exception of httpx for an error."""
    httpx: Any = _module(request)
    kind = httpx.ReadError
    if isinstance(error, APITimeoutError):
        kind = httpx.ReadTimeout
    elif isinstance(error, StreamInterruptedError):
        kind = httpx.RemoteProtocolError
    elif isinstance(error, APIConnectionError):
        kind = httpx.ConnectError
    failure: Exception = kind(str(error), request=request)
    return failure


class _Body:
    """The events of a stream, as the body of a response."""

    def __init__(self, request: Any, pending: Pending, lines: list[bytes]) -> None:
        self._request = request
        self._pending = pending
        self._lines = lines  # received and not read
        self._ended = False

    def take(self, delivery: Delivery) -> bytes:
        """Return the part of the body in a delivery, or raise its error as an exception of httpx."""
        if isinstance(delivery, list):
            return _events(delivery)
        self._ended = True
        try:
            return b"data: [DONE]\n\n" if result_of(delivery).get("done") else b""
        except OpenAIError as error:
            raise _failure(self._request, error) from error

    def leave(self) -> None:
        """Cancel the call at the backend, unless it has ended."""
        if not self._ended:
            self._ended = True
            self._pending.cancel()

    def __del__(self) -> None:
        if hasattr(self, "_ended"):
            self.leave()


class _Iterator(_Body):
    """A synchronous body; a SyncByteStream of its httpx module, see _kind."""

    mailbox: Mailbox

    def __iter__(self) -> Iterator[bytes]:
        try:
            if self._lines:
                yield _events(self._lines)
            while not self._ended:
                yield self.take(self.mailbox.get())
        finally:
            self.leave()

    def close(self) -> None:
        self.leave()


class _AsyncIterator(_Body):
    """An asynchronous body; an AsyncByteStream of its httpx module, see _kind."""

    mailbox: AsyncMailbox

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            if self._lines:
                yield _events(self._lines)
            while not self._ended:
                yield self.take(await self.mailbox.get())
        finally:
            self.leave()

    async def aclose(self) -> None:
        self.leave()


_kinds: dict[tuple[str, type[_Body]], Callable[..., Any]] = {}


def _kind(httpx: ModuleType, body: type[_Body]) -> Callable[..., Any]:
    """Return the class of a body that is also a subclass of httpx's or httpx2's."""
    key = (httpx.__name__, body)
    if key not in _kinds:
        base = httpx.SyncByteStream if body is _Iterator else httpx.AsyncByteStream
        _kinds[key] = type(body.__name__, (body, base), {})
    return _kinds[key]


def _result(request: Any, pending: Pending, first: Delivery, mailbox: Any, body: type[_Body]) -> Any:
    """Return the response that starts with the first delivery."""
    httpx: Any = _module(request)
    if isinstance(first, list):
        status, headers = _head(first[0])
        stream = _kind(httpx, body)(request, pending, first[1:])
        stream.mailbox = mailbox
        return httpx.Response(status, headers=headers, stream=stream, request=request)
    try:
        if isinstance(first, Exception):
            raise first
        status, headers, content = _answer(first)
    except OpenAIError as error:
        return _response(request, error)
    # A stream, so that the response is not closed before it is read.
    headers["content-length"] = str(len(content))
    return httpx.Response(status, headers=headers, stream=httpx.ByteStream(content), request=request)


class Transport(_SyncBase):
    """A transport for ``httpx.Client`` and ``httpx2.Client`` whose requests are handled by codex-rpc.

    Requests are handled as by the OpenAI API, whatever the host of their URL. Closing the transport stops
    its codex-rpc process, unless it belongs to a given client.
    """

    def __init__(
        self,
        client: OpenAI | None = None,
        *,
        aliases: Mapping[str, str] | None = None,
        unknown_model: Literal["replace", "error"] | None = None,
        unsupported: Literal["drop", "error"] | None = None,
        derive_cache_key: bool | None = None,
        **options: Any,
    ) -> None:
        """Start codex-rpc, unless a client is given.

        Args:
            client: A client whose process to share.
            aliases: Models to use instead of others, such as ``{"gpt-4o": "gpt-5.5"}``.
            unknown_model: For a model that the account does not have: ``"replace"`` (with the default model)
                or ``"error"``. Defaults to ``"replace"``.
            unsupported: For a parameter that the backend does not support and that does not change the
                answer: ``"drop"`` or ``"error"``. Defaults to ``"drop"``.
            derive_cache_key: Derive a missing ``prompt_cache_key`` from the start of the conversation.
                Defaults to True.
            options: The options of ``codex_rpc.OpenAI``, such as ``mock=True``.
        """
        self._translation = _Translation(aliases, unknown_model, unsupported, derive_cache_key)
        self._own = OpenAI(**options) if client is None else None
        self._caller = (client or self._own)._caller  # type: ignore[union-attr]

    def handle_request(self, request: Any) -> Any:
        """Handle a request of httpx."""
        mailbox = Mailbox()
        try:
            params = self._translation.params(request, request.read())
            pending = self._caller.open("openai.request", params, mailbox.deliver)
            pending.fill(mailbox)
        except APIConnectionError as error:
            raise _failure(request, error) from error
        except InvalidParamsError as error:
            return _response(request, error)
        try:
            pending.send()
            first = mailbox.get()
        except BaseException:
            pending.cancel()
            raise
        return _result(request, pending, first, mailbox, _Iterator)

    def close(self) -> None:
        """Stop its codex-rpc process."""
        if self._own is not None:
            self._own.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


class AsyncTransport(_AsyncBase):
    """The asynchronous Transport, for ``AsyncClient``, under asyncio and trio."""

    def __init__(
        self,
        client: AsyncOpenAI | None = None,
        *,
        aliases: Mapping[str, str] | None = None,
        unknown_model: Literal["replace", "error"] | None = None,
        unsupported: Literal["drop", "error"] | None = None,
        derive_cache_key: bool | None = None,
        **options: Any,
    ) -> None:
        """Start codex-rpc, unless a client is given. See Transport."""
        from ._async_client import AsyncOpenAI

        self._translation = _Translation(aliases, unknown_model, unsupported, derive_cache_key)
        self._own = AsyncOpenAI(**options) if client is None else None
        self._caller = (client or self._own)._caller  # type: ignore[union-attr]

    async def handle_async_request(self, request: Any) -> Any:
        """Handle a request of httpx."""
        from ._event_loop import mailbox

        box = mailbox()
        body = await request.aread()
        try:
            pending = self._caller.open("openai.request", self._translation.params(request, body), box.deliver)
            pending.fill(box)
        except APIConnectionError as error:
            raise _failure(request, error) from error
        except InvalidParamsError as error:
            return _response(request, error)
        try:
            pending.send()
            first = await box.get()
        except BaseException:
            pending.cancel()
            raise
        return _result(request, pending, first, box, _AsyncIterator)

    async def aclose(self) -> None:
        """Stop its codex-rpc process."""
        if self._own is not None:
            await self._own.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.aclose()


# The options of the official clients; the others are those of the transport.
_OFFICIAL = frozenset(
    {
        "api_key",
        "base_url",
        "default_headers",
        "default_query",
        "organization",
        "project",
        "timeout",
        "webhook_secret",
    }
)


def _official_options(options: dict[str, Any]) -> dict[str, Any]:
    """Remove the options of the official client from all options, and return them."""
    official = {name: options.pop(name) for name in list(options) if name in _OFFICIAL}
    # No key is required, and neither a key nor a URL is read from the environment.
    # codex-rpc retries by itself.
    return {"api_key": "-", "base_url": _BASE_URL, **official, "max_retries": 0}


def openai_client(**options: Any) -> OfficialOpenAI:
    """Return an ``openai.OpenAI`` client that runs on codex-rpc.

    Args:
        options: The options of ``openai.OpenAI``, except the key, which is not required; of Transport; and
            of ``codex_rpc.OpenAI``, such as ``mock=True``. ``max_retries`` is that of codex-rpc.
    """
    import openai

    official = _official_options(options)
    return openai.OpenAI(**official, http_client=openai.DefaultHttpxClient(transport=Transport(**options)))


def async_openai_client(**options: Any) -> OfficialAsyncOpenAI:
    """Return an ``openai.AsyncOpenAI`` client that runs on codex-rpc. See openai_client."""
    import openai

    official = _official_options(options)
    return openai.AsyncOpenAI(
        **official, http_client=openai.DefaultAsyncHttpxClient(transport=AsyncTransport(**options))
    )
