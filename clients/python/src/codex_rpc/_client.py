"""The client for threads, and what both clients are made with."""

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
        """The options of ``openai.OpenAI`` that mean nothing here."""

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


# Those that are told to codex-rpc when it starts, but for the ones that initialize takes.
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
# Those that initialize takes: they are not on the command line, where every user of
# the machine can read them and which has room for a few KiB only on some systems.
_SESSION = ("model", "instructions", "timeout", "max_retries", "retry_base_delay")
# Those of them that a call can have of its own.
_OF_CALLS = ("model", "instructions", "timeout")

# The options of openai.OpenAI that mean nothing here.
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
    """What both clients are made with. Each option that is left out is codex-rpc's own to set: from its
    environment variables, or by default."""

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
        """Starts codex-rpc, which is ready when it is called first.

        Args:
            model: The model of responses that name none; ``"gpt-5.5"``.
            instructions: The system message of responses that give none.
            timeout: Idle timeout in seconds: a call fails when the backend sends nothing for so long; 120.
                Of an ``httpx.Timeout`` it is ``read``.
            max_retries: Retries after a transient failure; 2.
            retry_base_delay: Seconds before the first retry, doubled for each further one; 0.25.
            default_headers, default_query: Headers and query parameters of all requests for which a call
                can give ``extra_headers`` and ``extra_query``.
            mock: Answer from an embedded backend, without network and account. A str steers it, as
                ``"status=429,times=1"``; ``codex-rpc mock --help`` lists the directives.
            binary: The codex-rpc to run; else ``$CODEX_RPC_BIN``, the bundled one, or one on PATH.
            home: The folder of ``auth.json``, one for each sign-in; ``$CODEX_HOME``, else ``~/.codex``.
            codex_home: The same, as the environment variable of the process.
            base_url: The URL of the ChatGPT backend, as ``"https://chatgpt.com/backend-api/codex"``. That
                of another API is ignored, with a warning.
            chatgpt_base_url: The same without ``/codex``. Only https, or loopback.
            openai_base_url: The URL of the OpenAI API. Only https, or loopback.
            auth_issuer: The URL to sign in at. Only https, or loopback.
            originator: The name under which the backend knows the program; ``"codex-rpc"``.
            user_agent: The user agent of all requests.
            client_version: The release of the official client whose protocol is spoken.
            file_root: The folder below which the files must be that are given by path.
            on_limits: Called with what is known of the account's limits, as ``codex.usage(cached=True)``
                returns it, when an answer of the backend has changed that. It is called in the thread that
                reads from codex-rpc, before the call returns whose answer it was, and must not wait.
            official: Options of ``openai.OpenAI`` that mean nothing here, such as ``api_key``: who is
                signed in decides. They are ignored, with one warning.

        Raises:
            BinaryNotFoundError: There is no codex-rpc, or it cannot be run.
        """
        if unknown := [name for name in official if name not in _IGNORED]:
            raise TypeError(f"{type(self).__name__}() got an unexpected keyword argument {unknown[0]!r}")
        options = {name: value for name, value in locals().items() if name not in ("self", "official", "unknown")}
        self._begin({**options, **official}, None)

    def _begin(self, options: Mapping[str, Any], of: Server | None) -> None:
        """Makes the client one with these options: of the server, or of one with other settings."""
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
        """Returns another client, whose options are these but for the given.

        It shares the process of this one, unless it is to have other settings than a call can have of its
        own, as ``max_retries``; the process for those is kept for the next client with the same. To close
        it ends no process: that is for the client that it is made of.

        Args:
            set_default_headers, set_default_query: Headers and query parameters in place of the default
                ones, to which ``default_headers`` and ``default_query`` add.
            changes: Options as when a client is made. None stands for what codex-rpc has by default.
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

    _root: Server  # that of the client that all are made of
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

    It has a codex-rpc process of its own, started with it and shared by all threads that use it, and by
    the clients that ``with_options`` makes of it. Should the process end, calls under way raise a
    ServerExitedError and the next one starts another. It ends with the client: by ``close``, by the end
    of a ``with`` block, when nothing refers to the client or a stream of it any more, and at the latest
    with the program. After a fork the child has a process of its own from its first call on.
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
        """Cancels the calls under way and ends the process. The client cannot be used any more."""
        self._caller.closed = True
        if not self._shares:
            self._server.close()

    def is_closed(self) -> bool:
        """Reports whether the client was closed."""
        return self._caller.closed

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


CodexClient = OpenAI
"""What codex-backend-sdk calls its client, too."""
