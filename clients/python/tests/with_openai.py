"""The tests that need openai, which uses this package's transports; with httpx installed, also those of httpx:

python3 clients/python/tests/with_openai.py
"""

from __future__ import annotations

import asyncio
import gc
import importlib.util
import json
import os
import re
import signal
import threading
import unittest
from typing import Any

import openai

import harness

from codex_rpc import AsyncOpenAI, OpenAI
from codex_rpc.httpx import AsyncTransport, Transport, async_openai_client, openai_client

HELLO = 'You said: "Say hello"'
MESSAGES: Any = [{"role": "user", "content": "Say hello"}]
MODULES = [importlib.import_module(name) for name in ("httpx", "httpx2") if importlib.util.find_spec(name)]
SCHEMA = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "age": {"type": "integer"}},
    "required": ["name", "age"],
    "additionalProperties": False,
}
BROKEN = (openai.APIConnectionError, openai.APITimeoutError)
TOOL: Any = {"type": "function", "name": "get", "parameters": SCHEMA, "strict": True}


def clients(**options: Any) -> list[openai.OpenAI]:
    """A client for each installed httpx."""
    transports = [module.Client(transport=Transport(**options)) for module in MODULES]
    return [openai.OpenAI(api_key="-", http_client=transport, max_retries=0) for transport in transports]


