"""Small programs of OpenAI's documentation, which run unchanged.

The only difference: ``OpenAI()`` and ``AsyncOpenAI()`` get a transport of codex_rpc.httpx.
"""

from __future__ import annotations

import contextlib
import functools
import io
import runpy
import unittest
from pathlib import Path

import harness
import openai

from codex_rpc.httpx import AsyncTransport, Transport

PROGRAMS = {
    "agent_stream": "add True\nTrue",
    "chat_stream": 'You said: "Count to three"\n',
    "chat_tool_loop": "tomorrow",
    "embeddings": "1.0 True",
    "errors": "bad request 400 background\nnot found 404\nno model 404\n200 application/json",
    "files": "report.txt 12 ",
    "history": "explain why this is funny.",
    "parallel": '100 You said: "Number 99"',
    "structured_output": "CalendarEvent True\nCalendarEvent",
    "tool_loop": "18 C in",
    "vision": "and in this one?",
    "web_handler": "data: ",
}


class ProgramsTest(unittest.TestCase):
    def test_programs(self) -> None:
        folder = Path(__file__).with_name("programs")
        self.assertEqual(sorted(PROGRAMS), sorted(path.stem for path in folder.glob("*.py")))
        official = openai.OpenAI, openai.AsyncOpenAI
        for name, expected in PROGRAMS.items():
            http = openai.DefaultHttpxClient(transport=Transport(mock=True))
            http_async = openai.DefaultAsyncHttpxClient(transport=AsyncTransport(mock=True))
            openai.OpenAI = functools.partial(official[0], api_key="-", http_client=http)  # type: ignore[misc]
            openai.AsyncOpenAI = functools.partial(official[1], api_key="-", http_client=http_async)  # type: ignore[misc]
            printed = io.StringIO()
            with self.subTest(program=name), contextlib.redirect_stdout(printed):
                runpy.run_path(str(folder / f"{name}.py"), run_name="__main__")
                self.assertIn(expected, printed.getvalue())
                harness.row(
                    f"openai {openai.__version__}: programs/{name}.py",
                    printed.getvalue().strip().replace("\n", " / ")[:100],
                )
            http.close()
        openai.OpenAI, openai.AsyncOpenAI = official  # type: ignore[misc]


if __name__ == "__main__":
    unittest.main()
