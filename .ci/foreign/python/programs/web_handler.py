"""A web application that passes a stream on as server-sent events."""

import asyncio

from openai import AsyncOpenAI

client = AsyncOpenAI()


async def app(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]})
    async with client.responses.stream(model="gpt-4.1", input="Say hello") as stream:
        async for event in stream:
            if event.type == "response.output_text.delta":
                body = f"data: {event.delta}\n\n".encode()
                await send({"type": "http.response.body", "body": body, "more_body": True})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def main():
    sent = []

    async def send(message):
        sent.append(message)

    await app({"type": "http"}, None, send)
    print(b"".join(message.get("body", b"") for message in sent).decode())
    await client.close()


asyncio.run(main())
