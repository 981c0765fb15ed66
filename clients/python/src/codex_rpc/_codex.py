"""The methods that only the Codex backend has, for threads; made ``_async_codex.py`` by ``generate.py``."""

from __future__ import annotations

from ._resources import Resource

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any, Union

    from typing_extensions import Unpack

    from ._caller import Caller
    from ._objects import CodexBaseModel, Object
    from ._types import ExtraParams, MemorySummarizeResponse

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

    def retrieve(self, task_id: str, turn_id: str, *, timeout: float | None = None) -> Object:
        """Returns a turn, as the backend tells it."""
        return self._caller.call(
            "codex.tasks.turns.retrieve", {"task_id": task_id, "turn_id": turn_id, "timeout": timeout}
        )

    def logs(self, task_id: str, turn_id: str, *, timeout: float | None = None) -> Object:
        """Returns the logs of a turn, as the backend tells them."""
        return self._caller.call("codex.tasks.turns.logs", {"task_id": task_id, "turn_id": turn_id, "timeout": timeout})

    def pull_request(
        self, task_id: str, turn_id: str, body: Mapping[str, Any] | None = None, *, timeout: float | None = None
    ) -> Object:
        """Creates a pull request of what a turn did.

        Args:
            task_id, turn_id: Which turn.
            body: What the pull request is to be like, as ``{"title": …}``.
            timeout: See Resource.
        """
        params: dict[str, Any] = {"task_id": task_id, "turn_id": turn_id, "body": body, "timeout": timeout}
        return self._caller.call("codex.tasks.turns.pull_request", params)


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

    def create(
        self,
        body: Mapping[str, Any] | None = None,
        *,
        environment_id: str | None = None,
        input: str | Iterable[Mapping[str, Any]] | None = None,
        branch: str | None = None,
        best_of_n: int | None = None,
        patch: str | None = None,
        run_environment_in_qa_mode: bool | None = None,
        timeout: float | None = None,
    ) -> Object:
        """Starts a task.

        Args:
            body: The request as the backend takes it, in place of the other parameters.
            environment_id: Where it is to run.
            input: What is to be done.
            branch: The branch to begin from.
            best_of_n: How many attempts to make.
            patch: A diff to apply first.
            run_environment_in_qa_mode: Answer a question in place of writing code.
            timeout: See Resource.
        """
        params: dict[str, Any] = {
            "body": body,
            "environment_id": environment_id,
            "input": input,
            "branch": branch,
            "best_of_n": best_of_n,
            "patch": patch,
            "run_environment_in_qa_mode": run_environment_in_qa_mode,
            "timeout": timeout,
        }
        return self._caller.call("codex.tasks.create", params)

    def cancel(self, task_id: str, *, timeout: float | None = None) -> Object:
        """Cancels a task."""
        return self._caller.call("codex.tasks.cancel", {"task_id": task_id, "timeout": timeout})

    def archive(self, task_id: str, *, timeout: float | None = None) -> Object:
        """Archives a task."""
        return self._caller.call("codex.tasks.archive", {"task_id": task_id, "timeout": timeout})

    def recover(self, task_id: str, *, timeout: float | None = None) -> Object:
        """Takes a task out of the archive."""
        return self._caller.call("codex.tasks.recover", {"task_id": task_id, "timeout": timeout})

    def mark_read(self, task_id: str, *, timeout: float | None = None) -> Object:
        """Marks a task as read."""
        return self._caller.call("codex.tasks.mark_read", {"task_id": task_id, "timeout": timeout})


