"""The shapes of parameters and results, as the methods of codex-rpc declare them.

A result keeps the members that the backend gave it, declared here or not. Times are Unix times in
seconds. A member that may be missing is None then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import IO, TYPE_CHECKING, Any, ClassVar, Generic, Literal, TypedDict, TypeVar, Union

from ._objects import CodexBaseModel, Object

if TYPE_CHECKING:
    import os

ReasoningEffort = Literal["none", "minimal", "low", "medium", "high", "xhigh"]
ReasoningSummary = Literal["concise", "detailed", "auto"]
Verbosity = Literal["low", "medium", "high"]
ServiceTier = Literal["flex", "priority"]

FileContent = Union[IO[bytes], bytes, bytearray]
FileTypes = Union[
    FileContent,
    str,
    "os.PathLike[str]",
    tuple[str, FileContent],
    tuple[str, FileContent, Union[str, None]],
]
"""A file to send: a path, an open file, its bytes, or ``(name, content[, content type])``."""

ParsedT = TypeVar("ParsedT")
ItemT = TypeVar("ItemT")


class ExtraParams(TypedDict, total=False):
    """What methods take that have no parameter for it."""

    extra_headers: Mapping[str, str] | None
    """Headers to send with the request. Those that carry the credentials cannot be given."""
    extra_query: Mapping[str, object] | None
    """Query parameters to send with the request."""
    timeout: float | None
    """Fail if the backend sends nothing for so many seconds. A stream that runs has no limit in all."""


class RejectedParams(TypedDict, total=False):
    """Parameters of the official API that the Codex backend rejects. None counts as not given.

    A value raises CodexBackendUnsupportedParameterError.
    """

    background: None
    context_management: None
    conversation: None
    extra_body: None
    max_output_tokens: None
    max_tool_calls: None
    metadata: None
    previous_response_id: None
    prompt: None
    prompt_cache_retention: None
    safety_identifier: None
    stream_options: None
    temperature: None
    top_logprobs: None
    top_p: None
    truncation: None
    user: None


class ResponseParams(ExtraParams, RejectedParams, total=False):
    """What a response is asked for with."""

    model: str | None
    """The model; the client's default if left out."""
    input: str | Mapping[str, Any] | Iterable[Mapping[str, Any] | CodexBaseModel] | None
    """A text, an item, or items. The backend keeps no history: earlier turns, the output of responses
    among them, are part of it."""
    instructions: str | None
    """The system message; the client's default if left out."""
    include: Iterable[str] | None
    """What to include beside the ordinary, as ``"reasoning.encrypted_content"``."""
    tools: Iterable[Mapping[str, Any]] | None
    """The tools that the model may call."""
    tool_choice: str | Mapping[str, Any] | None
    """Whether the model must call a tool, and which; ``"none"`` where there are no tools."""
    parallel_tool_calls: bool | None
    """Let the model call several tools at once."""
    reasoning: Mapping[str, Any] | None
    """How to reason: ``{"effort": ReasoningEffort, "summary": ReasoningSummary}``."""
    text: Mapping[str, Any] | None
    """The form of the text: ``{"verbosity": Verbosity, "format": {"type": "json_schema", …}}``."""
    prompt_cache_key: str | None
    """Requests with the same key are likely to find each other's prompt cached."""
    service_tier: str | None
    """The service tier, as ``"priority"``."""
    store: Literal[False] | None
    """Only False: the backend stores nothing."""


class _TranscriptionParams(ExtraParams, total=False):
    chunking_strategy: Literal["auto"] | Mapping[str, Any] | None
    """How a long recording is cut."""
    include: Iterable[str] | None
    """What to include beside the text, as ``["logprobs"]``."""
    known_speaker_names: Iterable[str] | None
    """Who may be speaking."""
    known_speaker_references: Iterable[str] | None
    """A sample of each of those who may be speaking, as a data URL."""
    language: str | None
    """ISO 639-1, as ``"fr"``."""
    prompt: str | None
    """A text in the style of the recording, or what came before."""
    temperature: float | None
    """From 0 to 1."""
    timestamp_granularities: Iterable[Literal["word", "segment"]] | None
    """With the format ``"verbose_json"``."""
    extra_body: Mapping[str, object] | None
    """Further fields of the form."""


