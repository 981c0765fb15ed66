from __future__ import annotations

import inspect
import re
import unittest

import harness

import codex_rpc
from codex_rpc import AsyncOpenAI, OpenAI, _types
from codex_rpc._special import Resource, SpecialAudioTranscriptions, SpecialResponses

SYNCHRONOUS = {"with_options", "copy", "is_closed", "stream", "turn"}


class PackageTest(unittest.TestCase):
    def test_exports(self) -> None:
        self.assertEqual(codex_rpc.__all__, sorted(codex_rpc.__all__))
        for name in codex_rpc.__all__:
            self.assertTrue(hasattr(codex_rpc, name), name)
            self.assertIn(name, dir(codex_rpc))
        with self.assertRaisesRegex(AttributeError, "no attribute 'nonsense'"):
            _ = codex_rpc.nonsense
        self.assertIs(codex_rpc.CodexClient, OpenAI)

    def test_sync_and_async_have_the_same_methods(self) -> None:
        with OpenAI(mock=True) as client:
            other = AsyncOpenAI(mock=True)
            self.addCleanup(other._server.close)
            self.compare(client, other, "client")

    def test_every_method_of_the_host_is_available(self) -> None:
        with OpenAI(mock=True) as client:
            methods = {method.name for method in client.call("rpc.discover")["methods"]}
            for name in methods - {"initialize", "shutdown", "rpc.discover", "openai.request"}:
                found: object = client
                for part in name.split("."):
                    found = getattr(found, part)
                self.assertTrue(callable(found), name)

    def compare(self, one: object, other: object, path: str) -> None:
        names = [name for name in dir(one) if not name.startswith("_")]
        self.assertEqual(names, [name for name in dir(other) if not name.startswith("_")], path)
        for name in names:
            mine, theirs = getattr(one, name), getattr(other, name)
            if name.startswith("with_") and name != "with_options":
                self.assertIs(type(mine), type(theirs))
            elif isinstance(mine, Resource):
                self.compare(mine, theirs, f"{path}.{name}")
            else:
                self.assertEqual(list(inspect.signature(mine).parameters), list(inspect.signature(theirs).parameters))
                self.assertTrue(inspect.getdoc(mine), f"{path}.{name} is documented")
                self.assertEqual(inspect.iscoroutinefunction(theirs), name not in SYNCHRONOUS, f"{path}.{name}")

    def test_all_is_documented(self) -> None:
        aliases = {"FileTypes", "ImageTypes", "ReasoningEffort", "ReasoningSummary", "ServiceTier", "Verbosity"}
        for name in set(codex_rpc.__all__) - aliases:
            found = getattr(codex_rpc, name)
            self.assertTrue(found.__doc__, name)
            for member, value in vars(found).items() if inspect.isclass(found) else ():
                if not member.startswith("_") and inspect.isfunction(value):
                    self.assertTrue(value.__doc__, f"{name}.{member}")

    def test_declared_parameters_are_documented(self) -> None:
        for method, params, own in (
            (SpecialResponses.create, _types.ResponseParams, {"stream"}),
            (SpecialAudioTranscriptions.create, _types.TranscriptionParams, {"file", "stream", "response_format"}),
        ):
            accepted = {name for name, kind in params.__annotations__.items() if kind.__forward_arg__ != "None"}
            entries = re.findall(r"(?m)^    (\w[\w, ]*):", inspect.getdoc(method) or "")
            documented = {name for entry in entries for name in entry.split(", ")}
            errors = {name for name in documented if name.endswith("Error")}
            self.assertEqual(documented - errors, accepted | own)

    def test_imports_few_modules(self) -> None:
        done = harness.run_python("""
            import sys
            before = set(sys.modules)
            from codex_rpc import OpenAI
            for event in OpenAI(mock=True).responses.create(input="Say hello", stream=True):
                if event.type == "response.output_text.delta":
                    break
            heavy = {"asyncio", "typing", "dataclasses", "http", "logging", "email", "urllib", "pathlib", "inspect"}
            print(sorted((set(sys.modules) - before) & heavy))
        """)
        self.assertEqual((done.stdout, done.stderr), ("[]\n", ""))


if __name__ == "__main__":
    unittest.main()
