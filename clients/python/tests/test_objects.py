from __future__ import annotations

import copy
import json
import pickle
import unittest
from decimal import Decimal

import harness  # noqa: F401

from codex_rpc import (
    CodexBaseModel,
    MemorySummarizeResponse,
    Model,
    Object,
    ParsedResponse,
    RawMemory,
    RealtimeCallResponse,
    Response,
    ResponseStreamEvent,
    ResponseUsage,
    SyncPage,
)
from codex_rpc._encoding import encoded
from codex_rpc._objects import event_of, loads, wrapped

RESPONSE = {
    "id": "resp_1",
    "output": [
        {"type": "reasoning", "summary": [{"text": "First"}, {"text": ""}, {"text": "Second"}]},
        {"type": "message", "content": [{"type": "output_text", "text": "Hel"}, {"type": "refusal", "refusal": "no"}]},
        {"type": "function_call", "name": "f", "arguments": "{}", "call_id": "call_1"},
        {"type": "message", "content": [{"type": "output_text", "text": "lo"}]},
    ],
    "usage": {"input_tokens": 3, "input_tokens_details": {"cached_tokens": 1}},
    "future": {"kept": [1]},
}


def response() -> Response:
    return Response(copy.deepcopy(RESPONSE))


def line(event: str) -> bytes:
    return b'{"jsonrpc":"2.0","method":"stream.event","params":{"id":1,"seq":0,"event":%s}}' % event.encode()


class ModelTest(unittest.TestCase):
    def test_access(self) -> None:
        r = response()
        self.assertEqual(r.id, r["id"])
        self.assertIsInstance(r.usage, ResponseUsage)
        assert r.usage is not None
        self.assertEqual(r.usage.input_tokens_details.cached_tokens, 1)
        self.assertEqual(r.usage["input_tokens_details"]["cached_tokens"], 1)
        self.assertEqual(r.output[1].content[0].text, r.output[1]["content"][0]["text"])
        self.assertEqual(r.future.kept, [1], "undeclared members are kept")
        self.assertIsNone(r.temperature, "absent declared members are None")
        described = Response(reasoning={"effort": "low"}, error={"message": "x"})
        assert described.reasoning is not None
        assert described.error is not None
        self.assertEqual((described.reasoning.effort, described.reasoning.context), ("low", None))
        self.assertEqual((described.error.message, described.error.code), ("x", None))
        self.assertIs(r.output, r.output)
        self.assertEqual(r.get("id"), "resp_1")
        self.assertEqual(r.get("absent", 5), 5)
        self.assertIn("usage", r)
        self.assertIn("future", dir(r))

    def test_no_such_member(self) -> None:
        with self.assertRaisesRegex(AttributeError, "'Response' object has no attribute 'nonsense'"):
            _ = response().nonsense
        with self.assertRaises(KeyError):
            _ = response()["nonsense"]
        with self.assertRaisesRegex(AttributeError, "no member 'role'"):
            _ = response().output[0].role
        with self.assertRaises(AttributeError):
            response().output_text = "derived"  # type: ignore[misc]

    def test_derived(self) -> None:
        self.assertEqual(response().output_text, "Hello")
        self.assertEqual(response()["output_text"], "Hello")
        self.assertEqual(response().reasoning_summary, "First\nSecond")
        self.assertEqual([call.name for call in response().tool_calls], ["f"])
        empty = Response(id="resp_2")
        self.assertEqual((empty.output_text, empty.reasoning_summary, empty.tool_calls), ("", None, []))

    def test_conversion_back(self) -> None:
        r = response()
        _ = r.output[0].summary, r.usage, r.future
        self.assertEqual(r.to_dict(), RESPONSE)
        self.assertIs(type(r.to_dict()["output"][0]), dict)
        self.assertEqual(json.loads(r.to_json()), RESPONSE)
        self.assertNotIn("\n", r.to_json(indent=None))
        self.assertEqual(r.model_dump(mode="json"), RESPONSE)
        self.assertEqual(Response(a=None, b=1).to_dict(exclude_none=True), {"b": 1})
        self.assertEqual(json.loads(json.dumps(r.output)), RESPONSE["output"], "items can be sent unchanged")

    def test_copies(self) -> None:
        r = response()
        for other in [pickle.loads(pickle.dumps(r)), copy.copy(r), copy.deepcopy(r)]:
            self.assertEqual(other, r)
            self.assertIsNot(other, r)
        self.assertNotEqual(r, Response(id="resp_2"))
        self.assertNotEqual(r, RESPONSE)
        with self.assertRaises(TypeError):
            hash(r)
        self.assertEqual(repr(Response(id="a", n=[1])), "Response(id='a', n=[1])")

    def test_page(self) -> None:
        page: SyncPage[Model] = SyncPage({"object": "list", "data": [{"id": "a"}, {"id": "b"}], "etag": "W/1"})
        self.assertEqual([model.id for model in page], ["a", "b"])
        self.assertIsInstance(page[0], Model)
        self.assertEqual((len(page), page[-1].id, page["etag"], page.etag), (2, "b", "W/1", "W/1"))
        self.assertEqual([model.id for model in page[1:]], ["b"])
        self.assertFalse(page.has_next_page())
        self.assertIsNone(page.next_page_info())

    def test_others(self) -> None:
        memory = RawMemory(id="t", metadata={"source_path": "p"}, items=[{"a": 1}])
        self.assertEqual((memory.items[0].a, memory.metadata.source_path), (1, "p"))
        summary = MemorySummarizeResponse({"output": [{"raw_memory": "raw", "memory_summary": "sum"}]})
        self.assertEqual((summary.output[0].raw_memory, summary.output[0].memory_summary), ("raw", "sum"))
        answer = RealtimeCallResponse({"text": "v=0\r\n", "content_type": "application/sdp"})
        self.assertEqual((answer.content, answer.read()), (b"v=0\r\n", b"v=0\r\n"))
        self.assertIsNone(answer.call_id)
        parsed: ParsedResponse[object] = ParsedResponse(RESPONSE, output_parsed=5)
        self.assertEqual((parsed.output_parsed, parsed.output_text, parsed.response), (5, "Hello", response()))

    def test_object(self) -> None:
        item = wrapped({"type": "t", "items": [{"a": [{"b": 1}]}]})
        self.assertIsInstance(item, Object)
        self.assertEqual(item["items"][0].a[0].b, 1)
        self.assertEqual(item, {"type": "t", "items": [{"a": [{"b": 1}]}]})
        self.assertIs(type(item.to_dict()["items"][0]), dict)


