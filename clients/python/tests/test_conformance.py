"""Run the conformance cases of the repository through the public surface of the package."""

from __future__ import annotations

import base64
import json
import subprocess
import tempfile
import time
import unittest
from pathlib import Path
from typing import Any

import harness

from codex_rpc import APIError, APIStatusError, CodexBaseModel, InvalidParamsError, OpenAI, ParsedResponse, Stream

CONFORMANCE = harness.REPOSITORY / "conformance"
CASES = sorted((CONFORMANCE / "cases").glob("*.json"))
PENDING = json.loads((CONFORMANCE / "pending.json").read_text("utf-8"))

# The credentials of codex-rpc's own tests; none of it is real.
AUTH = {
    "auth_mode": "chatgpt",
    "OPENAI_API_KEY": "sk-realtime",
    "tokens": {
        "id_token": "e30.e30.e30",
        "access_token": "access-token",
        "refresh_token": "",
        "account_id": "acct-1",
    },
}


class ConformanceTest(unittest.TestCase):
    backend: str

    @classmethod
    def setUpClass(cls) -> None:
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.backend = str(Path(folder.name) / "backend")
        command = ["go", "build", "-o", cls.backend, "./conformance/backend"]
        subprocess.run(command, cwd=harness.REPOSITORY, check=True)

    def test_cases(self) -> None:
        self.assertTrue(CASES)
        for path in CASES:
            suite = json.loads(path.read_text("utf-8"))
            for case in suite["cases"]:
                if case["id"] in PENDING["host"]:
                    continue
                with self.subTest(case=case["id"]), tempfile.TemporaryDirectory() as folder:
                    if case["id"] in PENDING["python"]:
                        with self.assertRaises(Exception, msg="it passes: take it out of pending.json"):  # noqa: B017
                            self.play(path, suite, case, Path(folder))
                    else:
                        self.play(path, suite, case, Path(folder))

    def play(self, path: Path, suite: dict[str, Any], case: dict[str, Any], folder: Path) -> None:
        given = case.get("given", {})
        home, files = folder / "home", folder / "files"
        home.mkdir()
        files.mkdir()
        for name, content in given.get("files", {}).items():
            (files / name).write_bytes(base64.b64decode(content))
        if not given.get("signed_out"):
            auth = {**AUTH, **given.get("auth", {})}
            (home / "auth.json").write_text(json.dumps(auth))
        backend = subprocess.Popen([self.backend, path, case["id"]], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert backend.stdin is not None
        assert backend.stdout is not None
        origin = backend.stdout.readline().decode().strip()
        client = OpenAI(
            chatgpt_base_url=f"{origin}/backend-api",
            openai_base_url=f"{origin}/v1",
            auth_issuer=origin,
            codex_home=home,
            **given.get("config", {}),
        )

        def filled(value: Any) -> Any:
            text = json.dumps(value).replace("{{tmp}}", str(files)).replace("{{origin}}", origin)
            return json.loads(text)

        try:
            for step in case.get("steps", [case]):
                self.call(client, filled(step["call"]), filled(step["expect"]), filled(suite.get("results", {})))
        finally:
            client.close()
            with backend:
                verdict = json.loads(backend.communicate()[0])
        self.assertEqual(verdict["faults"], [])

    def call(self, client: OpenAI, call: dict[str, Any], expect: dict[str, Any], results: dict[str, Any]) -> None:
        events: list[Any] = []
        try:
            result = called(client, call["method"], call["params"], events)
        except APIError as error:
            if "departs" not in expect:
                self.assertIn("error", expect, f"it failed: {error}")
                self.compare_error(error, expect["error"])
        else:
            if "departs" not in expect:
                self.assertNotIn("error", expect, f"it gave {result}")
                wanted = results.get(expect.get("like"), {})
                if "result" in expect:
                    wanted = {**wanted, **expect["result"]} if wanted else expect["result"]
                self.compare(result, wanted, "result")
                self.assertEqual(events, expect.get("events", []))

    def compare_error(self, error: APIError, expect: dict[str, Any]) -> None:
        data = expect.get("data", {})
        if isinstance(error, APIStatusError):
            self.assertEqual(error.status_code, expect["code"])
        if "message" in expect:
            self.assertEqual(error.message, expect["message"])
        if "sentence" in expect:
            faults = [fault["message"] for fault in error.errors] if isinstance(error, InvalidParamsError) else []
            self.assertTrue(any(expect["sentence"] in text for text in [error.message, *faults]), error.data)
        self.compare(error.data, data, "data")

    def compare(self, value: Any, wanted: Any, path: str) -> None:
        """Assert that a value contains the wanted one. It may have more members, at every level."""
        if wanted == "{{now}}":
            self.assertLess(abs(value - time.time()), 60, path)
        elif isinstance(wanted, dict):
            self.assertIsInstance(value, dict, path)
            for name, member in wanted.items():
                self.compare(value.get(name), member, f"{path}.{name}")
        elif isinstance(wanted, list):
            self.assertEqual(len(value), len(wanted), path)
            for i, item in enumerate(wanted):
                self.compare(value[i], item, f"{path}[{i}]")
        else:
            self.assertEqual(value, wanted, path)


def called(client: OpenAI, method: str, params: dict[str, Any], events: list[Any]) -> Any:
    """Call a method like a user, and return its result as JSON."""
    function: Any = client
    for name in method.split("."):
        function = getattr(function, name)
    file = params.get("file")
    if file is not None:
        name_only = (file["name"], base64.b64decode(file["data"])) if "data" in file else ()
        kind = (file["content_type"],) if "content_type" in file else ()
        params["file"] = (*name_only, *kind) if name_only else file["path"]
    given = function(**params)
    if isinstance(given, Stream):
        events.extend(event.to_dict() for event in given)
        given = given.get_final_response()
    if isinstance(given, ParsedResponse):
        derived = {"output_text": given.output_text, "tool_calls": given.tool_calls}
        return {"response": {**given.response.to_dict(), **derived}, "output_parsed": given.output_parsed}
    return given.to_dict() if isinstance(given, CodexBaseModel) else given


if __name__ == "__main__":
    unittest.main()
