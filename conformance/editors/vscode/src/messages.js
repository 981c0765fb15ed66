import * as vscode from 'vscode';

/** How many calls of tools are remembered with the reasoning that led to them. */
const REMEMBERED = 1000;

/** The role of a system message, which the stable API does not name. */
const SYSTEM = 3;

/**
 * Translates between VS Code's messages and the items of the Responses API. VS
 * Code keeps no reasoning with a call of a tool, which models want back, so that
 * is remembered here by the id of the call.
 */
export class Translator {
  /** @type {Map<string, object[]>} */
  #reasoning = new Map();

  /**
   * Returns the input of a response.
   *
   * @param {readonly vscode.LanguageModelChatRequestMessage[]} messages
   * @returns {object[]}
   */
  input(messages) {
    return messages.flatMap((message) => this.#items(message));
  }

  /**
   * Returns the part that an event of a response makes, if it makes one.
   *
   * @param {any} event
   * @returns {vscode.LanguageModelResponsePart | undefined}
   */
  part(event) {
    switch (event.type) {
      case 'response.output_text.delta':
      case 'response.refusal.delta':
        return new vscode.LanguageModelTextPart(event.delta);
      case 'response.output_item.done':
        if (event.item.type !== 'function_call') return undefined;
        return new vscode.LanguageModelToolCallPart(event.item.call_id, event.item.name, JSON.parse(event.item.arguments || '{}'));
    }
    return undefined;
  }

  /**
   * Keeps the reasoning of a response for when its calls come back.
   *
   * @param {{output: any[]}} response
   */
  remember({ output }) {
    let reasoning = [];
    for (const item of output) {
      if (item.type === 'reasoning') reasoning.push(item);
      if (item.type !== 'function_call' || reasoning.length === 0) continue;
      this.#reasoning.set(item.call_id, reasoning);
      reasoning = [];
    }
    for (const id of this.#reasoning.keys()) {
      if (this.#reasoning.size <= REMEMBERED) break;
      this.#reasoning.delete(id);
    }
  }

  /**
   * A message may hold text, images, calls of tools and their results; each of the
   * latter is an item of its own.
   *
   * @param {vscode.LanguageModelChatRequestMessage} message
   * @returns {object[]}
   */
  #items({ role, content }) {
    /** @type {any[]} */
    const items = [];
    for (const part of content) {
      if (part instanceof vscode.LanguageModelToolCallPart) {
        items.push(...(this.#reasoning.get(part.callId) ?? []));
        items.push({ type: 'function_call', call_id: part.callId, name: part.name, arguments: JSON.stringify(part.input) });
      } else if (part instanceof vscode.LanguageModelToolResultPart) {
        items.push({ type: 'function_call_output', call_id: part.callId, output: output(part.content) });
      } else {
        const piece = inputPart(part);
        if (!piece) continue;
        if (!items.at(-1)?.content) items.push({ type: 'message', role: roleName(role), content: [] });
        if (role === vscode.LanguageModelChatMessageRole.Assistant) piece.type = piece.type.replace('input', 'output');
        items.at(-1).content.push(piece);
      }
    }
    return items;
  }
}

/** @param {number} role */
function roleName(role) {
  if (role === vscode.LanguageModelChatMessageRole.Assistant) return 'assistant';
  return role === SYSTEM ? 'developer' : 'user';
}

/**
 * Returns the result of a tool: text, or a list where there are images.
 *
 * @param {unknown[]} content
 */
function output(content) {
  const parts = content.flatMap((part) => inputPart(part) ?? []);
  if (parts.some(({ type }) => type === 'input_image')) return parts;
  return parts.map(({ text }) => text).join('');
}

/**
 * Returns text or an image as a part of an input, and undefined for what else
 * VS Code and its extensions put beside them, such as marks for caches.
 *
 * @param {unknown} part
 * @returns {{type: string, text?: string, image_url?: string} | undefined}
 */
function inputPart(part) {
  if (part instanceof vscode.LanguageModelTextPart) return { type: 'input_text', text: part.value };
  if (part instanceof vscode.LanguageModelPromptTsxPart) return { type: 'input_text', text: JSON.stringify(part.value) };
  if (part instanceof vscode.LanguageModelDataPart) {
    const data = Buffer.from(part.data);
    if (part.mimeType.startsWith('image/')) {
      return { type: 'input_image', image_url: `data:${part.mimeType};base64,${data.toString('base64')}` };
    }
    if (/^text\/|[/+]json$/.test(part.mimeType)) return { type: 'input_text', text: data.toString('utf8') };
  }
  return undefined;
}

/**
 * Estimates how many tokens a text or a message takes: four bytes make one in
 * English and code, and a little less elsewhere. The backend counts by itself.
 *
 * @param {string | vscode.LanguageModelChatRequestMessage} text
 */
export function tokens(text) {
  if (typeof text === 'string') return estimate(text);
  let count = MESSAGE_TOKENS;
  for (const part of text.content) {
    if (part instanceof vscode.LanguageModelToolCallPart) count += estimate(part.name + JSON.stringify(part.input));
    else for (const piece of part instanceof vscode.LanguageModelToolResultPart ? part.content : [part]) count += weight(piece);
  }
  return count;
}

/** What a message takes beside its content. */
const MESSAGE_TOKENS = 4;

/** What an image of usual size takes. */
const IMAGE_TOKENS = 1100;

/** @param {unknown} part */
function weight(part) {
  const piece = inputPart(part);
  return piece?.image_url ? IMAGE_TOKENS : estimate(piece?.text ?? '');
}

/** @param {string} text */
function estimate(text) {
  return Math.ceil(Buffer.byteLength(text) / 4);
}
