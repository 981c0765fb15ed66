"""JSON Schemas of classes, and parsing into their instances, for ``responses.parse``."""

from __future__ import annotations

import dataclasses
import enum
import types
import typing
from collections.abc import Mapping, Sequence
from typing import Any, Generic, TypeVar, Union

from ._encoding import encoded
from ._objects import loads, wrapped

T = TypeVar("T")

_PRIMITIVES: dict[Any, tuple[str, tuple[type, ...]]] = {
    str: ("string", (str,)),
    int: ("integer", (int,)),
    float: ("number", (int, float)),
    bool: ("boolean", (bool,)),
    type(None): ("null", (type(None),)),
}
_UNIONS = (Union, getattr(types, "UnionType", Union))


class Format(Generic[T]):
    """The format of a text: a Pydantic model, a dataclass, or a JSON Schema.

    A schema is given as ``{"name": …, "schema": …}`` or bare. All fields of a dataclass are required, even
    those with a default, as the backend's strict mode demands.
    """

    def __init__(self, given: type[T] | Mapping[str, Any]) -> None:
        self._given = given
        if isinstance(given, Mapping):
            schema = given.get("schema", given)
            self.param = {"name": given.get("name") or schema.get("title") or "output", "schema": schema}
        elif hasattr(given, "model_json_schema") and hasattr(given, "model_validate_json"):
            self.param = {"name": given.__name__, "schema": given.model_json_schema()}  # type: ignore[attr-defined]
        elif dataclasses.is_dataclass(given) and isinstance(given, type):
            self.param = {"name": given.__name__, "schema": schema_of(given)}
        else:
            raise TypeError("text_format must be a Pydantic BaseModel class, a dataclass, or a JSON Schema")

    def of_text(self, text: str) -> Any:
        """Return the parsed text. Raise ValueError if it does not match."""
        made: Any = self._given
        if hasattr(made, "model_validate_json"):
            return made.model_validate_json(text)
        return self.of_value(loads(text))

    def of_value(self, value: Any) -> Any:
        """Return the object of decoded JSON. Raise ValueError if it does not match."""
        made: Any = self._given
        if isinstance(made, Mapping):
            return wrapped(value)
        if hasattr(made, "model_validate_json"):
            return made.model_validate_json(encoded(value))
        return object_of(made, value)


def schema_of(root: type[Any]) -> dict[str, Any]:
    """Return the JSON Schema of a dataclass. Raise TypeError for a field of an unsupported type."""
    definitions: dict[str, dict[str, Any]] = {}

    def of(kind: Any) -> dict[str, Any]:
        origin, args = typing.get_origin(kind), typing.get_args(kind)
        if kind is Any:
            return {}
        if kind in _PRIMITIVES:
            return {"type": _PRIMITIVES[kind][0]}
        if origin in _UNIONS:
            return {"anyOf": [of(arg) for arg in args]}
        if origin is typing.Literal:
            return {"enum": list(args)}
        if isinstance(kind, type) and issubclass(kind, enum.Enum):
            return {"enum": [member.value for member in kind]}
        if kind is list or origin in (list, Sequence):
            return {"type": "array", "items": of(args[0]) if args else {}}
        if origin in (dict, Mapping) and args[0] is str:
            return {"type": "object", "additionalProperties": of(args[1])}
        if dataclasses.is_dataclass(kind) and isinstance(kind, type):
            if kind is root:
                return {"$ref": "#"}
            if kind.__name__ not in definitions:
                definitions[kind.__name__] = {}  # for self-references
                definitions[kind.__name__] = fields_of(kind)
            return {"$ref": f"#/$defs/{kind.__name__}"}
        raise TypeError(
            f"a field is of type {kind!r}, which has no JSON Schema here: use str, int, float, bool, None, list, "
            "dict[str, …], Optional, Union, Literal, Enum, Any or a dataclass"
        )

    def fields_of(kind: type[Any]) -> dict[str, Any]:
        hints = typing.get_type_hints(kind)
        names = [field.name for field in dataclasses.fields(kind) if field.init]
        return {
            "type": "object",
            "properties": {name: of(hints[name]) for name in names},
            "required": names,
            "additionalProperties": False,
        }

    schema = {"title": root.__name__, **fields_of(root)}
    return {**schema, "$defs": definitions} if definitions else schema


def object_of(kind: Any, value: Any, path: str = "$") -> Any:
    """Convert decoded JSON to a type supported by schema_of. Raise ValueError if it does not match."""
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if kind is Any:
        return value
    if kind in _PRIMITIVES:
        fits = isinstance(value, _PRIMITIVES[kind][1]) and (kind is bool or not isinstance(value, bool))
        if not fits:
            raise ValueError(f"{path} is {value!r}, not of type {_PRIMITIVES[kind][0]}")
        return float(value) if kind is float else value
    if origin in _UNIONS:
        faults: list[str] = []
        for arg in args:
            try:
                return object_of(arg, value, path)
            except ValueError as error:
                faults.append(str(error))
        raise ValueError("; ".join(faults))
    if origin is typing.Literal:
        if value not in args:
            raise ValueError(f"{path} is {value!r}, not one of {args}")
        return value
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return kind(value)
    if kind is list or origin in (list, Sequence):
        if not isinstance(value, list):
            raise ValueError(f"{path} is {value!r}, not of type array")
        return [object_of(args[0], item, f"{path}[{i}]") for i, item in enumerate(value)] if args else value
    if not isinstance(value, dict):
        raise ValueError(f"{path} is {value!r}, not of type object")
    if not dataclasses.is_dataclass(kind):
        return {name: object_of(args[1], member, f"{path}.{name}") for name, member in value.items()}
    hints = typing.get_type_hints(kind)
    names = [field.name for field in dataclasses.fields(kind) if field.init]
    if missing := [name for name in names if name not in value]:
        raise ValueError(f"{path} is missing {', '.join(missing)}")
    make: Any = kind
    return make(**{name: object_of(hints[name], value[name], f"{path}.{name}") for name in names})
