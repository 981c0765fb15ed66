import openai
from openai import OpenAI

client = OpenAI(max_retries=0, timeout=20)
try:
    client.responses.create(model="gpt-4.1", input="x", background=True)
except openai.BadRequestError as error:
    print("bad request", error.status_code, error.param)
try:
    client.responses.retrieve("resp_unknown")
except openai.NotFoundError as error:
    print("not found", error.status_code)
try:
    client.models.retrieve("no-such-model")
except openai.NotFoundError as error:
    print("no model", error.status_code)
with client.chat.completions.with_streaming_response.create(
    model="gpt-4.1", messages=[{"role": "user", "content": "Say hello"}]
) as response:
    print(response.status_code, response.headers["content-type"], response.parse().choices[0].message.content)
