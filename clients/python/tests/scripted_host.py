"""A host whose methods name what it does, for behavior that a real one never shows.

It answers a call with its params, unless ACTIONS has something else for the method.
"""

from __future__ import annotations

import json
import os
import signal
import sys

heard: list[object] = []


def say(message: dict[str, object]) -> None:
    sys.stdout.write(json.dumps({"jsonrpc": "2.0", **message}, separators=(",", ":")) + "\n")
    sys.stdout.flush()


def answer(id: object, result: object) -> None:
    say({"id": id, "result": result})


def event(id: object, seq: int) -> None:
    params = {"id": id, "seq": seq, "event": {"type": "tick", "n": seq}}
    say({"method": "stream.event", "params": params})


def hold(id: object, params: dict[str, int]) -> None:
    """Send events, and no response until it is cancelled."""
    for seq in range(params.get("events", 0)):
        event(id, seq)


def burst(id: object, params: dict[str, int]) -> None:
    hold(id, params)
    answer(id, {"id": "resp_1", "output": []})


def crash(id: object, params: dict[str, int]) -> None:
    """Exit during a stream."""
    event(id, 0)
    sys.stderr.write("a goroutine panicked\n")
    sys.stderr.flush()
    os._exit(3)


def noise(id: object, params: dict[str, int]) -> None:
    """Write more to standard error than its pipe holds."""
    for _ in range(1024):
        sys.stderr.write("x" * 1023 + "\n")
    sys.stderr.flush()
    answer(id, None)


def interrupt(id: object, params: dict[str, int]) -> None:
    """Send SIGINT to the client, and never respond."""
    hold(id, params)
    os.kill(os.getppid(), signal.SIGINT)


def garbage(id: object, params: dict[str, int]) -> None:
    print("no protocol", flush=True)


def deaf(id: object, params: dict[str, int]) -> None:
    """From now on, ignore every signal but SIGKILL."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    answer(id, None)
    while True:
        signal.pause()


def silent(id: object, params: dict[str, int]) -> None:
    """From now on, read but never respond."""
    answer(id, None)
    for _ in sys.stdin:
        pass


ACTIONS = {
    "responses.create": hold,
    "burst": burst,
    "crash": crash,
    "noise": noise,
    "interrupt": interrupt,
    "garbage": garbage,
    "deaf": deaf,
    "silent": silent,
    "mute": lambda id, params: None,
    "heard": lambda id, params: answer(id, heard),
    "arguments": lambda id, params: answer(id, {"argv": sys.argv[1:], "CODEX_HOME": os.environ.get("CODEX_HOME")}),
    "large": lambda id, params: answer(id, "x" * params["size"]),
    "nobody": lambda id, params: say({"id": None, "error": {"code": -32600, "message": "too large"}}),
}

for line in sys.stdin:
    message = json.loads(line)
    heard.append(message)
    if message["method"] in ACTIONS:
        ACTIONS[message["method"]](message["id"], message["params"])
    elif message["method"] == "initialize" and "refused" in message["params"]["options"].get("instructions", ""):
        say({"id": message["id"], "error": {"code": -32602, "message": "no", "data": {"type": "invalid_params"}}})
    elif message["method"] == "$/alive":
        say({"id": message["id"], "error": {"code": -32601, "message": "no such method"}})
    elif message["method"] == "$/cancelRequest":
        say({"id": message["params"]["id"], "error": {"code": -32800, "message": "cancelled"}})
    else:
        answer(message["id"], message["params"])
