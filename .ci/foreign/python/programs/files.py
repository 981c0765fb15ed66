from io import BytesIO

from openai import OpenAI

client = OpenAI()
document = client.files.create(file=("report.txt", BytesIO(b"All is well.")), purpose="user_data")
response = client.responses.create(
    model="gpt-4.1",
    input=[
        {
            "role": "user",
            "content": [
                {"type": "input_file", "file_id": document.id},
                {"type": "input_text", "text": "What does the report say?"},
            ],
        }
    ],
)
print(document.filename, document.bytes, response.output_text)
print([model.id for model in client.models.list()][:1] != [])
