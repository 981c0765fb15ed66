import * as vscode from 'vscode';
import { cancelled, signalOf } from './failure.js';

/**
 * Asks with the selection or else the current line, and streams the answer below it.
 *
 * @param {import('./host.js').Host} host
 * @param {vscode.TextEditor} editor
 */
export async function ask(host, editor) {
  const { document, selection } = editor;
  const range = selection.isEmpty ? document.lineAt(selection.active).range : selection;
  const input = document.getText(range);
  if (input.trim() === '') {
    void vscode.window.showInformationMessage('Codex: select what to ask, or put the cursor on a line.');
    return;
  }
  const { model, reasoningEffort: effort } = vscode.workspace.getConfiguration('codexRpc');
  const params = { input, stream: true, ...(model && { model }), ...(effort && { reasoning: { effort } }) };
  // Text inserted at the end of a selection extends it, and the next key would replace it.
  editor.selection = new vscode.Selection(range.end, range.end);
  const place = new Insertion(document, document.offsetAt(range.end));
  place.write('\n');
  const onEvent = (/** @type {any} */ event) => {
    if (event.type === 'response.output_text.delta') place.write(event.delta);
  };
  const progress = { location: vscode.ProgressLocation.Notification, title: 'Codex', cancellable: true };
  try {
    await vscode.window.withProgress(progress, (_, token) => host.call('responses.create', params, { onEvent, signal: signalOf(token) }));
  } catch (error) {
    if (!cancelled(error)) throw error;
    vscode.window.setStatusBarMessage('Codex: stopped', 5000);
  } finally {
    await place.end();
  }
}

/**
 * Writes text into a document from an offset on, which moves with edits before it;
 * text that the user types at the offset stays after it. One undo removes it all.
 */
class Insertion {
  #document;
  #offset;
  #pending = '';
  #writing = '';
  #stop = true;
  #written = Promise.resolve();
  #listener;

  /**
   * @param {vscode.TextDocument} document
   * @param {number} offset
   */
  constructor(document, offset) {
    this.#document = document;
    this.#offset = offset;
    this.#listener = vscode.workspace.onDidChangeTextDocument((event) => {
      if (event.document !== document) return;
      for (const { rangeOffset, rangeLength, text } of event.contentChanges) {
        if (rangeOffset < this.#offset || this.#isOwn(text)) this.#offset = Math.max(this.#offset - rangeLength, rangeOffset) + text.length;
      }
    });
  }

  /**
   * Appends text. Edits run one after another; text that arrives during one goes into the next.
   *
   * @param {string} text
   */
  write(text) {
    this.#pending += text;
    this.#written = this.#written.then(() => this.#insert());
  }

  async end() {
    await this.#written;
    this.#listener.dispose();
  }

  async #insert() {
    this.#writing = this.#pending;
    this.#pending = '';
    // VS Code rejects an edit of a document that has changed meanwhile; retry.
    while (this.#writing !== '' && !this.#document.isClosed && !(await this.#edit(this.#writing)));
  }

  /** @param {string} text of a change, in which ends of lines are those of the document */
  #isOwn(text) {
    if (text.replaceAll('\r\n', '\n') !== this.#writing) return false;
    this.#writing = '';
    return true;
  }

  /** @param {string} text */
  async #edit(text) {
    const at = this.#document.positionAt(this.#offset);
    const editor = vscode.window.visibleTextEditors.find(({ document }) => document === this.#document);
    if (!editor) {
      const edit = new vscode.WorkspaceEdit();
      edit.insert(this.#document.uri, at, text);
      return vscode.workspace.applyEdit(edit);
    }
    const done = await editor.edit((edit) => edit.insert(at, text), { undoStopBefore: this.#stop, undoStopAfter: false });
    if (done) this.#stop = false;
    return done;
  }
}