class Environments(Resource):
    """Environments of cloud tasks."""

    def list(self, *, timeout: float | None = None) -> Objects:
        """Returns the environments, as the backend tells them: a list, or an object with one."""
        return self._caller.call("codex.environments.list", {"timeout": timeout})

    def retrieve(self, environment_id: str, *, timeout: float | None = None) -> Object:
        """Returns an environment, as the backend tells it."""
        return self._caller.call("codex.environments.retrieve", {"environment_id": environment_id, "timeout": timeout})

    def search(
        self,
        query: str | None = None,
        *,
        cursor: str | None = None,
        limit: int | None = None,
        timeout: float | None = None,
    ) -> Object:
        """Returns a page of environments, as the backend tells it.

        Args:
            query: What their names hold.
            cursor: Where to go on, from an earlier answer.
            limit: How many at most.
            timeout: See Resource.
        """
        params: dict[str, Any] = {"query": query, "cursor": cursor, "limit": limit, "timeout": timeout}
        return self._caller.call("codex.environments.search", params)

    def by_repo(self, provider: str, owner: str, repo: str, *, timeout: float | None = None) -> Objects:
        """Returns the environments of a repository, as ``by_repo("github", "octocat", "hello-world")``."""
        params: dict[str, Any] = {"provider": provider, "owner": owner, "repo": repo, "timeout": timeout}
        return self._caller.call("codex.environments.by_repo", params)


class Accounts(Resource):
    """The accounts of the sign-in."""

    def check(self, *, timeout: float | None = None) -> Object:
        """Returns the accounts and workspaces, as the backend tells them."""
        return self._caller.call("codex.accounts.check", {"timeout": timeout})


class RateLimitResetCredits(Resource):
    """Credits that reset used-up limits."""

    def list(self, *, timeout: float | None = None) -> Object:
        """Returns the credits."""
        return self._caller.call("codex.rate_limit_reset_credits.list", {"timeout": timeout})

    def history(self, *, cursor: str | None = None, timeout: float | None = None) -> Object:
        """Returns a page of what became of credits in the last 30 days; ``cursor`` is that of an earlier one."""
        return self._caller.call("codex.rate_limit_reset_credits.history", {"cursor": cursor, "timeout": timeout})

    def consume(
        self, *, redeem_request_id: str | None = None, credit_id: str | None = None, timeout: float | None = None
    ) -> Object:
        """Uses a credit.

        Args:
            redeem_request_id: A UUID that stands for this use: calls with the same use one credit. A new one
                if left out, which the result has.
            credit_id: Which credit; one of the backend's choice if left out.
            timeout: See Resource.
        """
        params: dict[str, Any] = {"redeem_request_id": redeem_request_id, "credit_id": credit_id, "timeout": timeout}
        return self._caller.call("codex.rate_limit_reset_credits.consume", params)


class WebSearch(Resource):
    """The web, without a model."""

    def search(
        self,
        *,
        id: str,
        model: str,
        commands: Mapping[str, Any] | None = None,
        input: str | Iterable[Mapping[str, Any]] | None = None,
        reasoning: Mapping[str, Any] | None = None,
        settings: Mapping[str, Any] | None = None,
        max_output_tokens: int | None = None,
        originator: str | None = None,
        turn_metadata: str | None = None,
        **extra: Unpack[ExtraParams],
    ) -> Object:
        """Returns what a search found.

        Args:
            id: A UUID of the session: what one search found, a later one of it can open.
            model: The model that the search is for.
            commands: What to do, as ``{"search_query": [{"q": …}], "response_length": "short"}``.
            input: What it is about: a text, or the items of the conversation.
            reasoning: ``{"effort": "low"}``.
            settings: Who may call, and whether pages that are not in the index may be opened.
            max_output_tokens: The most tokens of output.
            originator: The name of the program for this request.
            turn_metadata: The header x-codex-turn-metadata.
            extra: ``extra_headers``, ``extra_query``, ``timeout``.
        """
        params: dict[str, Any] = {
            "id": id,
            "model": model,
            "commands": commands,
            "input": input,
            "reasoning": reasoning,
            "settings": settings,
            "max_output_tokens": max_output_tokens,
            "originator": originator,
            "turn_metadata": turn_metadata,
        }
        return self._caller.call("codex.web_search.search", {**params, **extra})


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
        self.accounts = Accounts(caller)
        self.rate_limit_reset_credits = RateLimitResetCredits(caller)
        self.web_search = WebSearch(caller)
        self.user_system_messages = UserSystemMessages(caller)

    def usage(self, *, timeout: float | None = None) -> Object:
        """Returns how much of the account's quota is used, as the backend tells it."""
        return self._caller.call("codex.usage", {"timeout": timeout})
