import OpenAI from 'openai';

const openai = new OpenAI();
const history = [{ role: 'system', content: 'You are a helpful assistant.' }];
for (const question of ['Say hello', 'Say it again']) {
  history.push({ role: 'user', content: question });
  const completion = await openai.chat.completions.create({ model: 'gpt-4o-mini', messages: history, temperature: 0.7, max_tokens: 200 });
  history.push(completion.choices[0].message);
}
console.log(history.at(-1).content);
