"""Parsing of texts and arguments for ``responses.parse`` and ``responses.stream``."""

from __future__ import annotations

from ._objects import Array, Object, loads, wrapped
from ._schema import Format
from ._types import ParsedResponse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any


class ParsedText(Object):
    """A text with its parsed value as ``parsed``, which is not a member and is not sent."""

    __slots__ = ("parsed",)

    def __setattr__(self, name: str, value: Any) -> None:
        _set_parsed(self, value) if name == "parsed" else self.__setitem__(name, value)

    def __missing__(self, name: str) -> Any:
        if name == "parsed":
            return self.parsed
        raise KeyError(name)


class ParsedCall(Object):
    """A function call with its parsed arguments as ``parsed_arguments``, which is not a member."""

    __slots__ = ("parsed_arguments",)

    def __setattr__(self, name: str, value: Any) -> None:
        _set_arguments(self, value) if name == "parsed_arguments" else self.__setitem__(name, value)

    def __missing__(self, name: str) -> Any:
        if name == "parsed_arguments":
            return self.parsed_arguments
        raise KeyError(name)


_set_parsed = ParsedText.__dict__["parsed"].__set__
_set_arguments = ParsedCall.__dict__["parsed_arguments"].__set__


class Parser:
    """Parses responses by the format of their text, or None, and their tools.

    Attributes:
        tools: The tools as sent, or None.
    """

    def __init__(self, text_format: Any, tools: Iterable[Any] | None) -> None:
        self.format: Format[Any] | None = None if text_format is None else Format(text_format)
        self.tools = None if tools is None else [_sendable(tool) for tool in tools]
        self._models: dict[str, Any] = {}  # by tool name
        self._strict: set[str] = set()
        for tool in self.tools or ():
            if isinstance(tool, dict) and tool.get("type") == "function" and tool.get("name"):
                self._models[tool["name"]] = getattr(tool, "model", None)
                if tool.get("strict"):
                    self._strict.add(tool["name"])

    def method(self, params: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """Return the method to call and its parameters."""
        params = {**params, "tools": self.tools}
        self._headers_kept = bool(params.get("include_headers"))
        if self.format is None:
            return "responses.create", params
        return "responses.parse", {**params, "text_format": self.format.param}

    def parsed(self, result: Any) -> ParsedResponse[Any]:
        """Return the parsed result of that method. Raise ValueError if a text does not match its class."""
        faults: list[ValueError] = []
        if self.format is None:
            response, headers = self.response(result._members()), getattr(result, "_headers", None)
        else:
            response, headers = self.response(result["response"], faults), result.get("response_headers")
        if headers is not None:
            response.response_headers = headers
            response._came_with(headers, self._headers_kept)
        if self.format is None:
            return response
        value = result["output_parsed"]
        if value is None:
            response.output_parsed = None
        elif response.output_parsed is None:
            if faults:
                raise faults[0]
            response.output_parsed = self.format.of_value(value)
        return response

    def response(self, members: Mapping[str, Any], faults: list[ValueError] | None = None) -> ParsedResponse[Any]:
        """Return the parsed response. Values that do not match are None, with their errors in the list."""
        output = Array()
        made = None
        for item in members.get("output") or ():
            kind = item.get("type")
            if kind == "message":
                item = Object(item)
                text = self._contents(item, faults)
                if made is None and text is not None:
                    made = text.parsed
            elif kind == "function_call":
                arguments = self._arguments(item)
                item = ParsedCall(wrapped(item))
                item.parsed_arguments = arguments
            else:
                item = wrapped(item)
            output.append(item)
        return ParsedResponse({**members, "output": output}, output_parsed=made)

    def text(self, text: str, phase: str | None = None) -> Any:
        """Return the parsed text of a message, None without a format. Raise ValueError if it does not match."""
        if self.format is None or phase not in (None, "final_answer"):
            return None
        return self.format.of_text(text)

    def _contents(self, message: Object, faults: list[ValueError] | None) -> ParsedText | None:
        """Replace the contents of a message with parsed ones, and return the first text."""
        contents, first = Array(), None
        for part in message.get("content") or ():
            if part.get("type") == "output_text":
                part = ParsedText(wrapped(part))
                part.parsed = None
                first = first or part
            else:
                part = wrapped(part)
            contents.append(part)
        message["content"] = contents
        if first is not None:
            try:
                text = "".join(part["text"] for part in contents if isinstance(part, ParsedText))
                first.parsed = self.text(text, message.get("phase"))
            except ValueError as fault:
                if faults is not None:
                    faults.append(fault)
        return first

    def _arguments(self, call: Mapping[str, Any]) -> Any:
        name, arguments = call.get("name"), call.get("arguments")
        model = self._models.get(name or "")
        try:
            if model is not None:
                return model.model_validate_json(arguments)
            return loads(arguments or "") if name in self._strict else None
        except ValueError:
            return None  # the raw text is in arguments


class _FunctionTool(dict[str, "object"]):
    model: object


def _sendable(tool: Any) -> Any:
    """Return a tool of ``openai.pydantic_function_tool`` in the form of the Responses API."""
    function = tool.get("function") if isinstance(tool, dict) else None
    if not isinstance(function, dict):
        return tool
    sent = _FunctionTool({"type": "function", **function})
    sent.model = getattr(tool, "model", None)
    return sent
