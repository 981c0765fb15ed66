"""The examples of codex-backend-sdk's documentation, changed only to import this package and use the mock."""

from __future__ import annotations

import contextlib
import io
import json
import os
import tempfile
import unittest
from pathlib import Path
from typing import Any

import harness

from codex_rpc import CodexBackendUnsupportedParameterError, CodexClient, OpenAI, RawMemory, image_b64, image_url


class SeedTest(harness.MockTestCase):
    def setUp(self) -> None:
        self.printed = io.StringIO()
        block = contextlib.redirect_stdout(self.printed)
        block.__enter__()
        self.addCleanup(block.__exit__, None, None, None)

    def test_basic_usage(self) -> None:
        with OpenAI(mock=True).authenticate() as client:
            response = client.responses.create(
                model="gpt-5.5",
                input="Explain quicksort in one paragraph.",
            )
            print(response.output_text)
        self.assertIn("quicksort", self.printed.getvalue())

    def test_streaming(self) -> None:
        stream = self.client.responses.create(
            model="gpt-5.5",
            input="Say 'hi' five times.",
            stream=True,
        )
        for event in stream:
            if event.type in {"response.output_text.delta", "response.content_part.delta"}:
                delta = event.delta
                print(delta if isinstance(delta, str) else delta.get("text", ""), end="")
        self.assertIn("Say 'hi' five times.", self.printed.getvalue())

    def test_models(self) -> None:
        models = self.client.models.list()
        print(models.etag)
        for model in models:
            print(model.id, model.display_name, model.context_window)
            print(model.supported_in_api, model.supports_reasoning_summaries, model.raw["slug"])
        info = self.client.models.retrieve("gpt-5.5")
        self.assertIn(info.id, [model.id for model in models])
        self.assertEqual(info["default_verbosity"], "low")
        self.assertIn("gpt-5.5 GPT-5.5 272000\n", self.printed.getvalue())

    def test_multi_turn(self) -> None:
        history: list[Any] = [
            {"role": "user", "content": "My name is Alice. Say OK."},
        ]
        reply1 = self.client.responses.create(input=history).output_text
        history.append({"role": "assistant", "content": reply1})
        history.append({"role": "user", "content": "What is my name?"})
        reply2 = self.client.responses.create(input=history).output_text
        self.assertIn("What is my name?", reply2)

    def test_function_calling(self) -> None:
        tools = [
            {
                "type": "function",
                "name": "get_weather",
                "description": "Get the current weather for a city.",
                "parameters": {
                    "type": "object",
                    "properties": {"city": {"type": "string"}},
                    "required": ["city"],
                    "additionalProperties": False,
                },
            }
        ]
        first = self.client.responses.create(
            input="What's the weather in Paris?",
            tools=tools,
        )
        call = next(item for item in first.output if item["type"] == "function_call")
        result = {"temperature": 18, "unit": "celsius", "condition": "cloudy"}
        second = self.client.responses.create(
            input=[
                call,
                {
                    "type": "function_call_output",
                    "call_id": call["call_id"],
                    "output": json.dumps(result),
                },
            ],
            tools=tools,
        )
        self.assertIn("cloudy", second.output_text)
        self.assertEqual([call["name"] for call in first.tool_calls], ["get_weather"])

    def test_structured_output(self) -> None:
        schema = {
            "title": "person",
            "type": "object",
            "properties": {
                "name": {"type": "string"},
                "age": {"type": "integer"},
            },
            "required": ["name", "age"],
            "additionalProperties": False,
        }
        response = self.client.responses.create(
            input="Extract: Bob is 42 years old.",
            text={
                "format": {
                    "type": "json_schema",
                    "name": "person",
                    "schema": schema,
                    "strict": True,
                }
            },
        )
        self.assertEqual(set(json.loads(response.output_text)), {"name", "age"})

    def test_responses(self) -> None:
        response = self.client.responses.create(
            model="gpt-5.5",
            instructions="Be concise.",
            input=[
                {"role": "user", "content": "Summarize this API shape."},
            ],
            reasoning={"effort": "medium", "summary": "auto"},
            include=["reasoning.encrypted_content"],
            text={"verbosity": "medium"},
            prompt_cache_key="session-123",
        )
        self.assertIn("Summarize this API shape.", response.output_text)
        self.assertIsInstance(response.reasoning_summary, str)
        self.assertEqual(response.prompt_cache_key, "session-123")

    def test_unsupported(self) -> None:
        with self.assertRaises(NotImplementedError) as raised:
            self.client.responses.create(input="x", temperature=0.5)  # type: ignore[call-overload]
        self.assertIsInstance(raised.exception, CodexBackendUnsupportedParameterError)

    def test_compact(self) -> None:
        history: list[Any] = [{"role": "user", "content": "A long story."}]
        compacted = self.client.responses.compact(
            model="gpt-5.5",
            instructions="Keep task-critical context.",
            input=history,
        )
        history = compacted.output
        self.assertIn("compaction", [item["type"] for item in history])
        self.client.responses.create(input=history)

    def test_realtime(self) -> None:
        with OpenAI(mock="lenient") as client:  # the real backend no longer has the route
            offer_sdp = "v=0\r\n"
            answer = client.realtime.calls.create(
                sdp=offer_sdp,
                session={"type": "realtime", "model": "gpt-realtime-1.5"},
            )
            print(answer.text)
            self.assertEqual(answer.read(), answer.content)
            url = client.realtime_websocket_url(model="gpt-realtime-1.5")
            self.assertEqual(url, "wss://api.openai.com/v1/realtime?model=gpt-realtime-1.5")
            headers = client.realtime_websocket_headers(session_id="voice-session")
            self.assertEqual(headers["OpenAI-Beta"], "realtime=v1")

    def test_embeddings(self) -> None:
        embedding = self.client.embeddings.create(
            model="text-embedding-3-small",
            input="Embed this sentence.",
            dimensions=256,
        )
        self.assertEqual(len(embedding.data[0].embedding), 256)

    def test_transcriptions(self) -> None:
        lenient = OpenAI(mock="lenient")  # the real backend no longer has the route
        with lenient as client, tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "meeting.wav"
            path.write_bytes(b"RIFF1234")
            with open(path, "rb") as audio:
                transcription = client.audio.transcriptions.create(
                    model="gpt-4o-mini-transcribe",
                    file=("meeting.wav", audio, "audio/wav"),
                    response_format="json",
                )
            print(transcription.text)
            with open(path, "rb") as audio:
                opened = client.audio.transcriptions.create(model="m", file=audio)
            content = b"RIFF1234"
            for file in [path, str(path), ("meeting.wav", content), ("meeting.wav", bytearray(content), None)]:
                again = client.audio.transcriptions.create(model="m", file=file)
                self.assertEqual(again.text, opened.text)
            self.assertIn("8 bytes", client.audio.transcriptions.create(model="m", file=content).text)
            with self.assertRaisesRegex(TypeError, "file must be a path, .*but its content is int"):
                client.audio.transcriptions.create(model="m", file=5)  # type: ignore[call-overload]

    def test_usage(self) -> None:
        quota = self.client.codex.usage()
        primary = quota.get("rate_limit", {}).get("primary_window", {})
        print(primary.get("used_percent"))
        self.assertEqual(self.printed.getvalue(), "12\n")

    def test_tasks(self) -> None:
        tasks = self.client.codex.tasks.list(limit=10)
        task = self.client.codex.tasks.retrieve(tasks["items"][0]["id"])
        turns = self.client.codex.tasks.turns.list(task["task"]["id"])
        environments = self.client.codex.environments.list()
        self.assertTrue(turns)
        self.assertTrue(environments)

    def test_account_data(self) -> None:
        self.assertTrue(self.client.codex.memories.list())
        self.assertTrue(self.client.codex.user_system_messages.retrieve())
        self.assertTrue(self.client.codex.config.requirements())

    def test_trace_summarize(self) -> None:
        summary = self.client.codex.memories.trace_summarize(
            model="gpt-5.5",
            traces=[
                RawMemory(
                    id="trace_1",
                    metadata={"source_path": "memory.jsonl"},
                    items=[{"type": "message", "content": "Remember this"}],
                )
            ],
            reasoning={"effort": "low"},
        )
        print(summary.output[0].memory_summary)
        self.assertIn("trace_1", self.printed.getvalue())

    def test_upload(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            self.addCleanup(os.chdir, Path.cwd())
            os.chdir(folder)
            Path("report.csv").write_text("a,b\n1,2\n")
            progress: list[tuple[int, int]] = []
            uploaded = self.client.files.upload("report.csv", on_progress=lambda *sent: progress.append(sent))
            print(uploaded.uri)
            self.assertRegex(self.printed.getvalue(), "^sediment://file_")
            self.assertEqual((uploaded.file_name, uploaded.file_size_bytes, progress[-1]), ("report.csv", 8, (8, 8)))

    def test_retries(self) -> None:
        with CodexClient(mock=True, max_retries=1, retry_base_delay=0.01, timeout=30) as client:
            response = client.responses.create(model="mock:status=503,times=1", input="x")
            self.assertEqual(response.status, "completed")

    def test_images(self) -> None:
        self.assertEqual(image_url("https://example.test/i.png")["image_url"], "https://example.test/i.png")
        part = image_b64("AAAA", media_type="image/png")
        self.assertEqual(part, {"type": "input_image", "image_url": "data:image/png;base64,AAAA"})
        self.client.responses.create(input=[{"role": "user", "content": [part, "what?"]}])


class AccountTest(unittest.TestCase):
    def test_account(self) -> None:
        with OpenAI(mock=True) as client:
            self.assertIs(client.authenticate(interactive=False), client)
            account = client.account_info()
            self.assertTrue(account.authenticated)
            self.assertIsInstance(account.email, str)
            self.assertIn("revoked", client.logout())

    def test_signed_out(self) -> None:
        with OpenAI() as client:
            with self.assertRaisesRegex(RuntimeError, "Not authenticated"):
                client.codex.usage()
            with self.assertRaisesRegex(RuntimeError, "Not authenticated"):
                client.authenticate(interactive=False)
            self.assertFalse(client.account_info().authenticated)


if __name__ == "__main__":
    unittest.main()
