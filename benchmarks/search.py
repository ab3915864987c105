"""What the search adds to the dispatching rules, on generated workshops and the examples.

    python benchmarks/search.py --generator PATH/generate_workshop.py --work FOLDER [--tasks 1000 10000] [--tightness 0.8 1.0 1.2]
                                [--seeds 3] [--seconds 30] [--workers 2]

For each workshop: weighted tardiness of the best of EDD, ATC (look-ahead tuned over 6 values), slack and FIFO, each with lots whole and
split, in the same decoder; of the whole portfolio of rules; and after the search. Prints a Markdown table for `docs/benchmarks.md`. A
workshop on which the rules leave nothing late is named and counts for nothing.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from fong import examples
from fong.formats.given import given
from fong.model import Problem, Workshop
from fong.model.build import build
from fong.plan.decode.rule import Rule
from fong.plan.solve import solve
from fong.plan.trials import Candidate, Trials

OBJECTIVE = "weighted_tardiness"
PLAIN = [Rule(name=name, wide=wide) for name in ("edd", "slack", "fifo") for wide in (False, True)]
PLAIN += [Rule(name="atc", k=k, wide=wide) for k in (0.25, 0.5, 1.0, 2.0, 3.0, 4.0) for wide in (False, True)]


def plain_best(problem: Problem) -> int | None:
    """The best of the classic rules; None: none of them gives a plan."""
    trials = Trials(problem=problem, objective=OBJECTIVE, clock=time.perf_counter)
    values = [trials.play(Candidate(rule=rule, name=str(rule))).value for rule in PLAIN]
    return min((v for v in values if v is not None), default=None)


def workshops(options: argparse.Namespace) -> Iterator[tuple[str, Problem]]:
    """Names and problems."""
    for name in ("knit", "cnc"):
        yield name, build(examples.load(name, datetime(2026, 11, 25, tzinfo=UTC)))
    for tasks in options.tasks if options.generator else ():
        for tightness in options.tightness:
            for seed in range(1, options.seeds + 1):
                folder = options.work / f"search-{tasks}-{tightness}-{seed}"
                if not folder.is_dir():
                    command = [sys.executable, str(options.generator), str(folder), "--tasks", str(tasks)]
                    subprocess.run([*command, "--seed", str(seed), "--tightness", str(tightness)], check=True)
                read, _ = given(folder.name, {file.name: file.read_bytes() for file in folder.iterdir()})
                if not isinstance(read, Workshop):
                    sys.exit(f"{folder} is no workshop")
                yield f"{tasks} tasks, tightness {tightness}, seed {seed}", build(read)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--generator", type=Path)
    parser.add_argument("--work", type=Path, default=Path("out/bench"))
    parser.add_argument("--tasks", type=int, nargs="*", default=[1000, 10000])
    parser.add_argument("--tightness", type=float, nargs="*", default=[0.8, 1.0, 1.2])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    print("| workshop | classic rules | portfolio | search | below classic rules | moves | bound |")
    print("|---|---|---|---|---|---|---|")
    gains = []
    for name, problem in workshops(options):
        base = plain_best(problem)
        begun = time.perf_counter()
        rules = solve(problem, objective=OBJECTIVE, workers=options.workers, clock=time.perf_counter)
        left = max(0.1, options.seconds - (time.perf_counter() - begun))
        found = solve(
            problem, objective=OBJECTIVE, seconds=left, workers=options.workers, seed=1, clock=time.perf_counter
        )
        gain = "" if not base or found.value is None else f"{100.0 * (1.0 - found.value / base):.1f} %"
        if base and found.value is not None:
            gains.append(1.0 - found.value / base)
        cells = (name, base, rules.value, found.value, gain, found.iterations, found.bound)
        print("| " + " | ".join(str(cell) for cell in cells) + " |", flush=True)
    if gains:
        print(
            f"\nMean {100.0 * sum(gains) / len(gains):.1f} %, least {100.0 * min(gains):.1f} % below the classic rules."
        )


if __name__ == "__main__":
    main()
