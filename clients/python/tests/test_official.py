"""The patterns of programs for openai-python."""

from __future__ import annotations

import tempfile
import unittest
import warnings
from pathlib import Path
from typing import Any

import harness

from codex_rpc import (
    AsyncOpenAI,
    CodexBackendUnsupportedParameterError,
    InvalidParamsError,
    Object,
    OpenAI,
    OpenAIError,
    ParsedResponse,
    RateLimitError,
    Response,
    ResponseStreamEvent,
)
from codex_rpc._objects import event_of, wrapped

HELLO = 'You said: "Say hello"'
PERSON = {
    "type": "object",
    "title": "Person",
    "properties": {"name": {"type": "string"}, "age": {"type": "integer"}},
    "required": ["name", "age"],
    "additionalProperties": False,
}
TOOL = {"type": "function", "name": "get", "strict": True, "parameters": PERSON}


class NotGiven:
    """openai-python's."""


class Omit:
    """openai-python's."""


class Timeout:
    """The relevant part of httpx's class."""

    def __init__(self, read: float | None) -> None:
        self.connect, self.read, self.write, self.pool = 1.0, read, 3.0, 4.0


class ConstructorTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.binary = harness.scripted_host(folder.name)

    def client(self, **options: Any) -> OpenAI:
        client = OpenAI(binary=self.binary, **options)
        self.addCleanup(client.close)
        return client

    def heard(self, client: OpenAI, method: str) -> Any:
        return [message for message in client.call("heard") if message.method == method][-1].params

    def test_ignored_options(self) -> None:
        options = {
            "api_key": "sk-1",
            "admin_api_key": None,
            "organization": "org",
            "project": NotGiven(),
            "webhook_secret": "w",
            "websocket_base_url": "wss://x",
            "http_client": object(),
            "base_url": "https://api.example.test/v1",
        }
        with self.assertWarnsRegex(
            UserWarning, "^api_key, organization, webhook_secret, websocket_base_url, http_client, base_url mean "
        ) as warned:
            client = self.client(**options)
        self.assertEqual((len(warned.warnings), Path(warned.filename).name), (1, "test_official.py"))
        self.assertEqual(client.call("arguments")["argv"], ["serve"])
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            self.assertEqual(client.with_options(timeout=5).call("echo", {"a": 1})["a"], 1)
            self.client(api_key=None, organization=Omit(), _strict_response_validation=True)
        with self.assertRaisesRegex(TypeError, "OpenAI\\(\\) got an unexpected keyword argument 'api_kee'"):
            self.client(api_kee="x")
        with self.assertRaisesRegex(TypeError, "unexpected keyword argument 'tiemout'"):
            client.with_options(tiemout=5)

    def test_base_url_of_the_backend(self) -> None:
        for url in ("https://chatgpt.com/backend-api", "https://chatgpt.com/backend-api/codex/"):
            argv = self.client(base_url=url).call("arguments")["argv"]
            self.assertEqual(argv, ["serve", "--chatgpt-base-url=https://chatgpt.com/backend-api"])

    def test_timeouts(self) -> None:
        client = self.client(timeout=Timeout(7.5))
        self.assertEqual(self.heard(client, "initialize").options, {"timeout": 7.5})
        for timeout, sent in [(Timeout(2.5), 2.5), (Timeout(None), 1e9), (float("inf"), 1e9), (3, 3)]:
            self.assertEqual(client.call("echo", {"timeout": timeout}), {"timeout": sent})
        self.assertEqual(client.with_options(timeout=Timeout(None)).call("echo"), {"timeout": 1e9})

    def test_default_headers_and_query(self) -> None:
        client = self.client(default_headers={"X-A": "1", "X-B": "2"}, default_query={"q": 1})

        def sent(client: OpenAI, **params: Any) -> tuple[Any, Any]:
            client.responses.create(input="x", stream=True, **params).close()
            request = self.heard(client, "responses.create")
            return request.get("extra_headers"), request.get("extra_query")

        self.assertEqual(sent(client), ({"X-A": "1", "X-B": "2"}, {"q": 1}))
        self.assertEqual(
            sent(client, extra_headers={"x-b": "3", "X-A": Omit()}, extra_query={"q": 2}), ({"x-b": "3"}, {"q": 2})
        )
        more = client.copy(default_headers={"X-C": "4"}, set_default_query={})
        self.assertEqual(sent(more), ({"X-A": "1", "X-B": "2", "X-C": "4"}, None))
        self.assertEqual(sent(client.copy(set_default_headers={"X-D": "5"})), ({"X-D": "5"}, {"q": 1}))
        self.assertEqual(client.codex.tasks.list(), {}, "only for methods that support them")


