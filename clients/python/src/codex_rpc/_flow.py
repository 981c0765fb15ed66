"""When a process is read, and when it is left to wait: so that what nobody takes does not fill the memory."""

from __future__ import annotations

import threading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from ._connection import Call, Delivery

LIMIT = 8 << 20  # bytes of events that may wait before reading pauses


class Flow:
    """Pauses the reading of a process while much waits to be taken, and nobody waits for more.

    A process that is not read stops the reading of its streams at the backend. Since all calls share one
    pipe, whoever waits for something has it read on: a stream that is read slowly holds up no other.
    """

    def __init__(self) -> None:
        self.waiting: set[object] = set()  # mailboxes that are empty and wanted
        self.paused = False
        # A bare lock in place of an Event, which must not be used where the
        # collector may have interrupted it.
        self._bell = threading.Lock()
        self._bell.acquire()

    def pause(self, held: Callable[[], int]) -> None:
        """Returns when it is time to read."""
        if self.waiting or held() <= LIMIT:
            return
        while not self.waiting and held() > LIMIT // 2:
            self.paused = True
            self._bell.acquire(timeout=0.1)
        self.paused = False

    def wake(self) -> None:
        """Has it looked whether it is time to read."""
        if self.paused:
            try:
                self._bell.release()
            except (RuntimeError, ValueError):  # it rings already
                pass


class Held:
    """What a mailbox knows of the flow that it is part of."""

    _flow: Flow | None = None
    _call: Call | None = None

    def follow(self, flow: Flow, call: Call | None) -> None:
        """Makes it part of a flow, as the mailbox of a call."""
        self._flow, self._call = flow, call

    def _wait(self) -> None:
        """Says that it waits for more."""
        if self._flow is not None:
            self._flow.waiting.add(self)
            self._flow.wake()

    def _came(self) -> None:
        """Says that it waits no more for what an event loop may be too busy to take."""
        if self._flow is not None:
            self._flow.waiting.discard(self)

    def _took(self, delivery: Delivery) -> None:
        """Says that it does not, and what was taken."""
        if self._flow is not None:
            self._flow.waiting.discard(self)
            if self._call is not None and isinstance(delivery, list):
                self._call.taken += sum(map(len, delivery))
