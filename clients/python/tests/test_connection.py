from __future__ import annotations

import json
import random
import sys
import tracemalloc
import unittest
from collections import UserDict
from collections.abc import Iterator
from types import MappingProxyType, SimpleNamespace
from unittest import mock

import harness  # noqa: F401

from codex_rpc import (
    APIConnectionError,
    CallCancelledError,
    InvalidParamsError,
    NotFoundError,
    OpenAIError,
    RPCError,
)
from codex_rpc._connection import Connection, result_of
from codex_rpc._encoding import Encoded
from codex_rpc._errors import error_of
from codex_rpc._objects import event_of
from codex_rpc.httpx import _response, _Translation


def event_line(id: object, seq: int, event: object, ending: bytes = b"\n") -> bytes:
    params = {"id": id, "seq": seq, "event": event}
    message = {"jsonrpc": "2.0", "method": "stream.event", "params": params}
    return json.dumps(message, separators=(",", ":")).encode() + ending


def answer_line(id: object, result: object) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": id, "result": result}, separators=(",", ":")).encode() + b"\n"


class Caller:
    """Record the deliveries to one call: the sequence numbers of its events, and its end."""

    def __init__(self, connection: Connection, params: object = None) -> None:
        self.events: list[object] = []
        self.ends: list[object] = []
        self.id, self.frame = connection.open("method", {} if params is None else {"p": params}, self.deliver)

    def deliver(self, delivery: object) -> None:
        if isinstance(delivery, list):
            self.events += [event_of(line).n for line in delivery]
        else:
            try:
                self.ends.append(result_of(delivery))  # type: ignore[arg-type]
            except OpenAIError as error:
                self.ends.append(error)


class Emptied(list[int]):
    """A list that another thread empties after it was seen to have items."""

    def __iter__(self) -> Iterator[int]:
        return iter(())


