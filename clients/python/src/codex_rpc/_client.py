"""The synchronous client, and the options of both clients."""

from __future__ import annotations

import os

from ._params import given, seconds
from ._process import LIMITS_CHANGED, Server, find_binary
from ._resources import Methods

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType
    from typing import Any, TypedDict

    from typing_extensions import Self, Unpack

    from ._objects import Object

    class OfficialOptions(TypedDict, total=False):
        """The options of ``openai.OpenAI`` that are ignored."""

        api_key: Any
        admin_api_key: Any
        workload_identity: Any
        organization: Any
        project: Any
        webhook_secret: Any
        provider: Any
        data_residency: Any
        websocket_base_url: Any
        http_client: Any


# The options passed to codex-rpc as flags.
_FLAGS = (
    "mock",
    "chatgpt_base_url",
    "openai_base_url",
    "auth_issuer",
    "originator",
    "user_agent",
    "client_version",
    "home",
    "file_root",
)
_PATHS = ("home", "file_root")
# The options passed to initialize: on the command line every user of the machine could
# read them, and on some systems it is limited to a few KiB.
_SESSION = ("model", "instructions", "timeout", "max_retries", "retry_base_delay")
# Those of them that are also parameters of calls.
_OF_CALLS = ("model", "instructions", "timeout")

# The options of openai.OpenAI that are ignored.
_IGNORED = frozenset(
    {
        "api_key",
        "admin_api_key",
        "workload_identity",
        "organization",
        "project",
        "webhook_secret",
        "provider",
        "data_residency",
        "websocket_base_url",
        "http_client",
        "_strict_response_validation",
        "_enforce_credentials",
    }
)


class ClientOptions:
    """The options of both clients. If an option is not given, codex-rpc uses its environment variable or
    its default."""

    def __init__(
        self,
        *,
        model: str | None = None,
        instructions: str | None = None,
        timeout: Any = None,
        max_retries: int | None = None,
        retry_base_delay: float | None = None,
        default_headers: Mapping[str, str] | None = None,
        default_query: Mapping[str, Any] | None = None,
        mock: bool | str | None = None,
        binary: str | os.PathLike[str] | None = None,
        home: str | os.PathLike[str] | None = None,
        codex_home: str | os.PathLike[str] | None = None,
        base_url: Any = None,
        chatgpt_base_url: str | None = None,
        openai_base_url: str | None = None,
        auth_issuer: str | None = None,
        originator: str | None = None,
        user_agent: str | None = None,
        client_version: str | None = None,
        file_root: str | os.PathLike[str] | None = None,
        on_limits: Callable[[Object], object] | None = None,
        **official: Unpack[OfficialOptions],
    ) -> None:
        """Start codex-rpc, without waiting until it is ready.

        Args:
            model: Default model. Defaults to ``"gpt-5.5"``.
            instructions: Default instructions (the system message).
            timeout: Idle timeout in seconds: a call fails when the backend sends nothing for this long.
                Defaults to 120. For an ``httpx.Timeout``, its ``read`` is used.
            max_retries: Retries after a transient failure. Defaults to 2.
            retry_base_delay: Seconds before the first retry, doubled for each further one. Defaults to 0.25.
            default_headers, default_query: Headers and query parameters of all requests whose methods have
                ``extra_headers`` and ``extra_query``.
            mock: Use the embedded backend, without network or account. A str controls its answers, such as
                ``"status=429,times=1"``; ``codex-rpc mock --help`` lists the directives.
            binary: Path of the codex-rpc binary. Defaults to ``$CODEX_RPC_BIN``, the bundled binary, or the
                one on PATH.
            home: Directory of ``auth.json``; use one per sign-in. Defaults to ``$CODEX_HOME`` or ``~/.codex``.
            codex_home: The same, set as the environment variable of the process.
            base_url: Base URL of the ChatGPT backend, such as ``"https://chatgpt.com/backend-api/codex"``.
                The URL of another API is ignored with a warning.
            chatgpt_base_url: The same without ``/codex``. Must be https or loopback.
            openai_base_url: Base URL of the OpenAI API. Must be https or loopback.
            auth_issuer: URL of the OAuth issuer. Must be https or loopback.
            originator: Client name sent to the backend. Defaults to ``"codex-rpc"``.
            user_agent: User-Agent header of all requests.
            client_version: Version of the official client sent to the backend.
            file_root: Directory that files given by path must be in.
            on_limits: Called with the account's limits, in the form of ``codex.usage(cached=True)``, when a
                response of the backend has changed them. It is called in the thread that reads from
                codex-rpc, before the call returns that reported the change, and must not block.
            official: Options of ``openai.OpenAI`` without effect, such as ``api_key``: requests are made as
                the signed-in user. They are ignored with a warning.

        Raises:
            BinaryNotFoundError: The binary was not found or cannot be run.
        """
        if unknown := [name for name in official if name not in _IGNORED]:
            raise TypeError(f"{type(self).__name__}() got an unexpected keyword argument {unknown[0]!r}")
        options = {name: value for name, value in locals().items() if name not in ("self", "official", "unknown")}
        self._begin({**options, **official}, None)

    def _begin(self, options: Mapping[str, Any], of: Server | None) -> None:
        """Set up the client with these options, on the given server or one with other settings."""
        self._options: dict[str, Any] = dict(options)
        chosen = given(options)
        ignored = [name for name in chosen if name in _IGNORED and not name.startswith("_")]
        if base_url := chosen.pop("base_url", None):
            url = str(base_url).rstrip("/")
            if url.removesuffix("/codex").endswith("/backend-api"):
                chosen.setdefault("chatgpt_base_url", url.removesuffix("/codex"))
            else:
                ignored.append("base_url")
        if ignored and of is None:
            _warn(ignored)
        if "timeout" in chosen:
            chosen["timeout"] = seconds(chosen["timeout"])

        command = [find_binary(chosen.get("binary")), "serve"]
        for name in _FLAGS:
            if name in chosen:
                value = chosen[name]
                value = int(value) if isinstance(value, bool) else os.fspath(value) if name in _PATHS else value
                command.append(f"--{name.replace('_', '-')}={value}")
        home = os.fspath(chosen["codex_home"]) if "codex_home" in chosen else None
        session = {name: chosen[name] for name in _SESSION if name in chosen}
        on_limits = chosen.get("on_limits")
        if on_limits is not None:
            session["notifications"] = [LIMITS_CHANGED]
        of_calls: dict[str, Any] = {}
        if of is None:
            self._server = self._root = Server(command, home, session)
        else:
            for name in _OF_CALLS:
                if name in session and session[name] != of.options.get(name):
                    of_calls[name] = session.pop(name)
                    if name in of.options:
                        session[name] = of.options[name]
            self._server = of.variant(command, home, session)
        if on_limits is not None and on_limits not in self._server.listeners:
            self._server.listeners.append(on_limits)
        self._attach(self._server, of_calls, chosen.get("default_headers"), chosen.get("default_query"))

    def _attach(
        self,
        server: Server,
        of_calls: Mapping[str, Any],
        headers: Mapping[str, str] | None,
        query: Mapping[str, Any] | None,
    ) -> None:
        raise NotImplementedError

    def with_options(
        self,
        *,
        set_default_headers: Mapping[str, str] | None = None,
        set_default_query: Mapping[str, Any] | None = None,
        **changes: Any,
    ) -> Self:
        """Return a copy of the client with some options changed.

        The copy shares the process of this client, unless it changes an option that calls cannot override,
        such as ``max_retries``; then it uses another process, shared by all copies with the same options.
        Closing a copy stops no process; closing the original client stops them all.

        Args:
            set_default_headers, set_default_query: Replace the default headers and query parameters;
                ``default_headers`` and ``default_query`` add to them.
            changes: Options of the client. None resets an option to codex-rpc's default.
        """
        options = {**self._options, **{name: value for name, value in changes.items() if name not in _ADDED}}
        if unknown := [name for name in options if name not in self._options and name not in _IGNORED]:
            raise TypeError(f"with_options() got an unexpected keyword argument {unknown[0]!r}")
        for name, instead in (("default_headers", set_default_headers), ("default_query", set_default_query)):
            added = given({"": changes.get(name)}).get("", {})
            before = options[name] if instead is None else instead
            options[name] = {**(before or {}), **added} or None
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__)
        other._begin(options, self._root)
        other._shares = True
        return other

    copy = with_options

    _root: Server  # of the original client
    _shares = False