class SyncTest(unittest.TestCase):
    def test_everything(self) -> None:
        for client in clients(mock=True):
            with self.subTest(httpx=type(client._client).__module__), client:
                self.play(client)
                harness.row(f"openai {openai.__version__} on {type(client._client).__module__}", "all methods return")

    def play(self, client: openai.OpenAI) -> None:
        response = client.responses.create(model="gpt-5.5", input="Say hello")
        self.assertEqual(response.output_text, HELLO)
        self.assertTrue(response._request_id)
        stream = client.responses.create(model="gpt-5.5", input="Say hello", stream=True)
        events = list(stream)
        self.assertEqual((events[0].type, events[-1].type), ("response.created", "response.completed"))
        with client.responses.stream(model="gpt-5.5", input="Say hello") as helper:
            self.assertEqual(helper.get_final_response().output_text, HELLO)
        follow = client.responses.create(model="gpt-5.5", input="Again", previous_response_id=response.id)
        self.assertIn("Again", follow.output_text)

        completion = client.chat.completions.create(model="gpt-5.5", messages=MESSAGES, temperature=0.5)
        self.assertEqual(completion.choices[0].message.content, HELLO)
        chunks = list(client.chat.completions.create(model="gpt-5.5", messages=MESSAGES, stream=True))
        self.assertEqual("".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices), HELLO)
        raw = client.chat.completions.with_raw_response.create(model="gpt-4o", messages=MESSAGES, temperature=0.5)
        self.assertEqual(raw.headers["x-codex-rpc-model"], "gpt-5.5")
        self.assertEqual(raw.headers["x-codex-rpc-dropped"], "temperature")

        with client.models.with_streaming_response.list() as answer:
            self.assertFalse(answer.is_closed)
            self.assertTrue(answer.parse().data)
        self.assertTrue(answer.is_closed)
        self.assertTrue(client.models.list().data)
        self.assertEqual(len(client.embeddings.create(model="m", input=["a", "b"]).data), 2)
        said = client.audio.transcriptions.create(model="m", file=("a.wav", b"RIFF"), stream=True)
        events = list(said)
        self.assertEqual([event.type for event in events], ["transcript.text.delta", "transcript.text.done"])
        self.assertEqual(events[0].delta, events[1].text)
        uploaded = client.files.create(file=("words.txt", b"words"), purpose="user_data")
        self.assertEqual((uploaded.filename, uploaded.bytes), ("words.txt", 5))
        with self.assertRaises(openai.NotFoundError):
            client.fine_tuning.jobs.list()
        with self.assertRaises(openai.BadRequestError):
            client.responses.create(model="gpt-5.5", input="x", background=True)

    def test_difficult_text(self) -> None:
        text = '\u00e9\u20ac\U0001f600 "\\\n\u2028'
        for client in clients(mock=True):
            with client:
                response = client.responses.create(model="gpt-5.5", input=text)
                self.assertIn("\u00e9\u20ac\U0001f600", response.output_text)
                with client.responses.stream(model="gpt-5.5", input=text) as stream:
                    self.assertEqual(stream.get_final_response().output_text, response.output_text)

    def test_errors(self) -> None:
        for directives, expected in [
            ("status=400", openai.BadRequestError),
            ("status=401", openai.AuthenticationError),
            ("status=403", openai.PermissionDeniedError),
            ("status=404", openai.NotFoundError),
            ("status=429", openai.RateLimitError),
            ("code=usage_limit_reached", openai.RateLimitError),
            ("status=503", openai.InternalServerError),
            ("cut=3", openai.APIConnectionError),
            ("close=6", openai.APIConnectionError),
            ("stall=2", openai.APITimeoutError),
        ]:
            for client in clients(mock=f"path=/responses,{directives}", retry_base_delay=0.01, timeout=1):
                for stream in (False, True):
                    with self.subTest(directives=directives, stream=stream):
                        # A failure during a stream is reported in the stream.
                        kind = openai.APIError if stream and expected in BROKEN else expected
                        with self.assertRaises(kind) as raised:
                            answer = client.responses.create(model="gpt-5.5", input="x", stream=stream)
                            list(answer)
                        if directives == "code=usage_limit_reached":
                            self.assertIn("usage_limit_reached", (raised.exception.code, raised.exception.type))
                            self.assertTrue(raised.exception.request_id)
                client.close()
            harness.row(f"openai: {directives}", expected.__name__)

    def test_timeout_of_a_call(self) -> None:
        for client in clients(mock="path=/responses,stall=2"):
            for stream in (False, True):
                kind = openai.APIError if stream else openai.APITimeoutError
                with self.subTest(stream=stream), self.assertRaises(kind):
                    list(client.responses.create(model="gpt-5.5", input="x", stream=stream, timeout=0.5))
            client.close()

    def test_failed_response(self) -> None:
        for client in clients(mock="end=failed"):
            with client:
                events = list(client.responses.create(model="gpt-5.5", input="x", stream=True))
                self.assertEqual(events[-1].type, "response.failed")
                with self.assertRaises(openai.APIError):
                    client.responses.create(model="gpt-5.5", input="x")

    def test_host_is_killed(self) -> None:
        for client in clients(mock="pace=3600"):
            stream = client.responses.create(model="gpt-5.5", input="x", stream=True)
            next(stream)
            os.kill(client._client._transport._caller._server.process().pid, signal.SIGKILL)
            # Older releases of openai do not wrap a failure during a stream.
            with self.assertRaises((openai.APIConnectionError, *(module.TransportError for module in MODULES))):
                next(stream)
            client.close()
        harness.row("openai: the host is killed during a stream", "APIConnectionError")

    def test_ways_to_leave(self) -> None:
        def close(stream: Any) -> None:
            stream.close()

        def break_off(stream: Any) -> None:
            for _ in stream:
                break
            stream.close()

        def forget(stream: Any) -> None:
            pass

        for leave in (close, break_off, forget):
            for client in clients(mock="pace=3600"):
                stream = client.responses.create(model="gpt-5.5", input="x", stream=True)
                leave(stream)
                del stream
                gc.collect()
                process = client._client._transport._caller._server.process()
                self.assertEqual(process.connection.ids(), [], leave.__name__)
                client.close()
                self.assertEqual(process._child.returncode, 0, "nothing was left at the backend")
        harness.row("openai: a stream is left early", "the call is cancelled at the backend")

    def test_many(self) -> None:
        for client in clients(mock=True):
            texts: list[str] = []

            def call(client: openai.OpenAI = client, texts: list[str] = texts) -> None:
                for _ in range(10):
                    texts.append(client.responses.create(model="gpt-5.5", input="Say hello").output_text)

            threads = [threading.Thread(target=call) for _ in range(20)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(harness.PATIENCE)
            self.assertEqual(texts, [HELLO] * 200)
            client.close()

    def test_options(self) -> None:
        os.environ.update(OPENAI_BASE_URL="http://127.0.0.1:1/v1", OPENAI_API_KEY="sk-unused")
        try:
            with openai_client(mock=True, aliases={"gpt-4o": "gpt-5.6-luna"}, timeout=5) as client:
                self.assertEqual(client.responses.create(model="gpt-4o", input="x").model, "gpt-5.6-luna")
                self.assertEqual(client.max_retries, 0)
            with openai_client(mock=True, unknown_model="error") as client, self.assertRaises(openai.NotFoundError):
                client.responses.create(model="gpt-4o", input="x")
            with openai_client(mock=True, unsupported="error") as client, self.assertRaises(openai.BadRequestError):
                client.responses.create(model="gpt-5.5", input="x", temperature=0.5)
        finally:
            del os.environ["OPENAI_BASE_URL"], os.environ["OPENAI_API_KEY"]
        with OpenAI(mock=True) as own:
            for module in MODULES:
                shared = openai.OpenAI(api_key="-", http_client=module.Client(transport=Transport(own)))
                self.assertEqual(shared.responses.create(model="gpt-5.5", input="Say hello").output_text, HELLO)
                shared.close()
            self.assertEqual(own.responses.create(input="Say hello").output_text, HELLO, "the client still works")

    def test_no_secret_on_the_pipe(self) -> None:
        for module in MODULES:
            transport = Transport(mock=True)
            headers = {"Authorization": "Bearer sk-1", "Cookie": "a=b", "X-Own": "1", "User-Agent": "x"}
            request = module.Request("POST", "https://x.test/v1/responses?a=b", headers=headers, json={"a": [1.5]})
            params = transport._translation.params(request, request.read())
            self.assertEqual(params["headers"], {"x-own": "1", "content-type": "application/json"})
            self.assertEqual((params["path"], json.loads(params["body"])), ("/v1/responses?a=b", {"a": [1.5]}))
            transport.close()


class AsyncTest(unittest.TestCase):
    async def everything(self, module: Any) -> None:
        transport = AsyncTransport(mock=True)
        http_client = module.AsyncClient(transport=transport)
        client = openai.AsyncOpenAI(api_key="-", http_client=http_client, max_retries=0)
        response = await client.responses.create(model="gpt-5.5", input="Say hello")
        self.assertEqual(response.output_text, HELLO)
        stream = await client.responses.create(model="gpt-5.5", input="Say hello", stream=True)
        self.assertEqual([event.type async for event in stream][-1], "response.completed")
        chunks = await client.chat.completions.create(model="gpt-5.5", messages=MESSAGES, stream=True)
        text = "".join([c.choices[0].delta.content or "" async for c in chunks if c.choices])
        self.assertEqual(text, HELLO)
        with self.assertRaises(openai.BadRequestError):
            await client.responses.create(model="gpt-5.5", input="x", background=True)
        stream = await client.responses.create(model="gpt-5.5", input="x", stream=True)
        async for _ in stream:
            break
        await stream.close()
        self.assertEqual(transport._caller._server.process().connection.ids(), [])
        await client.close()

    def test_asyncio(self) -> None:
        for module in MODULES:
            asyncio.run(self.everything(module))
            harness.row(f"openai.AsyncOpenAI on {module.__name__}, asyncio", "all methods return")

    def test_trio(self) -> None:
        if not importlib.util.find_spec("trio"):
            return
        import trio

        for module in MODULES:
            trio.run(self.everything, module)
            harness.row(f"openai.AsyncOpenAI on {module.__name__}, trio", "all methods return")

    def test_many_at_once(self) -> None:
        async def main() -> list[str]:
            async with async_openai_client(mock=True) as client:
                calls = [client.responses.create(model="gpt-5.5", input="Say hello") for _ in range(1000)]
                return [response.output_text for response in await asyncio.gather(*calls)]

        self.assertEqual(asyncio.run(main()), [HELLO] * 1000)
        harness.row("openai.AsyncOpenAI: 1,000 calls at once", "1,000 answers")

    def test_cancelled(self) -> None:
        async def main() -> None:
            own = AsyncOpenAI(mock="pace=3600")
            http_client = openai.DefaultAsyncHttpxClient(transport=AsyncTransport(own))
            client = openai.AsyncOpenAI(api_key="-", http_client=http_client, max_retries=0)
            for stream in (False, True):
                with self.assertRaises(asyncio.TimeoutError):
                    await asyncio.wait_for(self.read(client, stream), 0.5)
                self.assertEqual(own._server.process().connection.ids(), [])
            process = own._server.process()
            await client.close()
            await own.close()
            self.assertEqual(process._child.returncode, 0, "nothing was left at the backend")

        asyncio.run(main())
        harness.row("openai.AsyncOpenAI: a task is cancelled during a call, or a stream", "the call is cancelled")

    async def read(self, client: openai.AsyncOpenAI, stream: bool) -> None:
        answer = await client.responses.create(model="gpt-5.5", input="x", stream=stream)
        if stream:
            async for _ in answer:
                pass


class ReadmeTest(unittest.TestCase):
    def test_program_runs(self) -> None:
        readme = (harness.PYTHON_CLIENT / "README.md").read_text("utf-8")
        [program] = re.findall(r"```python\n(from codex_rpc.httpx .*?)```", readme, re.DOTALL)
        done = harness.run_python(program, "-W", "error", CODEX_RPC_MOCK="1")
        self.assertEqual((done.stdout, done.stderr), (f"{HELLO}\n", ""))

    def test_openai_is_imported_only_by_its_clients(self) -> None:
        done = harness.run_python("""
            import sys
            from codex_rpc import OpenAI
            OpenAI(mock=True).responses.create(input="x")
            import codex_rpc.httpx
            print([name for name in ("openai", "httpx", "httpx2", "pydantic") if name in sys.modules])
        """)
        self.assertEqual((done.stdout, done.stderr), ("[]\n", ""))


class ToolLoopTest(unittest.TestCase):
    def test_loop(self) -> None:
        with openai_client(mock=True) as client:
            history: Any = [{"role": "user", "content": "Who?"}]
            response = client.responses.parse(model="gpt-5.5", input=history, tools=[TOOL])
            [call] = [item for item in response.output if item.type == "function_call"]
            self.assertEqual(set(call.parsed_arguments), {"name", "age"})
            history += [item.model_dump(exclude={"parsed_arguments"}) for item in response.output]
            history.append({"type": "function_call_output", "call_id": call.call_id, "output": json.dumps("Ada")})
            final = client.responses.create(model="gpt-5.5", input=history, tools=[TOOL])
            self.assertIn("Ada", final.output_text)


if __name__ == "__main__":
    unittest.main()
