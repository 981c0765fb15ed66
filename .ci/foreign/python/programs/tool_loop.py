import json

from openai import OpenAI

client = OpenAI()
tools = [
    {
        "type": "function",
        "name": "get_weather",
        "description": "Get current temperature for a given location.",
        "parameters": {
            "type": "object",
            "properties": {"location": {"type": "string"}},
            "required": ["location"],
            "additionalProperties": False,
        },
        "strict": True,
    }
]
messages = [{"role": "user", "content": "What is the weather like in Paris today?"}]
response = client.responses.create(model="gpt-4.1", input=messages, tools=tools)
while calls := [item for item in response.output if item.type == "function_call"]:
    messages += response.output
    for call in calls:
        location = json.loads(call.arguments)["location"]
        messages.append({"type": "function_call_output", "call_id": call.call_id, "output": f"18 C in {location}"})
    response = client.responses.create(model="gpt-4.1", input=messages, tools=tools)
print(response.output_text)
