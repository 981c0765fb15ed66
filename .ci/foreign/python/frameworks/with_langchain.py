"""LangChain's OpenAI classes, and LangGraph, over codex_rpc.httpx."""

from __future__ import annotations

import asyncio
import unittest
from importlib.metadata import version
from typing import Any

import harness
import openai
from langchain_core.messages import HumanMessage
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI, OpenAIEmbeddings
from langgraph.prebuilt import create_react_agent
from pydantic import BaseModel

from codex_rpc.httpx import AsyncTransport, Transport

NAME = f"langchain-openai {version('langchain-openai')}"
GRAPH = f"langgraph {version('langgraph')}"
HELLO = 'You said: "Say hello"'


class Person(BaseModel):
    name: str
    age: int


@tool
def weather(city: str) -> str:
    """Tells the weather of a city."""
    return "cloudy"


class LangChainTest(unittest.TestCase):
    def setUp(self) -> None:
        self.http = openai.DefaultHttpxClient(transport=Transport(mock=True))
        self.http_async = openai.DefaultAsyncHttpxClient(transport=AsyncTransport(mock=True))
        self.addCleanup(self.http.close)
        self.addCleanup(lambda: asyncio.run(self.http_async.aclose()))

    def models(self, **options: Any) -> list[tuple[str, ChatOpenAI]]:
        clients = {"http_client": self.http, "http_async_client": self.http_async, **options}
        common: dict[str, Any] = {"model": "gpt-5.5", "api_key": "-", "max_retries": 0, **clients}
        return [
            ("chat completions", ChatOpenAI(use_responses_api=False, **common)),
            ("responses", ChatOpenAI(use_responses_api=True, **common)),
        ]

    def test_completion(self) -> None:
        for kind, model in self.models(temperature=0.5):
            self.assertEqual(model.invoke("Say hello").text, HELLO)
            self.assertEqual(asyncio.run(model.ainvoke("Say hello")).text, HELLO)
            harness.row(f"{NAME}, {kind}: completion", HELLO)

    def test_stream(self) -> None:
        for kind, model in self.models():
            chunks = list(model.stream("Say hello"))
            self.assertEqual("".join(chunk.text for chunk in chunks), HELLO)
            harness.row(f"{NAME}, {kind}: stream", f"{len(chunks)} chunks")

    def test_structured_output(self) -> None:
        for kind, model in self.models():
            person = model.with_structured_output(Person).invoke("Ada is 37.")
            self.assertIsInstance(person, Person)
            harness.row(f"{NAME}, {kind}: structured output", type(person).__name__)

    def test_tools_in_a_loop(self) -> None:
        for kind, model in self.models():
            bound = model.bind_tools([weather])
            history: list[Any] = [HumanMessage("What is the weather in Paris?")]
            answer = bound.invoke(history)
            self.assertEqual([call["name"] for call in answer.tool_calls], ["weather"])
            history += [answer, *(weather.invoke(call) for call in answer.tool_calls)]
            self.assertIn("cloudy", bound.invoke(history).text)
            harness.row(f"{NAME}, {kind}: tools in a loop", bound.invoke(history).text)

    def test_graph(self) -> None:
        for kind, model in self.models():
            agent = create_react_agent(model, [weather])
            state = agent.invoke({"messages": [("user", "What is the weather in Paris?")]})
            self.assertEqual([m.type for m in state["messages"]], ["human", "ai", "tool", "ai"])
            self.assertIn("cloudy", state["messages"][-1].text)
            harness.row(f"{GRAPH}, {kind}: agent with a tool", "human, ai, tool, ai")

    def test_embeddings(self) -> None:
        embeddings = OpenAIEmbeddings(api_key="-", http_client=self.http, check_embedding_ctx_length=False)
        self.assertEqual(len(embeddings.embed_documents(["a", "b"])), 2)
        harness.row(f"{NAME}: embeddings", "2 vectors")

    def test_limit(self) -> None:
        http = openai.DefaultHttpxClient(transport=Transport(mock="path=/responses,status=429", max_retries=0))
        for kind, model in self.models(http_client=http):
            with self.assertRaises(openai.RateLimitError):
                model.invoke("x")
            harness.row(f"{NAME}, {kind}: a 429", "openai.RateLimitError")
        http.close()

    def test_early_stop(self) -> None:
        transport = Transport(mock="deltas=50,pace=0.1")
        http = openai.DefaultHttpxClient(transport=transport)
        for kind, model in self.models(http_client=http):
            stream = model.stream("x")
            next(stream)
            stream.close()
            self.assertEqual(transport._caller._server.process().connection.ids(), [])
            harness.row(f"{NAME}, {kind}: early stop", "the call is cancelled")
        http.close()


if __name__ == "__main__":
    unittest.main()
