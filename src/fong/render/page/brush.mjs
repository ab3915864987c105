// Colours, patterns, fonts and small shapes: what the chart is painted with. Patterns are made once per theme and resolution.

import { KINDS } from "./layout.mjs";

const TOKENS = ["paper", "head", "ink", "ink-2", "line", "line-2", "night", "night-line", "accent", "accent-soft", "on-accent", "late",
  "on-late", ...KINDS.flatMap((kind) => [kind, `${kind}-strong`, `${kind}-dim`])];

// Strokes of one tile of each pattern, as in the legend: size, thickness, lines.
const rising = (n) => [[-1, n + 1, n + 1, -1], [-1, 1, 1, -1], [n - 1, n + 1, n + 1, n - 1]];
const falling = (n) => [[-1, -1, n + 1, n + 1], [n - 1, -1, n + 1, 1], [-1, n - 1, 1, n + 1]];
const TILES = { setup: [6, 1.5, rising(6)], standing: [4, 1, [[0, 2, 4, 2]]], batch: [5, 1, [[2.5, 0, 2.5, 5]]], night: [8, 1, falling(8)] };

export class Brush {
  constructor(canvas, probe) {
    Object.assign(this, { canvas, probe, widths: new Map() });
    this.context = canvas.getContext("2d", { alpha: false });
  }

  /** Read colours and fonts anew: after a change of theme, language, size or resolution. */
  restyle(width, height, ratio) {
    Object.assign(this, { width, height, ratio });
    [this.canvas.width, this.canvas.height] = [Math.round(width * ratio), Math.round(height * ratio)];
    const read = getComputedStyle(this.probe);
    const colour = (name) => {
      this.probe.style.color = `var(--${name})`;
      return read.color;
    };
    this.colour = Object.fromEntries(TOKENS.map((name) => [name, colour(name)]));
    [this.small, this.bold] = [`12px ${read.fontFamily}`, `600 12px ${read.fontFamily}`];
    this.fills = { ...this.colour };
    for (const kind of ["setup", "standing", "batch"]) {
      this.fills[kind] = this.tile(kind, this.colour[kind], this.colour[`${kind}-strong`]);
      this.fills[`${kind}-dim`] = this.tile(kind, this.colour[`${kind}-dim`], this.colour[`${kind}-strong`], 0.4);
    }
    this.fills.night = this.tile("night", null, this.colour["night-line"]);
    this.numbers = Object.fromEntries(Object.entries(this.colour).map(([name, shade]) => [name, this.number(shade)]));
    this.widths.clear();
  }

  /** A colour as the number that stands for it in a picture's pixels. */
  number(shade) {
    const pixel = new OffscreenCanvas(1, 1).getContext("2d");
    pixel.fillStyle = shade;
    pixel.fillRect(0, 0, 1, 1);
    return new Uint32Array(pixel.getImageData(0, 0, 1, 1).data.buffer)[0];
  }

  tile(name, ground, ink, strength = 1) {
    const [size, thick, lines] = TILES[name];
    const tile = new OffscreenCanvas(size * this.ratio, size * this.ratio);
    const t = tile.getContext("2d");
    t.scale(this.ratio, this.ratio);
    t.fillStyle = ground ?? "transparent";
    t.fillRect(0, 0, size, size);
    [t.strokeStyle, t.lineWidth, t.globalAlpha] = [ink, thick, strength];
    for (const [x0, y0, x1, y1] of lines) {
      t.moveTo(x0, y0);
      t.lineTo(x1, y1);
    }
    t.stroke();
    const pattern = this.context.createPattern(tile, "repeat");
    pattern.setTransform(new DOMMatrix().scale(1 / this.ratio));
    return pattern;
  }

  /** Rectangles [x, y, width, height, x, …] in one go, filled or outlined. */
  rects(values, style, thick = 0) {
    const c = this.context;
    c.beginPath();
    for (let i = 0; i < values.length; i += 4) c.rect(values[i], values[i + 1], values[i + 2], values[i + 3]);
    if (thick) [c.strokeStyle, c.lineWidth] = [style, thick];
    else c.fillStyle = style;
    if (thick) c.stroke();
    else c.fill();
  }

  /** Paint within a box, moved by (x, y). */
  within([left, top, width, height], [x, y], paint) {
    const c = this.context;
    c.save();
    c.beginPath();
    c.rect(left, top, width, height);
    c.clip();
    c.translate(x, y);
    paint();
    c.restore();
  }

  measure(text, font = this.small) {
    const key = font + text;
    if (!this.widths.has(key)) {
      this.context.font = font;
      this.widths.set(key, this.context.measureText(text).width);
    }
    return this.widths.get(key);
  }

  /** Write a text shortened to fit, at (x, middle); nothing where not even three letters fit. Returns its width. */
  write(text, x, middle, room, font = this.small, colour = this.colour.ink) {
    const width = this.measure(text, font);
    const letters = width <= room ? text.length : Math.floor((text.length * (room - 8)) / width);
    if (letters < Math.min(3, text.length)) return 0;
    const c = this.context;
    [c.font, c.fillStyle, c.textBaseline] = [font, colour, "middle"];
    c.fillText(letters < text.length ? `${text.slice(0, letters)}…` : text, x, middle);
    return Math.min(width, room);
  }

  /** A text as one line, or as two if it needs them: broken between words, or within one that has no blanks. */
  broken(text, room, font = this.small) {
    if (this.measure(text, font) <= room) return [text];
    const words = text.split(/(?<= )/);
    const parts = words.length > 1 ? words : [...text];
    let n = parts.length - 1;
    while (n > 1 && this.measure(parts.slice(0, n).join("").trimEnd(), font) > room) n -= 1;
    return [parts.slice(0, n).join("").trimEnd(), parts.slice(n).join("")];
  }

  /** The mark of what is late: a triangle with a stroke and a dot. */
  flag(x, y) {
    this.shape([[x, y - 5.5], [x + 5.5, y + 4.5], [x - 5.5, y + 4.5]], this.colour.late);
    this.rects([x - 0.6, y - 2, 1.2, 3.4, x - 0.6, y + 2.2, 1.2, 1.2], this.colour["on-late"]);
  }

  shape([first, ...rest], colour) {
    const c = this.context;
    c.beginPath();
    c.moveTo(...first);
    for (const point of rest) c.lineTo(...point);
    c.fillStyle = colour;
    c.fill();
  }

  /** A small sign with rounded corners around a point, not further left than `least`. */
  sign(text, point, y, [paper, ink], least) {
    const width = this.measure(text, this.bold) + 12;
    const x = Math.max(point, least + width / 2);
    this.context.beginPath();
    this.context.roundRect(x - width / 2, y - 9, width, 17, 3);
    this.context.fillStyle = paper;
    this.context.fill();
    this.write(text, x - width / 2 + 6, y, width, this.bold, ink);
  }
}
