"""The way from a group of methods to the HTTP answers that their results come by."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class WithAnswers:
    """Gives a group of methods ``with_raw_response`` and ``with_streaming_response``."""

    @property
    def with_raw_response(self) -> Any:
        """The same methods, which return a RawResponse: ``parse()`` gives the result, ``headers`` the headers."""
        from ._answer import RawMethods

        return RawMethods(self)

    @property
    def with_streaming_response(self) -> Any:
        """The same methods, to be used in a ``with`` block, which gets a RawResponse and ends its stream."""
        from ._answer import StreamingMethods

        return StreamingMethods(self)
