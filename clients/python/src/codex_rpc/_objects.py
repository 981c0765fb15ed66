"""What results are made of: JSON objects with attributes, decoded no sooner than a field is asked for."""

from __future__ import annotations

import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, ClassVar

# json.loads without the demand that the text ends where the value does: an
# event is read where it stands in its line, uncopied.
_scan = json.JSONDecoder().scan_once  # type: ignore[attr-defined]  # of the standard library's C module


class Object(dict[str, "Any"]):
    """A JSON object of no declared type: a dict whose members are attributes, too.

    ``item["type"]`` and ``item.type`` are the same. A member named like a method of dict, such as
    ``items``, has no attribute.
    """

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(f"the object has no member {name!r}, but {', '.join(self) or 'none'}") from None

    def to_dict(self) -> dict[str, Any]:
        """Returns a copy of plain dicts and lists."""
        return plain(self)


class Array(list["Any"]):
    """A list whose dicts are Objects: it differs from a list that is yet to be looked through."""

    __slots__ = ()


def wrapped(value: Any) -> Any:
    """Returns decoded JSON with each dict in it as an Object."""
    if isinstance(value, dict):
        return Object((name, wrapped(member)) for name, member in value.items())
    if isinstance(value, list):
        return Array(wrapped(item) for item in value)
    return value


def plain(value: Any, exclude_none: bool = False) -> Any:
    """Returns a deep copy of dicts, lists and what JSON has beside them; the opposite of wrapped."""
    if isinstance(value, CodexBaseModel):
        value = value._members()
    if isinstance(value, dict):
        return {
            name: plain(member, exclude_none) for name, member in value.items() if not (exclude_none and member is None)
        }
    if isinstance(value, list):
        return [plain(item, exclude_none) for item in value]
    return value


class CodexBaseModel:
    """Base of the typed results: a JSON object with attribute and item access.

    Declared members that the object lacks are None; members that nobody declared are kept and can be
    asked for like any other. Results are not changed, they are built anew: ``Response(id="resp_1")``.
    """

    __slots__ = ("_data",)

    # Members that are objects of a declared type, or lists of such.
    _nested: ClassVar[dict[str, str]] = {}

    _data: dict[str, Any] | None  # None: not yet decoded

    def __init__(self, data: dict[str, Any] | None = None, /, **members: Any) -> None:
        """Makes a result of decoded JSON, of keyword arguments, or of both."""
        self._data = {**(data or {}), **members}

    def _members(self) -> dict[str, Any]:
        assert self._data is not None
        return self._data

    def __getattr__(self, name: str) -> Any:
        if name == "_data":  # not even __init__ ran
            raise AttributeError(name)
        data = self._data
        if data is None:
            data = self._members()
        try:
            value = data[name]
        except KeyError:
            if name in self._declared():
                return None
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}") from None
        if value.__class__ is dict or value.__class__ is list:
            value = data[name] = self._typed(name, value)
        return value

    def _typed(self, name: str, value: Any) -> Any:
        kind = self._nested.get(name)
        if kind is None:
            return wrapped(value)
        from . import _types

        make = getattr(_types, kind)
        if isinstance(value, list):
            return Array(make(item) if item.__class__ is dict else item for item in value)
        return make(value)

    @classmethod
    def _declared(cls) -> set[str]:
        return {name for base in cls.__mro__ for name in vars(base).get("__annotations__", ()) if name[0] != "_"}

    def __getitem__(self, name: str) -> Any:
        try:
            return getattr(self, name)
        except AttributeError:
            raise KeyError(name) from None

    def __contains__(self, name: object) -> bool:
        return name in self._members()

    def __eq__(self, other: object) -> bool:
        if isinstance(other, CodexBaseModel):
            return type(self) is type(other) and plain(self) == plain(other)
        return NotImplemented

    __hash__ = None  # type: ignore[assignment]  # as for any container

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self._members().items())})"

    def __dir__(self) -> Iterable[str]:
        return [*super().__dir__(), *self._members()]

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.to_dict(),)

    def get(self, name: str, default: Any = None) -> Any:
        """Returns a member, or default where the object has none of that name."""
        return getattr(self, name) if name in self else default

    def to_dict(self, *, mode: str = "python", exclude_none: bool = False) -> dict[str, Any]:
        """Returns a copy of plain dicts, lists, strings, numbers, booleans and None.

        All of it is JSON, so both modes, "python" and "json", give the same.
        """
        return plain(self, exclude_none)

    def to_json(self, *, indent: int | None = 2, exclude_none: bool = False) -> str:
        """Returns the object as JSON text, on one line with ``indent=None``."""
        separators = (",", ":") if indent is None else None
        members = self.to_dict(exclude_none=exclude_none)
        return json.dumps(members, indent=indent, separators=separators, ensure_ascii=False, default=jsonable)

    model_dump = to_dict
    model_dump_json = to_json


class ResponseStreamEvent(CodexBaseModel):
    """An event of a stream, as the backend sent it. Which members it has depends on its type.

    An event of a type that nobody declared is an event like any other. Its JSON is decoded when a
    member beside ``type`` is asked for, so that passing over an event costs next to nothing.
    """

    __slots__ = ("_line",)

    _nested: ClassVar[dict[str, str]] = {"response": "Response"}

    # What brought it: {"jsonrpc":…,"params":{"id":1,"seq":0,"event":{…}}}.
    _line: bytes

    def __init__(self, data: dict[str, Any] | None = None, /, **members: Any) -> None:
        """Makes an event of decoded JSON, of keyword arguments, or of both."""
        super().__init__(data, **members)
        self._line = b""

    def _members(self) -> dict[str, Any]:
        data = self._data
        if data is None:
            line = self._line
            try:
                data = self._data = _scan(line.decode(), line.index(b'"event":') + 8)[0]
            except (ValueError, StopIteration):
                raise ValueError(f"codex-rpc sent an event that is no JSON: {line[:200]!r}") from None
        return data

    @property
    def type(self) -> str:
        """The event's type, as ``"response.output_text.delta"``."""
        # The backend writes the type first. Looking for it where it is
        # expected spares those who pass an event over its decoding.
        line = self._line
        start = line.find(b'"event":{"type":"') + 17
        if start > 16:
            text = line[start : line.find(b'"', start)]
            if b"\\" not in text:
                return text.decode()
        return self._members()["type"]


def event_of(line: bytes) -> ResponseStreamEvent:
    """Returns the event that a line brought."""
    event = _new(ResponseStreamEvent)
    event._line = line
    event._data = None
    return event


_new = ResponseStreamEvent.__new__


def jsonable(value: Any) -> Any:
    """Returns what JSON can hold for an object of a kind that callers have where JSON is wanted."""
    if isinstance(value, CodexBaseModel):
        return value.to_dict()
    if hasattr(value, "model_dump"):  # of Pydantic, which need not be installed
        return value.model_dump(mode="json", by_alias=True, exclude_unset=True)
    if hasattr(value, "__dataclass_fields__") and not isinstance(value, type):
        return {name: getattr(value, name) for name in value.__dataclass_fields__}
    if hasattr(value, "__fspath__"):
        return value.__fspath__()
    if hasattr(value, "__iter__") and not isinstance(value, (bytes, bytearray, memoryview)):
        return list(value)
    raise TypeError(f"an object of type {type(value).__name__} has no form in JSON")