_ADDED = ("default_headers", "default_query")


def _warn(ignored: list[str]) -> None:
    import warnings

    verb = "means" if len(ignored) == 1 else "mean"
    warnings.warn(
        f"{', '.join(ignored)} {verb} nothing to codex_rpc and is ignored: requests go to the ChatGPT Codex "
        "backend, as the user who is signed in",
        stacklevel=4,
    )


class OpenAI(ClientOptions, Methods):
    """A client of the ChatGPT Codex backend, shaped like ``openai.OpenAI``::

        from codex_rpc import OpenAI

        client = OpenAI().authenticate()
        response = client.responses.create(input="Explain quicksort in one paragraph.")
        print(response.output_text)

    It starts a codex-rpc process, shared by all threads that use the client and by its copies made with
    ``with_options``. If the process ends, pending calls raise a ServerExitedError and the next call starts
    another one. The process stops with the client: on ``close``, at the end of a ``with`` block, when the
    client and its streams are garbage collected, and at the latest with the program. After a fork, the
    first call in the child starts another process.
    """

    def _attach(
        self,
        server: Server,
        of_calls: Mapping[str, Any],
        headers: Mapping[str, str] | None,
        query: Mapping[str, Any] | None,
    ) -> None:
        from ._caller import Caller  # while the process starts

        Methods.__init__(self, Caller(server, of_calls, headers, query))

    def close(self) -> None:
        """Cancel the pending calls and stop the process. The client cannot be used afterwards."""
        self._caller.closed = True
        if not self._shares:
            self._server.close()

    def is_closed(self) -> bool:
        """Report whether the client is closed."""
        return self._caller.closed

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


CodexClient = OpenAI
"""The name of the client in codex-backend-sdk."""
