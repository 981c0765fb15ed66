"""Flow control: reading from a process pauses while too many events are unread."""

from __future__ import annotations

import threading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from ._connection import Call, Delivery

LIMIT = 8 << 20  # bytes of unread events before reading pauses


class Flow:
    """Pauses reading from a process while many bytes are unread and no call waits for more.

    A process that is not read from stops reading from the backend. All calls share one pipe, so a call that
    waits resumes reading: a stream that is read slowly does not delay others.
    """

    def __init__(self) -> None:
        self.waiting: set[object] = set()  # empty mailboxes with a waiter
        self.paused = False
        # A lock rather than an Event, which must not be used where the garbage
        # collector may have interrupted it.
        self._bell = threading.Lock()
        self._bell.acquire()

    def pause(self, held: Callable[[], int]) -> None:
        """Wait until reading may continue."""
        if self.waiting or held() <= LIMIT:
            return
        while not self.waiting and held() > LIMIT // 2:
            self.paused = True
            self._bell.acquire(timeout=0.1)
        self.paused = False

    def wake(self) -> None:
        """Wake the reader to check whether it may continue."""
        if self.paused:
            try:
                self._bell.release()
            except (RuntimeError, ValueError):  # it is set already
                pass


class Held:
    """The part of a mailbox in the flow."""

    _flow: Flow | None = None
    _call: Call | None = None

    def follow(self, flow: Flow, call: Call | None) -> None:
        """Add it to a flow, as the mailbox of a call."""
        self._flow, self._call = flow, call

    def _wait(self) -> None:
        """Mark the mailbox as waiting."""
        if self._flow is not None:
            self._flow.waiting.add(self)
            self._flow.wake()

    def _came(self) -> None:
        """Mark the mailbox as not waiting, although its event loop may not have read the delivery."""
        if self._flow is not None:
            self._flow.waiting.discard(self)

    def _took(self, delivery: Delivery) -> None:
        """Mark the mailbox as not waiting, and count what was read."""
        if self._flow is not None:
            self._flow.waiting.discard(self)
            if self._call is not None and isinstance(delivery, list):
                self._call.taken += sum(map(len, delivery))
