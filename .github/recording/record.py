"""Draws .github/recording/ask.svg, a terminal with codex-rpc ask, from the program's output.

    python3 .github/recording/record.py CODEX_RPC [--check]

The program runs on a separate terminal, with the answers below from its embedded backend. The timing is synthetic, so
that the picture is reproducible; --check fails if it differs from the file.
"""

from __future__ import annotations

import html
import os
import pty
import sys
import tempfile
from pathlib import Path

COLUMNS = 64
PICTURE = Path(__file__).parent / "ask.svg"
SESSION = [  # the arguments of codex-rpc and the model's answer
    (
        'ask "What does JSON-RPC add to JSON?"',
        "JSON is a notation for values. JSON-RPC says what some of them mean: an object with a method and an id is a "
        "request and one with the same id and a result or an error is its response. That is nearly all of it.",
    ),
    ('ask --continue "Shorter"', "Requests and responses with matching ids."),
]

CELL, LINE = 8.4, 20  # the width of a character and the height of a line
TYPING, READING, WORD = 0.05, 1.2, 0.09  # seconds per letter, before the answer, per word of it


def run(binary: str, arguments: str, reply: str, home: str) -> list[str]:
    """Return the lines that a command prints on a terminal."""
    pid, terminal = pty.fork()
    if pid == 0:
        path = f"{os.path.dirname(os.path.abspath(binary))}:/usr/bin:/bin"
        env = {"HOME": home, "PATH": path, "TERM": "xterm", "CODEX_RPC_MOCK": f"reply={reply}"}
        os.execve("/bin/sh", ["sh", "-c", f"stty cols {COLUMNS}; exec codex-rpc {arguments}"], env)
    output = b""
    while True:
        try:
            chunk = os.read(terminal, 4096)
        except OSError:  # the other end is closed
            break
        if not chunk:
            break
        output += chunk
    if status := os.waitpid(pid, 0)[1]:
        sys.exit(f"codex-rpc {arguments}: status {status}: {output.decode()}")
    text = output.decode()
    if "\x1b" in text:
        sys.exit(f"codex-rpc {arguments}: it moves the cursor, which is not drawn here: {text!r}")
    return text.replace("\r\n", "\n").rstrip("\n").split("\n")


def draw(binary: str) -> str:
    """Return the picture."""
    shown, clock, row = [], 0.5, 0

    def put(column: int, text: str, kind: str) -> None:
        x, y = 16 + column * CELL, 52 + row * LINE
        escaped = html.escape(text, quote=False)
        width = len(text) * CELL
        shown.append(
            f'<text class="{kind}" x="{x:.1f}" y="{y}" textLength="{width:.1f}" xml:space="preserve" '
            f'style="animation-delay:{clock:.2f}s">{escaped}</text>'
        )

    with tempfile.TemporaryDirectory() as home:
        for arguments, reply in SESSION:
            put(0, "$", "prompt")
            for column, letter in enumerate(f"codex-rpc {arguments}", start=2):
                clock += TYPING
                if letter != " ":
                    put(column, letter, "typed")
            clock += READING
            for line in run(binary, arguments, reply, home):
                row, column = row + 1, 0
                for word in line.split(" "):
                    if word:
                        put(column, word, "said")
                        clock += WORD
                    column += len(word) + 1
            row, clock = row + 2, clock + READING
    width, height = round(32 + COLUMNS * CELL), 64 + (row - 1) * LINE
    title = "; ".join(f"codex-rpc {arguments}" for arguments, _ in SESSION)
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img">
<title>{html.escape(title)}</title>
<style>
text {{ font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; fill: #d0d7de; animation: show 0s both; }}
.prompt {{ fill: #7ee787; }}
.typed {{ fill: #ffffff; }}
@keyframes show {{ from {{ visibility: hidden; }} to {{ visibility: visible; }} }}
@media (prefers-reduced-motion) {{ text {{ animation: none; }} }}
</style>
<rect width="{width}" height="{height}" rx="8" fill="#161b22"/>
<circle cx="20" cy="18" r="5" fill="#f85149"/><circle cx="38" cy="18" r="5" fill="#d29922"/><circle cx="56" cy="18" r="5" fill="#3fb950"/>
{chr(10).join(shown)}
</svg>
"""


def main() -> None:
    """Draw the picture, or check that it is up to date."""
    binary, *flags = sys.argv[1:]
    picture = draw(binary)
    if flags != ["--check"]:
        PICTURE.write_text(picture, "utf-8")
    elif PICTURE.read_text("utf-8") != picture:
        sys.exit(f"{PICTURE.name} is not what is drawn now: run {sys.argv[0]} {binary}")


if __name__ == "__main__":
    main()
