// From the plan's columns to rows, lanes and pieces of bars. Pure: no document, no pixels across, only row heights.

/** Kinds of pieces; the names are those of the tokens and of the legend. */
export const KINDS = ["run", "setup", "standing", "batch", "waiting"];
export const [RUN, SETUP, STANDING, BATCH, WAITING] = KINDS.keys();
export const VIEWS = ["machine", "person", "zone", "order"];
const WHY_LIMIT = 2;

/** A column as it was sent: one number for all, or an array. */
function column(sent, length) {
  return typeof sent === "number" ? new Int32Array(length).fill(sent) : Int32Array.from(sent);
}

function summed(steps) {
  for (let i = 1; i < steps.length; i += 1) steps[i] += steps[i - 1];
  return steps;
}

/** Undo the packing: starts and standing bars come as differences, ends as lengths. */
export function decode(data) {
  const n = data.count;
  const bars = Object.fromEntries(Object.entries(data.bars).map(([name, sent]) => [name, column(sent, n)]));
  summed(bars.start);
  bars.end = bars.start.map((t, i) => t + bars.length[i]);
  bars.begin = bars.start.map((t, i) => t - bars.lead[i]);
  bars.ready = bars.begin.map((t, i) => t + bars.setup[i]);
  bars.until = bars.end.map((t, i) => t - bars.free[i]);
  const stand = { bar: summed(column(data.stand.bar, data.stand.count)) };
  for (const name of ["after", "length", "why"]) stand[name] = column(data.stand[name], data.stand.count);
  stand.begin = stand.after.map((t, i) => bars.begin[stand.bar[i]] + t);
  stand.end = stand.begin.map((t, i) => t + stand.length[i]);
  stand.first = new Int32Array(n + 1);
  for (const bar of stand.bar) stand.first[bar + 1] += 1;
  summed(stand.first);
  const names = ["label", "item", "customer", "colour", "size", "pieces", "due", "end", "weight", "cause", "story"];
  const orders = data.orders.map((sent) => Object.fromEntries(names.map((name, i) => [name, sent[i]])));
  const ofOrder = orders.map(() => []);
  for (let i = 0; i < n; i += 1) ofOrder[bars.order[i]].push(i);
  return { ...data, bars, stand, orders, ofOrder, late: new Set(data.late), lateOrders: data.late };
}

/** Pairs [bar before, bar after] of one order. */
export function links(model, order) {
  const { operation } = model.bars;
  const byOperation = new Map();
  for (const bar of model.ofOrder[order]) {
    if (!byOperation.has(operation[bar])) byOperation.set(operation[bar], []);
    byOperation.get(operation[bar]).push(bar);
  }
  const before = model.before[order];
  return [...byOperation].flatMap(([k, bars]) =>
    (before ? before[k] : [k - 1]).flatMap((p) => (byOperation.get(p) ?? []).flatMap((a) => bars.map((b) => [a, b]))),
  );
}

/** The lane of each item so that none overlaps in its lane; items are by start. Returns the number of lanes. */
export function lanes(items) {
  const free = [];
  for (const item of items) {
    let lane = free.findIndex((end) => end <= item.from);
    if (lane < 0) lane = free.push(0) - 1;
    free[lane] = item.to;
    item.lane = lane;
  }
  return Math.max(1, free.length);
}

