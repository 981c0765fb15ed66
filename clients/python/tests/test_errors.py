from __future__ import annotations

import inspect
import unittest

import harness  # noqa: F401

import codex_rpc
from codex_rpc import (
    APIConnectionError,
    APIError,
    APIStatusError,
    APITimeoutError,
    AuthenticationError,
    BadRequestError,
    CallCancelledError,
    CodexBackendUnsupportedParameterError,
    ConflictError,
    FileError,
    InternalServerError,
    InvalidParamsError,
    ModelNotFoundError,
    NotAuthenticatedError,
    NotFoundError,
    OpenAI,
    OpenAIError,
    OverloadedError,
    PermissionDeniedError,
    RateLimitError,
    ResponseFailedError,
    RPCError,
    ServerExitedError,
    StreamInterruptedError,
    UnprocessableEntityError,
)
from codex_rpc._errors import error_of


class TableTest(unittest.TestCase):
    def test_classes(self) -> None:
        for code, kind, expected in [
            (-32700, "parse_error", RPCError),
            (-32600, "invalid_request", RPCError),
            (-32601, "method_not_found", RPCError),
            (-32602, "invalid_params", InvalidParamsError),
            (-32602, "unsupported_parameter", CodexBackendUnsupportedParameterError),
            (-32602, "file_error", FileError),
            (-32603, "internal_error", RPCError),
            (-32800, "cancelled", CallCancelledError),
            (-32001, "overloaded", OverloadedError),
            (-32010, "connection_error", APIConnectionError),
            (-32011, "timeout", APITimeoutError),
            (-32012, "stream_interrupted", StreamInterruptedError),
            (-32013, "response_failed", ResponseFailedError),
            (401, "not_authenticated", NotAuthenticatedError),
            (404, "model_not_found", ModelNotFoundError),
            (400, "api_error", BadRequestError),
            (401, "api_error", AuthenticationError),
            (403, "api_error", PermissionDeniedError),
            (404, "api_error", NotFoundError),
            (409, "api_error", ConflictError),
            (418, "api_error", APIStatusError),
            (422, "api_error", UnprocessableEntityError),
            (429, "api_error", RateLimitError),
            (500, "api_error", InternalServerError),
            (599, "api_error", InternalServerError),
            (-1, "of tomorrow", RPCError),
        ]:
            with self.subTest(code=code, kind=kind):
                error = error_of({"code": code, "message": "m", "data": {"type": kind, "retryable": True}})
                self.assertIs(type(error), expected)
                self.assertEqual((str(error), error.message, error.type, error.retryable), ("m", "m", kind, True))
                if isinstance(error, APIStatusError):
                    self.assertEqual(error.status_code, code)
        self.assertIs(type(error_of({})), RPCError)

    def test_members(self) -> None:
        data = {"type": "api_error", "status": 429, "code": "c", "request_id": "r", "body": {"x": 1}}
        limits = {"retry_after": 1.5, "plan_type": "plus", "resets_at": 1790000000}
        error = error_of({"code": 429, "message": "m", "data": {**data, **limits}})
        assert isinstance(error, RateLimitError)
        self.assertEqual((error.status_code, error.code, error.request_id, error.body), (429, "c", "r", {"x": 1}))
        self.assertEqual((error.retry_after, error.plan_type, error.resets_at), (1.5, "plus", 1790000000))

    def test_members_of_others(self) -> None:
        report = {"code": "server_error", "message": "no"}
        failed = error_of({"code": -32013, "message": "no", "data": {"type": "response_failed", "error": report}})
        self.assertEqual((failed.code, failed.body), ("server_error", report))
        faults = [{"path": "/input", "message": "no"}]
        invalid = error_of({"code": -32602, "message": "no", "data": {"type": "invalid_params", "errors": faults}})
        assert isinstance(invalid, InvalidParamsError)
        self.assertEqual(invalid.errors, faults)
        busy = error_of({"code": -32001, "message": "no", "data": {"type": "overloaded", "retry_after_ms": 250}})
        assert isinstance(busy, OverloadedError)
        self.assertEqual(busy.retry_after, 0.25)
        cut = error_of(
            {"code": -32012, "message": "no", "data": {"partial": {"id": "r"}, "type": "stream_interrupted"}}
        )
        assert isinstance(cut, StreamInterruptedError)
        self.assertEqual(cut.partial.id, "r")
        ended = ServerExitedError(2, "one\nlast words\n")
        self.assertEqual(str(ended), "codex-rpc ended with exit code 2: last words")

    def test_exceptions_of_the_seed_are_bases(self) -> None:
        for kind, before in [
            (CodexBackendUnsupportedParameterError, NotImplementedError),
            (NotAuthenticatedError, RuntimeError),
            (ModelNotFoundError, LookupError),
            (ResponseFailedError, RuntimeError),
            (InvalidParamsError, ValueError),
            (FileError, ValueError),
        ]:
            self.assertTrue(issubclass(kind, before), kind)

    def test_documented_tree_is_complete(self) -> None:
        drawn: dict[str, str] = {}  # each class and its parent
        above: dict[int, str] = {}
        for line in (OpenAIError.__doc__ or "").splitlines():
            if "─ " in line:
                column, name = line.index("─ "), line.split("─ ")[1].split()[0]
                above[column] = name
                drawn[name] = above.get(column - 4, "Exception")
        exported = [getattr(codex_rpc, name) for name in codex_rpc.__all__]
        classes = [kind for kind in exported if inspect.isclass(kind) and issubclass(kind, OpenAIError)]
        self.assertEqual(drawn, {kind.__name__: kind.__bases__[0].__name__ for kind in classes})


