from openai import OpenAI
from pydantic import BaseModel


class CalendarEvent(BaseModel):
    name: str
    date: str
    participants: list[str]


client = OpenAI()
prompt = "Alice and Bob are going to a science fair on Friday."
response = client.responses.parse(model="gpt-4o-2024-08-06", input=prompt, text_format=CalendarEvent)
print(type(response.output_parsed).__name__, isinstance(response.output_parsed.participants, list))
completion = client.chat.completions.parse(
    model="gpt-4o-2024-08-06", messages=[{"role": "user", "content": prompt}], response_format=CalendarEvent
)
print(type(completion.choices[0].message.parsed).__name__)
