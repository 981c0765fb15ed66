from __future__ import annotations

import re
import unittest

import harness

README = (harness.PYTHON_CLIENT / "README.md").read_text("utf-8")


class ReadmeTest(unittest.TestCase):
    def test_programs_run(self) -> None:
        programs = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
        programs = [program for program in programs if "codex_rpc.httpx" not in program]  # see with_openai.py
        expected = ['You said: "Say hello"', "cloudy", "name 1", 'You said: "Say one"', "usage_limit_reached 429"]
        self.assertEqual(len(programs), len(expected))
        for program, output in zip(programs, expected):
            with self.subTest(program=program):
                done = harness.run_python(program, "-W", "error", CODEX_RPC_MOCK="1")
                self.assertEqual(done.stderr, "")
                self.assertIn(output, done.stdout)


class CommandTest(unittest.TestCase):
    def test_runs_the_binary(self) -> None:
        done = harness.run_python("""
            import runpy, sys
            sys.argv = ["codex_rpc", "version"]
            runpy.run_module("codex_rpc", run_name="__main__")
        """)
        self.assertRegex(done.stdout, r"^codex-rpc \d")


if __name__ == "__main__":
    unittest.main()
