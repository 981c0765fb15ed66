"""What results are made of: JSON objects with attributes, decoded no sooner than a field is asked for."""

from __future__ import annotations

import json

from ._params import ABSENT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any, ClassVar

    from typing_extensions import Self

# json.loads without the demand that the text ends where the value does: an
# event is read where it stands in its line, uncopied.
_scan = json.JSONDecoder().scan_once  # type: ignore[attr-defined]  # of the standard library's C module


class Dumps:
    """The methods by which objects of openai-python, which are Pydantic's, are made JSON again.

    What Pydantic's take beside is taken, too. Only members that are there are dumped, so ``exclude_unset``
    and ``exclude_defaults`` change nothing, and all of it is JSON, so both modes give the same.
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
        """Returns a copy of plain dicts, lists, strings, numbers, booleans and None.

        ``include`` and ``exclude`` name members of the object itself.
        """
        members: dict[str, Any] = plain(self, exclude_none)
        return {
            name: member
            for name, member in members.items()
            if (include is None or name in include) and (exclude is None or name not in exclude)
        }

    def to_json(self, *, indent: int | None = 2, **others: Any) -> str:
        """Returns the object as JSON text, on one line with ``indent=None``."""
        separators = (",", ":") if indent is None else None
        members = self.to_dict(**others)
        return json.dumps(members, indent=indent, separators=separators, ensure_ascii=False, default=jsonable)

    def model_dump(self, **options: Any) -> dict[str, Any]:
        """Is ``to_dict``."""
        return self.to_dict(**options)

    def model_dump_json(self, *, indent: int | None = None, **options: Any) -> str:
        """Is ``to_json``, on one line if no ``indent`` is given."""
        return self.to_json(indent=indent, **options)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Returns a copy with some members changed."""
        import copy

        other = copy.deepcopy(self) if deep else copy.copy(self)
        for name, member in (update or {}).items():
            setattr(other, name, member)
        return other


class Object(dict[str, "Any"], Dumps):
    """A JSON object of no declared type: a dict whose members are attributes, too.

    ``item["type"]`` and ``item.type`` are the same. A member that its type may leave out is None as an
    attribute where it is missing. A member named like a method of dict, such as ``items``, has no attribute.
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
            raise AttributeError(f"the object has no member {name!r}, but {', '.join(self) or 'none'}") from None

    __setattr__ = dict.__setitem__

    def __delattr__(self, name: str) -> None:
        if self.pop(name, self) is self:
            raise AttributeError(name)


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
    if isinstance(value, (list, tuple)):
        return [plain(item, exclude_none) for item in value]
    return value


class CodexBaseModel(Dumps):
    """Base of the typed results: a JSON object with attribute and item access.

    Declared members that the object lacks are None; members that nobody declared are kept and can be
    asked for like any other, and both can be assigned. Iteration gives pairs of names and members, as that
    of Pydantic's models does, so ``dict(result)`` has the members as attributes have them.
    """

    __slots__ = ("_data", "_headers")

    # Members that are objects of a declared type, or lists of such.
    _nested: ClassVar[dict[str, str]] = {}

    _data: dict[str, Any] | None  # None: not yet decoded
    _headers: Mapping[str, str]  # of the answer that brought it, if they are known

    def __init__(self, data: dict[str, Any] | None = None, /, **members: Any) -> None:
        """Makes a result of decoded JSON, of keyword arguments, or of both."""
        _set_data(self, {**(data or {}), **members})

    def _members(self) -> dict[str, Any]:
        assert self._data is not None
        return self._data

    def __getattr__(self, name: str) -> Any:
        if name in ("_data", "_headers"):  # not even __init__ ran, or they are not known
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
        if hasattr(type(self), name):  # of the class, such as output_text: not for assignment
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
        """Takes the headers of the answer, which are a member only for those who asked for it."""
        object.__setattr__(self, "_headers", headers)
        if not keep:
            self._members().pop("response_headers", None)

    @property
    def _request_id(self) -> str | None:
        """The backend's name for the request, to quote in a report."""
        headers = getattr(self, "_headers", None)
        return None if headers is None else headers.get("x-request-id")

    def get(self, name: str, default: Any = None) -> Any:
        """Returns a member, or default where the object has none of that name."""
        return getattr(self, name) if name in self else default


_set_data = CodexBaseModel.__dict__["_data"].__set__  # __setattr__ would make it a member


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
        _set_line(self, b"")

    def __getattr__(self, name: str) -> Any:
        data = self._data
        if data is None:
            data = self._members()
        value = data.get(name)
        if value.__class__ is str or value.__class__ is int:  # nothing to be wrapped
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
                raise ValueError(f"codex-rpc sent an event that is not JSON: {line[:200]!r}") from None
            _set_data(self, data)
        return data

    def __setattr__(self, name: str, value: Any) -> None:
        self[name] = value

    def __setitem__(self, name: str, value: Any) -> None:
        self._members()[name] = value
        _set_line(self, b"")  # which has the type as it was

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


def event_of(line: bytes) -> Any:
    """Returns the event that a line brought: to type checkers, of whatever type the caller knows it is."""
    event = _new(ResponseStreamEvent)
    _set_line(event, line)
    _set_data(event, None)
    return event


_new = ResponseStreamEvent.__new__
_set_line = ResponseStreamEvent.__dict__["_line"].__set__


def jsonable(value: Any) -> Any:
    """Returns what JSON can hold for an object of a kind that callers have where JSON is wanted."""
    if type(value).__name__ in ABSENT:
        return None
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
