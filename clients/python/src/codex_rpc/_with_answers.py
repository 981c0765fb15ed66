"""Access to the HTTP responses of a group of methods."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class WithAnswers:
    """Adds ``with_raw_response`` and ``with_streaming_response`` to a group of methods."""

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
