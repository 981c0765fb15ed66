"""The exceptions, and what picks one for an error of the server."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._answer import Answer


class OpenAIError(Exception):
    """Base of all exceptions of this package::

    Exception
    └── OpenAIError                                    all that this package raises
        ├── BinaryNotFoundError                        no codex-rpc to run (a FileNotFoundError)
        └── APIError
            ├── APIConnectionError                     the backend did not answer
            │   ├── APITimeoutError                    not within the timeout
            │   ├── StreamInterruptedError             its stream broke off; ``partial`` is what came
            │   └── ServerExitedError                  codex-rpc itself ended; ``exit_code``, ``stderr``
            ├── APIStatusError                         the backend answered with an HTTP error
            │   ├── BadRequestError                    400
            │   ├── AuthenticationError                401
            │   │   └── NotAuthenticatedError          there are no usable credentials (a RuntimeError)
            │   ├── PermissionDeniedError              403
            │   ├── NotFoundError                      404
            │   │   └── ModelNotFoundError             not on the account's list (a LookupError)
            │   ├── ConflictError                      409
            │   ├── UnprocessableEntityError           422
            │   ├── RateLimitError                     429; ``retry_after``, ``resets_at``, ``plan_type``
            │   └── InternalServerError                500 and above
            ├── ResponseFailedError                    the model's response failed (a RuntimeError)
            ├── InvalidParamsError                     the parameters do not fit (a ValueError)
            │   ├── CodexBackendUnsupportedParameterError   official, but not taken here (a NotImplementedError)
            │   └── FileError                          a path that cannot be sent
            ├── CallCancelledError                     the call was cancelled, or the client closed
            ├── OverloadedError                        too many calls at once
            └── RPCError                               a fault between this package and codex-rpc
    """


class BinaryNotFoundError(OpenAIError, FileNotFoundError):
    """There is no codex-rpc binary, or it cannot be run. The message says how to get one."""


class APIError(OpenAIError):
    """A call failed. It can be pickled and copied.

    Attributes:
        message: One line, for a person.
        type: What kind of failure, as ``"timeout"`` or ``"api_error"``.
        code: What the backend calls it, as ``"rate_limit_exceeded"``, by its code, else by its type; None if it
            gave it no name.
        param: The parameter that the backend complains of, or None.
        request_id: The backend's name for the request, to quote in a report; None without an answer.
        body: What the backend sent: decoded JSON, or text; None if nothing.
        retryable: Whether the same call may succeed later.
        data: All that codex-rpc tells of the failure.
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
        """What is known of the backend's answer: ``headers`` and ``status_code``, 0 without an answer."""
        from ._answer import Answer

        headers = self.data.get("headers")
        if headers is None:
            told = {"x-request-id": self.request_id, "retry-after": self.data.get("retry_after")}
            headers = {name: str(value) for name, value in told.items() if value is not None}
        return Answer(getattr(self, "status_code", 0), headers, self.body)

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (type(self), self.args, self.__dict__)


def _restored(kind: type[APIError], args: tuple[Any, ...], members: dict[str, Any]) -> APIError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(members)
    return error


def _report(body: Any) -> dict[str, Any]:
    """Returns the object in a body that names the error."""
    if isinstance(body, dict):
        within = body.get("error")
        return within if isinstance(within, dict) else body
    return {}


class APIConnectionError(APIError):
    """The backend gave no answer, or none that can be read."""


class APITimeoutError(APIConnectionError):
    """The backend sent nothing for as long as ``timeout`` allows."""


class StreamInterruptedError(APIConnectionError):
    """The backend's stream ended before the response was complete."""

    @property
    def partial(self) -> Any:
        """The ``Response`` as far as it came, None if nothing did."""
        from ._types import Response

        partial = self.data.get("partial")
        return None if partial is None else Response(partial)


class ServerExitedError(APIConnectionError):
    """The codex-rpc process ended while the call was under way. The next call starts another.

    Attributes:
        exit_code: Its exit code; the negative number of the signal that ended it, on POSIX.
        stderr: The last 8 KiB of what it wrote to its standard error.
    """

    def __init__(self, exit_code: int | None, stderr: str) -> None:
        cause = _cause(stderr)
        message = f"codex-rpc ended with exit code {exit_code}{cause and ': '}{cause}"
        super().__init__(message, type="server_exited")
        self.exit_code = exit_code
        self.stderr = stderr
        self.retryable = True


def _cause(stderr: str) -> str:
    """Returns the line that says why codex-rpc ended: not a hint behind it, nor a line of a stack."""
    lines = [line for line in stderr.splitlines() if line.strip()]
    crashes = [line for line in lines if line.startswith(("panic: ", "fatal error: "))]
    causes = crashes[:1] or [line for line in lines if not line.startswith("hint: ")][-1:]
    return causes[0].strip().removeprefix("codex-rpc: ") if causes else ""


class APIStatusError(APIError):
    """The backend answered with an HTTP error.

    Attributes:
        status_code: The HTTP status.
        retry_after: Seconds to wait as the backend asks for; None if it does not.
        resets_at: Unix time in seconds at which a limit of the plan is lifted, or None.
        plan_type: The plan that a limit belongs to, or None.
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
    """HTTP 401: the backend does not take the credentials."""


class NotAuthenticatedError(AuthenticationError, RuntimeError):
    """There are no usable credentials; the backend was not asked."""


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
    """HTTP 429. ``code`` is ``"usage_limit_reached"`` where the plan's quota is used up."""


class InternalServerError(APIStatusError):
    """HTTP 500 and above."""


class ResponseFailedError(APIError, RuntimeError):
    """The backend reports that the response failed; ``body`` is its report."""

    def _body(self) -> Any:
        return self.data.get("error")


class InvalidParamsError(APIError, ValueError):
    """The parameters do not fit; nothing was sent to the backend.

    Attributes:
        errors: Each fault: ``{"path": "/input/0/content", "message": …}``, the path as in RFC 6901.
    """

    def __init__(self, message: str, *, type: str = "", data: dict[str, Any] | None = None) -> None:
        super().__init__(message, type=type, data=data)
        self.errors: list[dict[str, str]] = self.data.get("errors") or []


class CodexBackendUnsupportedParameterError(InvalidParamsError, NotImplementedError):
    """A parameter of the official API that the Codex backend rejects."""


class FileError(InvalidParamsError):
    """A path that is absent, is no regular file, or is over 512 MiB."""


class CallCancelledError(APIError):
    """The call was cancelled: its stream was closed, or the client was."""


class OverloadedError(APIError):
    """More calls are under way than codex-rpc takes at once (256, see --max-in-flight)."""

    @property
    def retry_after(self) -> float:
        """Seconds after which to try again."""
        return self.data.get("retry_after_ms", 0) / 1000


class RPCError(APIError):
    """A fault between this package and codex-rpc, such as a method that an older one lacks."""


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
    """Returns the exception for the error member of a response."""
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
