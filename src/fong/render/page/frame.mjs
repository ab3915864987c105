// What lies around the bars: closed hours and lines behind them, names at the left, dates above, now.

import { DAY, endOf, xOf } from "./scale.mjs";
import { time } from "./words.mjs";

export const HEAD = 46; // pixels of the axis
const LINE = 15; // pixels between the two lines of a long name

/** Closed hours, row lines, time lines. */
export function paintGround(brush, { scale, model, rows, shown, axis }) {
  const [from, to] = [scale.t0, endOf(scale)];
  const night = [];
  for (let i = 0, j = 0; i < shown.length; i = j) {
    // Rows that keep the same hours are shaded in one go.
    while (j < shown.length && shown[j].hours === shown[i].hours) j += 1;
    const [top, bottom] = [shown[i].top, shown[j - 1].top + shown[j - 1].height];
    if (shown[i].hours < 0) continue;
    let closed = Math.max(from, 0);
    for (const [open, close] of [...model.hours[shown[i].hours], [model.end, model.end]]) {
      if (open > closed && closed < to) night.push(xOf(scale, closed), top, (Math.min(open, to) - closed) / scale.per, bottom - top);
      closed = Math.max(closed, close);
    }
  }
  brush.rects(night, brush.colour.night);
  brush.rects(night, brush.fills.night);
  const [top, tall] = [shown[0]?.top ?? 0, brush.height + 100];
  const across = shown.flatMap((row) => [0, row.top + row.height - 1, scale.width, 1]);
  const down = (list) => list.flatMap(({ t }) => [Math.round(xOf(scale, t)), top, 1, tall]);
  brush.rects([...across, ...down(axis.minor)], brush.colour.line);
  brush.rects(down(axis.major), brush.colour["line-2"]);
}

/** A zone's open tasks as an area, and the most that may be open as a line. */
export function paintLoad(brush, { scale }, row) {
  const { at, tasks } = row.load;
  const most = row.limit.reduce((n, [, limit]) => Math.max(n, limit), tasks.reduce((n, count) => Math.max(n, count), 4));
  const floor = row.top + row.height - 3;
  const height = (n) => (n / most) * (row.height - 8);
  const x = (t) => Math.min(scale.width + 1, Math.max(-1, xOf(scale, t)));
  const steps = (times, values, box) =>
    times.flatMap((t, i) => {
      const [x0, x1] = [x(t), i + 1 < times.length ? x(times[i + 1]) : scale.width];
      return x1 > x0 && values[i] > 0 ? [x0, floor - height(values[i]), x1 - x0, box(values[i])] : [];
    });
  brush.rects(steps([...at], tasks, height), brush.colour.run);
  brush.rects(steps(row.limit.map(([t]) => t), row.limit.map(([, n]) => n), () => 1.5), brush.colour["run-strong"]);
}

/** Delivery dates in the order view: a tick, and from there a line to a late end. */
export function paintDue(brush, { scale, model }, row) {
  if (row.kind !== "order" || row.due === null) return;
  const late = model.late.has(row.order);
  const colour = brush.colour[late ? "late" : "ink-2"];
  const [x, bottom] = [xOf(scale, row.due), row.top + row.height];
  const overrun = late ? [x, bottom - 3, (row.end - row.due) / scale.per, 2] : [];
  brush.rects([x - 0.75, row.top + 2, 1.5, row.height - 4, ...overrun], colour);
  brush.shape([[x - 4, row.top + 1], [x + 4, row.top + 1], [x, row.top + 7]], colour);
}

