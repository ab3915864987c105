// Mouse, touch and keys → what the board does. `board` offers: pan, zoom, scrollBy, home, end, whole, point, leave, step, choose,
// select, release.

import { HEAD } from "./frame.mjs";

const NEAR = 4; // pixels that a pointer may move and still click
const KEY_PAN = 120;
const KEY_ZOOM = 1.4;

function place(element, event) {
  const box = element.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
}

function listenWheel(element, board) {
  element.addEventListener(
    "wheel",
    (event) => {
      const [x, y] = place(element, event);
      const unit = event.deltaMode === 1 ? 16 : 1;
      const [dx, dy] = [event.deltaX * unit, event.deltaY * unit];
      if (event.ctrlKey || event.metaKey || y < HEAD) board.zoom(Math.exp(-dy * (event.ctrlKey ? 0.01 : 0.003)), x);
      else if (event.shiftKey || Math.abs(dx) > Math.abs(dy)) board.pan(dx || dy);
      // At the end of the rows the page scrolls on.
      else if (!board.scrollBy(dy)) return;
      event.preventDefault();
    },
    { passive: false },
  );
}

function listenPointers(element, board) {
  const down = new Map();
  let travelled = 0;
  const spread = () => {
    const [a, b] = [...down.values()];
    return { gap: Math.max(10, Math.abs(a[0] - b[0])), x: (a[0] + b[0]) / 2, y: (a[1] + b[1]) / 2 };
  };
  element.addEventListener("pointerdown", (event) => {
    if (event.button > 0) return;
    if (!down.size) travelled = 0;
    down.set(event.pointerId, place(element, event));
    element.setPointerCapture(event.pointerId);
  });
  element.addEventListener("pointermove", (event) => {
    const at = place(element, event);
    if (!down.has(event.pointerId)) {
      if (event.pointerType !== "touch") board.point(...at);
      return;
    }
    const before = down.size === 2 ? spread() : null;
    const [x, y] = down.get(event.pointerId);
    down.set(event.pointerId, at);
    travelled += Math.abs(at[0] - x) + Math.abs(at[1] - y);
    if (before) {
      const now = spread();
      board.zoom(now.gap / before.gap, now.x);
      board.pan(before.x - now.x);
      board.scrollBy(before.y - now.y);
    } else if (travelled > NEAR) {
      board.leave();
      board.pan(x - at[0]);
      board.scrollBy(y - at[1]);
    }
  });
  element.addEventListener("pointerup", (event) => {
    if (down.size === 1 && travelled <= NEAR) board.choose(...place(element, event));
    down.delete(event.pointerId);
  });
  element.addEventListener("pointercancel", (event) => down.delete(event.pointerId));
  element.addEventListener("pointerleave", () => board.leave());
  element.addEventListener("dblclick", (event) => board.zoom(2, place(element, event)[0]));
}

/** Keys of the chart; each returns true where the page shall not act as well. */
function keys(board) {
  const page = () => board.scrollRoom() * 0.8;
  return {
    ArrowLeft: () => board.pan(-KEY_PAN),
    ArrowRight: () => board.pan(KEY_PAN),
    ArrowUp: () => board.scrollBy(-60),
    ArrowDown: () => board.scrollBy(60),
    PageUp: () => board.scrollBy(-page()),
    PageDown: () => board.scrollBy(page()),
    Home: () => board.home(),
    End: () => board.end(),
    "+": () => board.zoom(KEY_ZOOM),
    "=": () => board.zoom(KEY_ZOOM),
    "-": () => board.zoom(1 / KEY_ZOOM),
    0: () => board.whole(),
    Enter: () => board.select(),
    " ": () => board.select(),
    Escape: () => board.release(),
  };
}

function listenKeys(element, board) {
  const acts = keys(board);
  element.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    // Tab goes from bar to bar and leaves behind the last one; after Escape it leaves at once.
    if (event.key === "Tab") {
      if (board.step(event.shiftKey ? -1 : 1)) event.preventDefault();
    } else if (acts[event.key]) {
      acts[event.key]();
      event.preventDefault();
    }
  });
}

export function listen(element, board) {
  listenWheel(element, board);
  listenPointers(element, board);
  listenKeys(element, board);
}