class TranscriptionParams(_TranscriptionParams):
    """What a transcription is asked for with, beside the file."""

    model: str
    """As ``"gpt-4o-mini-transcribe"``."""


class TokenDetails(CodexBaseModel):
    """The tokens that differ in kind from the rest."""

    __slots__ = ()
    cached_tokens: int
    reasoning_tokens: int


class ResponseUsage(CodexBaseModel):
    """What a response cost, in tokens."""

    __slots__ = ()
    _nested: ClassVar = {"input_tokens_details": "TokenDetails", "output_tokens_details": "TokenDetails"}
    input_tokens: int
    output_tokens: int
    total_tokens: int
    input_tokens_details: TokenDetails
    output_tokens_details: TokenDetails


class Response(CodexBaseModel):
    """A model response."""

    __slots__ = ()
    _nested: ClassVar = {"usage": "ResponseUsage"}
    id: str
    object: str
    created_at: float
    completed_at: float | None
    status: str | None
    """``"completed"``, or ``"incomplete"`` with ``incomplete_details``."""
    error: Object | None
    incomplete_details: Object | None
    model: str
    instructions: Any
    """A text; the backend may echo a list of items in its place."""
    output: list[Object]
    """The items that the model produced: messages, reasoning, calls of tools."""
    tools: list[Object]
    tool_choice: str | Object
    parallel_tool_calls: bool
    prompt_cache_key: str | None
    service_tier: str | None
    reasoning: Object | None
    text: Object | None
    usage: ResponseUsage | None
    metadata: Object | None
    temperature: float | None
    top_p: float | None
    background: bool | None
    conversation: Object | None
    max_output_tokens: int | None
    max_tool_calls: int | None
    previous_response_id: str | None
    prompt: Object | None
    prompt_cache_retention: str | None
    safety_identifier: str | None
    top_logprobs: int | None
    truncation: str | None
    user: str | None

    @property
    def output_text(self) -> str:
        """The text of all messages."""
        parts = (
            part for item in self.output or () if item.get("type") == "message" for part in item.get("content") or ()
        )
        return "".join(part.get("text", "") for part in parts if part.get("type") == "output_text")

    @property
    def reasoning_summary(self) -> str | None:
        """The summaries of the reasoning, a line each; None if there are none."""
        parts = (
            part for item in self.output or () if item.get("type") == "reasoning" for part in item.get("summary") or ()
        )
        return "\n".join(text for part in parts if (text := part.get("text"))) or None

    @property
    def tool_calls(self) -> list[Object]:
        """The items of ``output`` that are function calls."""
        return [item for item in self.output or () if item.get("type") == "function_call"]


class ParsedResponse(Response, Generic[ParsedT]):
    """A response whose text was made an object."""

    __slots__ = ()
    output_parsed: ParsedT
    """The object: an instance of the class that was given as ``text_format``, or decoded JSON."""

    @property
    def response(self) -> Response:
        """The response alone."""
        return Response({name: value for name, value in self._members().items() if name != "output_parsed"})


class CompactedResponse(CodexBaseModel):
    """A history made shorter: items to begin a later ``input`` with."""

    __slots__ = ()
    id: str
    object: str
    output: list[Object]
    """The items. Those of type ``compaction_summary`` are opaque."""


class Model(CodexBaseModel):
    """A model that the account may use."""

    __slots__ = ()
    id: str
    created: int
    object: str
    owned_by: str
    display_name: str
    description: str
    context_window: int | None
    """In tokens."""
    supported_in_api: bool
    priority: float
    supports_reasoning_summaries: bool
    support_verbosity: bool
    default_verbosity: str | None
    default_reasoning_level: str | None
    supported_reasoning_levels: list[Object]
    auto_compact_token_limit: int | None
    prefer_websockets: bool
    input_modalities: list[str]
    available_in_plans: list[str]
    base_instructions: str
    raw: Object
    """The model as the backend describes it."""


