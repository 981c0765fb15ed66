"""The encoding of requests."""

from __future__ import annotations

import json

from ._objects import jsonable, unmarked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

_KEPT = 8 << 20
"""The most bytes of texts that are kept."""
_SHORTEST = 4 << 10
"""The length of the shortest text that is kept. Encoding a shorter item takes hardly longer than comparing it."""
_VALUES = 32
"""The most values in an item whose text is kept. Comparing more takes longer than encoding them."""
_SCALARS = (str, int, float, bool, type(None))


class Encoded(bytes):
    """A parameter that is already JSON on one line and is sent as it is."""


class Encoder:
    """Encodes the parameters of requests.

    A program passes its whole history with each call. The text of a long item of a list is kept until the
    next call, which uses it again if it has the same item at the same position. An item is compared with a
    copy of its members: it may have been changed, or replaced with an equal one.
    """

    def __init__(self) -> None:
        self._kept: dict[str, list[tuple[Any, bytes] | None]] = {}

    def members(self, params: Mapping[str, Any]) -> Iterator[bytes]:
        """Yield the parameters as members of a JSON object, in pieces."""
        kept: dict[str, list[tuple[Any, bytes] | None]] = {}
        room = _KEPT
        for at, (name, value) in enumerate(params.items()):
            yield b"%b%b:" % (b"," if at else b"", encoded(name))
            if isinstance(value, Encoded):
                yield value
            elif isinstance(value, list):
                # As one string, a history would take four times its size if it has any character beyond
                # Latin-1.
                last = self._kept.get(name, ())
                kept[name] = entries = []
                yield b"["
                for item_at, item in enumerate(value):
                    if item_at:
                        yield b","
                    entry = last[item_at] if item_at < len(last) else None
                    if entry is None or not _is_copy(item, entry[0]):
                        text = encoded(item)
                        entry = _entry(item) if _SHORTEST <= len(text) <= room else None
                    if entry is not None:
                        text = entry[1]
                        if len(text) > room:  # new texts before it are kept instead
                            entry = None
                        else:
                            room -= len(text)
                    entries.append(entry)
                    yield text
                yield b"]"
            else:
                yield encoded(value)
        if any(map(any, kept.values())):
            self._kept = kept


def _entry(item: Any) -> tuple[Any, bytes] | None:
    """Return a copy of an item and the copy's text, None if the item is not a small object of plain data."""
    if type(item) is not dict:
        return None
    try:
        copy = _copy(item, [_VALUES])
    except LookupError:
        return None
    # Another thread may have changed the item since it was encoded.
    return copy, encoded(copy)


def _copy(value: Any, room: list[int]) -> Any:
    """Return a copy of plain data, which shares its strings. Raise a LookupError for other data, or too much."""
    kind = type(value)
    room[0] -= 1
    if room[0] >= 0:
        if kind in _SCALARS:
            return value
        if kind is list:
            return [_copy(element, room) for element in list(value)]
        if kind is dict:
            members = list(value.items())
            if all(type(name) is str for name, _ in members):
                return {name: _copy(member, room) for name, member in members}
    raise LookupError


def _is_copy(value: Any, copy: Any) -> bool:
    """Report whether a value has the JSON of a copy. Equal values may not: 1 == 1.0 == True."""
    kind = type(value)
    if kind is not type(copy):
        return False
    if kind is dict:
        members = list(value.items())
        return len(members) == len(copy) and all(
            name == copied and _is_copy(member, of) for (name, member), (copied, of) in zip(members, copy.items())
        )
    if kind is list:
        elements = list(value)
        return len(elements) == len(copy) and all(map(_is_copy, elements, copy))
    return value == copy and (kind is not float or repr(value) == repr(copy))


def encoded(value: Any) -> bytes:
    """Return JSON in UTF-8, with lone surrogates escaped."""
    return unmarked(_encode(value)).encode("utf-8", "backslashreplace")


_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=jsonable).encode
