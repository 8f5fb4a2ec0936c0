// node page_test.mjs CHROMIUM PAGE_FOLDER MODEL NATIVE_NUMBERS: the page in headless Chromium. Exit code 0: all holds.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Browser, serve } from './browser.mjs';

const [chromium, page_folder, model, native_numbers] = process.argv.slice(2);
// A recorded 7: points in shares of the canvas.
const kSeven = [[0.25, 0.2], [0.4, 0.19], [0.55, 0.2], [0.72, 0.19], [0.68, 0.3], [0.6, 0.45], [0.53, 0.6], [0.47, 0.75], [0.43, 0.86]];

const work = mkdtempSync(join(tmpdir(), 'page-'));
const site = join(work, 'site');
cpSync(page_folder, site, { recursive: true });
writeFileSync(join(site, 'mine.txt'), '03_softmax');
cpSync(model, join(site, 'model.safetensors'));
const server = await serve(site);
const browser = new Browser(chromium);

async function draw(points) {
  await browser.value(`document.getElementById('canvas').scrollIntoView({ block: 'center' })`);
  const box = JSON.parse(await browser.value(`JSON.stringify(document.getElementById('canvas').getBoundingClientRect())`));
  const at = ([x, y]) => [box.left + x * box.width, box.top + y * box.height];
  await browser.mouse('mousePressed', ...at(points[0]));
  for (const point of points.slice(1)) await browser.mouse('mouseMoved', ...at(point));
  await browser.mouse('mouseReleased', ...at(points.at(-1)));
}

const answer = () => browser.value(`document.getElementById('answer').textContent`);
const bits = () => browser.value(`Array.from(new Uint32Array(new Float32Array(page.last().digits[0].probabilities).buffer), (b) => b.toString(16).padStart(8, '0')).join(' ')`);

async function the_native_bits() {
  const { width, height, gray } = JSON.parse(await browser.value(
    `(() => { const g = page.drawing.gray(); return JSON.stringify({ ...g, gray: Array.from(g.gray) }); })()`));
  const file = join(work, 'drawing.pgm');
  writeFileSync(file, Buffer.concat([Buffer.from(`P5 ${width} ${height} 255\n`), Buffer.from(gray)]));
  return execFileSync(native_numbers, [model, file], { encoding: 'utf8' }).trim();
}

const tests = {
  async 'a drawn 7 is a 7, with the bits of the native program'() {
    await draw(kSeven);
    assert.match(await answer(), /^A 7 \(/);
    assert.equal(await bits(), await the_native_bits());
    assert.ok(await browser.value(`document.querySelectorAll('#steps figure').length`) >= 6);
  },
  async 'the page says which chapters are the reader\'s'() {
    assert.equal(await browser.value(`document.getElementById('mine').innerText`), 'These chapters are your own code: 03_softmax.');
  },
  async 'undo and clear begin anew'() {
    await browser.value(`document.getElementById('undo').click()`);
    assert.equal(await answer(), 'Draw a digit.');
    await draw(kSeven);
    await browser.value(`document.getElementById('clear').click()`);
    assert.equal(await browser.value('page.last()'), null);
  },
  async 'two digits are read from left to right'() {
    await draw(kSeven.map(([x, y]) => [0.02 + x / 2, 0.2 + y / 2]));
    await draw([[0.75, 0.3], [0.75, 0.45], [0.74, 0.62]]);
    assert.match(await answer(), /^2 digits: 7 .*, 1 /);
    await browser.value(`document.getElementById('clear').click()`);
  },
  async 'a bad file gives one clear line, and the model stays'() {
    await browser.value(`(() => { const data = new DataTransfer(); data.items.add(new File(['no model'], 'bad.safetensors'));
      document.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true })); })()`);
    await browser.until(`document.getElementById('answer').classList.contains('error')`);
    assert.match(await answer(), /^bad\.safetensors: .{10,}$/);
    await draw(kSeven);
    assert.match(await answer(), /^A 7 \(/);
  },
  async 'phone and desktop widths fit'() {
    for (const [name, width, height] of [['phone', 390, 844], ['desktop', 1280, 800]]) {
      await browser.resize(width, height);
      writeFileSync(join(page_folder, `../${name}.png`), await browser.screenshot());
      assert.ok(await browser.value('document.documentElement.scrollWidth <= innerWidth'), `${name}: wider than the screen`);
    }
  },
  async 'nothing but the page itself is asked for, and nothing fails'() {
    for (const { method, params } of browser.events) {
      if (method === 'Network.requestWillBeSent') assert.ok(/^(data|blob):/.test(params.request.url) || params.request.url.startsWith(server.url), params.request.url);
      assert.notEqual(method, 'Runtime.exceptionThrown', JSON.stringify(params));
    }
  },
};

let failed = 0;
try {
  await browser.open(server.url, 1280, 800);
  for (const [name, test] of Object.entries(tests)) {
    try {
      await test();
      console.log(`ok      ${name}`);
    } catch (error) {
      ++failed;
      console.log(`FAILED  ${name}\n${error.message}`);
    }
  }
} finally {
  await browser.close();
  server.close();
  rmSync(work, { recursive: true, force: true });
}
process.exit(failed ? 1 : 0);
