"""Puts a codex-rpc binary into the wheel that hatchling builds, for the platform that it is for, and the
command ``codex-rpc`` that runs it.

CODEX_RPC_BUNDLE names the binary and CODEX_RPC_PLATFORM the platform's tag, as ``win_amd64``. Without
them the wheel is for any platform and carries neither: a command without a program would stand before
one that is further on the PATH.
"""

from __future__ import annotations

import os
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.metadata.plugin.interface import MetadataHookInterface

BINARY, PLATFORM = os.environ.get("CODEX_RPC_BUNDLE"), os.environ.get("CODEX_RPC_PLATFORM")


class CommandHook(MetadataHookInterface):
    """The hook that hatchling calls for the metadata."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Tells hatchling of the command."""
        metadata["scripts"] = {"codex-rpc": "codex_rpc.__main__:main"} if BINARY and PLATFORM else {}


class BundleHook(BuildHookInterface[Any]):
    """The hook by which hatchling learns the contents of the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Tells hatchling of the binary."""
        if not BINARY or not PLATFORM:
            return
        name = "codex-rpc.exe" if PLATFORM.startswith("win") else "codex-rpc"
        build_data["force_include"][os.path.abspath(BINARY)] = f"codex_rpc/bin/{name}"
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{PLATFORM}"
