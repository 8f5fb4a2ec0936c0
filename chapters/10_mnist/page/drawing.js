// Strokes on a canvas, with mouse, finger or pen. A stroke is a list of points in pixels of the canvas.
const kPen = 18;

export class Drawing {
  constructor(canvas, changed) {
    this.canvas = canvas;
    this.context = canvas.getContext('2d', { willReadFrequently: true });
    this.changed = changed;
    this.strokes = [];
    this.picture = null;
    canvas.addEventListener('pointerdown', (event) => this.begin(event));
    canvas.addEventListener('pointermove', (event) => this.go_on(event));
    for (const end of ['pointerup', 'pointercancel']) canvas.addEventListener(end, () => (this.stroke = null));
    this.draw();
  }

  point(event) {
    const box = this.canvas.getBoundingClientRect();
    return [((event.clientX - box.left) * this.canvas.width) / box.width,
            ((event.clientY - box.top) * this.canvas.height) / box.height];
  }

  begin(event) {
    if (event.button !== 0) return;
    event.preventDefault();
    this.canvas.setPointerCapture(event.pointerId);
    this.stroke = [this.point(event)];
    this.strokes.push(this.stroke);
    this.update();
  }

  go_on(event) {
    if (!this.stroke) return;
    for (const each of event.getCoalescedEvents?.() ?? [event]) this.stroke.push(this.point(each));
    this.update();
  }

  undo() {
    if (this.strokes.pop() === undefined) this.picture = null;
    this.update();
  }

  clear() {
    this.strokes = [];
    this.picture = null;
    this.update();
  }

  // A picture of any size lies under the strokes, shrunk to fit.
  show(picture) {
    this.strokes = [];
    this.picture = picture;
    this.update();
  }

  is_empty() { return this.strokes.length === 0 && !this.picture; }

  update() {
    this.draw();
    this.changed();
  }

  draw() {
    const { context, canvas } = this;
    context.fillStyle = '#fff';
    context.fillRect(0, 0, canvas.width, canvas.height);
    if (this.picture) {
      const scale = Math.min(canvas.width / this.picture.width, canvas.height / this.picture.height);
      const width = this.picture.width * scale, height = this.picture.height * scale;
      context.drawImage(this.picture, (canvas.width - width) / 2, (canvas.height - height) / 2, width, height);
    }
    context.lineWidth = kPen;
    context.lineCap = context.lineJoin = 'round';
    for (const stroke of this.strokes) {
      context.beginPath();
      context.moveTo(...stroke[0]);
      for (const point of stroke) context.lineTo(...point);
      context.stroke();
    }
  }

  // One byte per pixel, 0 black to 255 white.
  gray() {
    const { width, height } = this.canvas;
    const rgba = this.context.getImageData(0, 0, width, height).data;
    const gray = new Uint8Array(width * height);
    for (let i = 0; i < gray.length; ++i)
      gray[i] = Math.round(0.299 * rgba[4 * i] + 0.587 * rgba[4 * i + 1] + 0.114 * rgba[4 * i + 2]);
    return { gray, width, height };
  }
}
