"""Shared by clients without a library: they number calls, and find them by the id of a response."""

import asyncio
import itertools

from steps import Failure


class Plain:
    """A client that passes the messages it reads to receive, in any thread, and writes with send."""

    def __init__(self, on_event):
        self.on_event = on_event
        self.ids = itertools.count(1)
        self.waiting = {}
        self.loop = asyncio.get_running_loop()

    def receive(self, message):
        if isinstance(message, list):
            for response in message:
                self.receive(response)
        elif message.get("method") == "stream.event":
            self.on_event(message["params"])
        else:
            answer = self.waiting.pop(message["id"])
            self.loop.call_soon_threadsafe(answer.set_result, message)

    def request(self, method, params):
        request = {"jsonrpc": "2.0", "id": next(self.ids), "method": method, "params": params}
        answer = self.waiting[request["id"]] = self.loop.create_future()
        return request, answer

    async def call(self, method, params):
        request, answer = self.request(method, params)
        self.send(request)
        response = await answer
        if "error" in response:
            raise Failure(**response["error"])
        return response["result"]

    async def batch(self, calls):
        requests, answers = zip(*(self.request(*call) for call in calls), strict=True)
        self.send(requests)
        return await asyncio.gather(*answers)

    def notify(self, method, params):
        self.send({"jsonrpc": "2.0", "method": method, "params": params})