class FramesTest(unittest.TestCase):
    def test_frame(self) -> None:
        for params, text in [
            ({}, b"{}"),
            ({"a": 1.5, "b": [None, True]}, b'{"a":1.5,"b":[null,true]}'),
            ({"t": "h\u00e9 \u2028 \U0001f600"}, b'{"t":"h\xc3\xa9 \xe2\x80\xa8 \xf0\x9f\x98\x80"}'),
            ({"t": "h\u00e9", "half": "h\u00e9\udcff"}, b'{"t":"h\xc3\xa9","half":"h\xc3\xa9\\udcff"}'),
            ({"b": [], "c": [[], ["\u2026", {}]]}, b'{"b":[],"c":[[],["\xe2\x80\xa6",{}]]}'),
            ({"a": Encoded(b"[1.50]"), "\u00e9": [{"t": "\udcff"}]}, b'{"a":[1.50],"\xc3\xa9":[{"t":"\\udcff"}]}'),
            ({"n": 2**53 + 1}, b'{"n":9007199254740993}'),
            ({"g": (i for i in range(2))}, b'{"g":[0,1]}'),
            ({"g": [{"once": iter("h\udcff")}]}, b'{"g":[{"once":["h","\\udcff"]}]}'),
            ({"m": MappingProxyType({"a": 1}), "n": [UserDict(b=2)]}, b'{"m":{"a":1},"n":[{"b":2}]}'),
            ({"l": Emptied([1])}, b'{"l":[]}'),
            ({"a": 1, "body": Encoded(b'{"n":1.50}')}, b'{"a":1,"body":{"n":1.50}}'),
        ]:
            with self.subTest(params=params):
                _, frame = Connection().open("m", params, print)
                self.assertEqual(frame, b'{"jsonrpc":"2.0","id":1,"method":"m","params":%s}\n' % text)

    def test_memory_of_a_history(self) -> None:
        history = [{"type": "message", "content": "x" * 20_000} for _ in range(100)]
        history[50]["content"] = "\u2026"
        tracemalloc.start()
        self.addCleanup(tracemalloc.stop)
        _, frame = Connection().open("m", {"input": history}, print)
        self.assertLess(tracemalloc.get_traced_memory()[1], 2.5 * len(frame))

    def test_body_of_transport(self) -> None:
        translation = _Translation(None, None, None, None)
        url = SimpleNamespace(raw_path=b"/v1/responses")
        request = SimpleNamespace(method="POST", url=url, headers={}, extensions={})
        for body, name, value in [
            (b'{"n":1e400,"t":"\xc3\xa9"}', "body", Encoded(b'{"n":1e400,"t":"\xc3\xa9"}')),
            (b'{"n":\r1.50\r\n}\n', "body", Encoded(b'{"n": 1.50 }')),
            (b"[" * 4000, "body_base64", "W1tb" * 1333 + "Ww=="),
            (b'{},"path":"/files"', "body_base64", "e30sInBhdGgiOiIvZmlsZXMi"),
            (b'{"n":NaN}', "body_base64", "eyJuIjpOYU59"),
            (b'{"t":"\xff"}', "body_base64", "eyJ0Ijoi/yJ9"),
        ]:
            with self.subTest(body=body):
                got = translation.params(request, body)[name]
                self.assertEqual((got, type(got)), (value, type(value)))

    def test_large_body_of_transport(self) -> None:
        translation = _Translation(None, None, None, None)
        url = SimpleNamespace(raw_path=b"/v1/responses")
        request = SimpleNamespace(method="POST", url=url, headers={}, extensions={})
        for what, body, as_json in [
            ("deep", b"[" * 9000 + b"]" * 9000, True),
            ("too deep", b"[" * 9001 + b"]" * 9001, False),
            ("brackets in a string", b'"\\\\\\"%b\\\\"' % (b"[" * 9001), True),
            ("arrays beside each other", b"[%b[]]" % (b"[]," * 9001), True),
            ("too many values", b"[%b1]" % (b"1," * 900_000), False),
            ("commas in a string", b'"%b"' % (b"," * 900_001), True),
        ]:
            # Whether json.loads reads a deep body depends on the version of Python.
            with self.subTest(what), mock.patch("json.loads"):
                params = translation.params(request, body)
                self.assertEqual(("body" in params, "body_base64" in params), (as_json, not as_json))

    def test_refusal_of_transport(self) -> None:
        httpx = SimpleNamespace(Response=lambda status, **members: SimpleNamespace(status=status, **members))
        request = type("Request", (), {"__module__": "fake_httpx"})()
        for code, kind, status in [
            (-32602, "invalid_params", 400),
            (-32600, "invalid_request", 400),
            (-32600, "frame_too_large", 413),
            (-32001, "overloaded", 429),
        ]:
            with self.subTest(kind=kind), mock.patch.dict(sys.modules, fake_httpx=httpx):
                answer = _response(request, error_of({"code": code, "message": "no", "data": {"type": kind}}))
                self.assertEqual(answer.status, status)
                self.assertIn(b'"message": "no"', answer.content)
                self.assertRegex(answer.headers["x-request-id"], "^req_[0-9a-f]{32}$")

    def test_refusal_of_transport_with_id(self) -> None:
        httpx = SimpleNamespace(Response=lambda status, **members: SimpleNamespace(status=status, **members))
        request = type("Request", (), {"__module__": "fake_httpx"})()
        error = error_of({"code": 400, "message": "no", "data": {"type": "api_error", "request_id": "req_1"}})
        with mock.patch.dict(sys.modules, fake_httpx=httpx):
            self.assertEqual(_response(request, error).headers["x-request-id"], "req_1")

    def test_too_large_for_transport(self) -> None:
        httpx = SimpleNamespace(Response=lambda status, **members: SimpleNamespace(status=status, **members))
        request = type("Request", (), {"__module__": "fake_httpx"})()
        with self.assertRaises(InvalidParamsError) as raised:
            Connection(max_message_bytes=100).open("m", {"x": "x" * 100}, print)
        with mock.patch.dict(sys.modules, fake_httpx=httpx):
            self.assertEqual(_response(request, raised.exception).status, 413)

    def test_values_that_json_cannot_represent(self) -> None:
        for params, error in [
            ({"a": b"x"}, TypeError),
            ({"a": object()}, TypeError),
            ({"a": float("nan")}, ValueError),
        ]:
            with self.subTest(params=params), self.assertRaises(error):
                Connection().open("m", params, print)

    def test_too_large(self) -> None:
        connection = Connection(max_message_bytes=100)
        with self.assertRaisesRegex(InvalidParamsError, "takes 100 "):
            connection.open("m", {"x": "x" * 100}, print)
        self.assertEqual(len(connection), 0, "the call was registered")