class SyncPage(CodexBaseModel, Generic[ItemT]):
    """A list that came whole: it iterates over, counts and indexes ``data``."""

    __slots__ = ()
    _nested: ClassVar = {"data": "Model"}
    object: str
    data: list[ItemT]
    etag: str | None
    """The backend's ETag of the list."""

    def __iter__(self) -> Iterator[ItemT]:
        return iter(self.data)

    def __len__(self) -> int:
        return len(self.data)

    def __getitem__(self, key: int | slice | str) -> Any:
        return super().__getitem__(key) if isinstance(key, str) else self.data[key]

    def has_next_page(self) -> bool:
        """False: there is one page."""
        return False

    def next_page_info(self) -> None:
        """None: there is one page."""


class Embedding(CodexBaseModel):
    """The embedding of one input."""

    __slots__ = ()
    embedding: list[float] | str
    """Numbers; base64 of little-endian 32-bit floats with ``encoding_format="base64"``."""
    index: int
    object: str


class EmbeddingUsage(CodexBaseModel):
    """What embeddings cost, in tokens."""

    __slots__ = ()
    prompt_tokens: int
    total_tokens: int


class CreateEmbeddingResponse(CodexBaseModel):
    """The embeddings of all inputs."""

    __slots__ = ()
    _nested: ClassVar = {"data": "Embedding", "usage": "EmbeddingUsage"}
    data: list[Embedding]
    model: str
    object: str
    usage: EmbeddingUsage


class Transcription(CodexBaseModel):
    """What was said in a recording."""

    __slots__ = ()
    text: str


class UploadedFile(CodexBaseModel):
    """A file that the backend holds."""

    __slots__ = ()
    file_id: str
    uri: str
    """``sediment://`` and the id, which is how requests refer to the file."""
    download_url: str
    file_name: str
    file_size_bytes: int
    mime_type: str | None
    path: str
    """The absolute path that was uploaded."""


class RawMemoryMetadata(CodexBaseModel):
    """Where a trace is from."""

    __slots__ = ()
    source_path: str


class RawMemory(CodexBaseModel):
    """A trace to summarize: ``RawMemory(id=…, metadata={"source_path": …}, items=[…])``."""

    __slots__ = ()
    _nested: ClassVar = {"metadata": "RawMemoryMetadata"}
    id: str
    metadata: RawMemoryMetadata
    items: list[Any]


class MemorySummarizeOutput(CodexBaseModel):
    """The summary of one trace."""

    __slots__ = ()
    memory_summary: str

    @property
    def raw_memory(self) -> str:
        """What the backend calls ``trace_summary``."""
        return self._members().get("trace_summary", "")


class MemorySummarizeResponse(CodexBaseModel):
    """The summaries of all traces."""

    __slots__ = ()
    _nested: ClassVar = {"output": "MemorySummarizeOutput"}
    output: list[MemorySummarizeOutput]


class RealtimeCallResponse(CodexBaseModel):
    """The answer to a realtime offer: SDP."""

    __slots__ = ()
    text: str
    content_type: str | None
    call_id: str | None

    @property
    def content(self) -> bytes:
        """The answer in UTF-8."""
        return self.text.encode("utf-8")

    def read(self) -> bytes:
        """Returns ``content``."""
        return self.content

    def write_to_file(self, file: str | os.PathLike[str]) -> None:
        """Writes ``content`` to a file."""
        with open(file, "wb") as handle:
            handle.write(self.content)


class Account(CodexBaseModel):
    """Who is signed in. It holds no secrets."""

    __slots__ = ()
    authenticated: bool
    account_id: str | None
    email: str | None
    plan_type: str | None
    expires_at: float | None
    """When the access token expires; it is renewed before."""
    auth_mode: str | None


RESULTS: dict[str, Callable[[Any], Any]] = {
    "responses.create": Response,
    "responses.parse": dict,  # the caller of it has the class that it becomes
    "responses.compact": CompactedResponse,
    "models.list": SyncPage,
    "models.retrieve": Model,
    "embeddings.create": CreateEmbeddingResponse,
    "audio.transcriptions.create": lambda result: result if isinstance(result, str) else Transcription(result),
    "realtime.calls.create": RealtimeCallResponse,
    "files.upload": UploadedFile,
    "codex.memories.trace_summarize": MemorySummarizeResponse,
    "authenticate": Account,
    "account_info": Account,
}
"""What makes the result of a method; what is not named here stays JSON, its dicts as Objects."""