/** The pieces of one item, by time: [from, to, kind] each. `parts`: which of set-up and run it shows. */
export function pieces(model, bar, parts, wait) {
  const { bars, stand } = model;
  const out = [];
  // A person who goes home over a pause does not stand there like the machine does.
  const pause = parts.until === undefined ? STANDING : WAITING;
  const piece = (from, to, kind) => to > from && out.push([from, to, kind]);
  const phases = [];
  if (parts.setup && bars.setup[bar]) phases.push([bars.begin[bar], bars.ready[bar], SETUP]);
  if (parts.setup && parts.run && bars.setup[bar]) phases.push([bars.ready[bar], bars.start[bar], STANDING]);
  if (parts.run) phases.push([bars.start[bar], parts.until ?? bars.end[bar], bars.batch[bar] >= 0 ? BATCH : RUN]);
  if (wait) piece(bars.begin[bar] - bars.wait[bar], bars.begin[bar], WAITING);
  for (const [from, to, kind] of phases) {
    let at = from;
    for (let i = stand.first[bar]; i < stand.first[bar + 1]; i += 1) {
      if (stand.end[i] <= at || stand.begin[i] >= to) continue;
      piece(at, Math.max(at, stand.begin[i]), kind);
      piece(Math.max(at, stand.begin[i]), Math.min(to, stand.end[i]), pause);
      at = Math.min(to, stand.end[i]);
    }
    piece(at, to, kind);
  }
  return out;
}

function machineItem(model, bar) {
  return { bar, from: model.bars.begin[bar], to: model.bars.end[bar], parts: { setup: true, run: true } };
}

/** What a row is before its bars are in it. */
function row(label, more) {
  return { label, sub: "", kind: "row", hours: -1, index: -1, order: -1, items: [], ...more };
}

function machineRows(model) {
  const rows = model.machines.map(([name, kind, group, zone, hours], index) =>
    row(name, { kind: ["machine", "hand", "outside"][kind], sub: group, zone, hours, index }),
  );
  for (let bar = 0; bar < model.count; bar += 1) rows[model.bars.row[bar]].items.push(machineItem(model, bar));
  return rows;
}

function personRows(model) {
  const { bars } = model;
  const rows = model.people.map(([name, zone, hours], index) =>
    row(name, { kind: "person", sub: zone < 0 ? "" : model.zones[zone][0], hours, index }),
  );
  for (let bar = 0; bar < model.count; bar += 1) {
    const [setter, runner] = [bars.setupPerson[bar], bars.person[bar]];
    const one = setter >= 0 && setter === runner && bars.ready[bar] === bars.start[bar];
    if (setter >= 0) {
      const to = one ? bars.until[bar] : bars.ready[bar];
      rows[setter].items.push({ bar, from: bars.begin[bar], to, parts: { setup: true, run: one, until: to } });
    }
    if (runner >= 0 && !one) {
      const to = bars.until[bar];
      rows[runner].items.push({ bar, from: bars.start[bar], to, parts: { setup: false, run: true, until: to } });
    }
  }
  return rows;
}

function zoneRows(model) {
  const rows = machineRows(model);
  const out = model.zones.flatMap(([name, hours, limit], zone) => {
    const most = Math.max(0, ...limit.map(([, tasks]) => tasks));
    const head = row(name, { kind: "load", sub: most ? `≤ ${most}` : "", hours, limit, load: load(model, zone) });
    return [head, ...rows.filter((r) => r.zone === zone)];
  });
  return [...out, ...rows.filter((r) => !(r.zone >= 0))];
}

/** How many tasks are open in a zone: {at, tasks}, a step function. */
export function load(model, zone) {
  const { bars } = model;
  const changes = new Map();
  const change = (t, by) => changes.set(t, (changes.get(t) ?? 0) + by);
  for (let bar = 0; bar < model.count; bar += 1) {
    if (!bars.tended[bar] || model.machines[bars.row[bar]][3] !== zone) continue;
    change(bars.start[bar], 1);
    change(bars.end[bar], -1);
  }
  const at = Int32Array.from([...changes.keys()].sort((a, b) => a - b));
  return { at, tasks: summed(at.map((t) => changes.get(t))) };
}

