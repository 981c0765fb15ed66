import * as vscode from 'vscode';
import { CANCELLED, CallError } from './process.js';

/**
 * Converts the error of a call to the classes that VS Code distinguishes.
 *
 * @param {any} error
 * @returns {Error}
 */
export function failure(error) {
  if (cancelled(error)) return new vscode.CancellationError();
  if (!(error instanceof CallError)) return error;
  if (error.code === 401) return vscode.LanguageModelError.NoPermissions(error.message);
  if (error.code === 404) return vscode.LanguageModelError.NotFound(error.message);
  if (error.code === 429) return vscode.LanguageModelError.Blocked(error.message);
  return error;
}

/** @param {any} error */
export function cancelled(error) {
  return error.code === CANCELLED || error.name === 'AbortError';
}

/**
 * @param {vscode.CancellationToken} token
 * @returns {AbortSignal}
 */
export function signalOf(token) {
  const controller = new AbortController();
  if (token.isCancellationRequested) controller.abort();
  else token.onCancellationRequested(() => controller.abort());
  return controller.signal;
}
