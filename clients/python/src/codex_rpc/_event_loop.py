"""Mailboxes of calls for event loops: asyncio's, or trio's."""

from __future__ import annotations

import asyncio
import sys

from ._flow import Held

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Protocol, TypeVar

    from ._connection import Call, Delivery
    from ._flow import Flow

    T = TypeVar("T")

    class AsyncMailbox(Protocol):
        """The deliveries to a call, for the task that awaits it."""

        def deliver(self, delivery: Delivery) -> None:
            """Add a delivery, from any thread."""

        async def get(self) -> Delivery:
            """Await the next delivery."""

        def follow(self, flow: Flow, call: Call | None) -> None:
            """Add it to a flow, as the mailbox of a call."""


class _AsyncioMailbox(Held):
    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._queue: asyncio.Queue[Delivery] = asyncio.Queue()

    def deliver(self, delivery: Delivery) -> None:
        self._came()
        try:
            self._loop.call_soon_threadsafe(self._queue.put_nowait, delivery)
        except RuntimeError:  # the loop is closed, and no task awaits
            pass

    async def get(self) -> Delivery:
        delivery: Delivery = b""
        if self._queue.empty():
            self._wait()
        try:
            delivery = await self._queue.get()
        finally:
            self._took(delivery)
        if not isinstance(delivery, list):
            self._queue.put_nowait(delivery)  # for other tasks that wait
        return delivery


class _TrioMailbox(Held):
    def __init__(self, trio: Any) -> None:
        self._token = trio.lowlevel.current_trio_token()
        self._sent, self._received = trio.open_memory_channel(float("inf"))
        self._over = trio.RunFinishedError

    def deliver(self, delivery: Delivery) -> None:
        self._came()
        try:
            self._token.run_sync_soon(self._sent.send_nowait, delivery)
        except self._over:  # no task awaits
            pass

    async def get(self) -> Delivery:
        delivery: Delivery = b""
        self._wait()
        try:
            delivery = await self._received.receive()
        finally:
            self._took(delivery)
        if not isinstance(delivery, list):
            self._sent.send_nowait(delivery)
        return delivery


def mailbox() -> AsyncMailbox:
    """Return a mailbox for the running task."""
    trio = _trio()
    return _AsyncioMailbox() if trio is None else _TrioMailbox(trio)


async def in_thread(function: Callable[[], T]) -> T:
    """Run a function in a thread and await it."""
    trio = _trio()
    if trio is not None:
        return await trio.to_thread.run_sync(function)
    return await asyncio.get_running_loop().run_in_executor(None, function)


def _trio() -> Any:
    """Return the module trio if it runs this task, directly or under anyio; None if asyncio does."""
    trio = sys.modules.get("trio")
    if trio is not None:
        try:
            trio.lowlevel.current_task()
        except RuntimeError:
            return None
    return trio
