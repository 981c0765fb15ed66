"""The types of parameters and results: those of ``_declared``, extended for Python.

Results keep all members that the backend sent, declared or not. Times are Unix times in seconds. A
missing optional member is None.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import IO, TYPE_CHECKING, Any, ClassVar, Generic, Literal, TypeVar, Union

from . import _declared
from ._declared import (
    Account as Account,
    CompactedResponse as CompactedResponse,
    CompactParams as CompactParams,
    CreateEmbeddingResponse as CreateEmbeddingResponse,
    Embedding as Embedding,
    EmbeddingUsage as EmbeddingUsage,
    ExtraParams as ExtraParams,
    Image as Image,
    ImageEditParams as ImageEditParams,
    ImagesResponse as ImagesResponse,
    MemorySummarizeOutput as MemorySummarizeOutput,
    MemorySummarizeResponse as MemorySummarizeResponse,
    Model as Model,
    ReasoningEffort as ReasoningEffort,
    ReasoningSummary as ReasoningSummary,
    RejectedParams as RejectedParams,
    ResponseParams as ResponseParams,
    ResponseUsage as ResponseUsage,
    ServiceTier as ServiceTier,
    TokenDetails as TokenDetails,
    Transcription as Transcription,
    TranscriptionParams as TranscriptionParams,
    Verbosity as Verbosity,
)
from ._objects import CodexBaseModel

if TYPE_CHECKING:
    import os

    from .types import ResponseFunctionToolCall

FileContent = Union[IO[bytes], bytes, bytearray]
FileTypes = Union[
    FileContent,
    str,
    "os.PathLike[str]",
    tuple[str, FileContent],
    tuple[str, FileContent, Union[str, None]],
]
"""A file to send: a path, an open file, its bytes, or ``(name, content[, content type])``."""

ImageTypes = Union[FileTypes, dict[str, str]]
"""An image: a file as in FileTypes, a URL, or ``{"file_id": …}`` of an uploaded file."""

ParsedT = TypeVar("ParsedT")
ItemT = TypeVar("ItemT")


class Response(_declared.Response):
    """A model response."""

    __slots__ = ()
    _nested: ClassVar = {"usage": "ResponseUsage"}
    usage: ResponseUsage | None
    """The token usage; None while the response is in progress."""

    @property
    def output_text(self) -> str:
        """The text of all messages."""
        parts = (
            part for item in self.output or () if item.get("type") == "message" for part in item.get("content") or ()
        )
        return "".join(part.get("text", "") for part in parts if part.get("type") == "output_text")

    @property
    def reasoning_summary(self) -> str | None:
        """The summaries of the reasoning, one per line, or None."""
        parts = (
            part for item in self.output or () if item.get("type") == "reasoning" for part in item.get("summary") or ()
        )
        return "\n".join(text for part in parts if (text := part.get("text"))) or None

    @property
    def tool_calls(self) -> list[ResponseFunctionToolCall]:
        """The function calls in ``output``."""
        calls: list[Any] = [item for item in self.output or () if item.get("type") == "function_call"]
        return calls


class ParsedResponse(Response, Generic[ParsedT]):
    """A response with its parsed text."""

    __slots__ = ()
    output_parsed: ParsedT
    """The parsed text: an instance of the class given as ``text_format``, or decoded JSON."""

    @property
    def response(self) -> Response:
        """The response without ``output_parsed``."""
        return Response({name: value for name, value in self._members().items() if name != "output_parsed"})


class UploadedFile(_declared.UploadedFile):
    """An uploaded file, for use by tools."""

    __slots__ = ()

    def as_object(self, purpose: str | None) -> FileObject:
        """Return the file with the names of the official API."""
        names = {"id": self.file_id, "bytes": self.file_size_bytes, "filename": self.file_name}
        rest = {"object": "file", "created_at": int(time.time()), "purpose": purpose, "status": "processed"}
        return FileObject({**self._members(), **names, **rest})


class FileObject(UploadedFile):
    """An uploaded file with the members of the official API."""

    __slots__ = ()
    id: str
    bytes: int
    created_at: int
    filename: str
    object: Literal["file"]
    purpose: str | None
    status: str


class SyncPage(CodexBaseModel, Generic[ItemT]):
    """A list in a single page. It supports iteration, ``len`` and indexing."""

    __slots__ = ()
    _nested: ClassVar = {"data": "Model"}
    object: str
    data: list[ItemT]
    etag: str | None
    """The ETag of the list."""

    def __iter__(self) -> Iterator[ItemT]:
        return iter(self.data)

    def __len__(self) -> int:
        return len(self.data)

    def __getitem__(self, key: int | slice | str) -> Any:
        return super().__getitem__(key) if isinstance(key, str) else self.data[key]

    def has_next_page(self) -> bool:
        """Return False: there is a single page."""
        return False

    def next_page_info(self) -> None:
        """Return None: there is a single page."""


class RawMemoryMetadata(CodexBaseModel):
    """The source of a trace."""

    __slots__ = ()
    source_path: str


class RawMemory(CodexBaseModel):
    """A trace to summarize: ``RawMemory(id=…, metadata={"source_path": …}, items=[…])``."""

    __slots__ = ()
    _nested: ClassVar = {"metadata": "RawMemoryMetadata"}
    id: str
    metadata: RawMemoryMetadata
    items: list[Any]


class RealtimeCallResponse(_declared.RealtimeCallResponse):
    """The SDP answer to a realtime offer."""

    __slots__ = ()

    @property
    def content(self) -> bytes:
        """The answer in UTF-8."""
        return self.text.encode("utf-8")

    def read(self) -> bytes:
        """Return ``content``."""
        return self.content

    def write_to_file(self, file: str | os.PathLike[str]) -> None:
        """Write ``content`` to a file."""
        with open(file, "wb") as handle:
            handle.write(self.content)


RESULTS: dict[str, Callable[[Any], Any]] = {
    **{method: globals()[name] for method, name in _declared.RESULTS.items()},
    "responses.parse": dict,  # parsed by its caller
    "models.list": SyncPage,
    "audio.transcriptions.create": lambda result: result if isinstance(result, str) else Transcription(result),
}
"""The constructors of results by method. Other results are decoded JSON with Objects as dicts."""
