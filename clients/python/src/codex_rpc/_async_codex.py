"""The methods that only the Codex backend has, for asyncio. Made by ``generate.py``; not to be edited."""

from __future__ import annotations

from ._async_resources import AsyncResource

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any, Union

    from ._async_caller import AsyncCaller
    from ._objects import CodexBaseModel, Object
    from ._types import MemorySummarizeResponse

    Objects = Union[Object, list[Object]]


class AsyncCodexConfig(AsyncResource):
    """What an administrator has laid down."""

    async def requirements(self, *, timeout: float | None = None) -> Object:
        """Returns the managed configuration of the account, as the backend tells it."""
        return await self._caller.call("codex.config.requirements", {"timeout": timeout})


class AsyncTaskTurns(AsyncResource):
    """The turns of cloud tasks."""

    async def list(self, task_id: str, *, timeout: float | None = None) -> Object:
        """Returns the turns of a task, as the backend tells them."""
        return await self._caller.call("codex.tasks.turns.list", {"task_id": task_id, "timeout": timeout})

    async def sibling_turns(self, task_id: str, turn_id: str, *, timeout: float | None = None) -> Object:
        """Returns the other attempts at a turn, as the backend tells them."""
        return await self._caller.call(
            "codex.tasks.turns.sibling_turns", {"task_id": task_id, "turn_id": turn_id, "timeout": timeout}
        )


class AsyncTasks(AsyncResource):
    """Cloud tasks."""

    def __init__(self, caller: AsyncCaller) -> None:
        super().__init__(caller)
        self.turns = AsyncTaskTurns(caller)

    async def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        task_filter: str | None = None,
        environment_id: str | None = None,
        timeout: float | None = None,
    ) -> Object:
        """Returns tasks, as the backend tells them.

        Args:
            limit: How many at most.
            cursor: Where to go on, from an earlier answer.
            task_filter: Which, as ``"active"``.
            environment_id: Of which environment.
            timeout: See Resource.
        """
        params: dict[str, Any] = {"limit": limit, "cursor": cursor, "task_filter": task_filter}
        return await self._caller.call("codex.tasks.list", {**params, "environment_id": environment_id, "timeout": timeout})

    async def retrieve(self, task_id: str, *, timeout: float | None = None) -> Object:
        """Returns a task, as the backend tells it."""
        return await self._caller.call("codex.tasks.retrieve", {"task_id": task_id, "timeout": timeout})


class AsyncEnvironments(AsyncResource):
    """Environments of cloud tasks."""

    async def list(self, *, timeout: float | None = None) -> Objects:
        """Returns the environments, as the backend tells them: a list, or an object with one."""
        return await self._caller.call("codex.environments.list", {"timeout": timeout})


class AsyncMemories(AsyncResource):
    """What ChatGPT remembers of the account."""

    async def list(self, *, timeout: float | None = None) -> Object:
        """Returns the memories, as the backend tells them."""
        return await self._caller.call("codex.memories.list", {"timeout": timeout})

    async def trace_summarize(
        self,
        *,
        model: str,
        traces: Iterable[Mapping[str, Any] | CodexBaseModel],
        reasoning: Mapping[str, Any] | None = None,
        timeout: float | None = None,
    ) -> MemorySummarizeResponse:
        """Summarizes traces of sessions.

        Args:
            model: As ``"gpt-5.5"``.
            traces: RawMemory objects, or dicts of their shape.
            reasoning: ``{"effort": "low"}``.
            timeout: See Resource.
        """
        params: dict[str, Any] = {"model": model, "traces": traces, "reasoning": reasoning, "timeout": timeout}
        return await self._caller.call("codex.memories.trace_summarize", params)


class AsyncUserSystemMessages(AsyncResource):
    """What the account tells ChatGPT of itself."""

    async def retrieve(self, *, timeout: float | None = None) -> Object:
        """Returns the customization, as the backend tells it."""
        return await self._caller.call("codex.user_system_messages.retrieve", {"timeout": timeout})


class AsyncCodex(AsyncResource):
    """What the Codex backend has beside the official API."""

    def __init__(self, caller: AsyncCaller) -> None:
        super().__init__(caller)
        self.config = AsyncCodexConfig(caller)
        self.tasks = AsyncTasks(caller)
        self.environments = AsyncEnvironments(caller)
        self.memories = AsyncMemories(caller)
        self.user_system_messages = AsyncUserSystemMessages(caller)

    async def usage(self, *, timeout: float | None = None) -> Object:
        """Returns how much of the account's quota is used, as the backend tells it."""
        return await self._caller.call("codex.usage", {"timeout": timeout})
