import * as vscode from 'vscode';
import { cancelled, signalOf } from './failure.js';
import { CallError } from './process.js';

/** The shortest time between two requests for the limits, in ms. */
const USAGE_AGE = 60_000;

/** The sign-in and its limits, and the item of the status bar that shows both. */
export class Account {
  #host;
  #log;
  #remote;
  #item;
  #asked = 0;
  /** @type {vscode.EventEmitter<void>} */
  #changed = new vscode.EventEmitter();
  /** Fires after a sign-in and a sign-out. */
  onDidChange = this.#changed.event;

  /**
   * @param {import('./host.js').Host} host
   * @param {vscode.LogOutputChannel} log
   * @param {boolean} remote whether the user's browser is on another machine
   */
  constructor(host, log, remote) {
    this.#host = host;
    this.#log = log;
    this.#remote = remote;
    this.#item = vscode.window.createStatusBarItem('codexRpc', vscode.StatusBarAlignment.Right);
    this.#item.name = 'Codex';
  }

  /** Reports whether there are credentials. */
  async signedIn() {
    return (await this.#host.call('account_info')).authenticated;
  }

  /**
   * Signs in, and returns whether it succeeded.
   *
   * @param {boolean} [withCode] by a code instead of a redirect to this machine
   * @returns {Promise<boolean>}
   */
  async signIn(withCode = this.#remote) {
    const params = { method: withCode ? 'device_code' : 'browser', force: true };
    const progress = { location: vscode.ProgressLocation.Notification, title: 'Codex: sign-in', cancellable: true };
    try {
      await vscode.window.withProgress(progress, (report, token) =>
        this.#host.call('authenticate', params, { signal: signalOf(token), onEvent: (event) => prompt(event, report) }),
      );
    } catch (error) {
      if (cancelled(error)) void vscode.window.setStatusBarMessage('Codex: sign-in stopped', 5000);
      else void vscode.window.showErrorMessage(`Codex: ${/** @type {Error} */ (error).message}`);
      return false;
    }
    await this.refresh();
    this.#changed.fire();
    return true;
  }

  async signOut() {
    await this.#host.call('logout');
    await this.refresh();
    this.#changed.fire();
  }

  /** Updates the status after a failed call: the sign-in may have ended, or a limit may be reached. */
  failed(/** @type {unknown} */ error) {
    if (!(error instanceof CallError)) return;
    if (error.code === 401) this.#showSignedOut();
    if (error.code === 429) void this.refresh();
  }

  /** Updates the limits after an answered call, at most once a minute. */
  used() {
    if (Date.now() - this.#asked > USAGE_AGE) void this.refresh();
  }

  /** Shows who is signed in, and how much of the limits is used. */
  async refresh() {
    this.#asked = Date.now();
    try {
      const account = await this.#host.call('account_info');
      if (!account.authenticated) return this.#showSignedOut();
      this.#show(account, await this.#host.call('codex.usage'));
    } catch (error) {
      this.#log.warn(`limits: ${/** @type {Error} */ (error).message}`);
    }
  }

  /**
   * Shows the state of the host if it is not running normally.
   *
   * @param {import('./host.js').State} state
   * @param {Error} [reason]
   */
  hostChanged(state, reason) {
    if (reason) this.#log.error(reason.message);
    if (state === 'running') void this.refresh();
    else if (state === 'restarting') this.#set('$(sync~spin) Codex', `${reason?.message}. It is started again.`, 'codexRpc.showLog');
    else if (state === 'failed') this.#set('$(error) Codex', `${reason?.message}`, 'codexRpc.manage');
  }

  dispose() {
    this.#item.dispose();
    this.#changed.dispose();
  }

  #showSignedOut() {
    this.#set('$(account) Codex: sign in', 'Sign in with ChatGPT', 'codexRpc.signIn');
  }

  /**
   * @param {any} account
   * @param {any} usage
   */
  #show({ email, plan_type }, { rate_limit }) {
    const windows = [rate_limit?.primary_window, rate_limit?.secondary_window].filter(Boolean);
    const used = Math.max(...windows.map(({ used_percent }) => used_percent));
    const tooltip = new vscode.MarkdownString(`**Codex** ${email ?? ''}${plan_type ? `, ${plan_type}` : ''}\n\n`);
    for (const { used_percent, limit_window_seconds, reset_at } of windows) {
      const resets = new Date(reset_at * 1000).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
      tooltip.appendMarkdown(`- ${span(limit_window_seconds)}: ${used_percent} % used, resets ${resets}\n`);
    }
    const icon = rate_limit?.limit_reached ? '$(warning)' : '$(sparkle)';
    this.#set(windows.length > 0 ? `${icon} Codex ${used} %` : `${icon} Codex`, tooltip, 'codexRpc.manage');
  }

  /**
   * @param {string} text
   * @param {string | vscode.MarkdownString} tooltip
   * @param {string} command
   */
  #set(text, tooltip, command) {
    Object.assign(this.#item, { text, tooltip, command });
    this.#item.show();
  }
}

/**
 * Leads the user to the page that signs in.
 *
 * @param {any} event
 * @param {vscode.Progress<{message: string}>} progress
 */
async function prompt(event, progress) {
  if (event.type === 'auth.url') {
    progress.report({ message: 'continue in the browser' }); // the host has opened it
    const copy = 'Copy Link';
    if ((await vscode.window.showInformationMessage('Codex: sign in on the page in your browser. If none has opened, copy its link.', copy)) === copy) {
      await vscode.env.clipboard.writeText(event.url);
    }
  } else if (event.type === 'auth.device_code') {
    const { user_code, verification_url } = event;
    progress.report({ message: `the code is ${user_code}` });
    const open = 'Copy Code and Open Page';
    if ((await vscode.window.showInformationMessage(`Codex: enter the code ${user_code} at ${verification_url}`, open)) === open) {
      await vscode.env.clipboard.writeText(user_code);
      await vscode.env.openExternal(vscode.Uri.parse(verification_url));
    }
  }
}

/** @param {number} seconds */
function span(seconds) {
  const hours = seconds / 3600;
  return hours < 48 ? `${Math.round(hours)} hours` : `${Math.round(hours / 24)} days`;
}
