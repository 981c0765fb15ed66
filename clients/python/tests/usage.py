"""Type checks of the public declarations by mypy --strict. It is not run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import assert_type

from codex_rpc import AsyncOpenAI, OpenAI, ResponseStreamEvent

if TYPE_CHECKING:
    from codex_rpc.types import (
        FunctionToolParam,
        ResponseCompletedEvent,
        ResponseFunctionToolCall,
        ResponseInputItemParam,
        ResponseTextDeltaEvent,
        UnknownObject,
    )


class Place:
    name: str


def by_if(event: ResponseStreamEvent) -> str:
    if event.type == "response.output_text.delta":
        assert_type(event, ResponseTextDeltaEvent)
        return event.delta
    if event.type == "response.completed":
        assert_type(event, ResponseCompletedEvent)
        return event.response.output_text
    if event.type in ("response.function_call_arguments.done", "response.mcp_call_arguments.done"):
        return event["arguments"]
    return event.delta  # type: ignore[union-attr, return-value]  # only some events have a delta


def by_match(event: ResponseStreamEvent) -> str:
    match event.type:
        case "response.output_text.delta" | "response.refusal.delta":
            return event.delta
        case "response.output_item.done":
            item = event.item
            if item.type == "function_call":
                assert_type(item, ResponseFunctionToolCall)
                return item.arguments
            if item.type == "message":
                for part in item.content:
                    if part.type == "output_text":
                        return part.text
            return item.arguments  # type: ignore[union-attr]  # only some items have arguments
        case "codex.rate_limits":
            return str(event.plan_type)
        case "<not declared>":
            assert_type(event, UnknownObject)
            return str(event.whatever)
        case _:
            return event.type


def threads(client: OpenAI) -> None:
    tool: FunctionToolParam = {"type": "function", "name": "f", "parameters": {"type": "object"}}
    later: FunctionToolParam = {"type": "function", "name": "f", "async": True}
    wrong: FunctionToolParam = {"type": "function", "name": 5}  # type: ignore[typeddict-item]
    items: list[ResponseInputItemParam] = [
        {"role": "user", "content": "x"},
        {"type": "function_call_output", "call_id": "c", "output": "x"},
        {"type": "tomorrow", "x": 1},
    ]
    for event in client.responses.create(input=items, tools=[tool, later, wrong, {"type": "web_search"}], stream=True):
        by_if(event)
    response = client.responses.create(input="x")
    for item in response.output:
        if item.type == "function_call":
            assert_type(item.arguments, str)
    client.responses.create(input=response.output, tool_choice="auto", reasoning={"effort": "low"})
    with client.responses.stream(input="x") as stream:
        for parsed in stream:
            if parsed.type == "response.output_text.delta":
                assert_type(parsed.snapshot, str)
    with client.responses.stream(input="x", text_format=Place) as places:
        assert_type(places.get_final_response().output_parsed, Place)
    client.responses.stream(input="x", modle="m")  # type: ignore[call-overload]
    client.responses.compact(input=items, tool_choice="auto")  # type: ignore[call-arg]
    client.images.edit(image="x.png", prompt="x", qualty="low")  # type: ignore[call-arg]
    heard = client.audio.transcriptions.create(file="x.wav", model="m", response_format="text")
    assert_type(heard, str)
    client.audio.transcriptions.create(file="x.wav", model="m", stream=True)  # type: ignore[call-overload]
    assert_type(client.embeddings.create(input="x", model="m").data[0].embedding, list[float])


async def tasks(client: AsyncOpenAI) -> None:
    async for event in await client.responses.create(input="x", stream=True):
        by_match(event)
