import * as vscode from 'vscode';

/** The number of tool calls whose reasoning is kept. */
const REMEMBERED = 1000;

/** The role of a system message, which the stable API does not name. */
const SYSTEM = 3;

/**
 * Translates between VS Code's messages and the items of the Responses API. Models
 * expect the reasoning of a tool call back, which VS Code does not keep, so it is
 * kept here by the id of the call.
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
   * Returns the part for an event of a response, if there is one.
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
   * Keeps the reasoning of a response until the results of its calls are sent.
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
   * A message may contain text, images, tool calls and their results; each of the
   * latter two is a separate item.
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
 * Returns text or an image as a part of an input, and undefined for other parts
 * of VS Code and its extensions, such as cache markers.
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
 * Estimates the number of tokens of a text or a message: four bytes per token in
 * English and code, slightly fewer elsewhere. The backend's own count decides.
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

/** The tokens of a message besides its content. */
const MESSAGE_TOKENS = 4;

/** The tokens of an image of common size. */
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
