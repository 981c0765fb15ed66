import OpenAI from 'openai';

const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const client = new OpenAI();
const response = await client.responses.create({
  model: 'gpt-4o',
  input: [
    {
      role: 'user',
      content: [
        { type: 'input_text', text: 'What is this?' },
        { type: 'input_image', image_url: `data:image/png;base64,${png}`, detail: 'low' },
      ],
    },
  ],
});
const chat = await client.chat.completions.create({
  model: 'gpt-4o',
  messages: [{ role: 'user', content: [{ type: 'text', text: 'What is this?' }, { type: 'image_url', image_url: { url: `data:image/png;base64,${png}` } }] }],
});
console.log(response.output_text !== '' && chat.choices[0].message.content !== '' ? 'seen' : 'not seen');
