import OpenAI from 'openai';

const client = new OpenAI();
const documents = ['A cat sat on a mat.', 'Stocks fell on Monday.', 'Dogs chase cats.'];
const embed = async (input) => (await client.embeddings.create({ model: 'text-embedding-3-small', input })).data.map(({ embedding }) => embedding);
const vectors = await embed(documents);
const [query] = await embed(['Dogs chase cats.']);
const similarity = (vector) => vector.reduce((sum, x, i) => sum + x * query[i], 0);
console.log(documents[vectors.map(similarity).reduce((best, x, i, all) => (x > all[best] ? i : best), 0)]);
