// The chart: what of the plan is in sight, and what pointer and keys do with it. The page says which order is selected.

import { bounded, endOf, panned, showing, timeAt, xOf, zoomed } from "./scale.mjs";
import { after, hit, laneBox, layout, stack } from "./layout.mjs";
import { HEAD } from "./frame.mjs";
import { Painter } from "./draw.mjs";
import { make, tipLines } from "./panel.mjs";

const GLIDE = 180; // milliseconds
const PHONE = 600; // pixels of the chart
const PAPER_RATIO = 3; // dots of a printed pixel

export class Board {
  /** `on`: {bar(index), order(index or -1), say(text)}. */
  constructor(chart, model, clock, words, on) {
    Object.assign(this, { chart, model, clock, words, on });
    Object.assign(this, { selected: -1, focus: null, hover: null, hoverRow: -1, scroll: 0, layouts: new Map() });
    this.painter = new Painter(chart.querySelector("canvas"), document.getElementById("probe"));
    this.sign = document.getElementById("tip");
    this.still = matchMedia("(prefers-reduced-motion: reduce)");
    this.coarse = matchMedia("(pointer: coarse)");
    chart.addEventListener("blur", () => this.leave((this.focus = null)));
  }

  layoutOf(view) {
    if (!this.layouts.has(view)) this.layouts.set(view, layout(this.model, view));
    return this.layouts.get(view);
  }

  setView(view) {
    Object.assign(this, { view, ...this.layoutOf(view), focus: null, hover: null, hoverRow: -1 });
    this.measure();
  }

  measure() {
    const [least, most] = this.coarse.matches ? [32, 36] : [22, 30];
    const unit = Math.min(most, Math.max(least, Math.floor(this.scrollRoom() / Math.max(1, this.rows.length))));
    this.total = stack(this.rows, unit);
    this.tops = this.rows.map((row) => row.top);
    this.scrollBy(0);
  }

  /** Read size, colours and fonts anew. */
  resize() {
    const { clientWidth, clientHeight } = this.chart;
    this.left = clientWidth < PHONE ? 92 : 172;
    this.width = Math.max(50, clientWidth - this.left);
    this.painter.restyle(clientWidth, clientHeight, this.onPaper ? PAPER_RATIO : devicePixelRatio);
    this.measure();
    if (this.scale) this.setScale(bounded({ ...this.scale, width: this.width }, this.model.begin, this.model.end));
  }

  /** Paint at the next frame. */
  draw() {
    if (this.waiting || !this.scale) return;
    this.waiting = true;
    requestAnimationFrame(() => this.paint());
  }

  paint() {
    this.waiting = false;
    // What is in sight, for those who cannot see the canvas: tests, and whoever automates the page.
    this.chart.dataset.bars = this.painter.paint({ ...this });
    this.chart.ariaBusy = String(Boolean(this.gliding));
    this.chart.dataset.seconds = `${Math.round(this.scale.t0)} ${Math.round(endOf(this.scale))}`;
  }

  setScale(scale) {
    [this.scale, this.gliding] = [scale, null];
    this.draw();
  }

  /** Move to a scale in a few frames, or at once for those who want no motion. */
  glide(target) {
    if (this.still.matches) return this.setScale(target);
    const [from, began] = [this.scale, performance.now()];
    const move = (now) => {
      if (this.gliding !== move) return;
      const part = Math.min(1, Math.max(0, (now - began) / GLIDE));
      const mix = (name) => from[name] + (target[name] - from[name]) * (1 - (1 - part) ** 3);
      this.scale = { width: this.width, t0: mix("t0"), per: mix("per") };
      if (part < 1) requestAnimationFrame(move);
      else this.gliding = null;
      this.draw();
    };
    this.gliding = move;
    this.chart.ariaBusy = "true";
    return requestAnimationFrame(move);
  }

  // ---------------------------------------------------------------- moves
  pan(pixels) {
    this.setScale(panned(this.scale, pixels, this.model.begin, this.model.end));
  }

  zoom(factor, x = this.left + this.width / 2) {
    this.setScale(zoomed(this.scale, Math.max(0, x - this.left), factor, this.model.begin, this.model.end));
    this.leave();
  }

  scrollRoom() {
    return this.chart.clientHeight - HEAD;
  }

  /** Returns whether the rows moved. */
  scrollBy(pixels) {
    const before = this.scroll;
    this.scroll = Math.min(Math.max(0, Math.round(before + pixels)), Math.max(0, this.total - this.scrollRoom()));
    this.draw();
    return this.scroll !== before;
  }

