"""What is on its way to a process. Sending never waits, so that neither a thread nor an event loop can
be stopped by a process that does not read."""

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

# Windows has no pipe that refuses what it cannot take: there, a thread writes all.
_NONBLOCKING = os.name != "nt"
_POLL_SECONDS = 0.1


class Outbox:
    """The frames for one process, in order.

    A frame is written at once where the pipe takes it; what it does not take is written by a thread,
    which is started for that. Requests beyond the number that the process takes at once wait here.
    """

    def __init__(self, pipe: IO[bytes], has_room: Callable[[int], bool]) -> None:
        """Begins an outbox. ``has_room`` reports whether another request may be sent while so many wait."""
        self._pipe = pipe
        self._has_room = has_room
        self._controls: deque[bytes] = deque()  # they go first
        self._requests: OrderedDict[bytes, bytes] = OrderedDict()
        # An interrupt may come between any two steps of Python, and leaves what was done so far: so a frame
        # moves, and what is written is counted, in one step each, which runs in C.
        self._loaded = b""  # the frame to write
        self._sent: list[int] = []  # what was written of it, write by write
        self._closing = self._closed = False
        # Held while something is written, and never waited for: who finds it
        # taken leaves the frame to the holder, which looks again. So it does
        # no harm that a stream is collected, and cancelled, amid a write.
        self._writing = threading.Lock()
        self._helped = False  # a thread waits for the pipe
        if _NONBLOCKING:
            os.set_blocking(pipe.fileno(), False)

    def request(self, id: bytes, frame: bytes) -> None:
        """Sends the request of a call."""
        self._requests[id] = frame
        self.flush()

    def withdraw(self, id: bytes) -> bool:
        """Takes a request back, and reports whether nothing of it was sent."""
        return self._requests.pop(id, None) is not None

    def control(self, frames: bytes) -> None:
        """Sends messages that are no calls, ahead of the requests that wait."""
        self._controls.append(frames)
        self.flush()

    def close(self) -> None:
        """Ends the input of the process, after the controls as far as the pipe takes them."""
        self._requests.clear()
        self._closing = True
        self.flush()

    def flush(self) -> None:
        """Writes what can be written without waiting."""
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
        """Is close for a child made by fork, where the thread that writes does not exist."""
        self._closed = True

    def _help(self) -> None:
        """Writes on a thread of its own until the pipe takes all, or is to be closed."""
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
        """What is to be written of the frame that is loaded."""
        return memoryview(self._loaded)[sum(self._sent) :]

    def _wanted(self) -> bool:
        return not self._closed and bool(self._closing or self._rest() or self._controls or self._next_request())

    def _next_request(self) -> bool:
        return bool(self._requests) and self._has_room(len(self._requests))

    def _write(self, wait: bool) -> bool:
        """Writes until nothing is left or the pipe is full, and reports whether it is."""
        try:
            while self._load():
                if not (wait or _NONBLOCKING):
                    return True
                self._sent.extend(map(os.write, (self._pipe.fileno(),), (self._rest(),)))
        except BlockingIOError:
            return True
        except (OSError, ValueError):  # the process is gone: its reader ends all calls
            self._closing = True
        return False

    def _load(self) -> bool:
        """Makes the next frame the one to write, and reports whether there is one."""
        while not self._rest():
            self._loaded = b""  # first: what was sent is of it
            self._sent = []
            try:
                if self._controls:
                    self._move(iter(self._controls.popleft, None))
                elif self._next_request():
                    self._move(map(itemgetter(1), iter(partial(self._requests.popitem, last=False), None)))
                else:
                    return False
            except LookupError:  # it was withdrawn meanwhile
                pass
        return True

    def _move(self, frames: Iterator[bytes]) -> None:
        """Loads the next of some frames."""
        any(map(setattr, (self,), ("_loaded",), frames))

    def _wait(self) -> None:
        """Waits for the pipe, but not for long: while something waits, the pipe cannot be closed."""
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
