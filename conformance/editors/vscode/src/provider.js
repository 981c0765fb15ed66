import * as vscode from 'vscode';
import { failure, signalOf } from './failure.js';
import { Translator, tokens } from './messages.js';

/** The output limit of the models, which their list does not contain. */
const MAX_OUTPUT_TOKENS = 128_000;

/**
 * The account's models, as VS Code offers them in its chat and to extensions.
 *
 * @implements {vscode.LanguageModelChatProvider}
 */
export class Provider {
  #host;
  #account;
  #log;
  #translator = new Translator();
  /** @type {vscode.EventEmitter<void>} */
  #changed = new vscode.EventEmitter();
  onDidChangeLanguageModelChatInformation = this.#changed.event;

  /**
   * @param {import('./host.js').Host} host
   * @param {import('./account.js').Account} account
   * @param {vscode.LogOutputChannel} log
   */
  constructor(host, account, log) {
    this.#host = host;
    this.#account = account;
    this.#log = log;
  }

  /** Makes VS Code request the models again. */
  refresh() {
    this.#changed.fire();
  }

  /**
   * Newer releases of VS Code call it also for each group that the user has added in
   * the model editor, which enables the chat without a sign-in to Copilot. There is
   * one account, whose models are returned without a group.
   *
   * @param {vscode.PrepareLanguageModelChatModelOptions & {configuration?: object}} options
   * @param {vscode.CancellationToken} token
   * @returns {Promise<vscode.LanguageModelChatInformation[]>}
   */
  async provideLanguageModelChatInformation({ silent, configuration }, token) {
    if (configuration !== undefined) return [];
    const signal = signalOf(token);
    try {
      if (!(await this.#account.signedIn()) && (silent || !(await this.#account.signIn()))) return [];
      const { data } = await this.#host.call('models.list', {}, { signal });
      return data.filter((/** @type {any} */ { visibility }) => visibility !== 'hide').map(information);
    } catch (error) {
      if (!silent) throw failure(error);
      this.#log.error(`models: ${/** @type {Error} */ (error).message}`);
      return [];
    }
  }

  /**
   * @param {vscode.LanguageModelChatInformation} model
   * @param {readonly vscode.LanguageModelChatRequestMessage[]} messages
   * @param {vscode.ProvideLanguageModelChatResponseOptions} options
   * @param {vscode.Progress<vscode.LanguageModelResponsePart>} progress
   * @param {vscode.CancellationToken} token
   */
  async provideLanguageModelChatResponse(model, messages, { tools, toolMode }, progress, token) {
    const effort = vscode.workspace.getConfiguration('codexRpc').get('reasoningEffort');
    const params = {
      model: model.id,
      input: this.#translator.input(messages),
      stream: true,
      include: ['reasoning.encrypted_content'],
      ...(effort && { reasoning: { effort } }),
      ...(tools?.length && { tools: tools.map(declaration), tool_choice: choice(toolMode) }),
    };
    const onEvent = (/** @type {any} */ event) => {
      const part = this.#translator.part(event);
      if (part) progress.report(part);
    };
    try {
      this.#translator.remember(await this.#host.call('responses.create', params, { onEvent, signal: signalOf(token) }));
    } catch (error) {
      this.#account.failed(error);
      throw failure(error);
    }
    this.#account.used();
  }

  /**
   * @param {vscode.LanguageModelChatInformation} _model
   * @param {string | vscode.LanguageModelChatRequestMessage} text
   */
  async provideTokenCount(_model, text) {
    return tokens(text);
  }
}

/**
 * @param {any} model of models.list
 * @returns {vscode.LanguageModelChatInformation}
 */
function information({ id, display_name, description, context_window, effective_context_window_percent, input_modalities }) {
  return {
    id,
    name: display_name ?? id,
    family: id,
    version: id,
    tooltip: description,
    maxInputTokens: Math.floor(((context_window ?? MAX_OUTPUT_TOKENS) * (effective_context_window_percent ?? 100)) / 100),
    maxOutputTokens: MAX_OUTPUT_TOKENS,
    capabilities: { imageInput: input_modalities?.includes('image') ?? false, toolCalling: true },
    // Shows the model in the picker right away. Not in the stable API; releases that do not know it ignore it.
    ...{ isUserSelectable: true },
  };
}

/** @param {vscode.LanguageModelChatTool} tool */
function declaration({ name, description, inputSchema }) {
  return { type: 'function', name, description, parameters: inputSchema ?? { type: 'object', properties: {} } };
}

/** @param {vscode.LanguageModelChatToolMode} mode */
function choice(mode) {
  return mode === vscode.LanguageModelChatToolMode.Required ? 'required' : 'auto';
}
