// The side panel: late orders, the worst first, and the selected order with its reasons and its chain of tasks.

import { time } from "./words.mjs";

const SHOWN = 50; // late orders in the list

/** An element with text and children. */
export function make(name, text = "", children = [], classes = "") {
  const element = document.createElement(name);
  if (text) element.textContent = text;
  if (classes) element.className = classes;
  element.append(...children);
  return element;
}

/** A stretch of time in few words: the day once. */
export function stretch(words, clock, from, to) {
  if (!clock.dated) return `${from}–${to}`;
  const [a, b] = [clock.local(from), clock.local(to)];
  const sameDay = Math.floor(a / 86400) === Math.floor(b / 86400);
  return `${words.moment(a)}–${sameDay ? time(b) : words.moment(b)}`;
}

export class Panel {
  /** `on`: {order(index), bar(index)}. */
  constructor(root, model, clock, on) {
    Object.assign(this, { root, model, clock, on });
    this.worst = root.querySelector(".worst");
    this.chosen = root.querySelector(".chosen");
  }

  show(words, selected, bar) {
    this.words = words;
    this.showLate(selected);
    this.showOrder(selected, bar);
  }

  showLate(selected) {
    const { model, words } = this;
    const late = model.lateOrders.slice(0, SHOWN);
    const lines = late.map((order) => {
      const { label, due, end } = model.orders[order];
      const button = make("button", "", [make("b", label), make("span", words.text("late_by", { late_s: end - due }))]);
      button.type = "button";
      button.setAttribute("aria-pressed", String(order === selected));
      button.addEventListener("click", () => this.on.order(order));
      return make("li", "", [button]);
    });
    const more = model.lateOrders.length - late.length;
    if (more) lines.push(make("li", words.text("more", { n: more }), [], "more"));
    const [n, all] = [model.lateOrderCount, model.lateOrders.length];
    const heading = make("h2", words.text(n === all ? "late_orders" : "late_lines", { n, lines: all }));
    const calm = make("p", words.text(all ? "worst_first" : "none_late"), [], "calm");
    this.worst.replaceChildren(heading, calm, ...(all ? [make("ol", "", lines)] : []));
  }

  showOrder(selected, bar) {
    const { model, words } = this;
    if (selected < 0) {
      this.chosen.replaceChildren(make("h2", words.text("order_details")), make("p", words.text("choose_order"), [], "calm"));
      return;
    }
    const order = model.orders[selected];
    const heading = make("h2", "", [make("span", `${words.text("column_order")} `), make("b", order.label)]);
    const late = model.late.has(selected);
    const said = (messages, name) => messages.map((message) => make(name, words.message(message)));
    const story = said(order.story, "li");
    this.chosen.replaceChildren(
      heading,
      make("p", this.verdict(selected), [], late ? "verdict late" : "verdict"),
      ...(order.cause.length ? [make("h3", words.text("why")), make("div", "", said(order.cause, "p"), "cause")] : []),
      this.facts(order),
      ...(story.length ? [make("h3", words.text("steps")), make("ol", "", story, "story")] : []),
      make("h3", words.text("chain")),
      make("ol", "", this.chain(selected, bar), "chain"),
    );
  }

  /** In time or late, and by how much. */
  verdict(index) {
    const { due, end } = this.model.orders[index];
    if (due === null || end === null) return this.words.text("verdict_undated");
    return this.words.text(end > due ? "verdict_late" : "verdict_in_time", { late_s: end - due, early_s: due - end });
  }

  facts(order) {
    const { words, clock } = this;
    const when = (t) => (t === null ? "" : clock.dated ? words.moment(clock.local(t)) : String(t));
    const facts = {
      column_item: [order.item, order.colour, order.size].filter(Boolean).join(" · "),
      customer: order.customer,
      column_pieces: order.pieces.toLocaleString("en"),
      due: when(order.due),
      column_end: when(order.end),
      weight: order.weight === 1000 ? "" : String(order.weight / 1000),
    };
    const lines = Object.entries(facts).filter(([, value]) => value);
    return make("dl", "", lines.map(([key, value]) => make("div", "", [make("dt", words.text(key)), make("dd", value)])));
  }

  chain(selected, current) {
    const { model, words, clock } = this;
    const { bars } = model;
    return [...model.ofOrder[selected]].map((bar) => {
      const [name, kind] = model.machines[bars.row[bar]];
      const where = kind === 0 ? name : words.text(["", "hand", "outside"][kind]);
      const button = make("button", "", [
        make("b", model.steps[bars.step[bar]]),
        make("span", [where, words.text("n_pieces", { n: bars.pieces[bar] })].join(" · ")),
        make("time", stretch(words, clock, bars.begin[bar], bars.end[bar])),
      ]);
      button.type = "button";
      button.setAttribute("aria-pressed", String(bar === current));
      button.addEventListener("click", () => this.on.bar(bar));
      const wait = bars.wait[bar] >= 60 ? [make("p", words.text("waits", { wait_s: bars.wait[bar] }), [], "wait")] : [];
      return make("li", "", [...wait, button]);
    });
  }
}

/** What the pointer's sign says of a bar. */
export function tipLines(model, words, clock, bar, why) {
  const { bars } = model;
  const order = model.orders[bars.order[bar]];
  const [name, kind] = model.machines[bars.row[bar]];
  const people = [bars.setupPerson[bar], bars.person[bar]].map((i) => (i < 0 ? "" : model.people[i][0]));
  const cause = order.cause[0] ?? order.story[0];
  return [
    `${order.label} · ${model.steps[bars.step[bar]]}`,
    [order.item, words.text("n_pieces", { n: bars.pieces[bar] }), kind === 0 ? name : words.text(["", "hand", "outside"][kind])].join(" · "),
    bars.setup[bar] ? `${words.text("setup")} ${stretch(words, clock, bars.begin[bar], bars.ready[bar])} ${people[0]}` : "",
    `${words.text(bars.batch[bar] >= 0 ? "batch" : "run")} ${stretch(words, clock, bars.start[bar], bars.end[bar])} ${people[1]}`,
    why === null ? "" : words.text(["stands_set_up", "stands_nobody", "stands_limit"][why]),
    model.late.has(bars.order[bar]) ? words.text("late_by", { late_s: order.end - order.due }) : "",
    model.late.has(bars.order[bar]) && cause ? words.message(cause) : "",
  ].filter(Boolean);
}
