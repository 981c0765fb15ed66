import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { Account } from './account.js';
import { ask } from './ask.js';
import { draw } from './draw.js';
import { failure } from './failure.js';
import { Host } from './host.js';
import { NoProgramError } from './process.js';
import { Provider } from './provider.js';

const INSTALL = 'https://github.com/codex-rpc/codex-rpc#install';

/** @type {Host} */
let host;

/** @param {vscode.ExtensionContext} context */
export function activate(context) {
  const log = vscode.window.createOutputChannel('Codex', { log: true });
  host = new Host({
    command: () => command(context.extensionPath),
    client: { name: 'vscode', version: vscode.version },
    log: (line) => writeLog(log, line),
    changed: (state, reason) => account.hostChanged(state, reason),
  });
  const account = new Account(host, log, context.extension.extensionKind === vscode.ExtensionKind.Workspace);
  const provider = new Provider(host, account, log);

  /** @type {Record<string, () => Promise<unknown>>} */
  const commands = {
    draw: () => draw(host),
    signIn: () => account.signIn(),
    signInWithCode: () => account.signIn(true),
    signOut: () => account.signOut(),
    restart: () => host.restart(),
    showLog: async () => log.show(),
    manage,
    ask: async () => vscode.window.activeTextEditor && ask(host, vscode.window.activeTextEditor),
  };
  context.subscriptions.push(
    log,
    account,
    account.onDidChange(() => provider.refresh()),
    vscode.lm.registerLanguageModelChatProvider('codex-rpc', provider),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (['path', 'arguments', 'logLevel'].some((name) => event.affectsConfiguration(`codexRpc.${name}`))) {
        void host.restart().then(() => provider.refresh());
      }
    }),
    // The user may have signed in at a terminal meanwhile.
    vscode.window.onDidChangeWindowState(({ focused }) => focused && account.used()),
    ...Object.entries(commands).map(([name, run]) => vscode.commands.registerCommand(`codexRpc.${name}`, () => run().catch(show))),
  );
  host.start();
  provider.refresh(); // without a sign-in to Copilot, VS Code does not list models unprompted
}

export function deactivate() {
  return host?.stop();
}

/**
 * @param {string} extension the folder of this extension
 * @returns {import('./process.js').Command}
 */
function command(extension) {
  const { path, arguments: more, logLevel } = vscode.workspace.getConfiguration('codexRpc');
  const name = process.platform === 'win32' ? 'codex-rpc.exe' : 'codex-rpc';
  const bundled = join(extension, 'bin', name);
  return { program: path || (existsSync(bundled) ? bundled : name), args: ['--log-level', logLevel, ...more] };
}

/**
 * Writes a line of the host's log to the channel, at its level.
 *
 * @param {vscode.LogOutputChannel} log
 * @param {string} line
 */
function writeLog(log, line) {
  const level = / level=(\w+) /.exec(line)?.[1] ?? 'INFO';
  const write = { DEBUG: log.debug, INFO: log.info, WARN: log.warn }[level] ?? log.error;
  write.call(log, line.replace(/^time=\S+ level=\w+ /, ''));
}

/** Shows an error, with the button that helps. */
async function show(/** @type {any} */ error) {
  const shown = failure(error);
  if (shown instanceof vscode.CancellationError) return;
  /** @type {Record<string, () => unknown>} */
  const actions =
    error instanceof NoProgramError
      ? {
          'Open Settings': () => vscode.commands.executeCommand('workbench.action.openSettings', 'codexRpc.path'),
          'How to Install': () => vscode.env.openExternal(vscode.Uri.parse(INSTALL)),
        }
      : error.code === 401
        ? { 'Sign In': () => vscode.commands.executeCommand('codexRpc.signIn') }
        : { 'Show Log': () => vscode.commands.executeCommand('codexRpc.showLog') };
  const chosen = await vscode.window.showErrorMessage(`Codex: ${shown.message}`, ...Object.keys(actions));
  if (chosen) await actions[chosen]();
}

/** Shows a menu of the commands for the account and the program. */
async function manage() {
  const actions = {
    'Sign in': 'codexRpc.signIn',
    'Sign in with a code': 'codexRpc.signInWithCode',
    'Sign out': 'codexRpc.signOut',
    'Show the log': 'codexRpc.showLog',
    Restart: 'codexRpc.restart',
    Settings: 'workbench.action.openSettings',
  };
  const chosen = await vscode.window.showQuickPick(Object.entries(actions).map(([label, id]) => ({ label, id })), { title: 'Codex' });
  if (chosen) await vscode.commands.executeCommand(chosen.id, ...(chosen.label === 'Settings' ? ['codexRpc'] : []));
}
