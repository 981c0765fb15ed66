"""Compare this package with codex-backend-sdk 0.3.3, whose API it has.

    go build -o /tmp/codex-rpc ./cmd/codex-rpc
    CODEX_RPC_BIN=/tmp/codex-rpc python3 clients/python/benchmarks/compare.py

Both run with the same interpreter, in a new environment with codex-backend-sdk from PyPI (or that of
--python), against one ``codex-rpc mock``. Runs alternate, and measure

- the time from the start of a Python process to the first delta of a stream;
- reading a stream of 100,000 events, their types and deltas, in events per second, and the processor
  time for it, including the codex-rpc process.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent / "src"
EVENTS = 100_000

OURS = """
from codex_rpc import OpenAI
client = OpenAI(chatgpt_base_url={url!r} + "/backend-api")
"""

SEED = """
import codex_backend_sdk._client as _client
_client.BASE_URL = {url!r} + "/backend-api/codex"
from codex_backend_sdk import OpenAI, TokenStore
client = OpenAI(store=TokenStore(access_token={token!r}, refresh_token="", id_token_raw="", account_id="acct_mock"))
"""

COLD = """
for event in client.responses.create(input="Say hello", stream=True):
    if event.type == "response.output_text.delta":
        print(event.delta, flush=True)
        break
"""

STREAM = """
import time
text = []
events = 0
start = time.perf_counter()
for event in client.responses.create(model="mock:deltas={events}", input="x", stream=True):
    events += 1
    if event.type == "response.output_text.delta":
        text.append(event.delta)
print(events / (time.perf_counter() - start), flush=True)
assert len(text) == {events}
"""


def first_line(python: str, program: str, env: dict[str, str]) -> tuple[float, float, str]:
    """Run a program and return the seconds to its first line, its processor time, and the line."""
    before = os.times()
    start = time.perf_counter()
    with subprocess.Popen([python, "-c", program], stdout=subprocess.PIPE, env=env, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        seconds = time.perf_counter() - start
    if process.returncode != 0:
        raise SystemExit(f"a benchmark failed:\n{program}")
    after = os.times()
    # The times include the child processes that the program has waited for.
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return seconds, cpu, line


def environment_with_seed(folder: str) -> str:
    """Return the Python of a new environment with codex-backend-sdk."""
    venv.create(folder, with_pip=True)
    python = str(Path(folder) / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))
    subprocess.run([python, "-m", "pip", "install", "--quiet", "codex-backend-sdk==0.3.3"], check=True)
    return python


def main() -> None:
    parser = argparse.ArgumentParser(description="Measures this package against codex-backend-sdk 0.3.3.")
    parser.add_argument("--python", help="an interpreter that has codex-backend-sdk 0.3.3")
    parser.add_argument("--rounds", type=int, default=15, help="how often each is measured; the median counts")
    parser.add_argument("--json", action="store_true", help="print the pair of figures of each round, as JSON")
    options = parser.parse_args()
    binary = os.environ.get("CODEX_RPC_BIN") or sys.exit("set CODEX_RPC_BIN to a codex-rpc binary")

    with tempfile.TemporaryDirectory() as folder:
        python = options.python or environment_with_seed(str(Path(folder) / "venv"))
        home = Path(folder) / "home"
        home.mkdir()
        (home / "auth.json").write_text(json.dumps({"tokens": {"access_token": TOKEN, "account_id": "acct_mock"}}))
        # Compiled, like the packages that pip installs.
        package = shutil.copytree(SOURCE, Path(folder) / "src")
        subprocess.run([python, "-m", "compileall", "-q", package], check=True)
        env = {**os.environ, "PYTHONPATH": str(package), "CODEX_HOME": str(home)}
        # Else it refuses the old SDK's default model, and its client version.
        mock = subprocess.Popen([binary, "mock", "--scenario", "lenient"], stdout=subprocess.PIPE, text=True)
        assert mock.stdout is not None
        url = mock.stdout.readline().strip()
        try:
            report(compare(python, env, url, options.rounds), python, options)
        finally:
            mock.terminate()
            mock.wait()


TOKEN = "mock-access-token"


Figures = dict[str, dict[str, list[float]]]
"""The figure of each round, by measurement and client."""

UNITS = {"cold start to first delta": "ms", f"{EVENTS:,} events": "events/s", "processor time of that": "ms"}


def compare(python: str, env: dict[str, str], url: str, rounds: int) -> Figures:
    clients = {"codex_rpc": OURS, "codex-backend-sdk": SEED}
    setups = {name: setup.format(url=url, token=TOKEN) for name, setup in clients.items()}
    figures: Figures = {what: {name: [] for name in setups} for what in UNITS}
    for turn in range(rounds + 1):
        for name, setup in setups.items():
            seconds, _, _ = first_line(python, setup + COLD, env)
            _, cpu, line = first_line(python, setup + STREAM.format(events=EVENTS), env)
            if turn > 0:  # the first run has cold caches
                for what, figure in zip(UNITS, (seconds * 1000, float(line), cpu * 1000)):
                    figures[what][name].append(figure)
    return figures


def report(figures: Figures, python: str, options: argparse.Namespace) -> None:
    ours, seed = next(iter(figures.values()))
    if options.json:
        pairs = [list(zip(measured[ours], measured[seed])) for measured in figures.values()]
        print(json.dumps({"against": f"{seed} 0.3.3", **dict(zip(("cold", "rate", "cpu"), pairs))}))
        return
    version = subprocess.run([python, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    print(f"{version}, {sys.platform}, {os.cpu_count()} CPUs, medians of {options.rounds}\n")
    print(f"| | {ours} | {seed} | ratio |")
    print("|---|---|---|---|")
    for what, measured in figures.items():
        unit = UNITS[what]
        mine, theirs = statistics.median(measured[ours]), statistics.median(measured[seed])
        print(f"| {what} | {mine:,.0f} {unit} | {theirs:,.0f} {unit} | {mine / theirs:.2f} |")


if __name__ == "__main__":
    main()
