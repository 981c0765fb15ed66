"""The methods, for threads, that need more than a plain call.

``go generate`` derives ``_async_special.py`` from this module. The generated classes of ``_resources.py`` add the
other methods.
"""

from __future__ import annotations

import os
import sys

from ._params import LocalFile, accepted, file_param, image_param
from ._with_answers import WithAnswers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any, Literal, TypeVar, overload

    from typing_extensions import Self, Unpack

    from ._caller import Caller
    from ._objects import ResponseStreamEvent
    from ._response_stream import ResponseStreamManager
    from ._stream import Stream
    from ._turn import Turn
    from ._types import (
        CompactedResponse,
        CompactParams,
        FileObject,
        FileTypes,
        ImageEditParams,
        ImagesResponse,
        ImageTypes,
        ParsedResponse,
        Response,
        ResponseParams,
        Transcription,
        TranscriptionParams,
        UploadedFile,
    )

    T = TypeVar("T")


class Resource(WithAnswers):
    """A group of methods. They raise subclasses of ``codex_rpc.APIError``.

    Parameters that are None, or openai-python's ``omit`` or ``NOT_GIVEN``, are not sent. Every method has a
    ``timeout``, the idle timeout in seconds: it fails when the backend sends nothing for this long. Defaults
    to the client's.
    """

    def __init__(self, caller: Caller) -> None:
        self._caller = caller


class SpecialResponses(Resource):
    """Model responses."""

    _turn: str | None = None

    if TYPE_CHECKING:

        @overload
        def create(self, *, stream: Literal[True], **params: Unpack[ResponseParams]) -> Stream[Response]: ...

        @overload
        def create(self, *, stream: Literal[False] | None = None, **params: Unpack[ResponseParams]) -> Response: ...

        @overload
        def create(self, *, stream: bool, **params: Unpack[ResponseParams]) -> Response | Stream[Response]: ...

    def create(self, *, stream: bool | None = None, **params: Any) -> Response | Stream[Response]:
        """Create a model response.

        Args:
            stream: Return a stream of the events as they arrive, instead of the response.
            model: The model. Defaults to the client's.
            input: A text, an item, or a list of items. The backend keeps no history: include earlier turns
                with the output of their responses.
            instructions: The system message. Defaults to the client's.
            include: Additional output to include, such as ``["reasoning.encrypted_content"]``.
            tools: The tools that the model may call, such as ``[{"type": "function", "name": …}]``.
            tool_choice: Whether the model must call a tool, and which one.
            parallel_tool_calls: Allow the model to call several tools at once.
            reasoning: Such as ``{"effort": "low", "summary": "auto"}``.
            text: Such as ``{"verbosity": "low", "format": {"type": "json_schema", …}}``.
            prompt_cache_key: Requests with the same key are likely to share the prompt cache.
            derive_cache_key: Derive a missing ``prompt_cache_key`` from the start of the conversation.
            service_tier: Such as ``"priority"``.
            store: Must be False: the backend stores no responses.
            turn: The name of the agent turn that the call belongs to; see the method ``turn``.
            lite: Use the backend's Responses Lite. Depends on the model by default.
            transport: ``"http"``, ``"websocket"`` or ``"auto"``; see ResponseParams.
            include_headers: Include ``response_headers`` in the result, as ``with_raw_response`` does.
            extra_headers, extra_query, extra_body: Additional headers, query parameters and members of the
                request.
            timeout: See Resource.

        Raises:
            CodexBackendUnsupportedParameterError: An official parameter that the Codex backend rejects,
                such as ``temperature``, is not None.
            ResponseFailedError: The response failed.
            StreamInterruptedError: The stream ended before the response was complete; ``partial`` has what
                was received.
        """
        params = accepted(params, self._turn)
        if stream:
            return self._caller.stream("responses.create", params)
        return self._caller.call("responses.create", params)

    if TYPE_CHECKING:

        @overload
        def parse(self, *, text_format: type[T], **params: Unpack[ResponseParams]) -> ParsedResponse[T]: ...

        @overload
        def parse(
            self, *, text_format: Mapping[str, Any] | None = None, **params: Unpack[ResponseParams]
        ) -> ParsedResponse[Any]: ...

    def parse(self, *, text_format: Any = None, tools: Any = None, **params: Any) -> ParsedResponse[Any]:
        """Create a response and parse its text.

        Args:
            text_format: A Pydantic model class, a dataclass, or a JSON Schema, bare or as
                ``{"name": …, "schema": …}``. If omitted, the text is not parsed.
            tools: As in ``create``. The arguments of calls are parsed, as ``parsed_arguments``, if the tool
                is strict or was created by ``openai.pydantic_function_tool``.
            params: The parameters of ``create``, except ``stream``.

        Returns:
            The response, with the parsed object as ``output_parsed`` and as ``parsed`` of its text. It is
            None if the model calls tools instead.

        Raises:
            TypeError: ``text_format`` is of another type.
            ResponseFailedError: The text does not match the schema.
            ValueError: The text matches the schema, but not the class, such as Pydantic's ValidationError.
        """
        from ._parsing import Parser

        parser = Parser(text_format, tools)
        method, request = parser.method(accepted(params, self._turn))
        result = self._caller.call(method, request)
        return parser.parsed(result)

    if TYPE_CHECKING:

        @overload
        def stream(self, *, text_format: type[T], **params: Unpack[ResponseParams]) -> ResponseStreamManager[T]: ...

        @overload
        def stream(
            self, *, text_format: Mapping[str, Any] | None = None, **params: Unpack[ResponseParams]
        ) -> ResponseStreamManager[Any]: ...

    def stream(self, *, text_format: Any = None, tools: Any = None, **params: Any) -> ResponseStreamManager[Any]:
        """Return a context manager that streams a response with its parsed text; see ResponseStream.

        Args:
            text_format, tools: As in ``parse``.
            params: The parameters of ``create``, except ``stream``.
        """
        from ._parsing import Parser
        from ._response_stream import ResponseStreamManager

        return ResponseStreamManager(self._caller, Parser(text_format, tools), accepted(params, self._turn))

    def turn(self) -> Turn[Self]:
        """Return a context manager of an agent turn, whose calls the backend routes to the same place."""
        from ._turn import Turn

        return Turn(self)

    def compact(self, **params: Unpack[CompactParams]) -> CompactedResponse:
        """Compact a conversation into items, one of them opaque, that start a later ``input``.

        Args:
            input: The conversation, a list of items.
            params: The parameters of ``create``, except ``include``, ``store``, ``stream`` and ``tool_choice``.
        """
        return self._caller.call("responses.compact", accepted(params, None))


