"""Results: JSON objects with attributes, decoded on first access."""

from __future__ import annotations

import json
import os
import re
import sys

from ._params import ABSENT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any, ClassVar

    from typing_extensions import Self

# json.loads, but allowing text after the value: an event is decoded within its line,
# without a copy.
_scan = json.JSONDecoder().scan_once  # type: ignore[attr-defined]  # of the standard library's C module


def loads(text: str | bytes) -> Any:
    """Decode JSON. An integer with more digits than int() accepts becomes a Decimal, which keeps them all."""
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        raise
    except ValueError:
        return json.loads(text, parse_int=_integer)


def _integer(digits: str) -> Any:
    try:
        return int(digits)
    except ValueError:
        from decimal import Decimal

        return Decimal(digits)


def dumps(value: Any, **options: Any) -> str:
    """Encode as JSON."""
    return unmarked(json.dumps(value, ensure_ascii=False, default=jsonable, **options))


_MARK = os.urandom(16).hex()
_marks = False
"""Whether jsonable has marked a number, which most programs have none of."""


def unmarked(text: str) -> str:
    """Return JSON with the numbers that jsonable has marked: an encoder can write a Decimal only as a string."""
    return re.sub(f'"{_MARK}([^"]*)"', r"\1", text) if _marks else text


class Dumps:
    """The methods that convert Pydantic models, as those of openai-python, to JSON.

    Pydantic's other arguments are accepted. Only existing members are dumped, so ``exclude_unset`` and
    ``exclude_defaults`` have no effect; all values are JSON, so both modes return the same.
    """

    __slots__ = ()

    def to_dict(
        self,
        *,
        mode: str = "python",
        include: Any = None,
        exclude: Any = None,
        exclude_none: bool = False,
        **others: Any,
    ) -> dict[str, Any]:
        """Return a copy of plain dicts, lists, strings, numbers, booleans and None.

        ``include`` and ``exclude`` name members of the object itself.
        """
        members: dict[str, Any] = plain(self, exclude_none)
        return {
            name: member
            for name, member in members.items()
            if (include is None or name in include) and (exclude is None or name not in exclude)
        }

    def to_json(self, *, indent: int | None = 2, **others: Any) -> str:
        """Return the object as JSON text, on one line with ``indent=None``."""
        separators = (",", ":") if indent is None else None
        members = self.to_dict(**others)
        return dumps(members, indent=indent, separators=separators)

    def model_dump(self, **options: Any) -> dict[str, Any]:
        """Alias of ``to_dict``."""
        return self.to_dict(**options)

    def model_dump_json(self, *, indent: int | None = None, **options: Any) -> str:
        """Like ``to_json``, by default on one line."""
        return self.to_json(indent=indent, **options)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return a copy with some members changed."""
        import copy

        other = copy.deepcopy(self) if deep else copy.copy(self)
        for name, member in (update or {}).items():
            setattr(other, name, member)
        return other


class Object(dict[str, "Any"], Dumps):
    """A JSON object of an undeclared type: a dict with its members as attributes.

    ``item["type"]`` and ``item.type`` are the same. Missing optional members of its type are None as
    attributes. A member named like a method of dict, such as ``items``, is not an attribute.
    """

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            if name[:2] != "__":
                from ._vocabulary import may_be_absent

                if may_be_absent(self.get("type"), name):
                    return None
            raise AttributeError(f"the object has no member {name!r}, only {', '.join(self) or 'none'}") from None

    __setattr__ = dict.__setitem__

    def __delattr__(self, name: str) -> None:
        if self.pop(name, self) is self:
            raise AttributeError(name)


class Array(list["Any"]):
    """A list whose dicts are Objects, as opposed to a list that was not converted yet."""

    __slots__ = ()


def wrapped(value: Any) -> Any:
    """Return decoded JSON with each dict in it as an Object."""
    if isinstance(value, dict):
        return Object((name, wrapped(member)) for name, member in value.items())
    if isinstance(value, list):
        return Array(wrapped(item) for item in value)
    return value


def plain(value: Any, exclude_none: bool = False) -> Any:
    """Return a deep copy with plain dicts and lists; the inverse of wrapped."""
    if isinstance(value, CodexBaseModel):
        value = value._members()
    if isinstance(value, dict):
        return {
            name: plain(member, exclude_none) for name, member in value.items() if not (exclude_none and member is None)
        }
    if isinstance(value, (list, tuple)):
        return [plain(item, exclude_none) for item in value]
    return value


class CodexBaseModel(Dumps):
    """Base of the typed results: a JSON object with attribute and item access.

    Missing declared members are None; undeclared members are kept and accessible like any other, and both
    can be assigned. As with Pydantic's models, iteration yields pairs of names and values.
    """

    __slots__ = ("_data", "_headers")

    # Members that are objects of a declared type, or lists of such.
    _nested: ClassVar[dict[str, str]] = {}

    _data: dict[str, Any] | None  # None if not decoded yet
    _headers: Mapping[str, str]  # of the response, if known

    def __init__(self, data: dict[str, Any] | None = None, /, **members: Any) -> None:
        """Create a result from decoded JSON, keyword arguments, or both."""
        _set_data(self, {**(data or {}), **members})

    def _members(self) -> dict[str, Any]:
        assert self._data is not None
        return self._data

    def __getattr__(self, name: str) -> Any:
        if name in ("_data", "_headers"):  # __init__ has not run, or the headers are unknown
            raise AttributeError(name)
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

    def __setattr__(self, name: str, value: Any) -> None:
        if hasattr(type(self), name):  # an attribute of the class, such as output_text, cannot be assigned
            object.__setattr__(self, name, value)
        else:
            self._members()[name] = value

    def __delattr__(self, name: str) -> None:
        try:
            del self._members()[name]
        except KeyError:
            raise AttributeError(name) from None

    def __getitem__(self, name: str) -> Any:
        try:
            return getattr(self, name)
        except AttributeError:
            raise KeyError(name) from None

    def __setitem__(self, name: str, value: Any) -> None:
        self._members()[name] = value

    def __contains__(self, name: object) -> bool:
        return name in self._members()

    def __iter__(self) -> Iterator[Any]:
        for name in list(self._members()):
            yield name, self[name]

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

    def __copy__(self) -> Self:
        return type(self)(self._members())

    def _came_with(self, headers: Mapping[str, str], keep: bool) -> None:
        """Set the response headers, which are a member only if requested."""
        object.__setattr__(self, "_headers", headers)
        if not keep:
            self._members().pop("response_headers", None)

    @property
    def _request_id(self) -> str | None:
        """The backend's id of the request, for bug reports."""
        headers = getattr(self, "_headers", None)
        return None if headers is None else headers.get("x-request-id")

    def get(self, name: str, default: Any = None) -> Any:
        """Return a member, or the default if it is missing."""
        return getattr(self, name) if name in self else default


