"""The tests that need Pydantic, which the package uses if it is installed:

python3 -m unittest discover -s clients/python/tests -p with_pydantic.py
"""

from __future__ import annotations

import unittest

from pydantic import BaseModel, ValidationError

import harness  # noqa: F401

from codex_rpc import AsyncOpenAI, OpenAI, ParsedResponse, Response
from codex_rpc._parsing import Parser
from codex_rpc._schema import Format


class Person(BaseModel):
    name: str
    age: int


class FormatTest(unittest.TestCase):
    def test_param(self) -> None:
        self.assertEqual(Format(Person).param, {"name": "Person", "schema": Person.model_json_schema()})

    def test_parsed(self) -> None:
        message = {"type": "message", "content": [{"type": "output_text", "text": '{"name":"Ada","age":37}'}]}
        result = {"response": {"id": "r", "output": [message]}, "output_parsed": {"name": "Ada", "age": 37}}
        person = Parser(Person, None).parsed(result)
        self.assertEqual(person.output_parsed, Person(name="Ada", age=37))
        self.assertIsInstance(person, Response)
        message["content"] = [{"type": "output_text", "text": '{"name":"Ada"}'}]
        with self.assertRaises(ValidationError):
            Parser(Person, None).parsed(result)


class MockTest(unittest.IsolatedAsyncioTestCase):
    def test_example_of_the_seed(self) -> None:
        with OpenAI(mock=True) as client:
            parsed = client.responses.parse(
                model="gpt-5.5",
                input="Extract: Ada is 37 years old.",
                text_format=Person,
            )
        self.assertEqual(parsed.status, "completed")
        self.assertIsInstance(parsed.output_parsed, Person)
        self.assertIsInstance(parsed.output_parsed.age, int)

    async def test_async(self) -> None:
        async with AsyncOpenAI(mock=True) as client:
            person: ParsedResponse[Person] = await client.responses.parse(input="x", text_format=Person)
            self.assertIsInstance(person.output_parsed, Person)


if __name__ == "__main__":
    unittest.main()