class SpecialAudioTranscriptions(Resource):
    """Audio transcriptions."""

    if TYPE_CHECKING:

        @overload
        def create(
            self,
            *,
            file: FileTypes,
            response_format: Literal["text"],
            stream: Literal[False] | None = None,
            **params: Unpack[TranscriptionParams],
        ) -> str: ...

        @overload
        def create(
            self,
            *,
            file: FileTypes,
            response_format: Literal["json"] | None = None,
            stream: Literal[False] | None = None,
            **params: Unpack[TranscriptionParams],
        ) -> Transcription: ...

    def create(self, *, file: FileTypes, stream: bool | None = None, **params: Any) -> str | Transcription:
        """Transcribe an audio file.

        Args:
            file: A path, an open binary file, bytes, or ``(name, content[, content type])``.
            stream: Must be False: the transcription is not streamed.
            model: The model, such as ``"gpt-4o-mini-transcribe"``. Required.
            language: ISO 639-1 code of the language, such as ``"fr"``.
            prompt: A text in the style of the recording, or the preceding text.
            response_format: Defaults to ``"json"``. With ``"text"`` the result is a str.
            temperature: Sampling temperature, from 0 to 1.
            include_headers: Include ``response_headers`` in the result, as ``with_raw_response`` does.
            extra_body: Additional fields of the form.
            extra_headers, extra_query: Additional headers and query parameters of the request.
            timeout: See Resource.

        Raises:
            CodexBackendUnsupportedParameterError: An official parameter that the backend rejects, such as
                ``timestamp_granularities``, is not None.
        """
        return self._caller.call("audio.transcriptions.create", {"file": file_param(file), "stream": stream, **params})


class SpecialImages(Resource):
    """Images."""

    def edit(
        self,
        *,
        image: ImageTypes | list[ImageTypes],
        prompt: str,
        mask: ImageTypes | None = None,
        **params: Unpack[ImageEditParams],
    ) -> ImagesResponse:
        """Edit images.

        Args:
            image: A file, a URL, or ``{"file_id": …}`` of an uploaded file; or a list of these.
            prompt: The change to make.
            mask: An image whose transparent areas mark where to edit.
            params: The parameters of ``generate``, and ``input_fidelity="high"``.
        """
        images = [image_param(each) for each in image] if isinstance(image, list) else image_param(image)
        return self._caller.call(
            "images.edit", {"image": images, "prompt": prompt, "mask": mask and image_param(mask), **params}
        )