_set_data = CodexBaseModel.__dict__["_data"].__set__  # __setattr__ would make it a member


class ResponseStreamEvent(CodexBaseModel):
    """An event of a stream, as sent by the backend. Its members depend on its type.

    Events of undeclared types are supported like any other. The JSON is decoded when a member other than
    ``type`` is accessed, so that skipping an event is cheap.
    """

    __slots__ = ("_line",)

    _nested: ClassVar[dict[str, str]] = {"response": "Response"}

    # The line of the event: {"jsonrpc":…,"params":{"id":1,"seq":0,"event":{…}}}.
    _line: bytes

    def __init__(self, data: dict[str, Any] | None = None, /, **members: Any) -> None:
        """Create an event from decoded JSON, keyword arguments, or both."""
        super().__init__(data, **members)
        _set_line(self, b"")

    def __getattr__(self, name: str) -> Any:
        data = self._data
        if data is None:
            data = self._members()
        value = data.get(name)
        if value.__class__ is str or value.__class__ is int:  # nothing to wrap
            return value
        try:
            return super().__getattr__(name)
        except AttributeError:
            from ._vocabulary import may_be_absent

            if name[:2] != "__" and may_be_absent(self.type, name):
                return None
            raise

    def _members(self) -> dict[str, Any]:
        data = self._data
        if data is None:
            line = self._line
            try:
                data = _scan(line.decode(), line.index(b'"event":') + 8)[0]
            except (ValueError, StopIteration):
                try:
                    data = loads(line)["params"]["event"]
                except ValueError:
                    raise ValueError(f"codex-rpc sent an event that is not JSON: {line[:200]!r}") from None
            _set_data(self, data)
        return data

    def __setattr__(self, name: str, value: Any) -> None:
        self[name] = value

    def __setitem__(self, name: str, value: Any) -> None:
        self._members()[name] = value
        _set_line(self, b"")  # which has the old type

    @property
    def type(self) -> str:
        """The type of the event, such as ``"response.output_text.delta"``."""
        # The backend writes the type first. Finding it there saves decoding events that are skipped.
        line = self._line
        start = line.find(b'"event":{"type":"') + 17
        if start > 16:
            text = line[start : line.find(b'"', start)]
            if b"\\" not in text:
                return text.decode()
        return self._members()["type"]


def event_of(line: bytes) -> Any:
    """Return the event in a line; for type checkers, of the type that the caller expects."""
    event = _new(ResponseStreamEvent)
    _set_line(event, line)
    _set_data(event, None)
    return event


_new = ResponseStreamEvent.__new__
_set_line = ResponseStreamEvent.__dict__["_line"].__set__


def jsonable(value: Any) -> Any:
    """Return the JSON value of an object of another kind that a caller passed, such as a Pydantic model."""
    global _marks
    if type(value).__name__ in ABSENT:
        return None
    decimal = sys.modules.get("decimal")
    if decimal is not None and isinstance(value, decimal.Decimal):
        if not value.is_finite():
            raise ValueError(f"Out of range decimal values are not JSON compliant: {value}")
        _marks = True
        return f"{_MARK}{value}"
    if isinstance(value, CodexBaseModel):
        return value.to_dict()
    if hasattr(value, "model_dump"):  # a Pydantic model; Pydantic need not be installed
        return value.model_dump(mode="json", by_alias=True, exclude_unset=True)
    if hasattr(value, "__dataclass_fields__") and not isinstance(value, type):
        return {name: getattr(value, name) for name in value.__dataclass_fields__}
    if hasattr(value, "__fspath__"):
        return value.__fspath__()
    if hasattr(value, "keys"):  # a mapping that is not a dict
        return dict(value)
    if hasattr(value, "__iter__") and not isinstance(value, (bytes, bytearray, memoryview)):
        return list(value)
    raise TypeError(f"an object of type {type(value).__name__} cannot be encoded as JSON")
