"""The OpenAI SDK's surface for the ChatGPT Codex backend, on top of the codex-rpc binary::

    from codex_rpc import OpenAI

    client = OpenAI().authenticate()
    for event in client.responses.create(input="Say hello", stream=True):
        if event.type == "response.output_text.delta":
            print(event.delta, end="", flush=True)

``OpenAI(mock=True)`` uses an embedded backend, without network or account. ``AsyncOpenAI`` is the
asynchronous client. Code written for openai-python or codex-backend-sdk only needs another import. The
package requires Python 3.9 and the binary, and has no other dependencies.

All exceptions are subclasses of ``OpenAIError``, whose docstring shows their hierarchy.
"""

from __future__ import annotations

import importlib

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._async_client import AsyncOpenAI
    from ._async_stream import AsyncStream
    from ._client import CodexClient, OpenAI
    from ._errors import (
        APIConnectionError,
        APIError,
        APIStatusError,
        APITimeoutError,
        AuthenticationError,
        BadRequestError,
        BinaryNotFoundError,
        CallCancelledError,
        CodexBackendUnsupportedParameterError,
        ConflictError,
        FileError,
        InternalServerError,
        InvalidParamsError,
        ModelNotFoundError,
        NotAuthenticatedError,
        NotFoundError,
        OpenAIError,
        OverloadedError,
        PermissionDeniedError,
        RateLimitError,
        ResponseFailedError,
        RPCError,
        ServerExitedError,
        StreamInterruptedError,
        UnprocessableEntityError,
    )
    from ._objects import (
        CodexBaseModel,
        Object,
    )
    from ._params import (
        image_b64,
        image_url,
    )
    from ._stream import Stream
    from ._types import (
        Account,
        CompactedResponse,
        CompactParams,
        CreateEmbeddingResponse,
        Embedding,
        EmbeddingUsage,
        ExtraParams,
        FileObject,
        FileTypes,
        Image,
        ImagesResponse,
        ImageTypes,
        MemorySummarizeOutput,
        MemorySummarizeResponse,
        Model,
        ParsedResponse,
        RawMemory,
        RawMemoryMetadata,
        RealtimeCallResponse,
        ReasoningEffort,
        ReasoningSummary,
        RejectedParams,
        Response,
        ResponseParams,
        ResponseUsage,
        ServiceTier,
        SyncPage,
        TokenDetails,
        Transcription,
        UploadedFile,
        Verbosity,
    )
    from .types import ResponseStreamEvent

__version__ = "0.1.0"

__all__ = [
    "APIConnectionError",
    "APIError",
    "APIStatusError",
    "APITimeoutError",
    "Account",
    "AsyncOpenAI",
    "AsyncStream",
    "AuthenticationError",
    "BadRequestError",
    "BinaryNotFoundError",
    "CallCancelledError",
    "CodexBackendUnsupportedParameterError",
    "CodexBaseModel",
    "CodexClient",
    "CompactParams",
    "CompactedResponse",
    "ConflictError",
    "CreateEmbeddingResponse",
    "Embedding",
    "EmbeddingUsage",
    "ExtraParams",
    "FileError",
    "FileObject",
    "FileTypes",
    "Image",
    "ImageTypes",
    "ImagesResponse",
    "InternalServerError",
    "InvalidParamsError",
    "MemorySummarizeOutput",
    "MemorySummarizeResponse",
    "Model",
    "ModelNotFoundError",
    "NotAuthenticatedError",
    "NotFoundError",
    "Object",
    "OpenAI",
    "OpenAIError",
    "OverloadedError",
    "ParsedResponse",
    "PermissionDeniedError",
    "RPCError",
    "RateLimitError",
    "RawMemory",
    "RawMemoryMetadata",
    "RealtimeCallResponse",
    "ReasoningEffort",
    "ReasoningSummary",
    "RejectedParams",
    "Response",
    "ResponseFailedError",
    "ResponseParams",
    "ResponseStreamEvent",
    "ResponseUsage",
    "ServerExitedError",
    "ServiceTier",
    "Stream",
    "StreamInterruptedError",
    "SyncPage",
    "TokenDetails",
    "Transcription",
    "UnprocessableEntityError",
    "UploadedFile",
    "Verbosity",
    "image_b64",
    "image_url",
]

# The modules of the names, those with the fewest imports first: modules are imported on
# first use, so that a program starts quickly.
_MODULES = ("_client", "_stream", "_objects", "_errors", "_params", "_types", "_async_client", "_async_stream")


def __getattr__(name: str) -> Any:
    if name in __all__:
        for module in _MODULES:
            found = getattr(importlib.import_module(f".{module}", __name__), name, None)
            if found is not None:
                globals()[name] = found
                return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*globals(), *__all__]