class SpecialFiles(Resource):
    """File uploads."""

    def upload(
        self,
        path: str | os.PathLike[str],
        *,
        timeout: float | None = None,
        finalize_timeout: float | None = None,
        finalize_retry_delay: float | None = None,
        on_progress: Callable[[int, int], object] | None = None,
    ) -> UploadedFile:
        """Upload a file of at most 512 MiB for use by tools.

        Args:
            path: The path of the file.
            timeout: See Resource.
            finalize_timeout: Seconds to wait until the backend has processed the file. Defaults to 30.
            finalize_retry_delay: Seconds between polls of its status. Defaults to 0.25.
            on_progress: Called with the bytes sent and the total bytes, at most ten times a second.

        Raises:
            FileError: The file does not exist, cannot be read, or is too large.
        """
        params: dict[str, Any] = {
            "timeout": timeout,
            "finalize_timeout": finalize_timeout,
            "finalize_retry_delay": finalize_retry_delay,
            "stream": on_progress is not None or None,
        }
        report = on_progress or _ignore
        with LocalFile(path) as local:
            params["path"] = local
            return self._caller.call("files.upload", params, lambda event: report(event.bytes_sent, event.total_bytes))

    def create(self, *, file: FileTypes, purpose: str | None = None, timeout: float | None = None) -> FileObject:
        """Upload a file, like ``openai.OpenAI().files.create``.

        Args:
            file: A path, an open binary file, bytes, or ``(name, content[, content type])``.
            purpose: Not sent to the backend; returned as given.
            timeout: See Resource.

        Returns:
            The result of ``upload`` with the names of the official API: ``id`` is its ``file_id``.
        """
        with LocalFile(file) as local:
            uploaded = self._caller.call("files.upload", {"path": local, "timeout": timeout})
        return uploaded.as_object(purpose)


class SpecialMethods(Resource):
    """The client itself."""

    def authenticate(
        self,
        *,
        request_api_key: bool | None = None,
        method: Literal["browser", "device_code"] | None = None,
        interactive: bool | None = None,
        force: bool | None = None,
        open_browser: bool | None = None,
        workspace_id: str | None = None,
        timeout: float | None = None,
        on_event: Callable[[ResponseStreamEvent], object] | None = None,
    ) -> Self:
        """Sign in unless there are usable credentials, and return the client.

        The credentials are shared with the official Codex CLI: ``auth.json`` in ``$CODEX_HOME``, by default
        ``~/.codex``.

        Args:
            request_api_key: Also request an API key, which realtime sessions require. Defaults to True.
            method: ``"browser"``, the default, or ``"device_code"``, to sign in on another device.
            interactive: If False, raise instead of starting a sign-in.
            force: Sign in even if there are usable credentials.
            open_browser: Open the sign-in page in a browser. Defaults to True.
            workspace_id: The workspace to sign in to. Others are refused.
            timeout: Seconds to wait for the user to sign in, at most 900.
            on_event: Called with the events of the sign-in: ``auth.url`` with ``url``, or
                ``auth.device_code`` with ``user_code`` and ``verification_url``. By default they are printed
                to stderr.

        Raises:
            NotAuthenticatedError: There are no usable credentials, and ``interactive`` is False or the
                sign-in failed.
        """
        params: dict[str, Any] = {
            "request_api_key": request_api_key,
            "method": method,
            "interactive": interactive,
            "force": force,
            "open_browser": open_browser,
            "workspace_id": workspace_id,
            "timeout": timeout,
        }
        self._caller.call("authenticate", params, on_event or _tell)
        return self

    def call(
        self,
        method: str,
        params: Mapping[str, Any] | None = None,
        *,
        on_event: Callable[[ResponseStreamEvent], object] | None = None,
    ) -> Any:
        """Call a method of codex-rpc by name, including methods that this package does not declare.

        Args:
            method: The name, such as ``"codex.usage"``.
            params: Its parameters.
            on_event: Called with the events that the method reports.
        """
        return self._caller.call(method, params or {}, on_event)


def _ignore(sent: int, total: int) -> None:
    pass


def _tell(event: ResponseStreamEvent) -> None:
    if event.type == "auth.url":
        sys.stderr.write(f"Sign in at {event.url}\n")
    elif event.type == "auth.device_code":
        sys.stderr.write(f"Enter {event.user_code} at {event.verification_url}\n")
