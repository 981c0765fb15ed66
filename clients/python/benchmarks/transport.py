"""openai-python on this host against openai-python over HTTP.

    python -m venv /tmp/openai && /tmp/openai/bin/pip install openai
    CODEX_RPC_BIN=… /tmp/openai/bin/python benchmarks/transport.py --through transport

Both run the same loop on the same embedded backend: the official package over
HTTP directly, and the official package on ``codex_rpc.httpx`` (``--through
transport``) or ``codex-rpc http`` (``--through http``), whose host uses the backend.
Runs alternate. ``--rounds N`` makes N instead of 10; ``--json`` prints the pair of
figures of each instead of the medians.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator

import openai

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "src"))

DELTAS = 5_000
AUTH = {
    "auth_mode": "chatgpt",
    "OPENAI_API_KEY": None,
    "tokens": {"id_token": "e30.e30.e30", "access_token": "access-token", "refresh_token": "", "account_id": "acct-1"},
}


@contextlib.contextmanager
def process(*args: str) -> Iterator[list[str]]:
    """Start the host and yield its first lines of output."""
    host = subprocess.Popen([os.environ["CODEX_RPC_BIN"], *args], stdout=subprocess.PIPE, text=True)
    try:
        assert host.stdout is not None
        lines = [host.stdout.readline().strip()]
        if args[0] == "http":
            lines.append(host.stdout.readline().strip())
        yield lines
    finally:
        host.kill()
        host.wait()


def run(client: openai.OpenAI) -> tuple[float, float]:
    """Return the milliseconds to the first delta, and the events per second."""
    begun = time.perf_counter()
    first, events = 0.0, 0
    message = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Say hello"}]}
    for event in client.responses.create(model="gpt-5.5", input=[message], stream=True, store=False):  # type: ignore[list-item]
        if not first and event.type == "response.output_text.delta":
            first = time.perf_counter() - begun
        events += 1
    return first * 1000, events / (time.perf_counter() - begun)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--through", choices=["transport", "http"], required=True)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with contextlib.ExitStack() as stack:
        home = stack.enter_context(tempfile.TemporaryDirectory())
        pathlib.Path(home, "auth.json").write_text(json.dumps(AUTH))
        os.environ["CODEX_HOME"] = home
        [origin] = stack.enter_context(process("mock", "--log-level", "error", "--scenario", f"deltas={DELTAS}"))
        where = {
            "CODEX_RPC_CHATGPT_BASE_URL": f"{origin}/backend-api",
            "CODEX_RPC_OPENAI_BASE_URL": f"{origin}/v1",
            "CODEX_RPC_AUTH_ISSUER": origin,
            "CODEX_RPC_LOG": "error",
        }
        os.environ.update(where)
        named = {"originator": "benchmark", "version": "0.171.0"}
        direct = openai.OpenAI(base_url=f"{origin}/backend-api/codex", api_key="access-token", default_headers=named)
        if options.through == "transport":
            from codex_rpc.httpx import openai_client

            ours = stack.enter_context(openai_client())
        else:
            base, key = stack.enter_context(process("http"))
            ours = openai.OpenAI(base_url=base.partition("=")[2], api_key=key.partition("=")[2])
        for client in (ours, direct):  # excludes the cost of the first call
            run(client)
        pairs = [(run(ours), run(direct)) for _ in range(options.rounds)]
    cold = [[a[0], b[0]] for a, b in pairs]
    rate = [[a[1], b[1]] for a, b in pairs]
    if options.json:
        print(json.dumps({"Against": f"openai {openai.__version__} over HTTP", "Cold": cold, "Rate": rate}))
        return
    print(f"openai {openai.__version__} on {options.through}, against the same over HTTP: medians of {options.rounds}")
    for what, figures in (("ms to the first delta", cold), ("events in a second", rate)):
        ratio = statistics.median(a / b for a, b in figures)
        print(f"{what}: {statistics.median(a for a, _ in figures):.1f}, {ratio:.2f} of the other's")


if __name__ == "__main__":
    main()
