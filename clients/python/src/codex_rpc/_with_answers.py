"""What all groups of methods have."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class WithAnswers:
    """Adds ``with_raw_response`` and ``with_streaming_response`` to a group of methods, and a hint to errors
    about methods that only openai-python has."""

    @property
    def with_raw_response(self) -> Any:
        """The same methods, returning a RawResponse with the result as ``parse()`` and the ``headers``."""
        from ._answer import RawMethods

        return RawMethods(self)

    @property
    def with_streaming_response(self) -> Any:
        """The same methods, returning a context manager of a RawResponse that closes its stream."""
        from ._answer import StreamingMethods

        return StreamingMethods(self)

    if not TYPE_CHECKING:  # otherwise type checkers would accept any name

        def __getattr__(self, name: str) -> Any:
            kind = type(self)
            error = f"{kind.__name__!r} object has no attribute {name!r}"
            if not name.startswith("_"):
                public = sorted({*dir(kind), *vars(self)} - {"with_raw_response", "with_streaming_response"})
                names = ", ".join(name for name in public if not name.startswith("_"))
                error += f". It has {names}. The clients of codex_rpc.httpx have more of the OpenAI API."
            raise AttributeError(error)
