"""The frames to send to a process. Sending never blocks, so that a process that does not read cannot
block a thread or an event loop."""

from __future__ import annotations

import os
import select
import threading
from collections import OrderedDict, deque
from functools import partial
from operator import itemgetter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import IO

# Windows has no non-blocking pipes: there, the thread writes everything.
_NONBLOCKING = os.name != "nt"
_POLL_SECONDS = 0.1


class Outbox:
    """The frames for one process, in order.

    A frame is written immediately if the pipe has room; the rest is written by a thread started on demand.
    Requests beyond the number of concurrent calls are queued here.
    """

    def __init__(self, pipe: IO[bytes], has_room: Callable[[int], bool]) -> None:
        """Create an outbox. ``has_room`` reports whether another request may be sent, given the number queued."""
        self._pipe = pipe
        self._has_room = has_room
        self._controls: deque[bytes] = deque()  # sent first
        self._requests: OrderedDict[bytes, bytes] = OrderedDict()
        # A KeyboardInterrupt can be raised between any two bytecode instructions: so moving a frame and
        # counting written bytes are one step each, which runs in C.
        self._loaded = b""  # the frame to write
        self._sent: list[int] = []  # the bytes written of it, per write
        self._closing = self._closed = False
        # Held during a write and never waited for: if it is held, the frame is left to the
        # holder, which checks again. So a stream can be garbage collected, and cancelled,
        # during a write.
        self._writing = threading.Lock()
        self._helped = False  # the thread runs
        if _NONBLOCKING:
            os.set_blocking(pipe.fileno(), False)

    def request(self, id: bytes, frame: bytes) -> None:
        """Send the request of a call."""
        self._requests[id] = frame
        self.flush()

    def withdraw(self, id: bytes) -> bool:
        """Withdraw a request, and report whether nothing of it was sent."""
        return self._requests.pop(id, None) is not None

    def control(self, frames: bytes) -> None:
        """Send notifications, ahead of the queued requests."""
        self._controls.append(frames)
        self.flush()

    def close(self) -> None:
        """Close the input of the process, after those notifications that the pipe has room for."""
        self._requests.clear()
        self._closing = True
        self.flush()

    def flush(self) -> None:
        """Write what can be written without blocking."""
        while self._wanted() and self._writing.acquire(blocking=False):
            try:
                full = self._write(wait=False)
                if self._closing:
                    if not self._helped:
                        self._shut()
                    return
                if full and not self._helped:
                    self._helped = True
                    threading.Thread(target=self._help, name="codex-rpc writer", daemon=True).start()
            finally:
                self._writing.release()
            if full:
                return

    def abandon(self) -> None:
        """Like close, in a forked child, where the writing thread does not exist."""
        self._closed = True

    def _help(self) -> None:
        """Write in a separate thread until everything is written or the pipe is to be closed."""
        full = True
        while full:
            if _NONBLOCKING:
                self._wait()
            with self._writing:
                full = not self._closing and self._write(wait=True)
                if self._closing:
                    self._shut()
                self._helped = full
        self.flush()

    def _rest(self) -> memoryview:
        """The rest of the current frame."""
        return memoryview(self._loaded)[sum(self._sent) :]

    def _wanted(self) -> bool:
        return not self._closed and bool(self._closing or self._rest() or self._controls or self._next_request())

    def _next_request(self) -> bool:
        return bool(self._requests) and self._has_room(len(self._requests))

    def _write(self, wait: bool) -> bool:
        """Write until nothing is left or the pipe is full, and report whether it is full."""
        try:
            while self._load():
                if not (wait or _NONBLOCKING):
                    return True
                self._sent.extend(map(os.write, (self._pipe.fileno(),), (self._rest(),)))
        except BlockingIOError:
            return True
        except (OSError, ValueError):  # the process has ended, and its reader ends all calls
            self._closing = True
        return False

    def _load(self) -> bool:
        """Make the next frame the current one, and report whether there is one."""
        while not self._rest():
            self._loaded = b""  # first, since _sent refers to it
            self._sent = []
            try:
                if self._controls:
                    self._move(iter(self._controls.popleft, None))
                elif self._next_request():
                    self._move(map(itemgetter(1), iter(partial(self._requests.popitem, last=False), None)))
                else:
                    return False
            except LookupError:  # withdrawn in the meantime
                pass
        return True

    def _move(self, frames: Iterator[bytes]) -> None:
        """Load the next frame, if there is one."""
        any(map(setattr, (self,), ("_loaded",), frames))

    def _wait(self) -> None:
        """Wait for the pipe, but not for long: during the wait it cannot be closed."""
        if hasattr(select, "poll"):
            poll = select.poll()
            poll.register(self._pipe, select.POLLOUT)
            poll.poll(_POLL_SECONDS * 1000)
        else:
            select.select([], [self._pipe], [], _POLL_SECONDS)

    def _shut(self) -> None:
        self._closed = True
        self._controls.clear()
        self._requests.clear()
        self._loaded = b""
        try:
            self._pipe.close()
        except OSError:
            pass
