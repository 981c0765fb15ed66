"""The account's limits, and several accounts in one program."""

from __future__ import annotations

import asyncio
import json
import logging
import tempfile
import unittest
from pathlib import Path
from typing import Any

import harness

from codex_rpc import AsyncOpenAI, OpenAI


class LimitsTest(unittest.TestCase):
    def test_cached(self) -> None:
        with OpenAI(mock=True) as client:
            self.assertIsNone(client.codex.usage(cached=True).seen_at)
            client.responses.create(input="x")
            usage = client.codex.usage(cached=True)
            self.assertEqual(usage.rate_limit.primary_window.used_percent, 12)
            self.assertGreater(usage.seen_at, 1_700_000_000)

    def test_on_limits(self) -> None:
        received: list[Any] = []
        with OpenAI(mock=True, on_limits=lambda limits: received.append(limits)) as client:
            client.responses.create(input="x")
            self.assertEqual([one.rate_limit.primary_window.used_percent for one in received], [12])
            client.with_options(timeout=7).responses.create(input="x")
            self.assertEqual(len(received), 1, "nothing has changed")
            client.with_options(max_retries=0).responses.create(model="mock:used=80", input="x")
            self.assertEqual(received[-1].rate_limit.primary_window.used_percent, 80, "not from a separate process")
            client.responses.create(model="mock:used=90", input="x")
            self.assertEqual(received[-1].rate_limit.primary_window.used_percent, 90)

    def test_on_limits_that_fails(self) -> None:
        def fail(limits: Any) -> None:
            raise ValueError("mine")

        with OpenAI(mock=True, on_limits=fail) as client, self.assertLogs("codex_rpc", logging.ERROR):
            self.assertIn("x", client.responses.create(input="x").output_text)

    def test_async(self) -> None:
        received: list[Any] = []

        async def main() -> None:
            async with AsyncOpenAI(mock=True, on_limits=received.append) as client:
                await client.responses.create(input="x")
                self.assertEqual((await client.codex.usage(cached=True)).seen_at, received[0].seen_at)

        asyncio.run(main())

    def test_on_limits_keeps_no_process(self) -> None:
        done = harness.run_python(
            """
            import gc, os
            from codex_rpc import OpenAI

            class Program:
                def __init__(self):
                    self.client = OpenAI(mock=True, on_limits=self.received)
                def received(self, limits): pass

            program = Program()
            program.client.responses.create(input="x")
            child = program.client._server.process()._child
            del program
            gc.collect()
            child.wait(30)
            print("gone")
            """
        )
        self.assertEqual((done.stdout, done.stderr), ("gone\n", ""))


class HomeTest(unittest.TestCase):
    def test_two_accounts(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            homes = {name: Path(folder) / name for name in ("work", "private")}
            for name, home in homes.items():
                home.mkdir()
                tokens = {"access_token": f"access-{name}", "account_id": f"acct-{name}"}
                (home / "auth.json").write_text(json.dumps({"tokens": tokens}))
            with OpenAI(home=homes["work"]) as work, OpenAI(home=str(homes["private"])) as private:
                self.assertEqual(work.account_info().account_id, "acct-work")
                self.assertEqual(private.account_info().account_id, "acct-private")
                other = work.with_options(home=homes["private"])
                self.assertEqual(other.account_info().account_id, "acct-private")
            with OpenAI(home=homes["work"], codex_home=homes["private"]) as both:
                self.assertEqual(both.account_info().account_id, "acct-work")


if __name__ == "__main__":
    unittest.main()
