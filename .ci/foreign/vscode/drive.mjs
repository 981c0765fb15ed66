// A user of VS Code with the extension: code-server serves VS Code to headless
// Chromium. vscode_test.go documents the steps.
//
//     node drive.mjs ADDRESS FOLDER SETTINGS PICTURE
//
// It opens FOLDER, which contains notes.txt. SETTINGS is the settings file. PICTURE
// becomes a screenshot of the chat. In the environment, HOST is the program, which
// writes its process ids to the file HOSTS and its recording to RECORDING, and
// PROBE is the file that the probe writes.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { chromium } from 'playwright-core';

const [address, folder, settings, picture] = process.argv.slice(2);
const PATIENCE = 60_000;
const REPLY = 'Hello from the embedded backend of codex-rpc. It needs no account and no network. The answer comes word by word.';

const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'],
});
const page = await browser.newPage({ viewport: { width: 1200, height: 750 } });
page.setDefaultTimeout(PATIENCE);
const status = page.locator('[id="codex-rpc.codex-rpc.codexRpc"]');
const editor = page.locator('.editor-group-container .view-lines');
const chat = page.locator('.interactive-session');
const answers = chat.locator('.interactive-response');

/** Waits until a condition holds. */
async function until(what, condition) {
  for (const end = Date.now() + PATIENCE; ; await pause(100)) {
    const got = await condition();
    if (got === true) return;
    if (Date.now() > end) throw new Error(`not so: ${what}; but ${JSON.stringify(got)}`);
  }
}

const shows = (locator, text) => locator.filter({ hasText: text }).first().waitFor();
const notice = (text) => page.locator('.notification-toast', { hasText: text }).first();

/** Runs a command of the palette. A key pressed while the focus moves is lost, so it is pressed again. */
async function command(title) {
  const input = page.locator('.quick-input-widget input.input');
  await until('the palette is there', async () => {
    await page.keyboard.press('F1');
    return input.waitFor({ timeout: 5000 }).then(() => true, () => false);
  });
  await input.fill(`>${title}`);
  await page.locator('.quick-input-list .monaco-list-row').filter({ hasText: title }).first().click();
}

const lines = async () => (await editor.locator('.view-line').allInnerTexts()).map((line) => line.replaceAll('\u00a0', ' '));

async function holds(...want) {
  await until(`the text is ${JSON.stringify(want)}`, async () => {
    const got = await lines();
    return JSON.stringify(got) === JSON.stringify(want) || got;
  });
}

/** Waits until an answer has begun below the first line. */
async function begun() {
  await until('a part has come', async () => (await lines())[1]?.startsWith('You') || (await lines()));
}

/** Puts the cursor at the end of a line of notes.txt. */
async function atEndOf(number) {
  await editor.click();
  await page.keyboard.press('Control+Home');
  for (let line = 1; line < number; line++) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('End');
}

/** The process ids of the hosts. */
function hosts() {
  return readFileSync(process.env.HOSTS, 'utf8').trim().split('\n').map(Number);
}

const mock = (directives) => ({ 'codexRpc.arguments': [`--mock=${directives}`] });