class EventTest(unittest.TestCase):
    def test_type_is_known_without_decoding(self) -> None:
        event = event_of(line('{"type":"a.b","delta":'))
        self.assertEqual(event.type, "a.b")
        with self.assertRaisesRegex(ValueError, "an event that is not JSON"):
            _ = event.delta

    def test_type_anywhere(self) -> None:
        for text in [
            '{"delta":"d","type":"a\\u002eb"}',
            '{"type":"a\\u002eb","delta":"d"}',
            '{"type" : "a.b","delta":"d"}',
        ]:
            with self.subTest(text=text):
                event = event_of(line(text))
                self.assertEqual((event.type, event.delta, event["type"]), ("a.b", "d", "a.b"))

    def test_members(self) -> None:
        event = event_of(
            line('{"type":"t","item":{"name":"f"},"response":{"id":"r","usage":{"total_tokens":1}},"n":1}')
        )
        self.assertEqual(event.item.name, event.item["name"])
        self.assertEqual((event.response.usage.total_tokens, event.response["id"]), (1, "r"))
        self.assertEqual(event.n, 1)
        self.assertEqual(event.to_dict()["item"], {"name": "f"})
        with self.assertRaises(AttributeError):
            _ = event.delta
        self.assertEqual(pickle.loads(pickle.dumps(event)), event)

    def test_long_integer(self) -> None:
        digits = "-" + "9" * 5000  # more than int() accepts
        event = event_of(line('{"type":"t","n":' + digits + ',"m":1}'))
        self.assertEqual((str(event.n), event.m), (digits, 1))

    def test_exact_numbers(self) -> None:
        digits = "9" * 5000
        text = '{"a":N,"b":[-N,{"c":1.5,"d":"N"}]}'.replace("N", digits)
        members = loads(text)
        self.assertEqual(encoded(members).decode(), text)
        self.assertEqual(CodexBaseModel(members).to_json(indent=None), text)
        self.assertEqual(
            encoded([Decimal("1E+400"), (Decimal("0.10"),), {"a": Decimal("-0")}]), b'[1E+400,[0.10],{"a":-0}]'
        )
        for value in (Decimal("NaN"), Decimal("-Infinity")):
            with self.assertRaises(ValueError):
                encoded([value])

    def test_constructed(self) -> None:
        event = ResponseStreamEvent(type="response.output_text.delta", delta="d")
        self.assertEqual((event.type, event.delta), ("response.output_text.delta", "d"))


if __name__ == "__main__":
    unittest.main()
