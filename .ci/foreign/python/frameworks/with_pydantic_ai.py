"""pydantic-ai over codex_rpc.httpx."""

from __future__ import annotations

import unittest
from importlib.metadata import version
from typing import Any

import harness
from pydantic import BaseModel
from pydantic_ai import Agent
from pydantic_ai.exceptions import ModelHTTPError
from pydantic_ai.models.openai import OpenAIChatModel, OpenAIResponsesModel
from pydantic_ai.providers.openai import OpenAIProvider

from codex_rpc.httpx import async_openai_client

NAME = f"pydantic-ai {version('pydantic-ai-slim')}"
HELLO = 'You said: "Say hello"'


class Person(BaseModel):
    name: str
    age: int


def models(client: Any) -> list[Any]:
    provider = OpenAIProvider(openai_client=client)
    return [OpenAIChatModel("gpt-5.5", provider=provider), OpenAIResponsesModel("gpt-5.5", provider=provider)]


def asks_another(model: Any) -> Agent[None, str]:
    poet, triage = Agent(model), Agent(model)

    @triage.tool_plain
    async def poem(topic: str) -> str:
        """Has a poem written."""
        return (await poet.run(f"A poem about rain for {topic}")).output

    return triage


class PydanticAITest(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self) -> None:
        self.client = async_openai_client(mock=True)
        self.addAsyncCleanup(self.client.close)

    async def test_completion(self) -> None:
        for model in models(self.client):
            result = await Agent(model, model_settings={"temperature": 0.5}).run("Say hello")
            self.assertEqual(result.output, HELLO)
            harness.row(f"{NAME}, {type(model).__name__}: completion", result.output)

    async def test_stream(self) -> None:
        for model in models(self.client):
            async with Agent(model).run_stream("Say hello") as result:
                deltas = [delta async for delta in result.stream_text(delta=True)]
            self.assertEqual("".join(deltas), HELLO)
            harness.row(f"{NAME}, {type(model).__name__}: stream", "".join(deltas))

    async def test_tools_in_a_loop(self) -> None:
        for model in models(self.client):
            agent = Agent(model)

            @agent.tool_plain
            def weather(city: str) -> str:
                """Tells the weather of a city."""
                return "cloudy"

            result = await agent.run("What is the weather in Paris?")
            self.assertIn("cloudy", result.output)
            harness.row(f"{NAME}, {type(model).__name__}: tools in a loop", result.output)

    async def test_structured_output(self) -> None:
        for model in models(self.client):
            result = await Agent(model, output_type=Person).run("Ada is 37.")
            self.assertIsInstance(result.output, Person)
            harness.row(f"{NAME}, {type(model).__name__}: structured output", type(result.output).__name__)

    async def test_history(self) -> None:
        for model in models(self.client):
            agent = Agent(model)
            first = await agent.run("I am Ada.")
            second = await agent.run("Who am I?", message_history=first.all_messages())
            self.assertIn("Who am I?", second.output)
            harness.row(f"{NAME}, {type(model).__name__}: a second turn", second.output)

    async def test_delegation(self) -> None:
        for model in models(self.client):
            result = await asks_another(model).run("A poem, please")
            self.assertIn("rain", result.output)
            harness.row(f"{NAME}, {type(model).__name__}: an agent asks another", "the other's answer")

    async def test_limit(self) -> None:
        client = async_openai_client(mock="path=/responses,status=429", max_retries=0)
        for model in models(client):
            with self.assertRaises(ModelHTTPError) as raised:
                await Agent(model).run("x")
            self.assertEqual(raised.exception.status_code, 429)
            harness.row(f"{NAME}, {type(model).__name__}: a 429", "ModelHTTPError, 429")
        await client.close()

    async def test_early_stop(self) -> None:
        client = async_openai_client(mock="deltas=50,pace=0.1")
        transport = client._client._transport
        for model in models(client):
            async with Agent(model).run_stream("x") as result:
                async for _ in result.stream_text(delta=True, debounce_by=None):
                    break
            self.assertEqual(transport._caller._server.process().connection.ids(), [])
            harness.row(f"{NAME}, {type(model).__name__}: early stop", "the call is cancelled")
        await client.close()


if __name__ == "__main__":
    unittest.main()
