"""A plugin for pytest that makes openai-python's own tests use the transports of codex_rpc.httpx.

A test may fail for a few known reasons: the backend does not have something, and the response says so.
The response identifies the reason, so any other failure fails the run.
"""

from __future__ import annotations

import re

import harness
import openai
import pytest

from codex_rpc.httpx import AsyncTransport, Transport

real, real_async = openai.DefaultHttpx2Client, openai.DefaultAsyncHttpx2Client
openai.DefaultHttpx2Client = lambda: real(transport=Transport(mock="lenient"))  # type: ignore[misc, assignment]
openai.DefaultAsyncHttpx2Client = lambda: real_async(  # type: ignore[misc, assignment]
    transport=AsyncTransport(mock="lenient")
)

REASONS = {
    "an unsupported path": "Unknown request URL: ",
    "an unsupported HTTP method of a path": "takes (GET|POST), not ",
    "a response of another session": "esponse with id '.*' not found",
    "an unsupported parameter": "does not stream images|rejects these official|does not support: |"
    "does not expose |(The Codex image backend|`partial_images`) (ignores|always|currently|returns|requires)",
    "a raw response with embeddings in base64, which openai requests": r"data\.0\.embedding",
    "the test replaces the transport": "RESPX: ",
}
counts: dict[str, int] = {}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> object:
    """Skip the tests with a known reason to fail, and count all."""
    report = yield
    if report.when == "call" or report.failed:
        outcome = report.outcome
        if report.failed:
            failure = call.excinfo.value if call.excinfo is not None else None
            text = f"{failure} {failure and failure.__cause__}"
            for reason, pattern in REASONS.items():
                if re.search(pattern, text):
                    outcome, report.outcome, report.longrepr = reason, "skipped", (str(item.path), 0, reason)
                    break
        counts[outcome] = counts.get(outcome, 0) + 1
    return report


def pytest_sessionfinish() -> None:
    """Report the table."""
    for outcome, count in sorted(counts.items()):
        harness.row(f"openai-python {openai.__version__}'s own tests: {outcome}", str(count))
