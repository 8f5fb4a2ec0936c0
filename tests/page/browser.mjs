// A headless Chromium, over the DevTools protocol through a pipe, and a server for a folder of files.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';

const kTypes = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.wasm': 'application/wasm' };

// Serves the folder on 127.0.0.1. Returns { url, close() }.
export async function serve(folder) {
  const server = createServer(async (request, response) => {
    const path = normalize(new URL(request.url, 'http://x').pathname);
    try {
      const bytes = await readFile(join(folder, path === '/' ? 'index.html' : path));
      response.writeHead(200, { 'Content-Type': kTypes[extname(path)] ?? (path === '/' ? 'text/html' : 'application/octet-stream') });
      response.end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}

export class Browser {
  constructor(program) {
    this.profile = mkdtempSync(join(tmpdir(), 'page-test-'));
    this.process = spawn(program, ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run',
      '--disable-background-networking', '--remote-debugging-pipe', `--user-data-dir=${this.profile}`, 'about:blank'],
      { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
    this.waiting = new Map();
    this.events = [];
    this.next = 0;
    let text = '';
    this.process.stdio[4].on('data', (part) => {
      text += part;
      const messages = text.split('\0');
      text = messages.pop();
      for (const message of messages) this.take(JSON.parse(message));
    });
  }

  take(message) {
    const wait = this.waiting.get(message.id);
    if (!wait) return void this.events.push(message);
    this.waiting.delete(message.id);
    message.error ? wait.reject(new Error(`${wait.method}: ${message.error.message}`)) : wait.resolve(message.result);
  }

  send(method, params = {}) {
    const id = ++this.next;
    this.process.stdio[3].write(`${JSON.stringify({ id, method, params, sessionId: this.session })}\0`);
    return new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject, method }));
  }

  // Opens a page of this size and waits until it says that it is ready.
  async open(url, width, height) {
    const { targetId } = await this.send('Target.createTarget', { url: 'about:blank' });
    this.session = undefined;
    this.session = (await this.send('Target.attachToTarget', { targetId, flatten: true })).sessionId;
    for (const domain of ['Page', 'Runtime', 'Network', 'Log']) await this.send(`${domain}.enable`);
    await this.resize(width, height);
    await this.send('Page.navigate', { url });
    await this.until(`document.body?.dataset.ready === 'yes'`);
  }

  resize(width, height) {
    return this.send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: width < 600 });
  }

  // The value of an expression in the page.
  async value(expression) {
    const { result, exceptionDetails } = await this.send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  async until(condition, seconds = 60) {
    for (const end = Date.now() + 1000 * seconds; Date.now() < end; await new Promise((done) => setTimeout(done, 50)))
      if (await this.value(condition)) return;
    throw new Error(`after ${seconds} s still not: ${condition}`);
  }

  mouse(type, x, y) {
    return this.send('Input.dispatchMouseEvent', { type, x, y, button: 'left', buttons: type === 'mouseReleased' ? 0 : 1, clickCount: 1 });
  }

  async screenshot() {
    return Buffer.from((await this.send('Page.captureScreenshot', { captureBeyondViewport: true })).data, 'base64');
  }

  async close() {
    this.session = undefined;
    const gone = new Promise((done) => this.process.once('exit', done));
    await this.send('Browser.close').catch(() => {});
    await gone;
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