class ReceiveTest(unittest.TestCase):
    def test_every_split(self) -> None:
        calls = [event_line(1, 0, {"n": 0}), event_line(2, 0, {"n": 10}), b"\n", event_line(1, 1, {"n": 1}, b"\r\n")]
        data = b"".join([*calls, answer_line(1, {"x": "\u2028"}), event_line(2, 1, {"n": 11}), answer_line(2, None)])
        for cut in range(len(data)):
            connection = Connection()
            one, two = Caller(connection), Caller(connection)
            connection.receive(data[:cut])
            connection.receive(data[cut:])
            self.assertEqual([one.events, one.ends], [[0, 1], [{"x": "\u2028"}]], cut)
            self.assertEqual([two.events, two.ends], [[10, 11], [None]], cut)

    def test_random_pieces(self) -> None:
        chance = random.Random(1)
        for _ in range(200):
            connection = Connection()
            callers = [Caller(connection) for _ in range(chance.randint(1, 5))]
            expected: list[list[int]] = [[] for _ in callers]
            data = b""
            for _ in range(chance.randint(0, 50)):
                which = chance.randrange(len(callers))
                expected[which].append(len(expected[which]))
                data += event_line(which + 1, expected[which][-1], {"n": expected[which][-1]})
            data += b"".join(answer_line(i + 1, i) for i in range(len(callers)))
            while data:
                size = chance.randint(1, 400)
                connection.receive(data[:size])
                data = data[size:]
            self.assertEqual([caller.events for caller in callers], expected)
            self.assertEqual([caller.ends for caller in callers], [[i] for i in range(len(callers))])

    def test_other_layouts(self) -> None:
        event = {"type": "t", "n": 7}
        for line in [
            json.dumps({"jsonrpc": "2.0", "method": "stream.event", "params": {"id": 1, "seq": 0, "event": event}}),
            json.dumps({"params": {"event": event, "seq": 0, "id": 1}, "method": "stream.event", "jsonrpc": "2.0"}),
        ]:
            connection = Connection()
            caller = Caller(connection)
            connection.receive(line.encode() + b"\n")
            connection.receive(b'{"id": 1, "result": {"a": 1}, "jsonrpc": "2.0"}\n')
            self.assertEqual((caller.events, caller.ends), ([7], [{"a": 1}]), line)

    def test_long_integer(self) -> None:
        digits = "9" * 5000  # more than int() accepts
        self.assertEqual(str(result_of(b'{"jsonrpc":"2.0","id":1,"result":%s}' % digits.encode())), digits)

    def test_unknown_ids_are_dropped(self) -> None:
        connection = Connection()
        connection.receive(event_line(9, 0, {"n": 0}) + answer_line(9, 1) + b'{"jsonrpc":"2.0","method":"news"}\n')
        caller = Caller(connection)
        connection.receive(answer_line(1, "still here"))
        self.assertEqual(caller.ends, ["still here"])

    def test_error_without_id_ends_all(self) -> None:
        for count, kind, message in [
            (1, RPCError, "no JSON"),
            (2, APIConnectionError, "codex-rpc could not read one of the requests: no JSON"),
        ]:
            connection = Connection()
            callers = [Caller(connection) for _ in range(count)]
            connection.receive(b'{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"no JSON"}}\n')
            for caller in callers:
                self.assertIs(type(caller.ends[0]), kind)
                self.assertEqual(str(caller.ends[0]), message)

    def test_invalid_output_ends_the_connection(self) -> None:
        for line in [b"hello\n", b"[1]\n", b"\xff\n", b'{"jsonrpc":"2.0"\n', b"1\n"]:
            connection = Connection()
            caller = Caller(connection)
            connection.receive(line)
            self.assertTrue(connection.ended, line)
            self.assertIsInstance(caller.ends[0], APIConnectionError)

    def test_random_values(self) -> None:
        chance = random.Random(2)
        valid = event_line(1, 0, {"n": 0}) + answer_line(1, {}) + answer_line(None, 1) + answer_line(2, 2)
        oddities = [b"", b",", b"\n", b"{", b"null", b"\xff", b"1", b'"']
        for _ in range(3000):
            connection = Connection()
            delivered: list[list[object]] = [[], [], []]
            for deliveries in delivered:
                connection.open("method", {}, deliveries.append)
            data = bytearray(valid)
            for _ in range(chance.randint(1, 8)):
                where = chance.randrange(len(data))
                data[where : where + chance.randint(0, 30)] = chance.choice(oddities)
            connection.receive(bytes(data))  # must not raise: the thread would end, and all calls would wait forever
            connection.end(lambda: APIConnectionError("end"))
            for deliveries in delivered:
                self.assertNotIsInstance(deliveries[-1], list)
                self.assertTrue(all(isinstance(delivery, list) for delivery in deliveries[:-1]))

    def test_invalid_responses(self) -> None:
        for rest in [b"}", b',"result":', b',"other":1}', b',"error":null}', b""]:
            connection = Connection()
            caller = Caller(connection)
            connection.receive(b'{"jsonrpc":"2.0","id":1%s\n' % rest)
            connection.end(lambda: APIConnectionError("end"))
            self.assertIsInstance(caller.ends[0], APIConnectionError, rest)

    def test_large_line_takes_linear_time(self) -> None:
        connection = Connection()
        caller = Caller(connection)
        line = answer_line(1, "x" * (8 << 20))
        # Joining the pieces again after each would copy 8 GiB.
        for start in range(0, len(line), 4096):
            connection.receive(line[start : start + 4096])
        self.assertEqual(len(str(caller.ends[0])), 8 << 20)