class MockTest(unittest.TestCase):
    client: OpenAI

    @classmethod
    def setUpClass(cls) -> None:
        cls.client = OpenAI(mock=True, max_retries=0)

    @classmethod
    def tearDownClass(cls) -> None:
        cls.client.close()

    def test_directives(self) -> None:
        for directives, expected in [
            ("status=400", BadRequestError),
            ("status=403", PermissionDeniedError),
            ("status=404", NotFoundError),
            ("status=409", ConflictError),
            ("status=422", UnprocessableEntityError),
            ("status=429", RateLimitError),
            ("status=503", InternalServerError),
            ("end=failed", ResponseFailedError),
            ("cut=3", StreamInterruptedError),
            ("close=6", StreamInterruptedError),
        ]:
            with self.subTest(directives=directives):
                with self.assertRaises(expected) as raised:
                    self.client.responses.create(model=f"mock:{directives}", input="x")
                self.assertIs(type(raised.exception), expected)
                stream = self.client.responses.create(model=f"mock:{directives}", input="x", stream=True)
                with self.assertRaises(expected):
                    for _ in stream:
                        pass
                with self.assertRaises(expected):
                    stream.get_final_response()

    def test_partial(self) -> None:
        with self.assertRaises(StreamInterruptedError) as raised:
            self.client.responses.create(model="mock:close=6", input="Say hello")
        self.assertEqual(raised.exception.partial.output_text, "You said")

    def test_limit(self) -> None:
        with self.assertRaises(RateLimitError) as raised:
            self.client.responses.create(model="mock:code=usage_limit_reached")
        error = raised.exception
        self.assertEqual((error.code, error.status_code), ("usage_limit_reached", 429))
        self.assertIsInstance(error.resets_at, int)
        self.assertIsInstance(error.body, dict)

    def test_timeout(self) -> None:
        with self.assertRaises(APITimeoutError):
            self.client.responses.create(model="mock:stall=2", timeout=0.05)

    def test_faults_of_params(self) -> None:
        with self.assertRaises(InvalidParamsError) as raised:
            self.client.responses.create(input=[{"role": "user", "content": 5}], modle="x")
        self.assertEqual({fault["path"] for fault in raised.exception.errors}, {"/input/0/content", "/modle"})
        with self.assertRaisesRegex(
            NotImplementedError, "rejects these official Responses parameters: temperature, user."
        ):
            self.client.responses.create(user="u", temperature=0.5, top_p=None)  # type: ignore[call-overload]

    def test_root(self) -> None:
        with self.assertRaises(APIError):
            self.client.call("no.such.method")


if __name__ == "__main__":
    unittest.main()
