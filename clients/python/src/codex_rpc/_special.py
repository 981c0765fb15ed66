"""The methods that take or give more than JSON, for threads; ``go generate`` makes ``_async_special.py`` of it.

The classes of ``_resources.py``, which follow from the declarations of codex-rpc, add the other methods.
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
        FileObject,
        FileTypes,
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
    """A group of methods. All of them raise the exceptions of ``codex_rpc.APIError``'s tree.

    Parameters that are None, or openai-python's ``omit`` or ``NOT_GIVEN``, are not sent. Every method takes
    ``timeout``: it fails if the backend sends nothing for so many seconds; the client's is used if left out.
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
        """Creates a model response.

        Args:
            stream: Return a stream of the events, as they come, in place of the response.
            model: The model; the client's default if left out.
            input: A text, an item, or items. The backend keeps no history: earlier turns, the output of
                responses among them, are part of it.
            instructions: The system message; the client's default if left out.
            include: What to include beside the ordinary, as ``["reasoning.encrypted_content"]``.
            tools: The tools that the model may call, as ``[{"type": "function", "name": …}]``.
            tool_choice: Whether the model must call a tool, and which.
            parallel_tool_calls: Let the model call several tools at once.
            reasoning: ``{"effort": "low", "summary": "auto"}``.
            text: ``{"verbosity": "low", "format": {"type": "json_schema", …}}``.
            prompt_cache_key: Requests with the same key are likely to find each other's prompt cached.
            service_tier: As ``"priority"``.
            store: Only False: the backend stores nothing.
            turn: A name for the agent turn that the call belongs to, see ``turn``.
            lite: Choose between the two forms in which the backend takes requests; by the model if left out.
            transport: ``"http"``, ``"websocket"`` or ``"auto"``, see ResponseParams.
            include_headers: Give the result ``response_headers``; ``with_raw_response`` does the same.
            extra_headers, extra_query: Headers and query parameters to send with the request.
            timeout: See Resource.

        Raises:
            CodexBackendUnsupportedParameterError: An official parameter that the Codex backend rejects,
                such as ``temperature``, is not None.
            ResponseFailedError: The backend began, and gave up.
            StreamInterruptedError: The backend's stream broke off; the error has what came.
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
        """Creates a response whose text is made an object.

        Args:
            text_format: What it is to be: a Pydantic model class, a dataclass, or a JSON Schema, bare or as
                ``{"name": …, "schema": …}``. If left out, the text stays a text.
            tools: As in ``create``. The arguments of calls are decoded, as ``parsed_arguments``, where the
                tool is strict or was made by ``openai.pydantic_function_tool``.
            params: Those of ``create``, but for ``stream``.

        Returns:
            The response, with the object as ``output_parsed`` and as ``parsed`` of the text. It is None where
            the model calls tools in place of a text.

        Raises:
            TypeError: ``text_format`` is nothing of that.
            ResponseFailedError: The text does not fit the schema.
            ValueError: It does, but not the class; Pydantic's ValidationError is one.
        """
        from ._parsing import Parser

        parser = Parser(text_format, tools)
        method, request = parser.method(accepted(params, self._turn))
        result = self._caller.call(method, request)
        return parser.parsed(result)

    def stream(self, *, text_format: Any = None, tools: Any = None, **params: Any) -> ResponseStreamManager:
        """Returns what streams a response in a ``with`` block, with all that comes of it: see ResponseStream.

        Args:
            text_format, tools: As in ``parse``.
            params: Those of ``create``, but for ``stream``.
        """
        from ._parsing import Parser
        from ._response_stream import ResponseStreamManager

        return ResponseStreamManager(self._caller, Parser(text_format, tools), accepted(params, self._turn))

    def turn(self) -> Turn[Self]:
        """Returns an agent turn: a ``with`` block, whose calls the backend routes to the same place."""
        from ._turn import Turn

        return Turn(self)

    def compact(self, **params: Unpack[ResponseParams]) -> CompactedResponse:
        """Makes a long history short: items, one of them opaque, to begin a later ``input`` with.

        Args:
            params: Those of ``create``, but for ``stream``: ``input`` is the history, a list of items.
        """
        return self._caller.call("responses.compact", accepted(params, None))


class SpecialAudioTranscriptions(Resource):
    """Audio transcriptions."""

    if TYPE_CHECKING:

        @overload
        def create(
            self, *, file: FileTypes, stream: Literal[True], **params: Unpack[TranscriptionParams]
        ) -> Stream[Transcription]: ...

        @overload
        def create(
            self,
            *,
            file: FileTypes,
            response_format: Literal["text", "srt", "vtt"],
            stream: Literal[False] | None = None,
            **params: Unpack[TranscriptionParams],
        ) -> str: ...

        @overload
        def create(
            self,
            *,
            file: FileTypes,
            response_format: Literal["json", "verbose_json", "diarized_json"] | None = None,
            stream: Literal[False] | None = None,
            **params: Unpack[TranscriptionParams],
        ) -> Transcription: ...

    def create(
        self, *, file: FileTypes, stream: bool | None = None, **params: Any
    ) -> str | Transcription | Stream[Transcription]:
        """Returns what was said in a recording.

        Args:
            file: A path, an open binary file, bytes, or ``(name, content[, content type])``.
            stream: Return a stream of the events, as they come.
            model: As ``"gpt-4o-mini-transcribe"``. Required.
            chunking_strategy: How a long recording is cut: ``"auto"``, or an object.
            include: What to include beside the text, as ``["logprobs"]``.
            known_speaker_names, known_speaker_references: Who may be speaking, and a sample of each as a
                data URL.
            language: ISO 639-1, as ``"fr"``.
            prompt: A text in the style of the recording, or what came before.
            response_format: ``"json"`` if left out; ``"text"``, ``"srt"`` and ``"vtt"`` give a str.
            temperature: From 0 to 1.
            timestamp_granularities: ``"word"``, ``"segment"`` or both, with ``"verbose_json"``.
            extra_body: Further fields of the form.
            extra_headers, extra_query: Headers and query parameters to send with the request.
            timeout: See Resource.
        """
        params = {"file": file_param(file), **params}
        if stream:
            return self._caller.stream("audio.transcriptions.create", params)
        return self._caller.call("audio.transcriptions.create", params)


class SpecialImages(Resource):
    """Images."""

    def edit(
        self, *, image: ImageTypes | list[ImageTypes], prompt: str, mask: ImageTypes | None = None, **params: Any
    ) -> ImagesResponse:
        """Returns pictures that are made of others.

        Args:
            image: A file, a URL, or ``{"file_id": …}`` of one that was uploaded; or several of these.
            prompt: What is to be changed.
            mask: Where it may be changed: the transparent parts of this picture.
            params: As in ``generate``, and ``input_fidelity="high"``.
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
        """Uploads a file of at most 512 MiB.

        Args:
            path: Where it is.
            timeout: See Resource.
            finalize_timeout: Seconds that the backend has to take the file in; 30 if left out.
            finalize_retry_delay: Seconds from one look whether it did to the next; 0.25 if left out.
            on_progress: Called with the bytes sent and the bytes in all, at most ten times a second.

        Raises:
            FileError: There is no such file, or it is too large.
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
        """Uploads a file, as ``openai.OpenAI().files.create`` does.

        Args:
            file: A path, an open binary file, bytes, or ``(name, content[, content type])``.
            purpose: What it is for; the backend is not told.
            timeout: See Resource.

        Returns:
            What ``upload`` does, under the names of the official API: ``id`` is its ``file_id``.
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
        """Checks that there are usable credentials, signing in if there are none, and returns the client.

        With usable credentials it returns at once. They are those of the official Codex CLI, in
        ``auth.json`` of ``$CODEX_HOME``, by default ``~/.codex``.

        Args:
            request_api_key: Also get an API key, which realtime sessions need; True if left out.
            method: ``"browser"`` if left out; ``"device_code"`` where there is no browser.
            interactive: False never starts a login: without usable credentials it raises.
            force: Log in though there are usable credentials.
            open_browser: Open the page to log in; True if left out.
            workspace_id: The only workspace to log in to.
            timeout: See Resource.
            on_event: Called with the events of a login: ``auth.url`` with ``url``, and ``auth.device_code``
                with ``user_code`` and ``verification_url``. They are told on stderr if left out.

        Raises:
            NotAuthenticatedError: Nobody is signed in, and there was to be no login, or it failed.
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
        """Calls any method of codex-rpc by its name, one that this package does not know among them.

        Args:
            method: As ``"codex.usage"``.
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
