"""The exceptions, and their choice for an error of the server."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._answer import Answer


class OpenAIError(Exception):
    """Base of all exceptions of this package::

    Exception
    └── OpenAIError
        ├── BinaryNotFoundError                        the binary was not found (a FileNotFoundError)
        └── APIError
            ├── APIConnectionError                     no response, or a malformed one
            │   ├── APITimeoutError                    the idle timeout passed
            │   ├── StreamInterruptedError             the stream ended early; ``partial`` has what was received
            │   └── ServerExitedError                  the codex-rpc process ended; ``exit_code``, ``stderr``
            ├── APIStatusError                         an HTTP error of the backend
            │   ├── BadRequestError                    400
            │   ├── AuthenticationError                401
            │   │   └── NotAuthenticatedError          no usable credentials (a RuntimeError)
            │   ├── PermissionDeniedError              403
            │   ├── NotFoundError                      404
            │   │   └── ModelNotFoundError             the account has no such model (a LookupError)
            │   ├── ConflictError                      409
            │   ├── UnprocessableEntityError           422
            │   ├── RateLimitError                     429; ``retry_after``, ``resets_at``, ``plan_type``
            │   └── InternalServerError                500 and above
            ├── ResponseFailedError                    the response failed (a RuntimeError)
            ├── InvalidParamsError                     invalid parameters (a ValueError)
            │   ├── CodexBackendUnsupportedParameterError   rejected by the backend (a NotImplementedError)
            │   └── FileError                          a file that cannot be sent
            ├── CallCancelledError                     the call was cancelled, or the client closed
            ├── OverloadedError                        too many concurrent calls
            └── RPCError                               a protocol error between this package and codex-rpc
    """


class BinaryNotFoundError(OpenAIError, FileNotFoundError):
    """The codex-rpc binary was not found or cannot be run. The message says how to install it."""


class APIError(OpenAIError):
    """A call failed. It can be pickled and copied.

    Attributes:
        message: One line of text.
        type: The kind of failure, such as ``"timeout"`` or ``"api_error"``.
        code: The backend's code of the error, such as ``"rate_limit_exceeded"``, or else its type, or None.
        param: The parameter that the backend rejected, or None.
        request_id: The backend's id of the request, for bug reports; None without a response.
        body: The backend's response body, as decoded JSON or text, or None.
        retryable: Whether the same call may succeed later.
        data: The data of codex-rpc's error.
    """

    def __init__(self, message: str, *, type: str = "", data: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.data: dict[str, Any] = data or {}
        self.type: str = type or self.data.get("type", "")
        self.request_id: str | None = self.data.get("request_id")
        self.body: Any = self._body()
        report = _report(self.body)
        self.code: str | None = self.data.get("code") or report.get("code") or report.get("type")
        self.param: str | None = report.get("param")
        self.retryable: bool = bool(self.data.get("retryable", False))

    def _body(self) -> Any:
        return self.data.get("body")

    @property
    def response(self) -> Answer:
        """The backend's response: ``headers`` and ``status_code``, which is 0 without a response."""
        from ._answer import Answer

        headers = self.data.get("headers")
        if headers is None:
            known = {"x-request-id": self.request_id, "retry-after": self.data.get("retry_after")}
            headers = {name: str(value) for name, value in known.items() if value is not None}
        return Answer(getattr(self, "status_code", 0), headers, self.body)

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (type(self), self.args, self.__dict__)


def _restored(kind: type[APIError], args: tuple[Any, ...], members: dict[str, Any]) -> APIError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(members)
    return error


def _report(body: Any) -> dict[str, Any]:
    """Return the error object of a body."""
    if isinstance(body, dict):
        within = body.get("error")
        return within if isinstance(within, dict) else body
    return {}


class APIConnectionError(APIError):
    """The backend could not be reached, or its response is malformed."""


class APITimeoutError(APIConnectionError):
    """The backend sent nothing within the idle timeout."""


class StreamInterruptedError(APIConnectionError):
    """The backend's stream ended before the response was complete."""

    @property
    def partial(self) -> Any:
        """The ``Response`` as far as it was received, or None."""
        from ._types import Response

        partial = self.data.get("partial")
        return None if partial is None else Response(partial)