/** Names of the rows; a flag beside an order that is late. */
export function paintNames(brush, { left, scroll, model, selected, rows, hoverRow, shown }) {
  const { colour } = brush;
  brush.rects([0, HEAD, left, brush.height], colour.head);
  brush.within([0, HEAD, left, brush.height], [0, HEAD - scroll], () => {
    for (const row of shown) {
      const middle = row.top + row.height / 2 + 0.5;
      const chosen = row.order >= 0 && row.order === selected;
      if (chosen || rows[hoverRow] === row) brush.rects([0, row.top, left, row.height], colour["accent-soft"]);
      const late = row.kind === "order" && model.late.has(row.order);
      const room = left - (late ? 34 : 20);
      const font = row.kind === "load" || chosen ? brush.bold : brush.small;
      const lines = row.height < 2 * LINE ? [row.label] : brush.broken(row.label, room, font);
      const first = middle - ((lines.length - 1) * LINE) / 2;
      const used = Math.max(...lines.map((line, i) => brush.write(line, 12, first + i * LINE, room, font)));
      const sub = brush.measure(row.sub);
      if (sub + used + 10 < room) brush.write(row.sub, room + 12 - sub, middle, sub, brush.small, colour["ink-2"]);
      if (late) brush.flag(left - 11, middle);
    }
    brush.rects(shown.flatMap((row) => [0, row.top + row.height - 1, left, 1]), colour.line);
  });
  brush.rects([left - 1, 0, 1, brush.height], colour["line-2"]);
}

/** Hours under days, or days under months; now, and the chosen order's date of delivery. */
export function paintAxis(brush, { scale, left, clock, words, selected, model, axis }) {
  const { colour, width } = brush;
  const x = (t) => left + xOf(scale, t);
  brush.rects([left, HEAD - 4, width, 4], colour.head);
  brush.rects([x(model.now) - 0.75, HEAD - 4, 1.5, brush.height], colour.accent);
  brush.rects([0, 0, width, HEAD - 1], colour.head);
  brush.rects([0, HEAD - 1, width, 1], colour["line-2"]);
  const say = {
    number: (mark) => mark.local.toLocaleString("en"),
    hour: (mark) => time(mark.local),
    date: (mark) => (axis.step === DAY ? String(new Date(mark.local * 1000).getUTCDate()) : words.date(mark.local)),
    day: (mark) => words.date(mark.local),
    month: (mark) => words.month(mark.local),
  };
  const signs = [];
  const due = selected < 0 ? null : model.orders[selected].due;
  const late = model.late.has(selected);
  if (due !== null) signs.push([words.text("due"), x(due), late ? [colour.late, colour["on-late"]] : [colour["ink-2"], colour.paper]]);
  const now = clock.dated ? `${words.text("now")} ${time(clock.local(model.now))}` : words.text("now");
  signs.push([now, x(model.now), [colour.accent, colour["on-accent"]]]);
  const taken = signs.map(([text, at]) => {
    const half = brush.measure(text, brush.bold) / 2 + 6;
    return [Math.max(at, left + half), half + 2];
  });
  brush.within([left, 0, width - left, HEAD], [0, 0], () => {
    let free = left;
    for (const mark of axis.minor) {
      const [text, from] = [say[mark.kind](mark), x(mark.t) + 3];
      const until = from + brush.measure(text);
      // A name gives way to its neighbour, to a sign, and to the edge.
      if (from < free || until > width || taken.some(([at, half]) => from < at + half && until > at - half)) continue;
      brush.write(text, from, HEAD - 12, 200, brush.small, colour["ink-2"]);
      free = until + 8;
    }
    const room = Math.min(...axis.major.slice(1).map((mark, i) => x(mark.t) - x(axis.major[i].t)));
    const short = axis.major.some((mark) => brush.measure(say[mark.kind](mark), brush.bold) + 8 > room);
    axis.major.forEach((mark, i) => {
      const text = short && mark.kind === "day" ? words.date(mark.local, true) : say[mark.kind](mark);
      const next = axis.major[i + 1] ? x(axis.major[i + 1].t) : Infinity;
      // The day in which the view begins keeps its name in sight.
      const at = Math.min(Math.max(left, x(mark.t)) + 4, next - brush.measure(text, brush.bold) - 6);
      // A day that only just begins at the edge goes without.
      if (next > left && at > left && at + brush.measure(text, brush.bold) < width) brush.write(text, at, 14, 300, brush.bold);
    });
    for (const [text, at, inks] of signs) if (at >= left) brush.sign(text, at, HEAD - 12, inks, left);
  });
}

/** Where we are in the stack of rows. */
export function paintThumb(brush, { scroll, total }) {
  const room = brush.height - HEAD;
  if (total > room) brush.rects([brush.width - 6, HEAD + (scroll / total) * room, 4, (room / total) * room], brush.colour["line-2"]);
}