class EndTest(unittest.TestCase):
    def test_cancel(self) -> None:
        connection = Connection()
        caller = Caller(connection)
        self.assertEqual(
            connection.cancel(caller.id), b'{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":1}}\n'
        )
        self.assertIsInstance(caller.ends[0], CallCancelledError)
        connection.receive(event_line(1, 0, {"n": 0}) + answer_line(1, 1))
        self.assertEqual((caller.events, len(caller.ends)), ([], 1))
        self.assertEqual(connection.cancel(caller.id), b"", "once")

    def test_cancel_after_the_answer(self) -> None:
        connection = Connection()
        caller = Caller(connection)
        connection.receive(answer_line(1, 1))
        self.assertEqual(connection.cancel(caller.id), b"")

    def test_end(self) -> None:
        connection = Connection()
        callers = [Caller(connection), Caller(connection)]
        connection.end(lambda: APIConnectionError("gone"))
        connection.end(lambda: APIConnectionError("not again"))
        self.assertEqual([str(caller.ends[0]) for caller in callers], ["gone", "gone"])
        self.assertIsNot(callers[0].ends[0], callers[1].ends[0], "two threads share an exception")
        with self.assertRaisesRegex(APIConnectionError, "gone"):
            connection.open("m", {}, print)

    def test_error(self) -> None:
        connection = Connection()
        caller = Caller(connection)
        connection.receive(b'{"jsonrpc":"2.0","id":1,"error":{"code":404,"message":"none","data":{"status":404}}}\n')
        self.assertIsInstance(caller.ends[0], NotFoundError)


if __name__ == "__main__":
    unittest.main()
