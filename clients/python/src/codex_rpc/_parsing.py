"""What ``responses.parse`` and ``responses.stream`` make of texts and of the arguments of calls."""

from __future__ import annotations

import json

from ._objects import Array, Object, wrapped
from ._schema import Format
from ._types import ParsedResponse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any


class ParsedText(Object):
    """A text with the object that it is: ``parsed``, which is no member and not sent with it."""

    __slots__ = ("parsed",)

    def __setattr__(self, name: str, value: Any) -> None:
        _set_parsed(self, value) if name == "parsed" else self.__setitem__(name, value)

    def __missing__(self, name: str) -> Any:
        if name == "parsed":
            return self.parsed
        raise KeyError(name)


class ParsedCall(Object):
    """A function call with its decoded arguments: ``parsed_arguments``, which is no member, either."""

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
    """What is to become of a response: the format of its text, None for none, and the tools it may call.

    Attributes:
        tools: The tools as they are sent, None for none.
    """

    def __init__(self, text_format: Any, tools: Iterable[Any] | None) -> None:
        self.format: Format[Any] | None = None if text_format is None else Format(text_format)
        self.tools = None if tools is None else [_sendable(tool) for tool in tools]
        self._models: dict[str, Any] = {}  # by the names of tools that have one
        self._strict: set[str] = set()
        for tool in self.tools or ():
            if isinstance(tool, dict) and tool.get("type") == "function" and tool.get("name"):
                self._models[tool["name"]] = getattr(tool, "model", None)
                if tool.get("strict"):
                    self._strict.add(tool["name"])

    def method(self, params: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """Returns the method that gives such a response, and its parameters."""
        params = {**params, "tools": self.tools}
        self._headers_kept = bool(params.get("include_headers"))
        if self.format is None:
            return "responses.create", params
        return "responses.parse", {**params, "text_format": self.format.param}

    def parsed(self, result: Any) -> ParsedResponse[Any]:
        """Returns the result of that method with the objects in it. Raises ValueError where a text does not
        fit the class that it is to become."""
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
        """Returns a response with the objects in it. What does not fit is None, and its fault in the list."""
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
        """Returns the object that a text of a message is, None if it is to be none. Raises ValueError."""
        if self.format is None or phase not in (None, "final_answer"):
            return None
        return self.format.of_text(text)

    def _contents(self, message: Object, faults: list[ValueError] | None) -> ParsedText | None:
        """Gives a message contents with objects in them, and returns the first that is a text."""
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
            return json.loads(arguments or "") if name in self._strict else None
        except ValueError:
            return None  # what the model wrote is in arguments


class _FunctionTool(dict[str, "object"]):
    model: object


def _sendable(tool: Any) -> Any:
    """Returns a tool that ``openai.pydantic_function_tool`` made in the form of the Responses API."""
    function = tool.get("function") if isinstance(tool, dict) else None
    if not isinstance(function, dict):
        return tool
    sent = _FunctionTool({"type": "function", **function})
    sent.model = getattr(tool, "model", None)
    return sent