  goTo(t) {
    this.glide(bounded({ ...this.scale, t0: t }, this.model.begin, this.model.end));
  }

  home() {
    this.goTo(this.model.now - this.width * this.scale.per * 0.04);
  }

  end() {
    this.goTo(this.model.end);
  }

  whole() {
    this.glide(showing(this.model.begin, this.model.end, this.width, this.model.begin, this.model.end));
  }

  /** Bring an item into sight: its row, and its time unless `rowOnly`. */
  show(item, rowOnly = false) {
    const [top, height] = laneBox(this.rows[item.row], item.lane);
    const room = this.scrollRoom();
    if (top < this.scroll || top + height > this.scroll + room) {
      // No row is cut by the axis.
      this.scrollBy(this.tops[Math.max(0, after(this.tops, top - room / 3) - 1)] - this.scroll);
    }
    const x = xOf(this.scale, item.from);
    if (!rowOnly && (x < 0 || x > this.width * 0.9)) this.goTo(item.from - this.width * this.scale.per * 0.2);
  }

  reveal(bar, rowOnly = false) {
    const item = this.places.get(bar)?.[0];
    if (item) this.show(item, rowOnly);
  }

  // ---------------------------------------------------------------- pointer
  find(x, y) {
    if (x < this.left || y < HEAD) return null;
    const near = (this.coarse.matches ? 10 : 3) * this.scale.per;
    return hit(this.model, this.rows, timeAt(this.scale, x - this.left), y - HEAD + this.scroll, near);
  }

  point(x, y) {
    const found = this.find(x, y);
    const [item, row] = [found?.item ?? null, found?.row ?? -1];
    if (item !== this.hover || row !== this.hoverRow) {
      [this.hover, this.hoverRow] = [item, row];
      this.draw();
    }
    this.chart.classList.toggle("over", Boolean(item));
    if (item) this.tip(item.bar, found.why, x, y);
    else this.sign.hidden = true;
  }

  leave() {
    this.sign.hidden = true;
    [this.hover, this.hoverRow] = [null, -1];
    this.draw();
  }

  tip(bar, why, x, y) {
    const { sign } = this;
    const [first, ...rest] = tipLines(this.model, this.words, this.clock, bar, why);
    sign.replaceChildren(make("b", first), ...rest.map((line) => make("span", line)));
    sign.hidden = false;
    const box = this.chart.getBoundingClientRect();
    const left = Math.max(8, Math.min(box.left + x + 14, innerWidth - sign.offsetWidth - 8));
    const below = box.top + y + 18;
    const top = below + sign.offsetHeight > innerHeight ? box.top + y - sign.offsetHeight - 12 : below;
    [sign.style.left, sign.style.top] = [`${left}px`, `${top}px`];
  }

  /** A click or a tap: on a bar, on the name of an order, or on nothing. */
  choose(x, y) {
    const found = this.find(Math.max(x, this.left), y);
    if (x < this.left) {
      const order = this.rows[found?.row]?.order ?? -1;
      if (order >= 0) this.on.order(order);
      return;
    }
    this.focus = found?.item ?? null;
    if (this.focus) this.on.bar(this.focus.bar);
    else if (y > HEAD) this.on.order(-1);
  }

  // ---------------------------------------------------------------- keys
  /** Focus on the next (or previous) bar; false where there is none, so that the focus leaves the chart. */
  step(by) {
    const items = this.rows.flatMap((row) => row.items);
    const at = this.focus ? items.indexOf(this.focus) + by : this.released || by < 0 ? -1 : this.firstInSight(items);
    [this.focus, this.released] = [items[at] ?? null, false];
    this.draw();
    if (!this.focus) return false;
    this.show(this.focus);
    const lines = tipLines(this.model, this.words, this.clock, this.focus.bar, null);
    this.on.say([this.rows[this.focus.row].label, ...lines].join(". "));
    return true;
  }

  firstInSight(items) {
    const [from, to] = [this.scale.t0, endOf(this.scale)];
    const seen = (item) => item.to > from && item.from < to && this.tops[item.row] >= this.scroll - 1;
    return Math.max(0, items.findIndex(seen));
  }

  select() {
    if (this.focus) this.on.bar(this.focus.bar);
  }

  /** Let go of the bar in focus; the next Tab leaves the chart. */
  release() {
    [this.focus, this.released] = [null, true];
    this.leave();
  }
}
