// What the extension needs of the module `vscode`, on a document that is a
// string. Positions are offsets.
'use strict';

const { CancellationTokenSource, Emitter } = require('vscode-jsonrpc/node');

const commands = new Map();
const documents = new Map();
const changed = new Emitter();
const disposable = { dispose() {} };

/** What a test sets, sees and does. */
exports.test = {
  settings: {},
  messages: [],
  progress: [], // the sources of their cancellation tokens
  onEdit() {}, // called after each edit of the extension

  editor(text) {
    const document = {
      uri: { path: '/question.txt' },
      text,
      getText: ({ start, end }) => document.text.slice(start, end),
      offsetAt: (position) => position,
      positionAt: (offset) => offset,
    };
    documents.set(document.uri, document);
    return { document, selection: { start: 0, end: text.length } };
  },

  replace(document, rangeOffset, rangeLength, text) {
    document.text = document.text.slice(0, rangeOffset) + text + document.text.slice(rangeOffset + rangeLength);
    changed.fire({ document, contentChanges: [{ rangeOffset, rangeLength, text }] });
  },

  run: (name, editor) => commands.get(name)(editor),
};

exports.ProgressLocation = { Notification: 15 };

exports.WorkspaceEdit = class {
  inserted = [];
  insert(uri, position, text) {
    this.inserted.push({ uri, position, text });
  }
};

exports.commands = {
  registerTextEditorCommand(name, run) {
    commands.set(name, run);
    return { dispose: () => commands.delete(name) };
  },
};

exports.window = {
  createOutputChannel: () => ({ append: (text) => process.stderr.write(text), ...disposable }),
  showErrorMessage: (text) => exports.test.messages.push(text),
  showInformationMessage: (text) => exports.test.messages.push(text),
  withProgress(options, task) {
    const source = new CancellationTokenSource();
    exports.test.progress.push({ options, cancel: () => source.cancel() });
    return task({ report() {} }, source.token);
  },
};

exports.workspace = {
  getConfiguration: (section) => ({ get: (name) => exports.test.settings[`${section}.${name}`] }),
  onDidChangeTextDocument: changed.event,
  async applyEdit({ inserted }) {
    await new Promise(setImmediate); // as in VS Code, it is another process that edits
    for (const { uri, position, text } of inserted) exports.test.replace(documents.get(uri), position, 0, text);
    exports.test.onEdit(documents.get(inserted[0].uri));
    return true;
  },
};
