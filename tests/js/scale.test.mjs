// The time scale and the axis, in plain examples.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Clock, DAY, HOUR, bounded, endOf, marks, panned, showing, stepFor, timeAt, xOf, zoomed } from "../../src/fong/render/page/scale.mjs";

const HK = new Clock(Date.UTC(2026, 2, 4, 2) / 1000, [[0, 8 * HOUR]]); // Wednesday, 10:00 in Hong Kong

test("a time and its pixel lead to each other", () => {
  const scale = { t0: 1000, per: 60, width: 800 };
  assert.equal(timeAt(scale, xOf(scale, 12345)), 12345);
  assert.equal(endOf(scale), 49000);
});

test("zooming keeps the time under the pointer where it is", () => {
  const scale = { t0: 20 * HOUR, per: 60, width: 800 };
  const closer = zoomed(scale, 300, 2, 0, 100 * HOUR);
  assert.equal(closer.per, 30);
  assert.equal(timeAt(closer, 300), timeAt(scale, 300));
});

test("zooming out ends where the whole plan is seen", () => {
  const scale = zoomed({ t0: 0, per: 60, width: 800 }, 0, 1e-6, 0, 100 * HOUR);
  assert.ok(scale.t0 <= 0 && endOf(scale) >= 100 * HOUR);
  assert.ok(scale.per * scale.width < 1.1 * 100 * HOUR);
});

test("panning stops at both ends of the plan", () => {
  const scale = { t0: 0, per: 60, width: 800 };
  const [first, last] = [panned(scale, -1e6, 0, 100 * HOUR), panned(scale, 1e6, 0, 100 * HOUR)];
  assert.ok(first.t0 < 0 && first.t0 > -HOUR);
  assert.ok(endOf(last) > 100 * HOUR && endOf(last) < 101 * HOUR);
});

test("a plan shorter than the window is shown whole", () => {
  const scale = showing(0, 10, 800, 0, 10);
  assert.deepEqual([scale.per, scale.t0 <= 0], [1, true]);
  assert.equal(bounded(scale, 0, 10).t0, scale.t0);
});

test("steps are the smallest that leave room for their names", () => {
  assert.equal(stepFor(60, 44), HOUR);
  assert.equal(stepFor(1, 44), 300);
  assert.equal(stepFor(1e6, 44), 28 * DAY);
});

test("days begin at midnight on the wall, not in Greenwich", () => {
  const { major, minor, step } = marks({ t0: 0, per: 120, width: 1200 }, HK);
  assert.equal(step, 2 * HOUR);
  assert.deepEqual(major.map(({ t }) => t), [-10 * HOUR, 14 * HOUR, 38 * HOUR]);
  assert.ok(minor.some(({ t, local }) => t === 2 * HOUR && (local / HOUR) % 24 === 12));
});

test("the day on which the clocks go forward has 23 hours, and no 01:00", () => {
  const london = new Clock(Date.UTC(2026, 2, 29) / 1000, [[-DAY, 0], [HOUR, HOUR]]);
  const { major, minor } = marks({ t0: -1, per: 60, width: 1500 }, london);
  const days = major.map(({ t }) => t);
  assert.equal(days[2] - days[1], 23 * HOUR);
  const hours = minor.filter(({ t }) => t >= 0 && t < 23 * HOUR).map(({ local }) => (local / HOUR) % 24);
  assert.ok(!hours.includes(1) && hours.includes(2));
});

test("weeks begin on Mondays, months on their first", () => {
  const { minor, step } = marks({ t0: 0, per: 12000, width: 1200 }, HK);
  assert.equal(step, 7 * DAY);
  assert.ok(minor.every(({ local }) => new Date(local * 1000).getUTCDay() === 1));
  const far = marks({ t0: 0, per: 50000, width: 1200 }, HK);
  assert.ok(far.minor.every(({ local }) => new Date(local * 1000).getUTCDate() === 1));
});

test("an instance without dates has round numbers", () => {
  const { minor, major } = marks({ t0: 3, per: 0.5, width: 800 }, new Clock(null, []), 60);
  assert.deepEqual(minor.slice(0, 3).map(({ t }) => t), [50, 100, 150]);
  assert.deepEqual(major, []);
});
