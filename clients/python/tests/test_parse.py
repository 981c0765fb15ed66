from __future__ import annotations

import copy
import enum
import pickle
import unittest
from dataclasses import dataclass, field
from typing import Any, Literal, Optional, Union

import harness  # noqa: F401

from codex_rpc import AsyncOpenAI, OpenAI, ParsedResponse, Response, ResponseFailedError
from codex_rpc._parsing import Parser
from codex_rpc._schema import Format, object_of, schema_of


class Color(enum.Enum):
    RED = "red"
    BLUE = "blue"


@dataclass
class Point:
    x: float
    y: float = 0


@dataclass
class Shape:
    name: str
    corners: list[Point]
    color: Color
    kind: Literal["open", "closed"]
    weight: Union[int, str, None]
    tags: dict[str, bool]
    inner: Optional[Shape] = None
    anything: Any = None
    area: float = field(init=False, default=0)


@dataclass
class Person:
    name: str
    age: int


OBJECT = {"type": "object", "additionalProperties": False}
SHAPE_SCHEMA = {
    "title": "Shape",
    **OBJECT,
    "properties": {
        "name": {"type": "string"},
        "corners": {"type": "array", "items": {"$ref": "#/$defs/Point"}},
        "color": {"enum": ["red", "blue"]},
        "kind": {"enum": ["open", "closed"]},
        "weight": {"anyOf": [{"type": "integer"}, {"type": "string"}, {"type": "null"}]},
        "tags": {"type": "object", "additionalProperties": {"type": "boolean"}},
        "inner": {"anyOf": [{"$ref": "#"}, {"type": "null"}]},
        "anything": {},
    },
    "required": ["name", "corners", "color", "kind", "weight", "tags", "inner", "anything"],
    "$defs": {
        "Point": {
            **OBJECT,
            "properties": {"x": {"type": "number"}, "y": {"type": "number"}},
            "required": ["x", "y"],
        }
    },
}
TRIANGLE: dict[str, Any] = {
    "name": "triangle",
    "corners": [{"x": 1, "y": 2.5}],
    "color": "blue",
    "kind": "closed",
    "weight": None,
    "tags": {"a": True},
    "inner": None,
    "anything": [1],
}


class DataclassTest(unittest.TestCase):
    def test_schema(self) -> None:
        self.assertEqual(schema_of(Shape), SHAPE_SCHEMA)

    def test_unsupported_schemas(self) -> None:
        @dataclass
        class Odd:
            when: complex

        with self.assertRaisesRegex(TypeError, "complex.*, which has no JSON Schema"):
            schema_of(Odd)

    def test_object(self) -> None:
        plain = Shape("triangle", [Point(1.0, 2.5)], Color.BLUE, "closed", None, {"a": True}, None, [1])
        self.assertEqual(object_of(Shape, TRIANGLE), plain)
        nested = object_of(Shape, {**TRIANGLE, "inner": TRIANGLE, "weight": "heavy"})
        self.assertEqual((nested.inner, nested.weight), (plain, "heavy"))

    def test_mismatched_object(self) -> None:
        for change, message in [
            ({"name": 5}, r"^\$\.name is 5, not of type string$"),
            ({"corners": {}}, r"^\$\.corners is {}, not of type array$"),
            ({"corners": [{"x": True, "y": 0}]}, r"^\$\.corners\[0\]\.x is True, not of type number$"),
            ({"corners": [{"x": 1}]}, r"^\$\.corners\[0\] is missing y$"),
            ({"color": "green"}, "green"),
            ({"kind": "ajar"}, r"^\$\.kind is 'ajar', not one of "),
            ({"weight": 1.5}, r"^\$\.weight is 1\.5, not of type integer; .*not of type string; .*not of type null$"),
            ({"tags": {"a": 1}}, r"^\$\.tags\.a is 1, not of type boolean$"),
            ({"tags": []}, r"^\$\.tags is \[\], not of type object$"),
        ]:
            with self.subTest(change=change), self.assertRaisesRegex(ValueError, message):
                object_of(Shape, {**TRIANGLE, **change})


