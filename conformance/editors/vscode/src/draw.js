import * as vscode from 'vscode';
import { cancelled, signalOf } from './failure.js';

/**
 * Prompts for a description, generates an image, and saves and opens it.
 *
 * @param {import('./host.js').Host} host
 */
export async function draw(host) {
  const prompt = await vscode.window.showInputBox({ title: 'Codex: Draw a Picture', prompt: 'Describe the picture' });
  if (!prompt) return;
  const progress = { location: vscode.ProgressLocation.Notification, title: 'Codex draws', cancellable: true };
  let images;
  try {
    images = await vscode.window.withProgress(progress, (_, token) => host.call('images.generate', { prompt }, { signal: signalOf(token) }));
  } catch (error) {
    if (!cancelled(error)) throw error;
    vscode.window.setStatusBarMessage('Codex: stopped', 5000);
    return;
  }
  const file = await vscode.window.showSaveDialog({ title: 'Save the picture', filters: { Pictures: ['png'] } });
  if (!file) return;
  await vscode.workspace.fs.writeFile(file, Buffer.from(images.data[0].b64_json, 'base64'));
  await vscode.commands.executeCommand('vscode.open', file);
}
