// The page: reads the plan, joins chart, table and panel, and keeps one order selected in all three.

import { Clock, DAY, showing } from "./scale.mjs";
import { VIEWS, decode } from "./layout.mjs";
import { Words } from "./words.mjs";
import { Board } from "./board.mjs";
import { Mirror } from "./mirror.mjs";
import { Panel, make } from "./panel.mjs";
import { listen } from "./input.mjs";

const NARROW = 500; // pixels of the chart
const PRINTABLE = 1500; // rows of the table that still go on paper
const $ = (id) => document.getElementById(id);
const all = (selector) => [...document.querySelectorAll(selector)];

class Page {
  constructor(data) {
    this.model = decode(data);
    this.clock = new Clock(data.epoch, data.offsets);
    this.words = new Words(data.words, data.templates, data.language);
    const on = {
      bar: (bar, reveal = false) => this.select(this.model.bars.order[bar], bar, reveal),
      order: (order, reveal = true) => this.select(order, order < 0 ? -1 : this.model.ofOrder[order][0] ?? -1, reveal),
      say: (text) => ($("live").textContent = text),
    };
    this.on = on;
    const shown = { bar: (bar) => on.bar(bar, true), order: on.order };
    this.board = new Board($("chart"), this.model, this.clock, this.words, { ...on, order: (order) => on.order(order, false) });
    this.mirror = new Mirror($("list"), this.model, this.clock, shown);
    this.panel = new Panel($("panel"), this.model, this.clock, shown);
  }

  /** Open on now, with the worst order selected. */
  start() {
    const { model, board } = this;
    const filled = (view) => (view !== "zone" || model.zones.length) && board.layoutOf(view).rows.some((row) => row.items.length);
    for (const button of all("[data-view]")) button.hidden = !VIEWS.filter(filled).includes(button.dataset.view);
    this.setView("machine");
    this.translate();
    const worst = model.lateOrders[0] ?? -1;
    const bars = worst < 0 ? [] : model.ofOrder[worst].filter((bar) => model.bars.end[bar] > model.now);
    board.setScale(showing(...this.opening(worst, bars[0]), board.width, model.begin, model.end));
    this.select(worst, bars[0] ?? model.ofOrder[worst]?.[0] ?? -1);
    if (this.bar >= 0) board.reveal(this.bar, true);
    $("live").textContent = "";
  }

  /** From just before now to the worst order's end, but between a day and a week, and at least to its next bar. */
  opening(worst, bar) {
    const { now, begin, end, orders, bars } = this.model;
    if (!this.clock.dated) return [begin, end];
    const [least, most] = this.board.width < NARROW ? [DAY / 2, 2 * DAY] : [DAY, 7 * DAY];
    const wanted = Math.min(Math.max((worst < 0 ? 2 * DAY : orders[worst].end - now) * 1.12, least), most);
    const span = Math.max(wanted, bar === undefined ? 0 : (bars.begin[bar] - now) * 1.2);
    return [now - span * 0.04, now + span];
  }

  setView(view) {
    this.board.setView(view);
    for (const button of all("[data-view]")) button.setAttribute("aria-pressed", String(button.dataset.view === view));
  }

  select(order, bar, reveal = false) {
    Object.assign(this, { selected: order, bar });
    this.board.selected = order;
    this.mirror.choose(order);
    if (bar >= 0) this.mirror.activate(bar);
    this.panel.show(this.words, order, bar);
    if (order >= 0) this.on.say(`${this.words.text("column_order")} ${this.model.orders[order].label}. ${this.panel.verdict(order)}`);
    if (reveal && bar >= 0) this.board.reveal(bar);
    this.board.draw();
  }

  /** Say everything in the language that is chosen. */
  translate() {
    const { words, model } = this;
    document.documentElement.lang = words.language;
    for (const element of all("[data-t]")) element.textContent = words.text(element.dataset.t);
    for (const element of all("[data-label]")) element.setAttribute("aria-label", words.text(element.dataset.label));
    $("search").placeholder = words.text("search");
    $("summary").replaceChildren(...model.summary.map((message) => make("p", words.message(message))));
    $("zone").textContent = this.clock.dated ? words.text("times_in", { zone: model.zone }) : "";
    this.mirror.show(words, this.mirror.scope, this.selected ?? -1);
    this.panel.show(words, this.selected ?? -1, this.bar ?? -1);
    this.board.resize();
  }

  search(text) {
    const wanted = text.trim().toLowerCase();
    if (!wanted) return;
    const labels = this.model.orders.map((order) => order.label.toLowerCase());
    const found = [labels.indexOf(wanted), labels.findIndex((l) => l.startsWith(wanted)), labels.findIndex((l) => l.includes(wanted))];
    const order = found.find((i) => i >= 0) ?? -1;
    $("search").setAttribute("aria-invalid", String(order < 0));
    if (order >= 0) this.on.order(order);
    else this.on.say(this.words.text("not_found", { text }));
  }

  suggest(text) {
    const wanted = text.trim().toLowerCase();
    const labels = this.model.orders.map((order) => order.label).filter((label) => label.toLowerCase().includes(wanted));
    $("orders").replaceChildren(...labels.slice(0, 12).map((label) => Object.assign(make("option"), { value: label })));
  }

  /** On paper: light colours, and all rows of the table if they are not too many. */
  print(on) {
    if (on) this.theme = document.documentElement.dataset.theme;
    document.documentElement.dataset.theme = on ? "light" : this.theme;
    // The chart takes the size that it has on paper before it is painted, or the paper would stretch it.
    document.documentElement.classList.toggle("printing", on);
    this.board.onPaper = on;
    $("list").classList.toggle("unprinted", this.mirror.bars.length > PRINTABLE);
    if (on && this.mirror.bars.length <= PRINTABLE) this.mirror.fillAll();
    else this.mirror.fill(true);
    this.board.resize();
    this.board.paint();
  }
}

function listenTools(page) {
  const { board } = page;
  for (const button of all("[data-view]")) {
    button.addEventListener("click", () => {
      page.setView(button.dataset.view);
      if (page.bar >= 0) board.reveal(page.bar, true);
    });
  }
  const acts = { in: () => board.zoom(1.6), out: () => board.zoom(1 / 1.6), now: () => board.home(), whole: () => board.whole() };
  for (const button of all("[data-act]")) button.addEventListener("click", acts[button.dataset.act]);
  $("search").addEventListener("input", (event) => page.suggest(event.target.value));
  $("search").addEventListener("change", (event) => page.search(event.target.value));
  $("find").addEventListener("submit", (event) => event.preventDefault());
  $("scope").addEventListener("change", (event) => page.mirror.show(page.words, event.target.value));
  $("language").value = page.words.language;
  $("language").addEventListener("change", (event) => {
    page.words.language = event.target.value;
    page.translate();
  });
  $("theme").addEventListener("change", (event) => {
    document.documentElement.dataset.theme = event.target.value;
    board.resize();
  });
}

const page = new Page(JSON.parse($("plan").textContent));
listen(page.board.chart, page.board);
listenTools(page);
page.start();
new ResizeObserver(() => {
  page.board.resize();
  page.mirror.fill();
}).observe(page.board.chart);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => page.board.resize());
addEventListener("beforeprint", () => page.print(true));
addEventListener("afterprint", () => page.print(false));
