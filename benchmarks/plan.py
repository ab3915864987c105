"""How long a plan takes: `fong plan` run as people run it, a process at a time, each case several times.

    python benchmarks/plan.py --work FOLDER --generator PATH/generate_workshop.py --instance PATH/tai_1000_1000_1.txt.xz [--runs 3]

Cases: generated workshops of 10,000 and 100,000 tasks (a folder of tables), a workbook with 10,000 rows, the instances that are
named, and `knit` from a cold cache (everything is compiled) and a warm one. Prints a Markdown table for `docs/benchmarks.md`; the
workshops are made in the folder `--work` and stay there for the next time.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

FONG = [sys.executable, "-c", "from fong.cli import main; main()"]
BASE_MB = 300
"""Memory that the interpreter and the compiler take before there is a single task."""
COLUMNS = (
    "case", "tasks", "read s", "first plan s", "read + plan + check s", "whole command s", "peak MB", f"bytes a task above {BASE_MB} MB",
    "objective", "bound", "status",
)  # fmt: skip


@dataclass
class Case:
    """One row of the table: what is planned, and how the command differs."""

    name: str
    source: str
    options: Sequence[str] = ()
    environment: dict[str, str] = field(default_factory=dict)
    runs: list[dict[str, Any]] = field(default_factory=list)

    def run(self) -> None:
        """Plan once more and keep the figures."""
        begun = time.perf_counter()
        done = subprocess.run(
            [*FONG, "plan", self.source, "--json", *self.options],
            capture_output=True, text=True, encoding="utf-8", check=False, env=os.environ | self.environment,
        )  # fmt: skip
        wall = time.perf_counter() - begun
        if not done.stdout.strip():
            sys.exit(f"{self.name}: exit code {done.returncode}\n{done.stderr}")
        self.runs.append(json.loads(done.stdout) | {"wall_s": wall, "code": done.returncode})

    def cells(self) -> list[str]:
        """The row: median and worst of the times, and what was planned."""
        last = self.runs[-1]
        tasks = last["tasks"]
        above = (self._worst("peak_rss_mb") - BASE_MB) * 1e6
        return [
            self.name,
            f"{tasks:,}",
            self._times("read_s"),
            self._times("first_solution_s"),
            self._times("elapsed_s"),
            self._times("wall_s"),
            f"{self._worst('peak_rss_mb'):,.0f}",
            f"{max(0, above) / tasks:,.0f}" if tasks else "",
            f"{last['objective_name']} {last['objective']}",
            str(last["bound"]),
            last["status"] + ("" if last["checked"] else ", NOT CHECKED"),
        ]

    def _values(self, name: str) -> list[float]:
        return [run[name] for run in self.runs if run[name] is not None]

    def _worst(self, name: str) -> float:
        return max(self._values(name), default=0.0)

    def _times(self, name: str) -> str:
        values = self._values(name)
        return f"{statistics.median(values):.2f} (worst {max(values):.2f})" if values else "–"


def generated(generator: Path, work: Path, tasks: int, seed: int) -> Path:
    """A workshop of about so many tasks, made once."""
    folder = work / f"workshop-{tasks}-{seed}"
    if not folder.is_dir():
        subprocess.run([sys.executable, generator, folder, "--tasks", str(tasks), "--seed", str(seed)], check=True)
    return folder


def workbook_of(folder: Path) -> Path:
    """The same workshop as a workbook."""
    from fong.formats.writing import write_workbook  # noqa: PLC0415 - only this case needs it
    from fong.model import Workshop  # noqa: PLC0415
    from fong.workshop.reading import read  # noqa: PLC0415

    book = folder.with_suffix(".xlsx")
    if not book.is_file():
        workshop = read(folder)
        if not isinstance(workshop, Workshop):
            sys.exit(f"{folder} holds no workshop")
        book.write_bytes(write_workbook(workshop))
    return book


def cases(asked: argparse.Namespace, cold: str) -> Iterable[Case]:
    """All cases, the cold one first."""
    seed = ["--seed", str(asked.seed)]
    yield Case("knit, cold cache (compiles)", "knit", seed, {"XDG_CACHE_HOME": cold, "LOCALAPPDATA": cold})
    yield Case("knit", "knit", seed)
    if asked.generator:
        for tasks in asked.tasks:
            folder = generated(asked.generator, asked.work, tasks, asked.seed)
            yield Case(f"generated workshop, {tasks:,} tasks asked for", str(folder), seed)
        book = workbook_of(generated(asked.generator, asked.work, asked.book_tasks, asked.seed))
        yield Case(f"workbook, {rows_of(book):,} rows", str(book), seed)
    for path in asked.instance:
        yield Case(path.name, str(path), seed)


def rows_of(book: Path) -> int:
    """Rows with something in them, over all sheets."""
    from python_calamine import CalamineWorkbook  # noqa: PLC0415

    sheets = CalamineWorkbook.from_path(book)
    return sum(len(sheets.get_sheet_by_name(name).to_python()) for name in sheets.sheet_names)


def machine() -> str:
    """What the figures were measured on."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.is_file():
        names = [
            line.split(":", 1)[1].strip() for line in info.read_text().splitlines() if line.startswith("model name")
        ]
        model = names[0] if names else model
    return f"{model}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"


def measure(asked: argparse.Namespace, say: Callable[[str], None]) -> list[Case]:
    """Run every case as often as asked; the cold one once, for then it is warm."""
    with tempfile.TemporaryDirectory() as cold:
        found = list(cases(asked, cold))
        for case in found:
            for number in range(1 if case.environment else asked.runs):
                case.run()
                say(f"{case.name}: run {number + 1}, {case.runs[-1]['wall_s']:.1f} s")
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True, help="folder for the generated workshops")
    parser.add_argument("--generator", type=Path, help="script that makes a workshop: OUT_DIR --tasks N --seed S")
    parser.add_argument("--tasks", type=int, nargs="*", default=[10_000, 100_000])
    parser.add_argument(
        "--book-tasks", type=int, default=19_000, help="tasks of the workbook (19,000: about 10,000 rows)"
    )
    parser.add_argument(
        "--instance", type=Path, action="append", default=[], help="a benchmark instance; several may be given"
    )
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    asked.work.mkdir(parents=True, exist_ok=True)
    found = measure(asked, lambda line: print(line, file=sys.stderr, flush=True))
    print(f"{datetime.now(UTC):%Y-%m-%d}, {machine()}, seed {asked.seed}, median (worst) of {asked.runs} runs.\n")
    print("| " + " | ".join(COLUMNS) + " |")
    print("|" + " --- |" * len(COLUMNS))
    for case in found:
        print("| " + " | ".join(case.cells()) + " |")


if __name__ == "__main__":
    main()
