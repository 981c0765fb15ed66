"""The client for threads, and what both clients are made with."""

from __future__ import annotations

import os

from ._methods import Methods
from ._process import Server, find_binary

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import Any

    from typing_extensions import Self


class ClientOptions:
    """What both clients are made with. Each option that is left out is codex-rpc's own to set: from its
    environment variables, or by default."""

    def __init__(
        self,
        *,
        model: str | None = None,
        instructions: str | None = None,
        timeout: float | None = None,
        max_retries: int | None = None,
        retry_base_delay: float | None = None,
        mock: bool | str | None = None,
        binary: str | os.PathLike[str] | None = None,
        codex_home: str | os.PathLike[str] | None = None,
        chatgpt_base_url: str | None = None,
        openai_base_url: str | None = None,
        auth_issuer: str | None = None,
        originator: str | None = None,
    ) -> None:
        """Starts codex-rpc, which is ready when it is called first.

        Args:
            model: The model of responses that name none; ``"gpt-5.5"``.
            instructions: The system message of responses that give none.
            timeout: Seconds without a byte from the backend after which a call fails; 120.
            max_retries: How often a request that failed in passing is repeated; 2.
            retry_base_delay: Seconds before the first repetition, doubled for each further one; 0.25.
            mock: Answer from an embedded backend, without network and account. A str steers it, as
                ``"status=429,times=1"``; ``codex-rpc mock --help`` lists what there is.
            binary: The codex-rpc to run; else ``$CODEX_RPC_BIN``, the bundled one, or one on PATH.
            codex_home: The folder of ``auth.json``; ``~/.codex``.
            chatgpt_base_url: Where the ChatGPT backend is. Only https, or loopback.
            openai_base_url: Where the OpenAI API is. Only https, or loopback.
            auth_issuer: Where to sign in. Only https, or loopback.
            originator: The name that the backend is told; ``"codex-rpc"``.

        Raises:
            BinaryNotFoundError: There is no codex-rpc, or it cannot be run.
        """
        self._options: dict[str, Any] = {
            "model": model,
            "instructions": instructions,
            "timeout": timeout,
            "max_retries": max_retries,
            "retry_base_delay": retry_base_delay,
            "mock": mock,
            "binary": binary,
            "codex_home": codex_home,
            "chatgpt_base_url": chatgpt_base_url,
            "openai_base_url": openai_base_url,
            "auth_issuer": auth_issuer,
            "originator": originator,
        }
        command = [find_binary(binary), "serve"]
        for name in _FLAGS:
            value = self._options[name]
            if value is not None:
                command.append(f"--{name.replace('_', '-')}={int(value) if isinstance(value, bool) else value}")
        env = dict(os.environ)
        if codex_home is not None:
            env["CODEX_HOME"] = os.fspath(codex_home)
        # Not by flags: a command line has room for a few KiB only on some systems.
        defaults = {name: self._options[name] for name in ("model", "instructions") if self._options[name] is not None}
        self._server = Server(command, env)
        self._attach(self._server, defaults)

    def _attach(self, server: Server, defaults: dict[str, Any]) -> None:
        raise NotImplementedError

    def with_options(self, **changes: Any) -> Self:
        """Returns another client, with a process of its own, whose options are these but for the given."""
        return type(self)(**{**self._options, **changes})


_FLAGS = (
    "timeout",
    "max_retries",
    "retry_base_delay",
    "mock",
    "chatgpt_base_url",
    "openai_base_url",
    "auth_issuer",
    "originator",
)


class OpenAI(ClientOptions, Methods):
    """A client of the ChatGPT Codex backend, shaped like ``openai.OpenAI``::

        from codex_rpc import OpenAI

        client = OpenAI().authenticate()
        response = client.responses.create(input="Explain quicksort in one paragraph.")
        print(response.output_text)

    It has a codex-rpc process of its own, started with it and shared by all threads that use it. Should
    the process end, calls under way raise a ServerExitedError and the next one starts another. It ends
    with the client: by ``close``, by the end of a ``with`` block, when nothing refers to the client or a
    stream of it any more, and at the latest with the program. After a fork the child has a process of
    its own from its first call on.
    """

    def _attach(self, server: Server, defaults: dict[str, Any]) -> None:
        from ._caller import Caller  # while the process starts

        Methods.__init__(self, Caller(server, defaults))

    def close(self) -> None:
        """Cancels the calls under way and ends the process. The client cannot be used any more."""
        self._server.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


CodexClient = OpenAI
"""What codex-backend-sdk calls its client, too."""