const steps = {
  async start() {
    await page.goto(`${address}/?folder=${folder}`);
    await shows(status, 'Codex 12 %');
    assert.equal(hosts().length, 1);
  },

  async api() {
    await command('Probe: Run');
    await until('the probe has looked', () => existsSync(process.env.PROBE));
    const { models, ...seen } = JSON.parse(readFileSync(process.env.PROBE, 'utf8'));
    assert.deepEqual(models.find(({ id }) => id === 'gpt-5.5'), { id: 'gpt-5.5', name: 'GPT-5.5', family: 'gpt-5.5', maxInputTokens: 258400 });
    const { text, cancelled, ...others } = seen;
    assert.equal(text.join(''), 'You said: "Say hello"');
    assert.ok(text.length > 3, `the answer came in ${text.length} parts`);
    assert.equal(cancelled.error, 'Canceled');
    assert.ok(cancelled.seen < 200, `${cancelled.seen} parts came after the cancel`);
    assert.deepEqual(others, {
      tokens: [3, 7],
      image: 'You said: "What is it?"',
      tool: { isCall: true, name: 'get_weather', input: { city: 'city' }, answer: 'The tool answered: 18 degrees' },
    });
    assert.match(readFileSync(process.env.RECORDING, 'utf8'), /input_image.*data:image\/png;base64,iVBOR/);
  },

  async ask() {
    await page.locator('.explorer-folders-view').getByText('notes.txt').dblclick();
    await holds('Say hello', 'the end');
    await atEndOf(1);
    await page.keyboard.press('Shift+Home');
    await command('Codex: Ask');
    await holds('Say hello', 'You said: "Say hello"', 'the end');
    await page.keyboard.type('!'); // which must not replace the answer
    await holds('Say hello', 'You said: "Say hello"!', 'the end');
    await page.keyboard.press('Control+z');
    await holds('Say hello', 'You said: "Say hello"', 'the end');
    await page.keyboard.press('Control+z');
    await holds('Say hello', 'the end');
  },

  async stop() {
    await set(mock('path=/responses,stall=6'));
    await atEndOf(1);
    await command('Codex: Ask');
    await begun();
    await notice('Codex').getByRole('button', { name: 'Cancel' }).click();
    await shows(page.locator('.statusbar-item'), 'Codex: stopped');
    await page.keyboard.press('Control+z');
    await holds('Say hello', 'the end');
  },

  async crash() {
    await atEndOf(1);
    await command('Codex: Ask');
    await begun();
    const before = hosts().length;
    process.kill(hosts().at(-1), 'SIGKILL');
    await notice('ended with SIGKILL').waitFor();
    await until('another host runs', () => hosts().length > before);
    await shows(status, 'Codex 12 %');
    await command('Notifications: Clear All Notifications');
    await page.keyboard.press('Control+z');
  },

  async 'no program'() {
    await set({ ...mock(''), 'codexRpc.path': '/no/such/program' });
    await atEndOf(1);
    await command('Codex: Ask');
    await notice('The program /no/such/program was not found.').getByRole('button', { name: 'Open Settings' }).waitFor();
    await command('Notifications: Clear All Notifications');
    await page.keyboard.press('Control+z');
  },

  async 'sign in'() {
    await set(mock('path=deviceauth,device_polls=2'));
    await shows(status, 'Codex 12 %');
    await command('Codex: Sign Out');
    await shows(status, 'Codex: sign in');
    await status.click();
    await notice('enter the code').getByText(/MOCK-\d+/).waitFor();
    await shows(status, 'Codex 12 %');
    await command('Notifications: Clear All Notifications');
  },

  async models() {
    await set(mock(`pace=20ms,reply=${REPLY}`));
    await command('Chat: Manage Language Models');
    const rows = page.locator('.modal-editor-part .monaco-list-row');
    await shows(rows, 'GPT-5.5');
    // A click on a menu that has just opened is sometimes ignored.
    const vendor = page.locator('.context-view').getByText('Codex', { exact: true });
    await until('a name is asked for', async () => {
      if (!(await vendor.isVisible())) await page.getByText('Add Models').first().click();
      await vendor.click({ timeout: 5000 }).catch(() => {});
      return page.locator('.quick-input-widget input.input').waitFor({ timeout: 5000 }).then(() => true, () => false);
    });
    await page.keyboard.press('Enter'); // accepts the suggested name of the group
    await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
    const names = (await rows.allInnerTexts()).map((text) => text.trim().split('\n')[0]);
    assert.equal(new Set(names).size, names.length, `models are there twice: ${names}`);
    await page.keyboard.press('Escape');
    await page.locator('.modal-editor-part').waitFor({ state: 'hidden' });
  },

  async chat() {
    await shows(chat.locator('.model-picker-item'), 'GPT-5.5');
    await say('Say hello');
    await shows(answers, 'word by word.');
    await chat.locator('.codicon-stop-circle').first().waitFor({ state: 'hidden' });
    await chat.getByRole('button', { name: /Dismiss|Close/ }).first().click(); // a hint about other models
    await page.screenshot({ path: picture });
  },

  async 'chat stop'() {
    await set(mock(`path=/responses,stall=9,reply=${REPLY}`));
    await say('Again');
    await shows(answers.nth(1), 'Hello');
    await chat.locator('.codicon-stop-circle').first().click();
    await chat.locator('.codicon-stop-circle').first().waitFor({ state: 'hidden' });
    await set(mock(`reply=Third.`));
    await say('And again');
    await shows(answers, 'Third.');
  },
};

/** Writes the settings of the extension, and waits until a host runs with them. */
async function set(values) {
  const before = hosts().length;
  writeFileSync(settings, JSON.stringify({ 'codexRpc.path': process.env.HOST, ...values }));
  if (!values['codexRpc.path']) await until('the host runs anew', () => hosts().length > before);
}

async function say(text) {
  await chat.locator('.chat-editor-container').click();
  await page.keyboard.type(text);
  await page.keyboard.press('Enter');
}

for (const [name, step] of Object.entries(steps)) {
  try {
    const begun = Date.now();
    await step();
    console.log(`ok - ${name}`);
    console.error(`${name}: ${Date.now() - begun} ms`);
  } catch (error) {
    console.log(`not ok - ${name}: ${String(error.stack).replaceAll('\n', ' | ')}`);
    await page.screenshot({ path: `${picture}.failed.png` });
    break;
  }
}
await browser.close();
