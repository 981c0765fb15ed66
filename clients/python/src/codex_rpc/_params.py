"""What callers pass, in the form of the protocol."""

from __future__ import annotations

import binascii
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from ._types import FileTypes


def given(params: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the parameters that are neither None nor one of openai-python's signs for absence."""
    return {
        name: value
        for name, value in params.items()
        if value is not None and type(value).__name__ not in ("NotGiven", "Omit")
    }


def image_url(url: str) -> dict[str, str]:
    """Returns the content part that shows the model the image at a URL."""
    return {"type": "input_image", "image_url": url}


def image_b64(data: str, media_type: str = "image/jpeg") -> dict[str, str]:
    """Returns the content part that shows the model an image, given in base64."""
    return image_url(f"data:{media_type};base64,{data}")


def file_param(file: FileTypes) -> dict[str, str]:
    """Returns a file in the form of the protocol: by its path where it has one, else by its content."""
    if isinstance(file, (str, os.PathLike)):
        return {"path": os.path.abspath(file)}
    name: Any = None
    content_type = None
    content: Any = file
    if isinstance(file, tuple):
        name, content, content_type = (*file, None)[:3]
    if hasattr(content, "read"):
        path = getattr(content, "name", None)  # a number where the file has no name
        name = name or (os.path.basename(path) if isinstance(path, str) else None)
        content = content.read()
    if not isinstance(content, (bytes, bytearray)):
        raise TypeError(
            "file must be a path, an open binary file, bytes, or (name, content[, content type]), "
            f"but its content is {type(content).__name__}"
        )
    param = {"name": name or "audio", "data": binascii.b2a_base64(content, newline=False).decode("ascii")}
    if content_type:
        param["content_type"] = content_type
    return param
