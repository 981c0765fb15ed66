'use strict';

const vscode = require('vscode');
const { CANCELLED, Conversation } = require('./conversation');

/** Begun by the first question, and again by the next one when the process has ended. */
let conversation;
let output;

exports.activate = function activate(context) {
  output = vscode.window.createOutputChannel('Codex');
  context.subscriptions.push(output, vscode.commands.registerTextEditorCommand('codex.ask', ask));
};

exports.deactivate = function deactivate() {
  return conversation?.dispose();
};

function converse() {
  if (!conversation) {
    const command = vscode.workspace.getConfiguration('codex').get('command');
    const begun = (conversation = new Conversation(command, (text) => output.append(text)));
    begun.ended.then(() => {
      if (conversation === begun) conversation = undefined;
    });
  }
  return conversation;
}

/** Ask what is selected, and write the answer below it. */
async function ask({ document, selection }) {
  const question = document.getText(selection);
  if (question.trim() === '') {
    vscode.window.showInformationMessage('Select what to ask Codex.');
    return;
  }
  const place = new Insertion(document, document.offsetAt(selection.end));
  place.write('\n');
  const progress = { location: vscode.ProgressLocation.Notification, title: 'Codex', cancellable: true };
  try {
    await vscode.window.withProgress(progress, (_, token) =>
      converse().ask(question, (text) => place.write(text), token),
    );
  } catch (error) {
    if (error.code !== CANCELLED) vscode.window.showErrorMessage(`Codex: ${error.message}`);
  } finally {
    await place.end();
  }
}

/** Writes text into a document, from an offset on that moves with what is edited before it. */
class Insertion {
  #document;
  #offset;
  #pending = '';
  #written = Promise.resolve();
  #listener;

  constructor(document, offset) {
    this.#document = document;
    this.#offset = offset;
    this.#listener = vscode.workspace.onDidChangeTextDocument((event) => {
      if (event.document !== document) return;
      for (const { rangeOffset, rangeLength, text } of event.contentChanges) {
        // Its own edits are among them.
        if (rangeOffset <= this.#offset) {
          this.#offset = Math.max(this.#offset - rangeLength, rangeOffset) + text.length;
        }
      }
    });
  }

  /** Edits take their turns; what comes during one goes with the next. */
  write(text) {
    this.#pending += text;
    this.#written = this.#written.then(async () => {
      if (this.#pending === '') return;
      const edit = new vscode.WorkspaceEdit();
      edit.insert(this.#document.uri, this.#document.positionAt(this.#offset), this.#pending);
      this.#pending = '';
      await vscode.workspace.applyEdit(edit);
    });
  }

  async end() {
    await this.#written;
    this.#listener.dispose();
  }
}