class FormatTest(unittest.TestCase):
    def test_param(self) -> None:
        schema = {"title": "person", "type": "object"}
        for given, name, expected in [
            (Shape, "Shape", SHAPE_SCHEMA),
            ({"name": "n", "schema": schema}, "n", schema),
            (schema, "person", schema),
            ({"type": "object"}, "output", {"type": "object"}),
        ]:
            wanted: Format[Any] = Format(given)  # type: ignore[arg-type]
            self.assertEqual(wanted.param, {"name": name, "schema": expected})

    def test_invalid_formats(self) -> None:
        for given in [int, "Person", Shape("", [], Color.RED, "open", 1, {}), None]:
            with self.subTest(given=given), self.assertRaisesRegex(TypeError, "text_format must be"):
                Format(given)  # type: ignore[arg-type]

    def test_parsed(self) -> None:
        message = {"type": "message", "content": [{"type": "output_text", "text": '{"name":"Ada","age":37}'}]}
        result = {"response": {"id": "r", "output": [message]}, "output_parsed": {"name": "Ada", "age": 37}}
        person = Parser(Person, None).parsed(result)
        self.assertEqual(person.output_parsed, Person(name="Ada", age=37))
        self.assertIsInstance(person, Response)
        self.assertEqual((person.id, person.response.output_text), ("r", '{"name":"Ada","age":37}'))
        self.assertIn('"age":37', person.to_json(indent=None))
        loose = Parser({"type": "object"}, None).parsed(result)
        self.assertEqual((loose.output_parsed.name, loose.output_parsed["age"]), ("Ada", 37))

    def test_parsed_of_each_message(self) -> None:
        def message(text: str, phase: str | None = None) -> dict[str, Any]:
            return {"type": "message", "phase": phase, "content": [{"type": "output_text", "text": text}]}

        ada = '{"name":"Ada","age":37}'
        call = {"type": "function_call", "name": "f", "arguments": '{"x":1}'}
        for output, value, expected in [
            ([message("Let me see.", "commentary"), message(ada, "final_answer")], {"name": "Ada"}, [None, "Ada"]),
            ([message("Let me see."), message(ada)], {"name": "Ada"}, [None, "Ada"]),
            ([message("Let me see.", "commentary"), call], None, [None]),
            ([call], None, []),
        ]:
            result = {"response": {"id": "r", "output": output}, "output_parsed": value}
            response = Parser(Person, [{"type": "function", "name": "f", "strict": True}]).parsed(result)
            texts = [part for item in response.output for part in item.get("content", ())]
            self.assertEqual([part.parsed and part.parsed.name for part in texts], expected)
            self.assertEqual(response.output_parsed and response.output_parsed.name, value and value["name"])
            self.assertEqual([each.parsed_arguments for each in response.tool_calls], [{"x": 1}] * output.count(call))
            self.assertEqual(response.to_dict()["output"], output, "parsed values are not sent again")

    def test_parsed_mismatch(self) -> None:
        message = {"type": "message", "content": [{"type": "output_text", "text": '{"name":"Ada","age":"old"}'}]}
        result = {"response": {"id": "r", "output": [message]}, "output_parsed": {"name": "Ada", "age": "old"}}
        with self.assertRaisesRegex(ValueError, "not of type integer"):
            Parser(Person, None).parsed(result)

    def test_tools(self) -> None:
        class Made(dict[str, Any]):
            """The relevant part of the result of openai.pydantic_function_tool."""

            class model:
                @staticmethod
                def model_validate_json(text: str) -> str:
                    return f"made of {text}"

        made = Made(type="function", function={"name": "f", "strict": True, "parameters": {}})
        loose = {"type": "function", "name": "g"}
        parser = Parser(None, [made, loose])
        sent = [{"type": "function", "name": "f", "strict": True, "parameters": {}}, loose]
        self.assertEqual(parser.method({"input": "x"}), ("responses.create", {"input": "x", "tools": sent}))
        calls = [{"type": "function_call", "name": name, "arguments": "{}"} for name in "fgh"]
        response = parser.parsed(Response(output=calls))
        self.assertEqual([call.parsed_arguments for call in response.output], ["made of {}", None, None])
        self.assertEqual(response.output[0]["parsed_arguments"], "made of {}")
        for copied in [pickle.loads(pickle.dumps(response.output[1])), copy.copy(response.output[1])]:
            self.assertIsNone(copied.parsed_arguments)
            self.assertEqual(copied, calls[1])


class MockTest(unittest.IsolatedAsyncioTestCase):
    def test_all_kinds(self) -> None:
        with OpenAI(mock=True) as client:
            person = client.responses.parse(input="Ada is 37 years old.", text_format=Person)
            self.assertIsInstance(person.output_parsed, Person)
            point = client.responses.parse(input="x", text_format=Point)
            self.assertIsInstance(point.output_parsed, Point)
            loose = client.responses.parse(input="x", text_format=schema_of(Person))
            self.assertIsInstance(loose.output_parsed.age, int)
            with self.assertRaisesRegex(ValueError, "Cannot pass both text_format and text.format."):
                client.responses.parse(input="x", text_format=Person, text={"format": {"type": "json_object"}})
            with self.assertRaisesRegex(ResponseFailedError, "age"):
                client.responses.parse(input="x", model='mock:reply={"name": 1}', text_format=Person)

    async def test_async(self) -> None:
        async with AsyncOpenAI(mock=True) as client:
            person: ParsedResponse[Person] = await client.responses.parse(input="x", text_format=Person)
            self.assertIsInstance(person.output_parsed, Person)


if __name__ == "__main__":
    unittest.main()
