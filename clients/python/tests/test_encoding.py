"""The texts of items that are kept from one request to the next."""

from __future__ import annotations

import copy
import json
import random
import unittest
from collections import UserDict
from collections.abc import Callable
from typing import Any
from unittest import mock

import harness  # noqa: F401

from codex_rpc import _encoding
from codex_rpc._encoding import Encoder, encoded

LONG = "x" * _encoding._SHORTEST


def text_of(encoder: Encoder, items: list[Any]) -> bytes:
    return b"".join(encoder.members({"model": "m", "input": items}))


def anew(items: list[Any]) -> bytes:
    return b'"model":"m","input":%b' % encoded(items)


def item() -> dict[str, Any]:
    parts = [{"type": "input_text", "text": "part"}, {}]
    return {"text": LONG, "one": 1, "zero": 0.0, "none": None, "yes": True, "parts": parts, "empty": []}


def swap(value: dict[str, Any]) -> None:
    value["one"] = value.pop("one")


def rename(value: dict[str, Any]) -> None:
    members = [("other" if name == "one" else name, member) for name, member in value.items()]
    value.clear()
    value.update(members)


class Text(str):
    """A string that may be encoded otherwise."""


CHANGES: list[Callable[[dict[str, Any]], object]] = [
    lambda value: value.update(text=LONG + "y"),
    lambda value: value.update(text=LONG[:-1] + "y"),
    lambda value: value.update(text=Text(LONG)),
    lambda value: value.update(one=True),
    lambda value: value.update(one=1.0),
    lambda value: value.update(yes=1),
    lambda value: value.update(zero=-0.0),
    lambda value: value.update(zero=0),
    lambda value: value.update(none=[]),
    lambda value: value.update(empty={}),
    lambda value: value.update(empty=()),
    lambda value: value.update(parts=UserDict(a=1)),
    lambda value: value.update(more=1),
    lambda value: value.pop("one"),
    lambda value: value.__setitem__(1, value.pop("one")),
    lambda value: value["parts"].append({}),
    lambda value: value["parts"].pop(),
    lambda value: value["parts"][0].update(text="other"),
    lambda value: value["parts"][1].update({"1": 1}),
    lambda value: value["parts"].reverse(),
    swap,
    rename,
]


class EncoderTest(unittest.TestCase):
    def test_changed_item(self) -> None:
        for number, change in enumerate(CHANGES):
            with self.subTest(number):
                encoder, items = Encoder(), [item(), item()]
                for _ in range(2):
                    self.assertEqual(text_of(encoder, items), anew(items))
                change(items[0])
                for _ in range(2):
                    self.assertEqual(text_of(encoder, items), anew(items))

    def test_keys_that_are_equal_and_written_differently(self) -> None:
        encoder = Encoder()
        for key in (1, True, 1.0, "1"):
            items = [{"text": LONG, key: 1}]
            self.assertEqual(text_of(encoder, items), anew(items))

    def test_items_that_change_at_random(self) -> None:
        rng = random.Random(1)
        encoder, items = Encoder(), list[Any]()
        for _ in range(500):
            step = rng.random()
            if step < 0.3 or not items:
                items.insert(
                    rng.randint(0, len(items)),
                    rng.choice([item(), {"text": LONG * 2}, {"short": 1}, LONG, [LONG], None]),
                )
            elif step < 0.4:
                items.pop(rng.randrange(len(items)))
            elif step < 0.5:
                items = copy.deepcopy(items)
            elif isinstance(chosen := rng.choice(items), dict) and "parts" in chosen:
                try:
                    rng.choice(CHANGES)(chosen)
                except (LookupError, AttributeError):
                    pass  # changed before
            self.assertEqual(text_of(encoder, items), anew(items))

    def test_unchanged_items_are_encoded_once(self) -> None:
        encoder, items = Encoder(), [item() for _ in range(10)]
        text_of(encoder, items)
        items = copy.deepcopy(items)  # as a program has them that dumps models for each call
        items.append(item())
        with mock.patch.object(_encoding, "_encode", side_effect=_encoding._encode) as encode:
            text_of(encoder, items)
            encode_of_items = [call for call in encode.call_args_list if isinstance(call.args[0], dict)]
            self.assertEqual(len(encode_of_items), 2)  # the new one, and its copy

    def test_calls_without_items_keep_the_texts(self) -> None:
        encoder, items = Encoder(), [item()]
        text_of(encoder, items)
        kept = encoder._kept
        list(encoder.members({"list": [1, {}], "other": 2}))
        self.assertIs(encoder._kept, kept)

    def test_what_is_kept_is_bounded(self) -> None:
        encoder = Encoder()
        items = [{"text": "y" * (1 << 20)} for _ in range(20)]
        for _ in range(2):
            self.assertEqual(text_of(encoder, items), anew(items))
        kept = [len(entry[1]) for entry in encoder._kept["input"] if entry]
        self.assertEqual(len(kept), 7)
        self.assertLessEqual(sum(kept), _encoding._KEPT)

    def test_what_is_kept_is_bounded_when_items_before_it_become_long(self) -> None:
        encoder, items = Encoder(), [{"text": "short"} for _ in range(4)]
        for changed in reversed(items):
            changed["text"] = "y" * (_encoding._KEPT - 100)
            self.assertEqual(text_of(encoder, items), anew(items))
            kept = [len(entry[1]) for entry in encoder._kept["input"] if entry]
            self.assertLessEqual(sum(kept), _encoding._KEPT)

    def test_item_without_json(self) -> None:
        encoder, items = Encoder(), [item()]
        text_of(encoder, items)
        for value, error in [(float("nan"), ValueError), (object(), TypeError), (items[0], ValueError)]:
            items[0]["one"] = value
            with self.subTest(value), self.assertRaises(error):
                text_of(encoder, items)
        items[0]["one"] = 1
        self.assertEqual(text_of(encoder, items), anew(items))
        self.assertEqual(json.loads(b"{%b}" % text_of(encoder, items))["input"], items)


if __name__ == "__main__":
    unittest.main()
