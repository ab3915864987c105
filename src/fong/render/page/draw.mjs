// One frame of the chart: what is in sight is found by halving, gathered by style, and painted style by style.

import { endOf, marks, xOf } from "./scale.mjs";
import { KINDS, RUN, BATCH, STANDING, WAITING, after, laneBox, links } from "./layout.mjs";
import { Brush } from "./brush.mjs";
import { HEAD, paintAxis, paintDue, paintGround, paintLoad, paintNames, paintThumb } from "./frame.mjs";

const PATTERNED = 4; // pixels from which a pattern is seen; below, its colour alone is painted

export class Painter extends Brush {
  /** Paint a scene; returns how many bars are in sight. */
  paint(board) {
    const c = this.context;
    const { left, scroll, tops } = board;
    c.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    this.rects([0, 0, this.width, this.height], this.colour.paper);
    const shown = board.rows.slice(Math.max(0, after(tops, scroll) - 1), after(tops, scroll + this.height - HEAD));
    const scene = { ...board, shown, axis: marks(board.scale, board.clock, board.clock.dated ? 40 : 60) };
    let count = 0;
    this.within([left, HEAD, this.width - left, this.height], [left, HEAD - scroll], () => {
      paintGround(this, scene);
      count = this.paintBars(scene);
      for (const row of shown) {
        if (row.load) paintLoad(this, scene, row);
        paintDue(this, scene, row);
      }
      this.paintSelected(scene);
    });
    paintAxis(this, scene);
    paintNames(this, scene);
    paintThumb(this, scene);
    return count;
  }

  /** Every bar in sight; dimmed while an order is selected. */
  paintBars(scene) {
    const dim = scene.selected >= 0 ? "-dim" : "";
    const boxes = scene.shown.flatMap((row) => row.lanes.map((_, number) => laneBox(row, number)));
    const found = { patterned: KINDS.map(() => []), waiting: [], late: [], under: [], labels: [] };
    const strips = new ImageData(Math.max(1, Math.round(scene.scale.width * this.ratio)), Math.max(1, boxes.length));
    const count = this.gather(scene, boxes, found, strips, dim);
    this.stretch(strips, boxes, scene.scale.width);
    KINDS.forEach((kind, i) => this.rects(found.patterned[i], this.fills[kind + dim]));
    this.rects(found.waiting, this.fills[`waiting${dim}`]);
    this.context.globalAlpha = dim ? 0.65 : 1;
    this.rects(found.late, this.colour.late, 1.5);
    this.rects(found.under, this.colour.late);
    this.context.globalAlpha = 1;
    for (const [bar, x0, x1, top, height] of found.labels) this.label(scene.model, bar, x0, x1, top, height, dim ? "ink-2" : "ink");
    return count;
  }

  /** Lanes came as strips one pixel high: a thousand bars cost no more than ten. Stretch each to its lane's height. */
  stretch(strips, boxes, width) {
    const picture = new OffscreenCanvas(strips.width, strips.height);
    picture.getContext("2d").putImageData(strips, 0, 0);
    this.context.imageSmoothingEnabled = false;
    boxes.forEach(([top, height], i) => this.context.drawImage(picture, 0, i, strips.width, 1, 0, top, width, height));
  }

  /** Walk over the pieces in sight: plain ones go into their lane's strip, others into lists by style. Returns the number of bars. */
  gather({ scale, model, shown }, boxes, found, strips, dim) {
    const { t0, per, width: right } = scale;
    const [end, pixels, wide, ratio] = [endOf(scale), new Uint32Array(strips.data.buffer), strips.width, this.ratio];
    const flat = KINDS.map((kind) => this.numbers[kind + dim]);
    const thin = KINDS.map((kind) => this.numbers[`${kind}-${dim ? "dim" : "strong"}`]);
    const edge = KINDS.map((kind) => this.numbers[dim ? "line-2" : `${kind}-strong`]);
    let [count, strip] = [0, -1];
    for (const row of shown) {
      for (const { from, to, kind, bar } of row.lanes) {
        strip += 1;
        const [top, height] = boxes[strip];
        const base = strip * wide;
        const fill = (shade, x0, x1) => pixels.fill(shade, base + Math.max(0, x0 * ratio), base + Math.max(0, Math.min(wide, x1 * ratio)));
        let [lastBar, lastEnd] = [-1, -10];
        for (let i = after(to, t0); i < from.length && from[i] < end; i += 1) {
          const k = kind[i];
          const x0 = Math.max(-4, Math.round((from[i] - t0) / per));
          const x1 = Math.min(right + 4, Math.max(x0 + 1, Math.round((to[i] - t0) / per)));
          if (bar[i] !== lastBar) count += 1;
          lastBar = bar[i];
          if (x1 <= lastEnd) continue;
          lastEnd = x1;
          const width = x1 - x0 - (x1 - x0 > 3 ? 1 : 0);
          if (k === WAITING) found.waiting.push(x0, top + (height >> 1), width, 2);
          else if (width < PATTERNED) fill(k === RUN ? flat[k] : thin[k], x0, x0 + width);
          else if (k === RUN) fill(flat[k], x0, x0 + width);
          else found.patterned[k].push(x0, top, width, height);
          if (k === WAITING || k === STANDING) continue;
          if (k === RUN && width > 8) fill(edge[k], x0, x0 + 2);
          if (model.late.has(model.bars.order[bar[i]])) {
            if (width > 5) found.late.push(x0 + 0.75, top + 0.75, width - 1.5, height - 1.5);
            else found.under.push(x0, top + height - 2, width, 2);
          }
          if (width > 30 && height > 10 && (k === RUN || k === BATCH)) found.labels.push([bar[i], Math.max(0, x0), x1, top, height]);
        }
      }
    }
    return count;
  }

