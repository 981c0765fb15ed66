import asyncio

from openai import AsyncOpenAI


async def main():
    async with AsyncOpenAI() as client:
        limit = asyncio.Semaphore(20)

        async def ask(number):
            async with limit:
                response = await client.responses.create(model="gpt-4.1-nano", input=f"Number {number}")
                return response.output_text

        answers = await asyncio.gather(*(ask(number) for number in range(100)))
        print(len(answers), answers[99])


asyncio.run(main())
