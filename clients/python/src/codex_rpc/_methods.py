"""The methods of a client, for threads; made ``_async_methods.py`` by ``generate.py``."""

from __future__ import annotations

import sys

from ._codex import Codex
from ._resources import Audio, Embeddings, Files, Images, Models, Realtime, Resource, Responses

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any, Literal

    from typing_extensions import Self

    from ._caller import Caller
    from ._objects import Object, ResponseStreamEvent
    from ._types import Account


class Methods(Resource):
    """The methods of a client, and the groups of those."""

    def __init__(self, caller: Caller) -> None:
        super().__init__(caller)
        self.responses = Responses(caller)
        self.models = Models(caller)
        self.embeddings = Embeddings(caller)
        self.audio = Audio(caller)
        self.realtime = Realtime(caller)
        self.images = Images(caller)
        self.files = Files(caller)
        self.codex = Codex(caller)

    def authenticate(
        self,
        *,
        request_api_key: bool | None = None,
        method: Literal["browser", "device_code"] | None = None,
        interactive: bool | None = None,
        force: bool | None = None,
        open_browser: bool | None = None,
        workspace_id: str | None = None,
        timeout: float | None = None,
        on_event: Callable[[ResponseStreamEvent], object] | None = None,
    ) -> Self:
        """Makes sure that somebody is signed in, and returns the client.

        With usable credentials it returns at once. They are those of the official Codex CLI, in
        ``auth.json`` of ``$CODEX_HOME``, by default ``~/.codex``.

        Args:
            request_api_key: Also get an API key, which realtime sessions need; True if left out.
            method: ``"browser"`` if left out; ``"device_code"`` where there is no browser.
            interactive: False never starts a login: without usable credentials it raises.
            force: Log in though there are usable credentials.
            open_browser: Open the page to log in; True if left out.
            workspace_id: The only workspace to log in to.
            timeout: See Resource.
            on_event: Called with the events of a login: ``auth.url`` with ``url``, and ``auth.device_code``
                with ``user_code`` and ``verification_url``. They are told on stderr if left out.

        Raises:
            NotAuthenticatedError: Nobody is signed in, and there was to be no login, or it failed.
        """
        params: dict[str, Any] = {
            "request_api_key": request_api_key,
            "method": method,
            "interactive": interactive,
            "force": force,
            "open_browser": open_browser,
            "workspace_id": workspace_id,
            "timeout": timeout,
        }
        self._caller.call("authenticate", params, on_event or _tell)
        return self

    def account_info(self) -> Account:
        """Returns who is signed in, without secrets."""
        return self._caller.call("account_info", {})

    def logout(self) -> Object:
        """Forgets the credentials and has them revoked: ``revoked`` says whether the backend did."""
        return self._caller.call("logout", {})

    def realtime_websocket_url(self, *, model: str) -> str:
        """Returns the URL of a realtime session over a WebSocket."""
        return self._caller.call("realtime_websocket_url", {"model": model})

    def realtime_websocket_headers(self, *, session_id: str | None = None) -> dict[str, str]:
        """Returns the headers to open ``realtime_websocket_url`` with. They hold the API key.

        Raises:
            NotAuthenticatedError: There is no API key; ``authenticate(request_api_key=True)`` gets one.
        """
        return self._caller.call("realtime_websocket_headers", {"session_id": session_id})

    def call(
        self,
        method: str,
        params: Mapping[str, Any] | None = None,
        *,
        on_event: Callable[[ResponseStreamEvent], object] | None = None,
    ) -> Any:
        """Calls any method of codex-rpc by its name, one that this package does not know among them.

        Args:
            method: As ``"codex.usage"``.
            params: Its parameters.
            on_event: Called with the events that the method reports.
        """
        return self._caller.call(method, params or {}, on_event)


def _tell(event: ResponseStreamEvent) -> None:
    if event.type == "auth.url":
        sys.stderr.write(f"Sign in at {event.url}\n")
    elif event.type == "auth.device_code":
        sys.stderr.write(f"Enter {event.user_code} at {event.verification_url}\n")
