import base64

from openai import OpenAI

client = OpenAI()
picture = base64.b64encode(b"\x89PNG\r\n\x1a\n").decode()
response = client.responses.create(
    model="gpt-4.1-mini",
    input=[
        {
            "role": "user",
            "content": [
                {"type": "input_text", "text": "what's in this image?"},
                {"type": "input_image", "image_url": f"data:image/png;base64,{picture}"},
            ],
        }
    ],
)
print(response.output_text)
completion = client.chat.completions.create(
    model="gpt-4.1-mini",
    messages=[
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "and in this one?"},
                {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{picture}", "detail": "low"}},
            ],
        }
    ],
)
print(completion.choices[0].message.content)
