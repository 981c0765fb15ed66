"""Streams a response that calls a tool, and puts its arguments together."""

from openai import OpenAI

client = OpenAI()
tool = {"type": "function", "name": "add", "parameters": {"type": "object", "properties": {"a": {"type": "integer"}}}}
arguments, done = "", None
with client.responses.create(model="gpt-4.1", input="1 + 2", tools=[tool], stream=True) as stream:
    for event in stream:
        if event.type == "response.function_call_arguments.delta":
            arguments += event.delta
        elif event.type == "response.function_call_arguments.done":
            done = event.arguments
        elif event.type == "response.completed":
            print(event.response.output[-1].name, event.response.usage.total_tokens > 0)
print(arguments == done)
