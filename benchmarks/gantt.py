"""How smooth the Gantt page is: frame times while 5,000 of 10,000 bars are panned and zoomed in a real headless Chromium.

    python benchmarks/gantt.py [--bars 10000] [--machines 40] [--seconds 6] [--seed 1]

Prints one JSON object: the page's size, the machine, and for each movement the frame times (from frame to frame, capped by the
screen's 60 a second) and the work (script time within a frame) in milliseconds.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from fong._kernels import freeze
from fong.model import Names, Problem, Schedule
from fong.render import PlanView, gantt_page, view_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

# One movement a frame, as fast as frames come; the script's share is what happens between the first and the last callback.
MEASURE = """
async ([movement, seconds]) => {
  const chart = document.getElementById("chart");
  const box = chart.getBoundingClientRect();
  const [x, y] = [box.left + box.width * 0.6, box.top + box.height * 0.6];
  const wheel = (more) => chart.dispatchEvent(
    new WheelEvent("wheel", { clientX: x, clientY: y, bubbles: true, cancelable: true, ...more }));
  const moves = {
    pan: (i) => wheel({ deltaX: (i >> 6) % 2 ? -9 : 9, shiftKey: true }),
    zoom: (i) => wheel({ deltaY: (i >> 5) % 2 ? -4 : 4, ctrlKey: true }),
    scroll: (i) => wheel({ deltaY: (i >> 5) % 2 ? -6 : 6 }),
  };
  const frames = [], works = [], bars = [];
  let last = 0;
  const until = performance.now() + seconds * 1000;
  for (let i = 0; performance.now() < until; i += 1) {
    moves[movement](i);
    // The board asked for its frame when it was moved; this callback runs right after it, in the same frame.
    const [now, work] = await new Promise((done) => requestAnimationFrame((t) => done([t, performance.now() - t])));
    if (last) frames.push(now - last);
    works.push(work);
    bars.push(Number(chart.dataset.bars));
    last = now;
  }
  return { frames, works, bars };
}
"""


def synthetic(bars: int, machines: int, seed: int, epoch: datetime | None) -> PlanView:
    """A plan of ``bars`` tasks: machines work through them with set-ups between, in orders of four tasks; some are late."""
    rng = np.random.default_rng(seed)
    a_row = -(-bars // machines)
    setup = rng.integers(0, 3, (machines, a_row)) * 300
    run = rng.integers(600, 5400, (machines, a_row))
    end = np.cumsum(setup + run + rng.integers(0, 2, (machines, a_row)) * 900, axis=1)
    machine = np.repeat(np.arange(machines), a_row)[:bars]
    setup, run, end = (column.reshape(-1)[:bars] for column in (setup, run, end))
    rank = np.argsort(end, kind="stable")  # so that the tasks of an order come one after the other
    jobs = -(-bars // 4)
    start = (end - run)[rank]
    problem = Problem(
        epoch=epoch,
        names=Names(
            orders=tuple((str(1000 + j), 1) for j in range(jobs)),
            items=tuple(f"item {j % 37}" for j in range(jobs)),
            machines=tuple(f"M{m:02d}" for m in range(machines)),
        ),
        machines=machines,
        job_ptr=freeze(np.minimum(np.arange(jobs + 1) * 4, bars), np.int32),
        job_due_s=freeze(
            end[rank][np.minimum(np.arange(jobs) * 4 + 3, bars - 1)] + rng.integers(-600, 90_000, jobs), np.int32
        ),
    )
    schedule = Schedule(
        op=freeze(np.arange(bars), np.int32),
        machine=freeze(machine[rank], np.int32),
        start=freeze(start, np.int32),
        end=freeze(end[rank], np.int32),
        setup_start=freeze(np.where(setup[rank] > 0, start - setup[rank], -1), np.int32),
        setup_end=freeze(np.where(setup[rank] > 0, start, -1), np.int32),
    )
    return view_of(problem, schedule, title="Synthetic plan")


def figures(values: list[float]) -> dict[str, float]:
    """Median, 99th percentile and maximum."""
    return {
        "p50": round(float(np.percentile(values, 50)), 2),
        "p99": round(float(np.percentile(values, 99)), 2),
        "max": round(max(values), 2),
    }


def measured(page: Page, movement: str, seconds: float) -> dict[str, object]:
    """Frame times of one movement."""
    found = page.evaluate(MEASURE, [movement, seconds])
    return {
        "frames": len(found["frames"]),
        "bars_in_sight_p50": int(np.percentile(found["bars"], 50)),
        "frame_ms": figures(found["frames"]),
        "work_ms": figures(found["works"]),
    }


def measure(html: str, size: tuple[int, int], seconds: float) -> dict[str, object]:
    """Open the page and move it about."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only the measurement needs a browser

    path = os.environ.get("FONG_CHROMIUM") or shutil.which("chromium-headless-shell") or shutil.which("chromium")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = Path(folder) / "plan.html"
        file.write_text(html, encoding="utf-8")
        root = hasattr(os, "getuid") and os.getuid() == 0
        chromium = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"] if root else [])
        page = chromium.new_page(viewport={"width": size[0], "height": size[1]})
        page.goto(file.as_uri())
        page.click("[data-act=whole]")
        page.wait_for_timeout(600)
        out: dict[str, object] = {"browser": chromium.version}
        out["opened_ms"] = page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
        for movement in ("pan", "zoom", "scroll"):
            out[movement] = measured(page, movement, seconds)
        chromium.close()
        return out


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bars", type=int, default=10_000)
    parser.add_argument("--machines", type=int, default=40)
    parser.add_argument("--seconds", type=float, default=6)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    html = gantt_page(synthetic(given.bars, given.machines, given.seed, datetime(2026, 3, 4, 10, 20, tzinfo=UTC)), "en")
    size = (1920, 1080)
    print(
        json.dumps(
            vars(given)
            | {
                "page_bytes": len(html.encode()),
                "viewport": size,
                "machine": f"{platform.processor() or platform.machine()}, {os.cpu_count()} CPUs, {platform.system()}",
                "date": datetime.now(UTC).date().isoformat(),
            }
            | measure(html, size, given.seconds),
            indent=2,
        )
    )


if __name__ == "__main__":
    main()
