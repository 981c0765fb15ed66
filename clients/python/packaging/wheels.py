"""Build the wheels: one for each platform, with its binary, and one without.

    python3 clients/python/packaging/wheels.py [--only linux/amd64] [OUT]

It requires go, to compile the binaries, and pip, which installs hatchling. The wheels are written to OUT, by
default ``dist`` here.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent
REPOSITORY = PACKAGE.parent.parent

# The binaries are static, so any libc will do. The oldest macOS is Go's.
PLATFORMS = {
    "linux/amd64": "manylinux_2_17_x86_64.manylinux2014_x86_64.musllinux_1_1_x86_64",
    "linux/arm64": "manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64",
    "darwin/amd64": "macosx_12_0_x86_64",
    "darwin/arm64": "macosx_12_0_arm64",
    "windows/amd64": "win_amd64",
    "windows/arm64": "win_arm64",
}


def build_wheel(out: Path, **env: str) -> None:
    """Build one wheel."""
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(out), str(PACKAGE)]
    subprocess.run(command, env={**os.environ, **env}, check=True)


def main() -> None:
    """Build the wheels selected by the command line."""
    parser = argparse.ArgumentParser(description="Build the wheels, each with the binary of its platform.")
    parser.add_argument("out", nargs="?", type=Path, default=PACKAGE / "dist")
    parser.add_argument("--only", choices=PLATFORMS, action="append", help="this platform; may be given again")
    options = parser.parse_args()
    for platform in options.only or PLATFORMS:
        system, machine = platform.split("/")
        with tempfile.TemporaryDirectory() as folder:
            binary = Path(folder) / "codex-rpc"
            go = ["go", "build", "-trimpath", "-ldflags=-s -w", "-o", str(binary), "./cmd/codex-rpc"]
            target = {"GOOS": system, "GOARCH": machine, "CGO_ENABLED": "0"}
            subprocess.run(go, cwd=REPOSITORY, env={**os.environ, **target}, check=True)
            build_wheel(options.out, CODEX_RPC_BUNDLE=str(binary), CODEX_RPC_PLATFORM=PLATFORMS[platform])
    if not options.only:
        build_wheel(options.out)
    for wheel in sorted(options.out.glob("*.whl")):
        print(wheel.name)


if __name__ == "__main__":
    main()
