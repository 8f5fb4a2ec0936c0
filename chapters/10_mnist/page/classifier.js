// The C++ module as JavaScript wants it. Whatever it returns is a copy: the module's memory may move.
export class Classifier {
  constructor(module) { this.module = module; }

  // Calls work(pointer) with the bytes copied into the module's memory.
  with_bytes(bytes, work) {
    const pointer = this.module._malloc(bytes.length || 1);
    try {
      this.module.HEAPU8.set(bytes, pointer);
      return work(pointer);
    } finally {
      this.module._free(pointer);
    }
  }

  message() { return this.module.UTF8ToString(this.module._message()); }

  // Throws an Error with one line if the bytes are no model; then the former one stays.
  load_model(bytes) {
    const done = this.with_bytes(bytes, (pointer) => this.module._load_model_bytes(pointer, bytes.length));
    if (!done) throw new Error(this.message());
  }

  floats(pointer, count) { return Array.from(this.module.HEAPF32.subarray(pointer / 4, pointer / 4 + count)); }

  // { digits: [{ box, pixels, probabilities }], steps: [{ name, rows, cols, values }], message }
  read({ gray, width, height }) {
    const m = this.module;
    const count = this.with_bytes(gray, (pointer) => m._read_picture(pointer, height, width));
    if (count < 0) throw new Error(this.message());
    const digits = [];
    for (let i = 0; i < count; ++i) {
      const pixels = m._digit_pixels() + 784 * i;
      digits.push({ box: this.floats(m._digit_boxes() + 16 * i, 4),
                    pixels: m.HEAPU8.slice(pixels, pixels + 784),
                    probabilities: this.floats(m._digit_probabilities() + 40 * i, 10) });
    }
    const steps = [];
    for (let i = 0; i < m._step_count(); ++i) {
      const rows = m._step_rows(i), cols = m._step_cols(i);
      steps.push({ name: m.UTF8ToString(m._step_name(i)), rows, cols,
                   values: this.floats(m._step_values(i), rows * cols) });
    }
    return { digits, steps, message: this.message() };
  }
}
