"""Parameters, converted to the protocol's form."""

from __future__ import annotations

import binascii
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from ._types import FileTypes, ImageTypes


# openai-python's classes for omitted parameters.
ABSENT = ("NotGiven", "Omit")


def given(params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters that are neither None nor openai-python's ``omit`` or ``NOT_GIVEN``."""
    return {name: value for name, value in params.items() if value is not None and type(value).__name__ not in ABSENT}


def merged(default: Mapping[str, Any], extra: Mapping[str, Any] | None) -> dict[str, Any]:
    """Merge the headers or query parameters of a call into the default ones. An omitted value removes a
    default."""
    names = {name.lower() for name in extra or ()}
    return given({**{name: value for name, value in default.items() if name.lower() not in names}, **(extra or {})})


# Longer than any program runs, in seconds, and accepted by codex-rpc.
_FOR_EVER = 1e9


def seconds(timeout: Any) -> Any:
    """Return a timeout in seconds. For an ``httpx.Timeout``, it is the read timeout."""
    if hasattr(timeout, "read"):
        timeout = _FOR_EVER if timeout.read is None else timeout.read
    return min(timeout, _FOR_EVER) if isinstance(timeout, float) else timeout


# Parameters that the backend rejects, with their default values, which are dropped.
_DEFAULTS: dict[str, Any] = {
    "background": False,
    "extra_body": {},
    "metadata": {},
    "stream_options": {},
    "top_logprobs": 0,
    "truncation": "disabled",
}


def accepted(params: Mapping[str, Any], turn: str | None) -> dict[str, Any]:
    """Return the parameters of a response, without rejected parameters that have their default value."""
    kept = {name: value for name, value in params.items() if name not in _DEFAULTS or value != _DEFAULTS[name]}
    return kept if turn is None else {"turn": turn, **kept}


def image_url(url: str) -> dict[str, str]:
    """Return the content part of an image at a URL."""
    return {"type": "input_image", "image_url": url}


def image_b64(data: str, media_type: str = "image/jpeg") -> dict[str, str]:
    """Return the content part of an image in base64."""
    return image_url(f"data:{media_type};base64,{data}")


def file_param(file: FileTypes) -> dict[str, str]:
    """Return the file parameter of a file: its path if it has one, otherwise its content."""
    if isinstance(file, (str, os.PathLike)):
        path = os.path.abspath(file)
        if _is_text(path):
            return {"path": path}
        with open(path, "rb") as handle:  # a path in JSON must be text
            return file_param((os.path.basename(path), handle.read()))
    name, content, content_type = _parts(file)
    param = {"name": name, "data": binascii.b2a_base64(content, newline=False).decode("ascii")}
    if content_type:
        param["content_type"] = content_type
    return param


def image_param(image: ImageTypes) -> Any:
    """Return the image parameter of a URL, an uploaded file, or a file."""
    if isinstance(image, dict) or (isinstance(image, str) and image.startswith(("data:", "http://", "https://"))):
        return image
    return file_param(image)


class LocalFile:
    """A context manager of the path of a file for codex-rpc to read.

    Content without a path is written to a temporary file; a path that is not valid text, and cannot be
    encoded as JSON, gets a temporary link.
    """

    def __init__(self, file: FileTypes) -> None:
        self._file = file
        self._folder: str | None = None

    def __enter__(self) -> str:
        file = self._file
        if isinstance(file, (str, os.PathLike)):
            path = os.path.abspath(file)
            if _is_text(path):
                return path
            local = self._local(os.path.basename(path))
            os.symlink(path, local)
            return local
        name, content, _ = _parts(file)
        local = self._local(os.path.basename(name))
        with open(local, "wb") as handle:
            handle.write(content)
        return local

    def _local(self, name: str) -> str:
        import tempfile

        self._folder = tempfile.mkdtemp(prefix="codex-rpc-file-")
        return os.path.join(self._folder, _text(name))

    def __exit__(self, *exception: object) -> None:
        if self._folder is not None:
            import shutil

            shutil.rmtree(self._folder, ignore_errors=True)


def _parts(file: Any) -> tuple[str, bytes, str | None]:
    """Return the name, the content and the content type of a file that is not given by its path."""
    name: Any = None
    content_type = None
    content: Any = file
    if isinstance(file, tuple):
        name, content, content_type = (*file, None)[:3]
    if hasattr(content, "read"):
        path = getattr(content, "name", None)  # a number if the file has no name
        name = name or (os.path.basename(path) if isinstance(path, str) else None)
        content = content.read()
    if not isinstance(content, (bytes, bytearray)):
        raise TypeError(
            "file must be a path, an open binary file, bytes, or (name, content[, content type]), "
            f"but its content is {type(content).__name__}"
        )
    return _text(name or "audio"), bytes(content), content_type


def _is_text(name: str) -> bool:
    return name == _text(name)


def _text(name: str) -> str:
    """Return the name of a file as valid text, with bytes that are not UTF-8 replaced."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
