"""Makes the methods for asyncio of the methods for threads, so that the two cannot differ.

python3 clients/python/generate.py
"""

from __future__ import annotations

import io
import re
import tokenize
from pathlib import Path

PACKAGE = Path(__file__).parent / "src" / "codex_rpc"
MODULES = ("_resources", "_codex", "_methods")
SYNCHRONOUS = ("stream", "turn")  # they return what a block awaits


def sources() -> dict[str, str]:
    """Returns the modules for threads by their names."""
    return {name: (PACKAGE / f"{name}.py").read_text("utf-8") for name in MODULES}


def asynchronous(source: str, classes: set[str]) -> str:
    """Returns the module for asyncio: classes are named AsyncX, public methods are coroutine functions
    (but for SYNCHRONOUS) and await the call that they make. What is in strings stays as it is."""
    tokens = [
        token
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type in (tokenize.NAME, tokenize.OP)
    ]
    lines = source.splitlines(keepends=True)
    edits: list[tuple[tuple[int, int], str, str]] = []
    for i, token in enumerate(tokens):
        ahead = [after.string for after in tokens[i + 1 : i + 5]]
        if token.string in classes:
            edits.append((token.start, token.string, f"Async{token.string}"))
        elif token.string in (*MODULES, "_caller", "_stream", "_response_stream") and ahead[0] == "import":
            edits.append((token.start, token.string, f"_async{token.string}"))
        elif (
            token.string == "def"
            and token.start[1] > 0
            and not ahead[0].startswith("_")
            and ahead[0] not in SYNCHRONOUS
        ):
            edits.append((token.start, "def", "async def"))
        elif token.string == "self" and ahead in ([".", "_caller", ".", "call"], [".", "_caller", ".", "stream"]):
            edits.append((token.start, "self", "await self"))
    for (row, column), old, new in reversed(edits):
        line = lines[row - 1]
        lines[row - 1] = line[:column] + new + line[column + len(old) :]
    return re.sub(
        r'\A"""(.*), for threads;.*"""',
        r'"""\1, for asyncio. Made by ``generate.py``; not to be edited."""',
        "".join(lines),
    )


def generated() -> dict[Path, str]:
    """Returns what the files that this makes are to hold."""
    modules = sources()
    classes = {"Caller", "ResponseStreamManager", "Stream"}.union(
        *(re.findall(r"(?m)^class (\w+)\b", source) for source in modules.values())
    )
    return {PACKAGE / f"_async{name}.py": asynchronous(source, classes) for name, source in modules.items()}


if __name__ == "__main__":
    for path, text in generated().items():
        path.write_bytes(text.encode("utf-8"))
