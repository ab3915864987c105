// The same content as a table: every bar a row, sorted and filtered; only the rows in sight exist in the document.

const ROW = 30; // pixels of a row, as in the style sheet
const SPARE = 8; // rows kept above and below what is in sight

const COLUMNS = ["order", "item", "step", "machine", "person", "start", "end", "pieces", "state", "setup", "wait"];

const collator = new Intl.Collator("en", { numeric: true });

/** By what each column is sorted. */
const KEYS = {
  order: (model, bar) => model.orders[model.bars.order[bar]].label,
  item: (model, bar) => model.orders[model.bars.order[bar]].item,
  step: (model, bar) => model.steps[model.bars.step[bar]],
  machine: (model, bar) => model.machines[model.bars.row[bar]][0],
  person: (model, bar) => people(model, bar),
  setup: (model, bar) => model.bars.setup[bar],
  start: (model, bar) => model.bars.start[bar],
  end: (model, bar) => model.bars.end[bar],
  pieces: (model, bar) => model.bars.pieces[bar],
  wait: (model, bar) => model.bars.wait[bar],
  state: (model, bar) => (model.late.has(model.bars.order[bar]) ? 0 : 1e9) - standing(model, bar),
};

function people({ bars, people: all }, bar) {
  const names = [bars.setupPerson[bar], bars.person[bar]].filter((i) => i >= 0).map((i) => all[i][0]);
  return [...new Set(names)].join(", ");
}

/** What a bar says in each column. */
export function cells(model, words, clock, bar) {
  const { bars } = model;
  const order = model.orders[bars.order[bar]];
  const when = (t) => (clock.dated ? words.moment(clock.local(t)) : String(t));
  const [name, kind] = model.machines[bars.row[bar]];
  const stood = standing(model, bar);
  const state = [
    model.late.has(bars.order[bar]) && words.text("late"),
    bars.running[bar] && words.text("running"),
    bars.batch[bar] >= 0 && `${words.text("batch")} ${bars.batch[bar]}`,
    stood && words.text("stands", { time_s: stood }),
  ];
  return {
    order: order.label,
    item: order.item,
    step: model.steps[bars.step[bar]],
    machine: kind === 0 ? name : words.text(["machine", "hand", "outside"][kind]),
    person: people(model, bar),
    start: when(bars.start[bar]),
    end: when(bars.end[bar]),
    pieces: bars.pieces[bar].toLocaleString("en"),
    state: state.filter(Boolean).join(" · "),
    setup: bars.setup[bar] ? words.duration(bars.setup[bar]) : "",
    wait: bars.wait[bar] ? words.duration(bars.wait[bar]) : "",
  };
}

/** Seconds that a bar's machine stands. */
export function standing({ stand }, bar) {
  return stand.length.slice(stand.first[bar], stand.first[bar + 1]).reduce((sum, s) => sum + s, 0);
}

export class Mirror {
  /** `on`: {bar(index)}. */
  constructor(root, model, clock, on) {
    Object.assign(this, { root, model, clock, on });
    this.table = root.querySelector("table");
    this.frame = root.querySelector(".scroll");
    this.count = root.querySelector(".count");
    [this.sort, this.down] = ["start", true];
    [this.scope, this.selected, this.active] = ["all", -1, -1];
    this.body = this.table.tBodies[0];
    this.frame.addEventListener("scroll", () => this.fill());
    this.frame.addEventListener("keydown", (event) => this.key(event));
    this.body.addEventListener("click", (event) => {
      const line = event.target.closest("tr[data-bar]");
      if (line) this.activate(Number(line.dataset.bar), true);
    });
  }

  /** Build anew: after a change of language, scope or order. */
  show(words, scope = this.scope, selected = this.selected) {
    Object.assign(this, { words, scope, selected });
    const { model } = this;
    const { order, running } = model.bars;
    const wanted = {
      all: () => true,
      late: (bar) => model.late.has(order[bar]),
      order: (bar) => order[bar] === selected,
    }[scope];
    const bars = Array.from({ length: model.count }, (_, bar) => bar).filter(wanted);
    const key = new Map(bars.map((bar) => [bar, KEYS[this.sort](model, bar)]));
    const compare = (a, b) => (typeof a === "string" ? collator.compare(a, b) : a - b);
    this.bars = bars.sort((a, b) => (this.down ? 1 : -1) * compare(key.get(a), key.get(b)) || a - b);
    this.heads();
    const begun = bars.filter((bar) => running[bar]).length;
    this.count.textContent = words.text(begun ? "rows_begun" : "rows", { n: bars.length - begun, begun });
    this.table.setAttribute("aria-rowcount", this.bars.length + 1);
    this.fill(true);
  }

