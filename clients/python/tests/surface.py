"""Print the public surface of the package, one line per name and one per parameter::

    codex.tasks.list
    codex.tasks.list limit=None
    codex.tasks.retrieve 0 task_id

The number is the position of a parameter that can be given by position, ``**`` stands for any keywords, and
methods of the asynchronous client begin with ``await`` or ``async``, by whether they are coroutine functions.
"""

from __future__ import annotations

import inspect

import codex_rpc
from codex_rpc import AsyncOpenAI, OpenAI


def lines(thing: object, path: str, asynchronous: bool) -> None:
    for name in dir(thing):
        if name.startswith("_") or name in ("with_raw_response", "with_streaming_response"):
            continue
        member = getattr(thing, name)
        if hasattr(member, "_caller"):
            lines(member, f"{path}{name}.", asynchronous)
        elif callable(member):
            kind = ("await " if inspect.iscoroutinefunction(member) else "async ") if asynchronous else ""
            print(f"{kind}{path}{name}")
            for position, parameter in enumerate(inspect.signature(member).parameters.values()):
                default = "" if parameter.default is parameter.empty else f"={parameter.default!r}"
                place = {
                    parameter.POSITIONAL_OR_KEYWORD: f"{position} {parameter.name}",
                    parameter.KEYWORD_ONLY: parameter.name,
                    parameter.VAR_KEYWORD: "**",
                }[parameter.kind]
                print(f"{kind}{path}{name} {place}{default}")


if __name__ == "__main__":
    for name in codex_rpc.__all__:
        print(f"import {name}")
    with OpenAI(mock=True) as client:
        lines(client, "", False)
        lines(AsyncOpenAI(mock=True), "", True)
