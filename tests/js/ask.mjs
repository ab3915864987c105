// Answers questions about the page's pure modules: one JSON object a line in, one out. Driven by the Python property tests.

import { createInterface } from "node:readline";
import * as scale from "../../src/fong/render/page/scale.mjs";
import * as layout from "../../src/fong/render/page/layout.mjs";
import { Words } from "../../src/fong/render/page/words.mjs";

const plain = (value) => JSON.stringify(value, (_, v) => (ArrayBuffer.isView(v) ? [...v] : v instanceof Map ? [...v] : v));

function laid(data, view) {
  const model = layout.decode(data);
  const { rows } = layout.layout(model, view);
  const total = layout.stack(rows, 24);
  return { rows: rows.map(({ items, lanes, top, height, label, kind, laneCount }) => ({ items, lanes, top, height, label, kind, laneCount })), total };
}

const answers = {
  decode: (data) => layout.decode(data),
  links: (data, order) => layout.links(layout.decode(data), order),
  layout: laid,
  lanes: (items) => [layout.lanes(items), items],
  after: (values, value) => layout.after(values, value),
  marks: (s, epoch, offsets) => scale.marks(s, new scale.Clock(epoch, offsets)),
  local: (epoch, offsets, t) => new scale.Clock(epoch, offsets).local(t),
  moment: (epoch, offsets, local) => new scale.Clock(epoch, offsets).moment(local),
  zoomed: (s, x, factor, begin, end) => scale.zoomed(s, x, factor, begin, end),
  panned: (s, pixels, begin, end) => scale.panned(s, pixels, begin, end),
  message: (texts, templates, language, message) => new Words(texts, templates, language).message(message),
  duration: (texts, language, seconds) => new Words(texts, {}, language).duration(seconds),
  moments: (texts, language, local, withTime) => new Words(texts, {}, language).moment(local, withTime),
};

createInterface({ input: process.stdin }).on("line", (line) => {
  const [name, args] = JSON.parse(line);
  let out;
  try {
    out = { ok: answers[name](...args) };
  } catch (error) {
    out = { error: String(error.stack) };
  }
  process.stdout.write(`${plain(out)}\n`);
});
