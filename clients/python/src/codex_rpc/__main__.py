"""Runs codex-rpc: ``codex-rpc login``, where the wheel carries the program, or ``python -m codex_rpc login``."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

from ._process import BUNDLED, find_binary


def main() -> None:
    """Runs the bundled program: the command ``codex-rpc`` of the wheel.

    No other one will do: what CODEX_RPC_BIN or PATH name may be this command itself.
    """
    run(BUNDLED)


def run(program: str) -> None:
    """Runs a program with the arguments of this process, and in its place where the system can do that."""
    command = [program, *sys.argv[1:]]
    if os.name == "nt":  # where exec would end this process before the other
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the other by itself
        sys.exit(subprocess.call(command))
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # Python has it ignored, which exec would hand on
    os.execv(program, command)


if __name__ == "__main__":
    run(find_binary())
