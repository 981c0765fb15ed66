"""The OpenAI Agents SDK over codex_rpc.httpx."""

from __future__ import annotations

import asyncio
import unittest
from importlib.metadata import version

import harness
import openai
from agents import (
    Agent,
    ModelSettings,
    OpenAIChatCompletionsModel,
    OpenAIResponsesModel,
    RunConfig,
    Runner,
    function_tool,
    set_tracing_disabled,
)
from agents.models.interface import Model
from pydantic import BaseModel

from codex_rpc.httpx import async_openai_client

set_tracing_disabled(True)
NAME = f"openai-agents {version('openai-agents')}"


class Person(BaseModel):
    name: str
    age: int


@function_tool
def weather(city: str) -> str:
    """Tells the weather of a city."""
    return "cloudy"


def models(client: openai.AsyncOpenAI) -> list[Model]:
    return [
        OpenAIResponsesModel(model="gpt-5.5", openai_client=client),
        OpenAIChatCompletionsModel(model="gpt-5.5", openai_client=client),
    ]


class AgentsTest(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self) -> None:
        self.client = async_openai_client(mock=True)
        self.addAsyncCleanup(self.client.close)

    async def test_completion(self) -> None:
        for model in models(self.client):
            result = await Runner.run(Agent(name="a", model=model), "Say hello")
            self.assertEqual(result.final_output, 'You said: "Say hello"')
            harness.row(f"{NAME}, {type(model).__name__}: completion", result.final_output)

    async def test_stream(self) -> None:
        for model in models(self.client):
            result = Runner.run_streamed(Agent(name="a", model=model), "Say hello")
            deltas = [
                event.data.delta
                async for event in result.stream_events()
                if event.type == "raw_response_event" and event.data.type == "response.output_text.delta"
            ]
            self.assertEqual("".join(deltas), 'You said: "Say hello"')
            harness.row(f"{NAME}, {type(model).__name__}: stream", f"{len(deltas)} deltas")

    async def test_tools_in_a_loop(self) -> None:
        for model in models(self.client):
            agent = Agent(name="a", model=model, tools=[weather])
            result = await Runner.run(agent, "What is the weather in Paris?")
            self.assertIn("cloudy", result.final_output)
            harness.row(f"{NAME}, {type(model).__name__}: tools in a loop", result.final_output)

    async def test_structured_output(self) -> None:
        for model in models(self.client):
            result = await Runner.run(Agent(name="a", model=model, output_type=Person), "Ada is 37.")
            self.assertIsInstance(result.final_output, Person)
            harness.row(f"{NAME}, {type(model).__name__}: structured output", type(result.final_output).__name__)

    async def test_handoff(self) -> None:
        for model in models(self.client):
            poet = Agent(name="poet", model=model, instructions="Write poems.")
            triage = Agent(name="triage", model=model, handoffs=[poet])
            result = await Runner.run(triage, "A poem, please")
            self.assertEqual(result.last_agent.name, "poet")
            harness.row(f"{NAME}, {type(model).__name__}: handoff", f"to {result.last_agent.name}")

    async def test_limit(self) -> None:
        client = async_openai_client(mock="path=/responses,status=429", max_retries=0)
        for model in models(client):
            with self.assertRaises(openai.RateLimitError):
                await Runner.run(Agent(name="a", model=model), "x")
            harness.row(f"{NAME}, {type(model).__name__}: a 429", "openai.RateLimitError")
        await client.close()

    async def test_early_stop(self) -> None:
        client = async_openai_client(mock="deltas=50,pace=0.1")
        transport = client._client._transport
        for model in models(client):
            result = Runner.run_streamed(Agent(name="a", model=model), "x")
            async for event in result.stream_events():
                if event.type == "raw_response_event" and event.data.type == "response.output_text.delta":
                    result.cancel()
                    break
            for _ in range(100):
                if not transport._caller._server.process().connection.ids():
                    break
                await asyncio.sleep(0.05)
            self.assertEqual(transport._caller._server.process().connection.ids(), [])
            harness.row(f"{NAME}, {type(model).__name__}: early stop", "the call is cancelled")
        await client.close()

    async def test_settings_that_the_backend_does_not_take(self) -> None:
        settings = ModelSettings(temperature=0.5, top_p=0.9, max_tokens=100, metadata={"a": "b"})
        for model in models(self.client):
            agent = Agent(name="a", model=model, model_settings=settings)
            result = await Runner.run(agent, "Say hello", run_config=RunConfig(tracing_disabled=True))
            self.assertEqual(result.final_output, 'You said: "Say hello"')
            harness.row(f"{NAME}, {type(model).__name__}: temperature, top_p, max_tokens", result.final_output)


if __name__ == "__main__":
    unittest.main()
