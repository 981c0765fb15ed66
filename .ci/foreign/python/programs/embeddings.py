from openai import OpenAI

client = OpenAI()
texts = ["The cat sat.", "The dog ran.", "The cat sat."]
vectors = [each.embedding for each in client.embeddings.create(model="text-embedding-3-small", input=texts).data]


def similarity(a, b):
    return sum(x * y for x, y in zip(a, b)) / (sum(x * x for x in a) * sum(y * y for y in b)) ** 0.5


print(round(similarity(vectors[0], vectors[2]), 3), similarity(vectors[0], vectors[1]) < 0.999)