function orderRows(model) {
  const rows = model.orders.map((o, order) => row(o.label, { kind: "order", sub: o.item, order, due: o.due, end: o.end }));
  for (let bar = 0; bar < model.count; bar += 1) {
    const item = { ...machineItem(model, bar), wait: true };
    item.from -= model.bars.wait[bar];
    rows[model.bars.order[bar]].items.push(item);
  }
  const key = (r) => [r.due ?? Infinity, r.items[0]?.from ?? Infinity];
  return rows.filter((r) => r.items.length).sort((a, b) => key(a)[0] - key(b)[0] || key(a)[1] - key(b)[1] || a.order - b.order);
}

/** Rows of a view with their items in lanes. Each lane holds its pieces as columns `from`, `to`, `kind`, `bar`, by time and apart,
 * so that what is in sight is found by halving. */
export function layout(model, view) {
  const rows = { machine: machineRows, person: personRows, zone: zoneRows, order: orderRows }[view](model);
  const places = new Map();
  rows.forEach((r, index) => {
    r.items.sort((a, b) => a.from - b.from || a.bar - b.bar);
    r.laneCount = lanes(r.items);
    const collected = Array.from({ length: r.laneCount }, () => []);
    for (const item of r.items) {
      item.row = index;
      if (!places.has(item.bar)) places.set(item.bar, []);
      places.get(item.bar).push(item);
      for (const [from, to, kind] of pieces(model, item.bar, item.parts, item.wait)) {
        collected[item.lane].push([from, to, kind, item.bar]);
      }
    }
    r.lanes = collected.map((list) => ({
      from: Int32Array.from(list, (p) => p[0]),
      to: Int32Array.from(list, (p) => p[1]),
      kind: Uint8Array.from(list, (p) => p[2]),
      bar: Int32Array.from(list, (p) => p[3]),
    }));
  });
  return { view, rows, places };
}

/** Give each row its top and height, `unit` pixels for one lane; returns the height of all. */
export function stack(rows, unit) {
  let top = 0;
  for (const r of rows) {
    r.top = top;
    r.height = r.kind === "load" ? Math.max(unit, 40) : Math.max(unit, Math.round(r.laneCount * Math.min(14, unit * 0.6)) + 4);
    top += r.height;
  }
  return top;
}

/** The first index whose value in an ascending column is greater than `value`. */
export function after(values, value) {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Row index at a height in the stack, -1 below the last. */
export function rowAt(rows, y) {
  const i = after(rows.map((r) => r.top), y) - 1;
  return i >= 0 && y < rows[i].top + rows[i].height ? i : -1;
}

/** The lane's [top, height] within the stack, with air around it. */
export function laneBox(r, lane) {
  const air = r.laneCount > 1 ? 1 : Math.max(2, Math.round(r.height * 0.14));
  const inner = r.height - 2 * (r.laneCount > 1 ? 2 : 0);
  const step = inner / r.laneCount;
  const top = r.top + (r.laneCount > 1 ? 2 : 0) + lane * step;
  return [Math.round(top + air), Math.max(2, Math.round(step - 2 * air))];
}

/** What lies at a time and height: {row, item, standing why} or null. `slack` seconds forgive a near miss. */
export function hit(model, rows, t, y, slack = 0) {
  const index = rowAt(rows, y);
  if (index < 0) return null;
  const r = rows[index];
  const near = r.items.filter((item) => {
    const [top, height] = laneBox(r, item.lane);
    return item.from - slack <= t && t < item.to + slack && y >= top - 2 && y < top + height + 2;
  });
  const distance = (item) => Math.max(item.from - t, t - item.to, 0);
  const item = near.sort((a, b) => distance(a) - distance(b))[0];
  return item ? { row: index, item, why: standingAt(model, item.bar, t) } : { row: index, item: null, why: null };
}

/** Why a bar's machine stands at a moment: 0 set up and not begun, 1 nobody there, 2 over the limit; null where it works. */
export function standingAt({ stand }, bar, t) {
  for (let i = stand.first[bar]; i < stand.first[bar + 1]; i += 1) {
    if (stand.begin[i] <= t && t < stand.end[i]) return Math.min(WHY_LIMIT, stand.why[i]);
  }
  return null;
}
