from openai import OpenAI

client = OpenAI()
first = client.responses.create(model="gpt-4o-mini", input="tell me a joke")
second = client.responses.create(
    model="gpt-4o-mini",
    previous_response_id=first.id,
    input=[{"role": "user", "content": "explain why this is funny."}],
)
print(second.output_text)
print(len(client.responses.input_items.list(second.id).data) > 0, client.responses.retrieve(first.id).id == first.id)
client.responses.delete(first.id)
