import OpenAI, { toFile } from 'openai';

const client = new OpenAI();
const speech = Buffer.from('UklGRiQAAABXQVZFZm10IBAAAAABAAEARKwAAIhYAQACABAAZGF0YQAAAAA=', 'base64');
const transcription = await client.audio.transcriptions.create({ file: await toFile(speech, 'speech.wav'), model: 'whisper-1' });
console.log(typeof transcription.text);
