"""Plays the hour on the official app server, and prints what it saw as one line of JSON.

    official.py CODEX ORIGIN SCRIPT

CODEX is the program. The app server keeps the history itself and calls tools of the client's, whose outputs are those of
the script. It has tools and instructions of its own beside them.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from typing import Any

codex, origin, path = sys.argv[1:]
with open(path) as file:
    script = json.load(file)

# The default provider requires TLS; a provider of another name does not, but its version header must be set.
CONFIG = {
    "model": "gpt-5.5",
    "model_provider": "embedded",
    "model_providers.embedded.name": "embedded",
    "model_providers.embedded.base_url": f"{origin}/backend-api/codex",
    "model_providers.embedded.wire_api": "responses",
    "model_providers.embedded.requires_openai_auth": True,
    "model_providers.embedded.supports_websockets": True,
    "model_providers.embedded.http_headers.version": "0.171.0",
    "chatgpt_base_url": f"{origin}/backend-api/",
    "check_for_update_on_startup": False,
    "analytics.enabled": False,
    "web_search": "disabled",
    "tools.experimental_request_user_input.enabled": False,
}
OFF = "shell_tool", "apps", "plugins", "memories", "multi_agent", "goals", "image_generation", "skill_search", "view_image", "sleep_tool", "tool_suggest"

args = [codex]
for name, value in CONFIG.items():
    args += ["-c", f"{name}={json.dumps(value)}"]
for name in OFF:
    args += ["--disable", name]
quiet = {**os.environ, "RUST_LOG": "off"}
server = subprocess.Popen([*args, "app-server"], env=quiet, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
assert server.stdin and server.stdout
requests = 0


def send(message: dict[str, Any]) -> None:
    server.stdin.write(json.dumps(message).encode() + b"\n")
    server.stdin.flush()


def receive() -> dict[str, Any]:
    line = server.stdout.readline()
    if not line:
        raise ConnectionError("the app server ended")
    return json.loads(line)


def call(method: str, **params: Any) -> Any:
    """Return the result of a method."""
    global requests
    requests += 1
    send({"id": requests, "method": method, "params": params})
    while True:
        message = receive()
        if message.get("id") == requests and "method" not in message:
            if "error" in message:
                raise RuntimeError(f"{method}: {message['error']}")
            return message["result"]


call("initialize", clientInfo={"name": "benchmark", "version": "1"}, capabilities={"experimentalApi": True})
send({"method": "initialized"})
tools = [{"type": "function", "name": t["name"], "description": t["description"], "inputSchema": t["parameters"]} for t in script["tools"]]
thread = call(
    "thread/start", baseInstructions=script["instructions"], dynamicTools=tools, environments=[], approvalPolicy="never", ephemeral=True
)["thread"]["id"]
tokens = cached = 0
first: list[float] = []


def cut() -> None:
    """Have the backend break the next answer. An HTTP library would count in the agent's memory."""
    host, port = origin.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as backend:
        backend.sendall(b"GET /cut HTTP/1.0\r\n\r\n")
        backend.recv(1 << 10)


def play(turn: dict[str, Any]) -> None:
    """Play a turn until it is over."""
    global tokens, cached
    content = [{"type": "text", "text": turn["user"], "text_elements": []}]
    content += [{"type": "image", "url": url} for url in turn.get("images", [])]
    begun, seen = time.perf_counter(), False
    # It always allows parallel calls, of which the embedded backend then makes two.
    whole = "".join(turn["outputs"])
    outputs = iter([whole[: len(whole) // 2], whole[len(whole) // 2 :]])
    current = call("turn/start", threadId=thread, input=content)["turn"]["id"]
    while True:
        message = receive()
        method, params = message.get("method"), message.get("params", {})
        if not seen and method in ("item/tool/call", "item/agentMessage/delta"):
            first.append(1000 * (time.perf_counter() - begun))
            seen = True
        if method == "item/tool/call":
            if turn.pop("cut", False):
                cut()
            send({"id": message["id"], "result": {"contentItems": [{"type": "inputText", "text": next(outputs)}], "success": True}})
        elif method == "item/agentMessage/delta" and turn.pop("cancel", False):
            send({"id": "cancel", "method": "turn/interrupt", "params": {"threadId": thread, "turnId": current}})
        elif method == "thread/tokenUsage/updated":
            usage = params["tokenUsage"]["last"]
            tokens += usage["inputTokens"]
            cached += usage["cachedInputTokens"]
        elif method == "turn/completed":
            return


for turn in script["turns"]:
    if turn.get("compact"):
        call("thread/compact/start", threadId=thread)
        while receive().get("method") != "turn/completed":
            pass
    play(turn)
server.stdin.close()
server.wait()
print(json.dumps({"input": tokens, "cached": cached, "first": first, "history": 0}))
