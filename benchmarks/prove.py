"""How long a proof takes: `fong.plan.cpsat` beside plain CP-SAT with as many workers, on the same model, in the same run.

    python benchmarks/prove.py --data FOLDER [--seconds 60] [--workers 2] [--seed 0] [names …]

FOLDER holds `bks.csv` and the instances. Two questions are asked of each: from nothing (find the best plan and prove it), and with the best
known value as the one to beat (prove that nothing is better). Prints a Markdown table.
"""

from __future__ import annotations

import argparse
import csv
import time
from pathlib import Path

from ortools.sat.python import cp_model

from fong.formats.benchmark import read_benchmark
from fong.model import Problem
from fong.plan.cpsat import prove
from fong.plan.cpsat.goal import Goal
from fong.plan.cpsat.model import Model
from fong.plan.cpsat.shop import Shop

NAMES = ("orb01", "orb02", "orb04", "la24", "la40", "ta01", "hurink_vdata/la40")


def plain(problem: Problem, upper: int | None, seconds: float, workers: int, seed: int) -> tuple[float, str, int]:
    """CP-SAT as it comes."""
    begun = time.perf_counter()
    shop = Shop(problem)
    model = Model(shop, Goal(shop, "makespan"), shop.whole, upper)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = workers
    solver.parameters.random_seed = seed
    solver.parameters.max_time_in_seconds = seconds
    status = solver.solve(model.sheet.model)
    words = {cp_model.OPTIMAL: "optimal", cp_model.INFEASIBLE: "closed", cp_model.FEASIBLE: "better"}
    bound = upper if status == cp_model.INFEASIBLE and upper is not None else int(solver.best_objective_bound)
    return time.perf_counter() - begun, words.get(status, "open"), bound


def main() -> None:
    """Ask both of all instances."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--data", type=Path, required=True)
    ask.add_argument("--seconds", type=float, default=60.0)
    ask.add_argument("--workers", type=int, default=2)
    ask.add_argument("--seed", type=int, default=0)
    ask.add_argument("--alone", action="store_true", help="leave plain CP-SAT out")
    ask.add_argument("names", nargs="*", default=NAMES)
    told = ask.parse_args()
    with (told.data / "bks.csv").open(encoding="utf-8") as table:
        known = {r["file"]: r for r in csv.DictReader(table) if not r["variant"] and r["ub"]}
    print("| instance | asked | provers s | status | bound | plain CP-SAT s | status | bound |")
    print("|---|---|---|---|---|---|---|---|")
    for name in told.names:
        row = next(r for f, r in known.items() if f.split(".")[0].endswith("/" + name))
        problem = read_benchmark(row["file"], (told.data / row["file"]).read_bytes())
        for asked, upper in (("best plan", None), ("nothing better", int(float(row["ub"])))):
            limits = {"seconds": told.seconds, "workers": told.workers, "seed": told.seed}
            begun = time.perf_counter()
            proof = prove(problem, "makespan", upper=upper, clock=time.monotonic, **limits)
            mine = time.perf_counter() - begun
            line = f"| {name} | {asked} | {mine:.1f} | {proof.status} | {proof.bound} |"
            if not told.alone:
                spent, status, bound = plain(problem, upper, *limits.values())
                line += f" {spent:.1f} | {status} | {bound} |"
            print(line, flush=True)


if __name__ == "__main__":
    main()
