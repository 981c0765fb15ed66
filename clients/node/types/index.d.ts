/**
 * codex-rpc: the API of openai-node for the ChatGPT Codex backend.
 *
 *     import OpenAI from 'codex-rpc';
 *
 *     const client = await new OpenAI().authenticate();
 *     const stream = await client.responses.create({ input: 'Say hello', stream: true });
 *     for await (const event of stream) {
 *       if (event.type === 'response.output_text.delta') process.stdout.write(event.delta);
 *     }
 *
 * `new OpenAI({ mock: true })` uses an embedded backend, without network or account.
 *
 * @module
 */
export { OpenAI, OpenAI as default } from './client.js';
export * from './errors.js';
export { imageB64, imageURL } from './image.js';
export { APIPromise } from './promise.js';
export { ResponseStream } from './response-stream.js';
export { ModelsPage } from './special.js';
export { Stream } from './stream.js';
/**
 * Create a File, which has a name and a type in addition to its content.
 *
 * @param {import('../types/api.js').FileLike} content
 * @param {string} [name]
 * @param {{type?: string}} [options]
 * @returns {Promise<InstanceType<typeof globalThis.File>>}
 */
export declare function toFile(content: import('../types/api.js').FileLike, name?: string, options?: {
    type?: string;
}): Promise<InstanceType<typeof globalThis.File>>;
