// The page: drawing in, probabilities and pictures out.
import { Classifier } from './classifier.js';
import { Drawing } from './drawing.js';

const kSure = 0.9; // as in digits predict
const kStepsShown = ['gray', 'ink', 'threshold', 'digit', 'strokes', 'scaled', 'centered'];
const element = (id) => document.getElementById(id);
const percent = (p) => `${(Math.floor(1000 * p) / 10).toFixed(1)}%`;

function say(text, is_error = false) {
  element('answer').textContent = text;
  element('answer').classList.toggle('error', is_error);
}

function make_bars() {
  const rows = [...Array(10).keys()].map((digit) => {
    const row = document.createElement('tr');
    row.innerHTML = `<th scope="row">${digit}</th><td><div class="bar"></div></td><td></td>`;
    return row;
  });
  element('bars').tBodies[0].append(...rows);
  return rows;
}

function show_bars(rows, probabilities) {
  const best = Math.max(...probabilities);
  rows.forEach((row, digit) => {
    const p = probabilities[digit] ?? 0;
    row.classList.toggle('best', p === best);
    row.querySelector('.bar').style.width = `${100 * p}%`;
    row.lastElementChild.textContent = probabilities.length ? percent(p) : '';
  });
}

function picture_of({ name, rows, cols, values }) {
  const figure = document.createElement('figure'), canvas = document.createElement('canvas');
  canvas.width = cols, canvas.height = rows;
  const image = new ImageData(cols, rows);
  values.forEach((value, i) => {
    const gray = Math.round(255 * Math.min(1, Math.max(0, value)));
    image.data.set([gray, gray, gray, 255], 4 * i);
  });
  canvas.getContext('2d').putImageData(image, 0, 0);
  const caption = document.createElement('figcaption');
  caption.textContent = name;
  figure.append(canvas, caption);
  return figure;
}

function describe(digits, message) {
  if (digits.length === 0) return `The drawing ${message}.`;
  const answers = digits.map(({ probabilities }) => {
    const p = Math.max(...probabilities), digit = probabilities.indexOf(p);
    return `${digit} (${percent(p)}${p < kSure ? ', unsure' : ''})`;
  });
  return answers.length === 1 ? `A ${answers[0]}` : `${answers.length} digits: ${answers.join(', ')}`;
}

async function fetch_bytes(file) {
  const response = await fetch(file);
  if (!response.ok) throw new Error(`${file}: ${response.status} ${response.statusText}`);
  return new Uint8Array(await response.arrayBuffer());
}

async function start() {
  const rows = make_bars();
  const classifier = new Classifier(await loadDigits());
  const drawing = new Drawing(element('canvas'), show);
  let last = null; // what was found on the drawing; tests read it

  function show() {
    element('undo').disabled = element('clear').disabled = drawing.is_empty();
    element('steps').replaceChildren();
    if (drawing.is_empty()) {
      show_bars(rows, []);
      say('Draw a digit.');
      last = null;
      return;
    }
    last = classifier.read(drawing.gray());
    show_bars(rows, last.digits.length === 1 ? last.digits[0].probabilities : []);
    say(describe(last.digits, last.message));
    element('steps').append(...last.steps.filter(({ name }) => kStepsShown.includes(name)).map(picture_of));
  }

  function take_model(bytes, name) {
    try {
      classifier.load_model(bytes);
      element('model').textContent = `${name} is loaded.`;
      show();
    } catch (error) {
      say(`${name}: ${error.message}`, true);
    }
  }

  async function take_file(file) {
    if (!file) return;
    if (!file.type.startsWith('image/')) return take_model(new Uint8Array(await file.arrayBuffer()), file.name);
    try {
      drawing.show(await createImageBitmap(file));
    } catch {
      say(`${file.name} is no picture that this browser can read.`, true);
    }
  }

  element('undo').addEventListener('click', () => drawing.undo());
  element('clear').addEventListener('click', () => drawing.clear());
  for (const id of ['picture', 'model-file'])
    element(id).addEventListener('change', (event) => take_file(event.target.files[0]));
  document.addEventListener('dragover', (event) => event.preventDefault());
  document.addEventListener('drop', (event) => {
    event.preventDefault();
    take_file(event.dataTransfer.files[0]);
  });
  const mine = new TextDecoder().decode(await fetch_bytes('mine.txt')).trim();
  if (mine) {
    element('mine').textContent = `These chapters are your own code: ${mine}.`;
    element('mine').hidden = false;
  }
  take_model(await fetch_bytes('model.safetensors'), 'The model that came with the page');
  window.page = { classifier, drawing, last: () => last };
  document.body.dataset.ready = 'yes';
}

start().catch((error) => say(`The page could not start: ${error.message}`, true));
