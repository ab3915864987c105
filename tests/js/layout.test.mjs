// Rows, lanes and pieces, in plain examples.

import assert from "node:assert/strict";
import { test } from "node:test";
import { BATCH, RUN, SETUP, STANDING, WAITING, after, decode, hit, laneBox, lanes, layout, links, load, rowAt, stack, standingAt }
  from "../../src/fong/render/page/layout.mjs";

// One order of two lots at a first step (bars 0 and 1), joined at a second (bar 2); bar 0 stands from 40 to 70.
const order = (label, due, end) => [label, "hat", "", "", "", 5, due, end, 1000, [], []];
const SENT = {
  count: 3,
  bars: {
    start: [20, 10, 170], length: [80, 70, 50], lead: [20, 0, 0], setup: [10, 0, 0], free: [0, 0, 40], wait: [0, 5, 100],
    order: 0, operation: [0, 0, 1], row: [0, 1, 0], person: [-1, -1, 0], setupPerson: [0, -1, -1], pieces: 1, sublot: [0, 1, 0],
    batch: [-1, -1, 3], step: 0, running: 0, tended: [1, 1, 0],
  },
  stand: { count: 1, bar: [0], after: [40], length: [30], why: [1] },
  machines: [["K1", 0, "flat", 0, -1], ["K2", 0, "flat", 0, -1]],
  people: [["Ann", -1, -1]],
  zones: [["knitting", -1, [[0, 2]]]],
  orders: [order("7", 200, 250), order("8", null, null)],
  steps: ["knit"], before: {}, late: [0], begin: 0, end: 250, hours: [],
};
const model = () => decode(structuredClone(SENT));
const piecesOf = ({ from, to, kind }) => [...from].map((t, i) => [t, to[i], kind[i]]);

test("differences and lengths become times", () => {
  const { bars, stand } = model();
  assert.deepEqual([...bars.start], [20, 30, 200]);
  assert.deepEqual([...bars.end], [100, 100, 250]);
  assert.deepEqual([bars.begin[0], bars.ready[0], bars.until[2]], [0, 10, 210]);
  assert.deepEqual([stand.begin[0], stand.end[0]], [40, 70]);
});

test("a machine's bar is set-up, standing until it begins, run, standing, run", () => {
  const { rows } = layout(model(), "machine");
  assert.deepEqual(piecesOf(rows[0].lanes[0]), [
    [0, 10, SETUP], [10, 20, STANDING], [20, 40, RUN], [40, 70, STANDING], [70, 100, RUN], [200, 250, BATCH],
  ]);
});

test("a person is held for the set-up, and for a batch while it is loaded", () => {
  const { rows } = layout(model(), "person");
  assert.deepEqual(piecesOf(rows[0].lanes[0]), [[0, 10, SETUP], [200, 210, BATCH]]);
});

test("an order's row shows what it waited for, its two lots one above the other", () => {
  const { rows } = layout(model(), "order");
  assert.equal(rows.length, 1);
  assert.equal(rows[0].laneCount, 2);
  assert.deepEqual(piecesOf(rows[0].lanes[0]).at(-2), [100, 200, WAITING]);
});

test("a zone begins with its load; its machines follow", () => {
  const { rows } = layout(model(), "zone");
  assert.deepEqual(rows.map((r) => r.kind), ["load", "machine", "machine"]);
  const { at, tasks } = load(model(), 0);
  assert.deepEqual([[...at], [...tasks]], [[20, 30, 100], [1, 2, 0]]);
});

test("each lot of a step leads to each lot of the next", () => {
  assert.deepEqual(links(model(), 0), [[0, 2], [1, 2]]);
  const joined = { ...model(), before: { 0: [[], []] } };
  assert.deepEqual(links(joined, 0), []);
});

test("items in one lane never overlap, and as few lanes as can be are used", () => {
  const items = [[0, 10], [5, 20], [10, 15], [16, 30]].map(([from, to]) => ({ from, to }));
  assert.equal(lanes(items), 2);
  assert.deepEqual(items.map((item) => item.lane), [0, 1, 0, 0]);
});

test("what lies under the pointer is found, and why it stands", () => {
  const m = model();
  const { rows } = layout(m, "machine");
  stack(rows, 24);
  const middle = laneBox(rows[0], 0).reduce((top, height) => top + height / 2);
  assert.deepEqual([hit(m, rows, 50, middle).item.bar, hit(m, rows, 50, middle).why], [0, 1]);
  assert.equal(hit(m, rows, 150, middle).item, null);
  assert.equal(hit(m, rows, 50, 999), null);
  assert.equal(standingAt(m, 0, 39), null);
  assert.equal(rowAt(rows, rows[1].top), 1);
});

test("halving finds the first greater value", () => {
  assert.deepEqual([0, 1, 2, 9].map((value) => after([1, 1, 2, 5], value)), [0, 2, 3, 4]);
});
