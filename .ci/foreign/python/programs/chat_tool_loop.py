import json

from openai import OpenAI

client = OpenAI()
tools = [
    {
        "type": "function",
        "function": {
            "name": "get_delivery_date",
            "parameters": {
                "type": "object",
                "properties": {"order_id": {"type": "string"}},
                "required": ["order_id"],
            },
        },
    }
]
messages = [
    {"role": "system", "content": "You are a helpful customer support assistant."},
    {"role": "user", "content": "Where is order 42?"},
]
completion = client.chat.completions.create(model="gpt-4o", messages=messages, tools=tools, tool_choice="auto")
choice = completion.choices[0]
assert choice.finish_reason == "tool_calls", choice
messages.append(choice.message)
for call in choice.message.tool_calls:
    arguments = json.loads(call.function.arguments)
    messages.append({"role": "tool", "tool_call_id": call.id, "content": json.dumps({**arguments, "date": "tomorrow"})})
print(client.chat.completions.create(model="gpt-4o", messages=messages, tools=tools).choices[0].message.content)