  /** Order and step where they fit, or the order alone; half a number would be another order. `ground`: the colour behind them. */
  label(model, bar, x0, x1, top, height, ink = "ink", ground = "") {
    const order = model.bars.order[bar];
    const { label } = model.orders[order];
    const late = model.late.has(order) && x1 - x0 > 28;
    const room = x1 - x0 - (late ? 26 : 9);
    const whole = room > 90 ? `${label} ${model.steps[model.bars.step[bar]]}` : label;
    const text = [whole, label].find((words) => this.measure(words) <= room);
    if (text && ground) this.rects([x0 + 3, top + 2, this.measure(text) + 6, height - 4], this.colour[ground]);
    if (text) this.write(text, x0 + 6, top + height / 2 + 0.5, room, this.small, this.colour[ink]);
    if (late) this.flag(x1 - 10, top + height / 2);
  }

  box({ scale, rows }, item) {
    const [top, height] = laneBox(rows[item.row], item.lane);
    return [xOf(scale, item.from), top, Math.max(3, (item.to - item.from) / scale.per), height];
  }

  /** The selected order in full colour, its chain connected; the bar in focus and the one under the pointer. */
  paintSelected(scene) {
    const { model, selected, places } = scene;
    const items = selected < 0 ? [] : model.ofOrder[selected].flatMap((bar) => places.get(bar) ?? []);
    for (const item of items) this.paintItem(scene, item);
    // In the order view the chain is one row already.
    const pairs = selected >= 0 && scene.view !== "order" ? links(model, selected) : [];
    for (const [a, b] of pairs) this.paintLink(scene, places.get(a)?.at(-1), places.get(b)?.[0]);
    for (const [item, style, thick] of [[scene.hover, "ink-2", 1.5], [scene.focus, "accent", 3]]) {
      if (!item) continue;
      const [x, y, width, height] = this.box(scene, item);
      this.rects([x - 3, y - 3, width + 6, height + 6], this.colour[style], thick);
    }
  }

  paintItem(scene, item) {
    const { model, scale, rows, selected } = scene;
    const { from, to, kind, bar } = rows[item.row].lanes[item.lane];
    const [x, y, width, height] = this.box(scene, item);
    for (let i = after(to, item.from); i < from.length && from[i] < item.to; i += 1) {
      const wide = Math.max(1.5, (to[i] - from[i]) / scale.per);
      const [top, tall] = kind[i] === WAITING ? [y + (height >> 1), 2] : [y, height];
      if (bar[i] === item.bar) this.rects([xOf(scale, from[i]), top, wide, tall], this.fills[KINDS[kind[i]]]);
    }
    const begin = xOf(scale, Math.max(item.from, model.bars.begin[item.bar]));
    this.rects([begin, y, x + width - begin, height], this.colour[model.late.has(selected) ? "late" : "accent"], 2);
    const run = item.parts.run ? Math.max(begin, xOf(scale, model.bars.start[item.bar])) : begin;
    const [x0, x1] = [Math.max(0, run), Math.min(scale.width, x + width)];
    if (x1 - x0 > 30 && height > 10) this.label(model, item.bar, x0, x1, y, height, "ink", model.bars.batch[item.bar] >= 0 ? "batch" : "run");
  }

  paintLink({ model, scale, rows }, a, b) {
    if (!a || !b) return;
    const c = this.context;
    const middle = (item) => laneBox(rows[item.row], item.lane).reduce((top, height) => top + height / 2);
    const [x0, y0, x1, y1] = [xOf(scale, a.to), middle(a), xOf(scale, Math.max(b.from, model.bars.begin[b.bar])), middle(b)];
    const bend = Math.max(14, Math.min(60, Math.abs(x1 - x0) / 2));
    c.beginPath();
    c.moveTo(x0, y0);
    c.bezierCurveTo(x0 + bend, y0, x1 - bend, y1, x1 - 4, y1);
    [c.strokeStyle, c.lineWidth] = [this.colour.accent, 1.5];
    c.stroke();
    this.shape([[x1, y1], [x1 - 6, y1 - 3.5], [x1 - 6, y1 + 3.5]], this.colour.accent);
  }
}