class ParametersTest(harness.MockTestCase):
    def test_absent_parameters(self) -> None:
        for absent in (None, NotGiven(), Omit()):
            params: Any = {"temperature": absent, "tools": absent, "reasoning": {"effort": "low", "summary": absent}}
            self.assertEqual(self.client.responses.create(input="Say hello", **params).output_text, HELLO)

    def test_defaults_of_rejected_parameters(self) -> None:
        defaults: Any = {
            "background": False,
            "truncation": "disabled",
            "metadata": {},
            "stream_options": {},
            "store": False,
        }
        self.assertEqual(self.client.responses.create(input="Say hello", **defaults).output_text, HELLO)
        self.assertEqual(self.client.responses.parse(input="Say hello", **defaults).output_text, HELLO)
        with self.client.responses.stream(input="Say hello", **defaults) as stream:
            self.assertEqual(stream.get_final_response().output_text, HELLO)
        for refused in ({"background": True}, {"truncation": "auto"}, {"metadata": {"a": "b"}}, {"top_p": 1}):
            with self.assertRaises(CodexBackendUnsupportedParameterError):
                self.client.responses.create(input="x", **refused)  # type: ignore[call-overload]

    def test_images(self) -> None:
        made = self.client.images.generate(prompt="A red dot", response_format="b64_json", n=1)
        self.assertTrue(made.data[0].b64_json)
        png = ("dot.png", b"\x89PNG\r\n\x1a\n", "image/png")
        for image in (png, [png, png], "https://example.test/i.png", {"file_id": "file_1"}):
            self.assertTrue(self.client.images.edit(image=image, prompt="Blue", mask=png).data)
        with self.assertRaisesRegex(NotImplementedError, "returns only `b64_json`"):
            self.client.images.generate(prompt="A red dot", response_format="url")

    def test_files_create(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "words.txt"
            path.write_bytes(b"words")
            with path.open("rb") as handle:
                for file in (path, str(path), handle, ("words.txt", b"words"), ("words.txt", b"words", "text/plain")):
                    created = self.client.files.create(file=file, purpose="assistants")
                    self.assertEqual((created.filename, created.bytes, created.object), ("words.txt", 5, "file"))
                    self.assertEqual((created.purpose, created.status), ("assistants", "processed"))
                    self.assertEqual(created.id, created.file_id)
                    self.assertIsInstance(created.created_at, int)
        with self.assertRaisesRegex(TypeError, "file must be a path"):
            self.client.files.create(file=5)  # type: ignore[arg-type]


class ObjectsTest(unittest.TestCase):
    def test_absent_methods(self) -> None:
        client = OpenAI(mock=True)
        self.addCleanup(client.close)
        for owner, name, message in [
            (client, "chat", "'OpenAI' object has no attribute 'chat'. It has account_info, audio, "),
            (client.files, "list", "'Files' object has no attribute 'list'. It has create, upload. The clients"),
            (client.files, "_list", "'Files' object has no attribute '_list'$"),
            (client.files.with_raw_response, "list", "'Files' object has no attribute 'list'. It has create"),
        ]:
            with self.assertRaisesRegex(AttributeError, f"^{message}"):
                getattr(owner, name)

    def test_dumps(self) -> None:
        members = {"type": "message", "role": "assistant", "content": [], "phase": None}
        event = event_of(b'{"jsonrpc":"2.0","params":{"event":{"type":"t","item":{"type":"message"}}}}')
        self.assertEqual(event.model_dump(), {"type": "t", "item": {"type": "message"}})
        self.assertEqual(event.item.model_dump_json(), '{"type":"message"}')
        for each in (wrapped(members), Response(members)):
            self.assertEqual(each.model_dump(mode="json", by_alias=True, exclude_unset=True, warnings=False), members)
            given = {"type": "message", "role": "assistant", "content": []}
            self.assertEqual(each.to_dict(exclude_none=True, use_api_names=True), given)
            self.assertEqual(each.model_dump(include={"type", "role"}, exclude={"role"}), {"type": "message"})
            self.assertEqual(each.to_json(indent=None), each.model_dump_json())
            self.assertIn('\n  "type"', each.to_json())
            other = each.model_copy(update={"role": "user"})
            self.assertEqual((type(other), other.role, each.role), (type(each), "user", "assistant"))
            deep = each.model_copy(deep=True)
            deep["content"].append(1)
            self.assertEqual(each.content, [])

    def test_absent_members_are_none(self) -> None:
        for members, names in [
            ({"type": "message"}, ["phase", "status"]),
            ({"type": "function_call"}, ["id", "status", "namespace", "parsed_arguments"]),
            ({"type": "reasoning"}, ["encrypted_content", "content", "status"]),
            ({"type": "output_text"}, ["logprobs", "parsed"]),
            ({"type": "function"}, ["description", "strict"]),
        ]:
            for name in names:
                self.assertIsNone(getattr(wrapped(members), name), f"{members} {name}")
                self.assertNotIn(name, wrapped(members))
            with self.assertRaises(AttributeError):
                _ = wrapped(members).nonsense
        self.assertIsNone(ResponseStreamEvent(type="error").code)
        with self.assertRaises(AttributeError):
            _ = ResponseStreamEvent(type="response.completed").code
        with self.assertRaises(AttributeError):
            _ = Object().phase


class StreamTest(unittest.IsolatedAsyncioTestCase):
    def test_interrupt(self) -> None:
        with OpenAI(mock=True) as client:
            stream = client.responses.create(model="mock:stall=6", input="Hello", stream=True)
            said = ""
            for event in stream:
                if event.type == "response.output_text.delta":
                    said += event.delta
                    stream.interrupt()
                    stream.interrupt()
            response = stream.get_final_response()
            self.assertEqual((response.status, response.incomplete_details.reason), ("incomplete", "interrupted"))
            self.assertTrue(said and response.output_text.startswith(said))
            stream.interrupt()

    def test_snapshots(self) -> None:
        with OpenAI(mock=True) as client, client.responses.stream(input="Say hello") as stream:
            text, snapshots, kept = "", [], []
            for event in stream:
                kept.append(event)
                if event.type == "response.output_text.delta":
                    text += event.delta
                    snapshots.append((event.snapshot, text))
                    self.assertEqual(event.to_dict()["snapshot"], text)
            self.assertTrue(snapshots)
            self.assertEqual([one for one, _ in snapshots], [other for _, other in snapshots])
            again = [event.snapshot for event in kept if event.type == "response.output_text.delta"]
            self.assertEqual(again, [one for one, _ in snapshots], "of a stored event")
            final = stream.get_final_response()
            self.assertIsInstance(final, ParsedResponse)
            self.assertEqual((final.output_text, final.output_parsed), (HELLO, None))
            self.assertEqual(kept[-1].response.output_text, HELLO)
            self.assertIs(stream.until_done(), stream)

    def test_resumed_iteration(self) -> None:
        with OpenAI(mock=True) as client:
            with client.responses.stream(input="Say hello") as stream:
                for event in stream:
                    if event.type == "response.output_text.delta":
                        break
                rest = [event.delta for event in stream if event.type == "response.output_text.delta"]
                self.assertEqual(event.delta + "".join(rest), HELLO)
            with client.responses.stream(model="mock:pace=3600", input="x") as stream:
                next(stream)
            with self.assertRaisesRegex(OpenAIError, "closed before its end"):
                stream.get_final_response()
            process = client._server.process()
        self.assertEqual(process._child.returncode, 0, "nothing was left at the backend")

    def test_text_format(self) -> None:
        with OpenAI(mock=True) as client, client.responses.stream(input="x", text_format=PERSON) as stream:
            done = [event for event in stream if event.type in ("response.output_text.done", "response.completed")]
            final = stream.get_final_response()
        self.assertIsInstance(final.output_parsed.age, int)
        self.assertEqual([done[0].parsed, done[1].response.output_parsed], [final.output_parsed] * 2)
        self.assertEqual(final.output[-1].content[0].parsed, final.output_parsed)

    def test_tools(self) -> None:
        with OpenAI(mock=True) as client:
            with client.responses.stream(input="x", tools=[TOOL]) as stream:
                snapshots = [e.snapshot for e in stream if e.type == "response.function_call_arguments.delta"]
                final = stream.get_final_response()
            [call] = final.tool_calls
            self.assertEqual(snapshots[-1], call.arguments)
            self.assertEqual(set(call.parsed_arguments), {"name", "age"})
            parsed = client.responses.parse(input="x", tools=[TOOL])
            self.assertEqual(
                (parsed.output_parsed, parsed.tool_calls[0].parsed_arguments), (None, call.parsed_arguments)
            )
            history = [{"role": "user", "content": "x"}, *parsed.output]
            history.append({"type": "function_call_output", "call_id": call.call_id, "output": "cloudy"})
            self.assertIn("cloudy", client.responses.create(input=history, tools=[TOOL]).output_text)

    def test_errors(self) -> None:
        with OpenAI(mock=True) as client:
            with (
                client.responses.stream(model="mock:status=429", input="x") as stream,
                self.assertRaises(RateLimitError),
            ):
                next(stream)
            with self.assertRaises(InvalidParamsError), client.responses.stream(response_id="r") as stream:
                stream.until_done()

    async def test_async(self) -> None:
        async with AsyncOpenAI(mock=True) as client:
            async with client.responses.stream(input="Say hello") as stream:
                async for event in stream:
                    if event.type == "response.output_text.delta":
                        break
                self.assertTrue(HELLO.startswith(event.snapshot))
                self.assertIs(await stream.until_done(), stream)
                self.assertEqual((await stream.get_final_response()).output_text, HELLO)
            async with client.responses.stream(input="x", text_format=PERSON) as stream:
                self.assertIsInstance((await stream.get_final_response()).output_parsed.age, int)
            async with client.responses.stream(model="mock:pace=3600", input="x") as stream:
                await stream.__anext__()
            process = client._server.process()
        self.assertEqual(process._child.returncode, 0, "nothing was left at the backend")


class AnswersTest(unittest.IsolatedAsyncioTestCase):
    """With a host that returns its parameters, including headers."""

    HEADERS = {"x-request-id": "req_1", "x-codex-plan": "plus"}  # noqa: RUF012

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.binary = harness.scripted_host(folder.name)
        self.client = OpenAI(binary=self.binary)
        self.addCleanup(self.client.close)

    def test_raw_response(self) -> None:
        answer = self.client.with_raw_response.call("echo", {"response_headers": self.HEADERS, "a": 1})
        self.assertEqual((answer.request_id, answer.headers["X-Codex-Plan"]), ("req_1", "plus"))
        self.assertEqual((answer.status_code, answer.http_response.status_code), (200, 200))
        self.assertEqual(answer.http_response.headers.get("x-request-id"), "req_1")
        self.assertEqual((answer.parse().a, answer.parse().include_headers), (1, True))
        self.assertNotIn("include_headers", self.client.call("echo"), "not requested otherwise")
        tasks = self.client.with_raw_response.codex.tasks.list()
        self.assertEqual((tasks.parse(), dict(tasks.headers), tasks.request_id), ({"include_headers": True}, {}, None))

    def test_streaming_response(self) -> None:
        with self.client.with_streaming_response.call("echo", {"response_headers": self.HEADERS}) as answer:
            self.assertEqual(answer.request_id, "req_1")
        with self.client.responses.with_streaming_response.create(input="x", stream=True) as answer:
            stream = answer.parse()
            self.assertEqual(dict(answer.headers), {})
        self.assertEqual([message.method for message in self.client.call("heard")][-2], "$/cancelRequest")
        with self.assertRaisesRegex(OpenAIError, "closed before its end"):
            next(stream)

    def test_request_id(self) -> None:
        with OpenAI(mock=True) as client:
            response = client.responses.create(input="x")
            stream = client.responses.create(input="x", stream=True)
            parsed = client.responses.parse(input="x", text_format=PERSON)
            results = [response, stream.get_final_response(), parsed, client.responses.parse(input="x")]
            results += [client.models.list(), client.embeddings.create(input="x", model="m")]
            for result in results:
                self.assertTrue(result._request_id, type(result).__name__)
                self.assertNotIn("response_headers", result)
            for result in [client.responses.create(input="x", include_headers=True)]:
                self.assertEqual(result.response_headers["x-request-id"], result._request_id)
            raw = client.responses.with_raw_response.create(input="x")
            self.assertEqual(raw.request_id, raw.parse()._request_id)
            with self.assertRaises(RateLimitError) as raised:
                client.responses.create(model="mock:status=429", input="x")
            self.assertEqual(raised.exception.response.headers["x-request-id"], raised.exception.request_id)
        self.assertIsNone(Response(id="r")._request_id)
        self.assertIsNone(ResponseStreamEvent(type="t")._request_id)

    def test_headers_of_a_stream(self) -> None:
        raw = self.client.with_raw_response
        answer = raw.responses.create(input="x", stream=True)
        answer.parse()._take(b'{"result":{"id":"r","response_headers":{"x-request-id":"req_2"}}}')
        self.assertEqual((answer.request_id, answer.parse().get_final_response().id), ("req_2", "r"))

    async def test_async(self) -> None:
        client = AsyncOpenAI(binary=self.binary)
        self.addAsyncCleanup(client.close)
        answer = await client.with_raw_response.call("echo", {"response_headers": self.HEADERS})
        self.assertEqual(answer.request_id, "req_1")
        async with client.with_streaming_response.call("echo", {"response_headers": self.HEADERS}) as answer:
            self.assertEqual(answer.request_id, "req_1")
        async with client.responses.with_streaming_response.create(input="x", stream=True) as answer:
            self.assertIsNone(answer.request_id)


class TurnTest(unittest.IsolatedAsyncioTestCase):
    """With the scripted host."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.binary = harness.scripted_host(folder.name)

    def turns(self, heard: Any) -> list[Any]:
        return [message.params.get("turn") for message in heard if message.method.startswith("responses.")]

    def test_turn(self) -> None:
        client = OpenAI(binary=self.binary)
        self.addCleanup(client.close)
        with client.responses.turn() as responses:
            for _ in range(2):
                responses.create(input="x", stream=True).close()
            with responses.stream(input="x"):
                pass
            responses.create(input="x", turn="own", stream=True).close()
            responses.compact(input=[])
        with client.responses.turn() as other:
            other.create(input="x", stream=True).close()
        client.responses.create(input="x", stream=True).close()
        one, two, three, own, compact, second, none = self.turns(client.call("heard"))
        self.assertEqual((one, two, own, compact, none), (two, three, "own", None, None))
        self.assertRegex(one, "^[0-9a-f]{32}$")
        self.assertNotEqual(one, second)

    async def test_async(self) -> None:
        client = AsyncOpenAI(binary=self.binary)
        self.addAsyncCleanup(client.close)
        async with client.responses.turn() as responses:
            await (await responses.create(input="x", stream=True)).close()
            await (await responses.create(input="x", stream=True)).close()
        with client.responses.turn() as responses:
            await (await responses.create(input="x", stream=True)).close()
        one, two, three = self.turns(await client.call("heard"))
        self.assertEqual(one, two)
        self.assertNotEqual(two, three)


if __name__ == "__main__":
    unittest.main()
