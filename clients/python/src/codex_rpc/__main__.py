"""Runs the codex-rpc that the package would: ``python -m codex_rpc login``."""

from __future__ import annotations

import os
import subprocess
import sys

from ._process import find_binary

command = [find_binary(), *sys.argv[1:]]
if os.name == "nt":  # where exec would end this process before the other
    sys.exit(subprocess.call(command))
os.execv(command[0], command)
