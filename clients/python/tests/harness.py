"""Shared by the tests, which use this package from source and the codex-rpc at $CODEX_RPC_BIN."""

from __future__ import annotations

import atexit
import json
import os
import select
import shutil
import stat
import subprocess
import sys
import tempfile
import textwrap
import unittest
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from codex_rpc import OpenAI

PYTHON_CLIENT = Path(__file__).resolve().parent.parent
REPOSITORY = PYTHON_CLIENT.parent.parent
SOURCE = PYTHON_CLIENT / "src"
sys.path.insert(0, str(SOURCE))
sys.path.insert(0, str(PYTHON_CLIENT))

# Far more than any test needs, so that a hang fails.
PATIENCE = 60

if not os.path.isfile(os.environ.get("CODEX_RPC_BIN", "")):
    raise RuntimeError("set CODEX_RPC_BIN to a codex-rpc binary: go build -o /tmp/codex-rpc ./cmd/codex-rpc")
_TABLE = os.environ.get("CODEX_RPC_TEST_TABLE")

# Before any client exists: the tests ignore the user's settings.
for _name in [name for name in os.environ if name.startswith("CODEX_RPC_") and name != "CODEX_RPC_BIN"]:
    del os.environ[_name]
os.environ["CODEX_HOME"] = tempfile.mkdtemp(prefix="codex-rpc-test-")
atexit.register(shutil.rmtree, os.environ["CODEX_HOME"], ignore_errors=True)


class MockTestCase(unittest.TestCase):
    """Tests that share a client of the embedded backend."""

    client: OpenAI

    @classmethod
    def setUpClass(cls) -> None:
        from codex_rpc import OpenAI

        cls.client = OpenAI(mock=True)
        cls.addClassCleanup(cls.client.close)


def scripted_host(folder: str) -> str:
    """Return the path of a host whose methods name what it does; see scripted_host.py."""
    launcher = Path(folder) / "scripted-host"
    script = Path(__file__).with_name("scripted_host.py")
    launcher.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{script}" "$@"\n')
    launcher.chmod(launcher.stat().st_mode | stat.S_IXUSR)
    return str(launcher)


def run_python(program: str, *flags: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run a program that can import this package."""
    return subprocess.run(
        [sys.executable, *flags, "-c", textwrap.dedent(program)],
        env={**os.environ, "PYTHONPATH": str(SOURCE), **env},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )


def row(tried: str, came: str) -> None:
    """Record a fault and its outcome for the table of the evidence, which clients_test.go writes."""
    if _TABLE:
        with open(_TABLE, "a", encoding="utf-8") as table:
            table.write(json.dumps({"tried": tried, "came": came}) + "\n")


def ends(pid: int) -> bool:
    """Wait for a process to exit, child or not, and report whether it did."""
    if hasattr(os, "pidfd_open"):
        try:
            handle = os.pidfd_open(pid)
        except ProcessLookupError:
            return True
        try:
            return bool(select.select([handle], [], [], PATIENCE)[0])
        finally:
            os.close(handle)
    queue = select.kqueue()
    watch = select.kevent(pid, select.KQ_FILTER_PROC, select.KQ_EV_ADD, select.KQ_NOTE_EXIT)
    try:
        return bool(queue.control([watch], 1, PATIENCE))
    except ProcessLookupError:
        return True
    finally:
        queue.close()
