"""The methods that only the Codex backend has, for threads; made ``_async_codex.py`` by ``generate.py``."""

from __future__ import annotations

from ._resources import Resource

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any, Union

    from ._caller import Caller
    from ._objects import CodexBaseModel, Object
    from ._types import MemorySummarizeResponse

    Objects = Union[Object, list[Object]]


class CodexConfig(Resource):
    """What an administrator has laid down."""

    def requirements(self, *, timeout: float | None = None) -> Object:
        """Returns the managed configuration of the account, as the backend tells it."""
        return self._caller.call("codex.config.requirements", {"timeout": timeout})


class TaskTurns(Resource):
    """The turns of cloud tasks."""

    def list(self, task_id: str, *, timeout: float | None = None) -> Object:
        """Returns the turns of a task, as the backend tells them."""
        return self._caller.call("codex.tasks.turns.list", {"task_id": task_id, "timeout": timeout})

    def sibling_turns(self, task_id: str, turn_id: str, *, timeout: float | None = None) -> Object:
        """Returns the other attempts at a turn, as the backend tells them."""
        return self._caller.call(
            "codex.tasks.turns.sibling_turns", {"task_id": task_id, "turn_id": turn_id, "timeout": timeout}
        )


class Tasks(Resource):
    """Cloud tasks."""

    def __init__(self, caller: Caller) -> None:
        super().__init__(caller)
        self.turns = TaskTurns(caller)

    def list(
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
        return self._caller.call("codex.tasks.list", {**params, "environment_id": environment_id, "timeout": timeout})

    def retrieve(self, task_id: str, *, timeout: float | None = None) -> Object:
        """Returns a task, as the backend tells it."""
        return self._caller.call("codex.tasks.retrieve", {"task_id": task_id, "timeout": timeout})


class Environments(Resource):
    """Environments of cloud tasks."""

    def list(self, *, timeout: float | None = None) -> Objects:
        """Returns the environments, as the backend tells them: a list, or an object with one."""
        return self._caller.call("codex.environments.list", {"timeout": timeout})


class Memories(Resource):
    """What ChatGPT remembers of the account."""

    def list(self, *, timeout: float | None = None) -> Object:
        """Returns the memories, as the backend tells them."""
        return self._caller.call("codex.memories.list", {"timeout": timeout})

    def trace_summarize(
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
        return self._caller.call("codex.memories.trace_summarize", params)


class UserSystemMessages(Resource):
    """What the account tells ChatGPT of itself."""

    def retrieve(self, *, timeout: float | None = None) -> Object:
        """Returns the customization, as the backend tells it."""
        return self._caller.call("codex.user_system_messages.retrieve", {"timeout": timeout})


class Codex(Resource):
    """What the Codex backend has beside the official API."""

    def __init__(self, caller: Caller) -> None:
        super().__init__(caller)
        self.config = CodexConfig(caller)
        self.tasks = Tasks(caller)
        self.environments = Environments(caller)
        self.memories = Memories(caller)
        self.user_system_messages = UserSystemMessages(caller)

    def usage(self, *, timeout: float | None = None) -> Object:
        """Returns how much of the account's quota is used, as the backend tells it."""
        return self._caller.call("codex.usage", {"timeout": timeout})