class ServerExitedError(APIConnectionError):
    """The codex-rpc process ended during the call. The next call starts another process.

    Attributes:
        exit_code: The exit code; on POSIX, the negated number of the signal that ended it.
        stderr: The last 8 KiB of its standard error.
    """

    def __init__(self, exit_code: int | None, stderr: str) -> None:
        cause = _cause(stderr)
        message = f"codex-rpc ended with exit code {exit_code}{cause and ': '}{cause}"
        super().__init__(message, type="server_exited")
        self.exit_code = exit_code
        self.stderr = stderr
        self.retryable = True


def _cause(stderr: str) -> str:
    """Return the line with the reason for the exit, without hints and stack traces."""
    lines = [line for line in stderr.splitlines() if line.strip()]
    crashes = [line for line in lines if line.startswith(("panic: ", "fatal error: "))]
    causes = crashes[:1] or [line for line in lines if not line.startswith("hint: ")][-1:]
    return causes[0].strip().removeprefix("codex-rpc: ") if causes else ""


class APIStatusError(APIError):
    """The backend returned an HTTP error.

    Attributes:
        status_code: The HTTP status.
        retry_after: Seconds after which the backend allows a retry, or None.
        resets_at: Unix time in seconds at which the limit is reset, or None.
        plan_type: The plan of the limit, or None.
    """

    def __init__(
        self, message: str, *, status_code: int = 0, type: str = "", data: dict[str, Any] | None = None
    ) -> None:
        super().__init__(message, type=type, data=data)
        self.status_code: int = self.data.get("status", status_code)
        self.retry_after: float | None = self.data.get("retry_after")
        self.resets_at: int | None = self.data.get("resets_at")
        self.plan_type: str | None = self.data.get("plan_type")


class BadRequestError(APIStatusError):
    """HTTP 400."""


class AuthenticationError(APIStatusError):
    """HTTP 401: the backend rejected the credentials."""


class NotAuthenticatedError(AuthenticationError, RuntimeError):
    """There are no usable credentials; no request was sent."""


class PermissionDeniedError(APIStatusError):
    """HTTP 403."""


class NotFoundError(APIStatusError):
    """HTTP 404."""


class ModelNotFoundError(NotFoundError, LookupError):
    """The account has no model of that name."""


class ConflictError(APIStatusError):
    """HTTP 409."""


class UnprocessableEntityError(APIStatusError):
    """HTTP 422."""


class RateLimitError(APIStatusError):
    """HTTP 429. ``code`` is ``"usage_limit_reached"`` if the plan's quota is exhausted."""


class InternalServerError(APIStatusError):
    """HTTP 500 and above."""


class ResponseFailedError(APIError, RuntimeError):
    """The backend reported that the response failed; ``body`` is its error."""

    def _body(self) -> Any:
        return self.data.get("error")


class InvalidParamsError(APIError, ValueError):
    """The parameters are invalid; no request was sent.

    Attributes:
        errors: The faults: ``{"path": "/input/0/content", "message": …}``, with a JSON Pointer (RFC 6901).
    """

    def __init__(self, message: str, *, type: str = "", data: dict[str, Any] | None = None) -> None:
        super().__init__(message, type=type, data=data)
        self.errors: list[dict[str, str]] = self.data.get("errors") or []


class CodexBackendUnsupportedParameterError(InvalidParamsError, NotImplementedError):
    """A parameter of the official API that the Codex backend rejects."""


class FileError(InvalidParamsError):
    """The file does not exist, is not a regular file, cannot be read, or is larger than 512 MiB."""


class CallCancelledError(APIError):
    """The call was cancelled, because its stream or the client was closed."""


class OverloadedError(APIError):
    """Too many calls are running and queued."""

    @property
    def retry_after(self) -> float:
        """Seconds after which to retry."""
        return self.data.get("retry_after_ms", 0) / 1000


class RPCError(APIError):
    """A protocol error between this package and codex-rpc, such as a method missing from an older version."""


BY_STATUS: dict[int, type[APIStatusError]] = {
    400: BadRequestError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    422: UnprocessableEntityError,
    429: RateLimitError,
}


def error_of(error: dict[str, Any]) -> APIError:
    """Return the exception for the error member of a response."""
    from ._error_types import BY_TYPE

    code: int = error.get("code", 0)
    message: str = error.get("message", "")
    data: dict[str, Any] = error.get("data") or {}
    kind = BY_TYPE.get(data.get("type", ""))
    if kind is None and 400 <= code <= 599:
        kind = BY_STATUS.get(code, InternalServerError if code >= 500 else APIStatusError)
    if kind is None:
        kind = RPCError
    if issubclass(kind, APIStatusError):
        return kind(message, status_code=code, data=data)
    return kind(message, data=data)
