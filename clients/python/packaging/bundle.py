"""Puts a codex-rpc binary into the wheel that hatchling builds, for the platform that it is for.

CODEX_RPC_BUNDLE names the binary and CODEX_RPC_PLATFORM the platform's tag, as ``win_amd64``. Without
them the wheel is for any platform and carries no binary.
"""

from __future__ import annotations

import os
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class BundleHook(BuildHookInterface[Any]):
    """The hook that hatchling calls."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Tells hatchling of the binary."""
        binary, platform = os.environ.get("CODEX_RPC_BUNDLE"), os.environ.get("CODEX_RPC_PLATFORM")
        if not binary or not platform:
            return
        name = "codex-rpc.exe" if platform.startswith("win") else "codex-rpc"
        build_data["force_include"][os.path.abspath(binary)] = f"codex_rpc/bin/{name}"
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{platform}"