  /** Mark another order; only a table of the selected order is built anew. */
  choose(selected) {
    this.selected = selected;
    if (this.scope === "order") this.show(this.words);
    else this.fill(true);
  }

  heads() {
    const line = document.createElement("tr");
    line.setAttribute("aria-rowindex", 1);
    for (const name of COLUMNS) {
      const head = document.createElement("th");
      const button = document.createElement("button");
      head.scope = "col";
      head.className = name;
      button.type = "button";
      button.textContent = this.words.text(`column_${name}`);
      if (name === this.sort) head.setAttribute("aria-sort", this.down ? "ascending" : "descending");
      button.addEventListener("click", () => {
        [this.sort, this.down] = [name, name === this.sort ? !this.down : true];
        this.show(this.words);
        this.table.tHead.querySelector(`th.${name} button`).focus();
      });
      head.append(button);
      line.append(head);
    }
    this.table.tHead.replaceChildren(line);
  }

  /** Make the rows in sight. */
  fill(anew = false) {
    const first = Math.max(0, Math.floor(this.frame.scrollTop / ROW) - SPARE);
    const last = Math.min(this.bars.length, Math.ceil((this.frame.scrollTop + this.frame.clientHeight) / ROW) + SPARE);
    if (!anew && first === this.first && last === this.last) return;
    [this.first, this.last] = [first, last];
    const focused = this.body.contains(document.activeElement) ? document.activeElement.dataset.bar : null;
    const lines = this.bars.slice(first, last).map((bar, i) => this.line(bar, first + i));
    this.body.replaceChildren(this.gap(first), ...lines, this.gap(this.bars.length - last));
    if (focused) this.lineOf(focused)?.focus({ preventScroll: true });
  }

  /** All rows at once, for printing; back to those in sight with `fill`. */
  fillAll() {
    this.body.replaceChildren(...this.bars.map((bar, i) => this.line(bar, i)));
    this.first = -1;
  }

  gap(rows) {
    const line = document.createElement("tr");
    line.setAttribute("aria-hidden", "true");
    line.style.height = `${rows * ROW}px`;
    line.hidden = !rows;
    return line;
  }

  line(bar, index) {
    const line = document.createElement("tr");
    line.dataset.bar = bar;
    line.setAttribute("aria-rowindex", index + 2);
    const order = this.model.bars.order[bar];
    line.classList.toggle("late", this.model.late.has(order));
    line.classList.toggle("chosen", order === this.selected);
    line.tabIndex = bar === this.active || (this.active < 0 && index === this.first) ? 0 : -1;
    if (bar === this.active) line.setAttribute("aria-current", "true");
    for (const [name, text] of Object.entries(cells(this.model, this.words, this.clock, bar))) {
      const cell = document.createElement(name === "order" ? "th" : "td");
      if (name === "order") cell.scope = "row";
      cell.className = name;
      cell.textContent = text;
      line.append(cell);
    }
    return line;
  }

  /** Bring a bar's row into sight and mark it; `tell` the page first, which then marks it as well. */
  activate(bar, tell = false, focus = tell) {
    if (tell) this.on.bar(bar);
    const index = this.bars.indexOf(bar);
    this.active = bar;
    if (index >= 0) {
      const [top, room] = [index * ROW, this.frame.clientHeight - this.table.tHead.offsetHeight - ROW];
      if (top < this.frame.scrollTop || top > this.frame.scrollTop + room) this.frame.scrollTop = Math.max(0, top - room / 2);
    }
    this.fill(true);
    if (focus) this.lineOf(bar)?.focus({ preventScroll: true });
  }

  lineOf(bar) {
    return this.body.querySelector(`tr[data-bar="${bar}"]`);
  }

  key(event) {
    const line = event.target.closest("tr[data-bar]");
    if (!line) return;
    const index = this.bars.indexOf(Number(line.dataset.bar));
    const page = Math.max(1, Math.floor(this.frame.clientHeight / ROW) - 2);
    const to = { ArrowDown: index + 1, ArrowUp: index - 1, PageDown: index + page, PageUp: index - page, Home: 0, End: this.bars.length - 1 }[event.key];
    if (to !== undefined) this.activate(this.bars[Math.min(this.bars.length - 1, Math.max(0, to))], false, true);
    else if (event.key === "Enter") this.activate(this.bars[index], true);
    else return;
    event.preventDefault();
  }
}
