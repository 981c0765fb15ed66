"""Plays the hour with a Python library, and prints what it saw as one line of JSON.

    agent.py LIBRARY ORIGIN SCRIPT

LIBRARY is codex_rpc, codex_rpc+websocket, codex_rpc+websocket+lite, codex_rpc+openai, openai or codex_backend_sdk; with python, nothing is
played. ORIGIN is where the backend is.
"""

from __future__ import annotations

import contextlib
import json
import socket
import sys
import time
from typing import Any

library, origin, path = sys.argv[1:]
with open(path) as file:
    script = json.load(file)
if library == "python":
    sys.exit(print("{}"))

NAMED = {"originator": "benchmark", "version": "0.171.0"}
COMPACTION = {"x-codex-beta-features": "remote_compaction_v2"}
KEY = "5b0c4a52-8d52-4c0e-9d55-0d7c3f0f6a11"
more: dict[str, Any] = {"prompt_cache_key": KEY}

if library.startswith("codex_rpc"):
    if library == "codex_rpc+openai":
        from codex_rpc.httpx import openai_client

        client = openai_client()
    else:
        import codex_rpc

        client = codex_rpc.OpenAI()
    if "websocket" in library:
        more["transport"] = "websocket"
elif library == "openai":
    import openai

    client = openai.OpenAI(base_url=f"{origin}/backend-api/codex", api_key="access-token", default_headers=NAMED)
    more["extra_headers"] = {"session-id": KEY}
else:
    import codex_backend_sdk._client as sdk

    sdk.BASE_URL = f"{origin}/backend-api/codex"
    from codex_backend_sdk import OpenAI, load_tokens

    client = OpenAI(store=load_tokens(), default_headers=NAMED)

# Only newer models take Responses Lite, which calls one tool at a time.
lite = library.endswith("+lite")
MODEL = "gpt-6-luna" if lite else "gpt-5.5"
ours = library.startswith("codex_rpc") and library != "codex_rpc+openai"
official = library in ("openai", "codex_rpc+openai")
cached = tokens = 0
first: list[float] = []


def item(value: Any) -> Any:
    """Return an output item as it goes into the next input."""
    return value if isinstance(value, dict) else value.model_dump(exclude_none=True)


def cut() -> None:
    """Have the backend break the next answer. An HTTP library would count in the agent's memory."""
    host, port = origin.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as backend:
        backend.sendall(b"GET /cut HTTP/1.0\r\n\r\n")
        backend.recv(1 << 10)


def request(history: list[Any], parallel: bool, stop: bool = False) -> list[Any] | None:
    """Return the items that a response has, None if it was stopped at its first delta."""
    global cached, tokens
    begun, seen = time.perf_counter(), False
    params = dict(
        model=MODEL, instructions=script["instructions"], tools=script["tools"], input=history, store=False,
        parallel_tool_calls=parallel, stream=True, **more,
    )
    with contextlib.closing(client.responses.create(**params)) as stream:
        for event in stream:
            if not seen:
                first.append(time.perf_counter() - begun)
                seen = True
            if stop and event.type == "response.output_text.delta":
                return None
            if event.type == "response.completed":
                usage = event.response.usage
                tokens += usage.input_tokens
                cached += usage.input_tokens_details.cached_tokens or 0
                return [item(output) for output in event.response.output]
    raise ConnectionError("the stream ended without response.completed")


def compact(history: list[Any]) -> list[Any]:
    global cached, tokens
    if ours or library == "codex_backend_sdk":
        keys = more if ours else {"prompt_cache_key": KEY}
        done = client.responses.compact(model=MODEL, instructions=script["instructions"], tools=script["tools"], input=history, **keys)
    else:
        body = {"extra_headers": {**more.get("extra_headers", {}), **COMPACTION}, "prompt_cache_key": KEY}
        if library == "openai":
            stream = client.responses.create(
                model=MODEL, instructions=script["instructions"], tools=script["tools"],
                input=[*history, {"type": "compaction_trigger"}], store=False, stream=True, **body,
            )
            for event in stream:
                if event.type == "response.output_item.done":
                    output = [item(event.item)]
                if event.type == "response.completed":
                    usage = event.response.usage
            tokens += usage.input_tokens
            cached += usage.input_tokens_details.cached_tokens or 0
            return output
        done = client.responses.compact(model=MODEL, instructions=script["instructions"], input=history)
    return [item(output) for output in done.output]


history: list[Any] = []
for turn in script["turns"]:
    if turn.get("compact"):
        history = compact(history)
    content = [{"type": "input_text", "text": turn["user"]}]
    content += [{"type": "input_image", "image_url": url, "detail": "auto"} for url in turn.get("images", [])]
    said = [*history, {"type": "message", "role": "user", "content": content}]
    parallel = turn.get("parallel", False) and not lite
    outputs = iter(["".join(turn["outputs"])] if lite else turn["outputs"])
    before = len(first)
    while True:
        if turn.get("cut") and said[-1]["type"] == "function_call_output":
            cut()
            turn["cut"] = False
        try:
            got = request(said, parallel, bool(turn.get("cancel")) and said[-1]["type"] == "function_call_output")
        except Exception as error:
            if turn.get("cut") is not False:
                raise
            turn["cut"] = None
            print(f"repeats after {type(error).__name__}: {error}"[:200], file=sys.stderr)
            continue
        if got is None:
            said = history
            break
        said += got
        calls = [output for output in got if output["type"] == "function_call"]
        if not calls:
            break
        said += [{"type": "function_call_output", "call_id": call["call_id"], "output": next(outputs)} for call in calls]
    history = said
    del first[before + 1 :]  # one a turn

with contextlib.suppress(AttributeError):
    client.close()
print(json.dumps({"input": tokens, "cached": cached, "first": [1000 * t for t in first], "history": len(json.dumps(history))}))
