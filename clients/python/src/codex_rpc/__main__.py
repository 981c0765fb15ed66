"""Run codex-rpc: ``codex-rpc login`` if the wheel includes the binary, or ``python -m codex_rpc login``."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

from ._process import BUNDLED, find_binary


def main() -> None:
    """Run the bundled binary: the ``codex-rpc`` command of the wheel.

    Only the bundled one: the binary named by CODEX_RPC_BIN or found on PATH may be this command itself.
    """
    run(BUNDLED)


def run(program: str) -> None:
    """Run a program with the arguments of this process, replacing this process if the system supports it."""
    command = [program, *sys.argv[1:]]
    if os.name == "nt":  # exec would end this process before the other
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the child receives Ctrl-C itself
        sys.exit(subprocess.call(command))
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # Python ignores it, and exec would keep that
    os.execv(program, command)


if __name__ == "__main__":
    run(find_binary())
