"""Add the codex-rpc binary of a platform, and the command ``codex-rpc`` that runs it, to the wheel that
hatchling builds.

CODEX_RPC_BUNDLE names the binary and CODEX_RPC_PLATFORM the platform's tag, such as ``win_amd64``.
Without them the wheel is for any platform and contains neither: a command without a binary would hide
a codex-rpc that is later on the PATH.
"""

from __future__ import annotations

import os
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.metadata.plugin.interface import MetadataHookInterface

BINARY, PLATFORM = os.environ.get("CODEX_RPC_BUNDLE"), os.environ.get("CODEX_RPC_PLATFORM")


class CommandHook(MetadataHookInterface):
    """Hatchling's hook for the metadata."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Add the command."""
        metadata["scripts"] = {"codex-rpc": "codex_rpc.__main__:main"} if BINARY and PLATFORM else {}


class BundleHook(BuildHookInterface[Any]):
    """Hatchling's hook for the contents of the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the binary."""
        if not BINARY or not PLATFORM:
            return
        name = "codex-rpc.exe" if PLATFORM.startswith("win") else "codex-rpc"
        build_data["force_include"][os.path.abspath(BINARY)] = f"codex_rpc/bin/{name}"
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{PLATFORM}"
