"""How good the search on the disjunctive graph is: instances of the literature, one thread each.

    python benchmarks/graph.py [--data ../shared/data/plan] [--seconds 30] [--seed 1] [INSTANCE ...]

An INSTANCE is a name in `bks.csv` of the data, with its family where several have one: `ta41`, `hurink_vdata/la40`. Seconds are those of
the processor, so that a busy machine changes little. Every plan is checked. Prints a Markdown table; instances that are not there are left
out.
"""

from __future__ import annotations

import argparse
import csv
import lzma
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from fong._kernels import freeze
from fong.formats.benchmark import read_benchmark
from fong.model import Problem, Schedule
from fong.model.check import check
from fong.model.objective import evaluate
from fong.plan.graph import GraphSearch, forward_backward

DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "plan"
INSTANCES = (
    "ft/ft10", "ta/ta25", "ta/ta41", "ta/ta50", "ta/ta80", "dmu/dmu41", "dmu/dmu60", "swv/swv06", "tai/tai_100_100_1",
    "mk/mk10", "hurink_edata/la40", "hurink_rdata/la40", "hurink_vdata/la40", "behnke/behnke60", "dpp/18a", "BrandimarteMk10",
    "Lawrence_gla01", "Lawrence_gla40", "Taillard_gta21", "Demirkol_gdmu41", "PFVT_gpfvt01",
)  # fmt: skip
KINDS = {"jsp", "fjsp", "sdst", "jsptt"}
COLUMNS = (
    "instance",
    "operations",
    "objective",
    "first",
    "value",
    "best known",
    "gap %",
    "at s",
    "iterations",
    "iterations/s",
    "seed",
)
PASSES = 100
"""Of forward-backward scheduling, fewer for large instances."""


@dataclass(frozen=True)
class Instance:
    """A row of the table of best known values."""

    family: str
    name: str
    file: Path
    kind: str
    low: float | None
    best: float | None

    @property
    def objective(self) -> str:
        """What is asked of its plan."""
        return "tardiness" if self.kind == "jsptt" else "makespan"

    def problem(self) -> Problem:
        """The instance as columns."""
        data = self.file.read_bytes()
        if self.kind in {"jsp", "fjsp"}:
            return read_benchmark(self.file.name, data, kind=self.kind)
        text = (lzma.decompress(data) if self.file.suffix == ".xz" else data).decode()
        return with_setups(text) if self.kind == "sdst" else with_dates(text)


def with_setups(text: str) -> Problem:
    """A flexible job shop with a matrix of set-ups between jobs for each machine: a job is a family, a machine a group."""
    lines = [line for line in text.splitlines() if line.strip()]
    jobs, machines = map(int, lines[0].split()[:2])
    p = read_benchmark("instance.fjs", "\n".join(lines[: jobs + 1]).encode() + b"\n")
    setup = np.array(" ".join(lines[jobs + 1 :]).split(), np.int64)
    return replace(
        p,
        families=jobs,
        step_family=freeze(np.repeat(np.arange(jobs), np.diff(p.job_ptr)), np.int32),
        machine_group=freeze(np.arange(machines), np.int32),
        setup_ptr=freeze(np.arange(jobs * machines + 1) * jobs, np.int32),
        setup_to=freeze(np.tile(np.arange(jobs), jobs * machines), np.int32),
        setup_s=freeze(setup, np.int32),
    )


def with_dates(text: str) -> Problem:
    """A job shop with due dates."""
    blocks: list[list[list[int]]] = [[]]
    for line in text.splitlines():
        if ":" in line:
            blocks.append([])
        elif line.strip():
            blocks[-1].append([int(word) for word in line.split()])
    (machines, jobs), times, routes, due = blocks[0][0], *map(np.array, blocks[1:4])
    return Problem(
        job_ptr=freeze(np.arange(jobs + 1) * machines, np.int32),
        job_due_s=freeze(due.reshape(-1), np.int32),
        mode_machine=freeze(routes.reshape(-1) - 1, np.int32),
        mode_cycle_s=freeze(times.reshape(-1), np.int32),
        machines=machines,
    )


def known(data: Path) -> Iterator[Instance]:
    """The instances that can be read."""
    with (data / "bks.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            plain = row["format"] in {"sdst", "jsptt"} or not row["variant"]
            if row["format"] in KINDS and plain:
                low, best = (float(row[c]) if row[c] else None for c in ("lb", "ub"))
                yield Instance(row["family"], row["instance"], data / row["file"], row["format"], low, best)


def run(instance: Instance, seconds: float, seed: int) -> Sequence[object]:
    """Search so long; a row of the table."""
    problem, objective = instance.problem(), instance.objective
    begun = time.process_time()
    first = forward_backward(problem, max(2, min(PASSES, 3_000_000 // problem.operations)), seed)
    search = GraphSearch(problem, objective, first, seed)
    chunk = max(20, 2_000_000 // problem.operations)
    iterations, best, best_at = 0, search.value, time.process_time() - begun
    while (now := time.process_time() - begun) < seconds and best != instance.low and best:
        search.run(chunk)
        iterations += chunk
        if search.value < best:
            best, best_at = search.value, time.process_time() - begun
    plan = search.schedule()
    judge(problem, plan, objective, best)
    gap = f"{100 * (best / instance.best - 1):.2f}" if instance.best else ""
    return (
        instance.name, problem.operations, objective, evaluate(problem, first, objective), best, f"{instance.best:.0f}" if instance.best else "",
        gap, f"{best_at:.1f}", iterations, f"{iterations / max(now, 1e-9):.0f}", seed,
    )  # fmt: skip


def judge(problem: Problem, plan: Schedule, objective: str, value: int) -> None:
    """Stop if the plan breaks a rule or is not worth what is said."""
    if (faults := check(problem, plan).faults) or evaluate(problem, plan, objective) != value:
        sys.exit(f"a wrong plan: {value} promised, {evaluate(problem, plan, objective)} found, {faults[:3]}")


def warm_up() -> None:
    """Have everything compiled before time counts."""
    p = with_dates("1 2\nTimes:\n1\n2\nRoutes:\n1\n1\nDates:\n1\n1\n")
    GraphSearch(p, "tardiness", forward_backward(p, 2, 0), 0).run(1)


def main() -> None:
    """Run the instances and print the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("instance", nargs="*", default=INSTANCES)
    options.add_argument("--data", type=Path, default=DATA)
    options.add_argument("--seconds", type=float, default=30)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    begun = time.process_time()
    warm_up()
    print(f"compiled or loaded in {time.process_time() - begun:.1f} s\n")
    there = {}
    for i in known(given.data):
        there.setdefault(i.name, i)
        there[f"{i.family}/{i.name}"] = i
    print("| " + " | ".join(COLUMNS) + " |\n" + "| --- " * len(COLUMNS) + "|")
    for name in given.instance:
        if name in there:
            print("| " + " | ".join(map(str, run(there[name], given.seconds, given.seed))) + " |", flush=True)


if __name__ == "__main__":
    main()
