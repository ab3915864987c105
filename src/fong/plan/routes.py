"""Which routing variant each job goes by."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fong.model.problem import Problem
from fong.plan.lots import step_of

ROUTES = ("balanced", "lean", "first", "last")
"""Ways to choose: the fullest machines stay as empty as they can; the least work of machines and people; the first variant; the last."""

Work = dict[int, NDArray[np.float64]]
"""Seconds on each machine, and at the end of people, by variant of a job."""


def choices(problem: Problem) -> list[tuple[int, ...]]:
    """The variants that each job may still go by [J], ascending; one where work has begun on it."""
    begun = np.zeros(problem.operations, bool)
    begun[problem.wip_op] = True
    if len(problem.op_total) and len(problem.op_pieces):
        begun |= problem.op_total > problem.op_pieces
    out = []
    for job in range(problem.jobs):
        ops = slice(int(problem.job_ptr[job]), int(problem.job_ptr[job + 1]))
        own = problem.op_variant[ops][begun[ops]] if begun[ops].any() else problem.op_variant[ops]
        out.append(tuple(int(v) for v in np.unique(own)))
    return out


def variants(problem: Problem, route: str = "balanced") -> NDArray[np.int8] | None:
    """A routing variant for each job [J], chosen in one of the ways of :data:`ROUTES`; None where no job has a choice.

    Work counts run, set-up and calls, shared evenly by a step's machines.
    """
    if not len(problem.op_variant):
        return None
    may = choices(problem)
    if route in {"first", "last"}:
        return np.array([v[0 if route == "first" else -1] if v else 0 for v in may], np.int8)
    step = step_of(problem)
    out = np.zeros(problem.jobs, np.int8)
    work = [{v: w for v, w in _work(problem, job, step).items() if v in may[job]} for job in range(problem.jobs)]
    load = np.zeros(problem.machines + 1)
    for job in sorted(range(problem.jobs), key=lambda j: -min((w.sum() for w in work[j].values()), default=0.0)):
        if work[job]:
            out[job] = _best(work[job], load, route)
            load += work[job][int(out[job])]
    return out


def _best(work: Work, load: NDArray[np.float64], route: str) -> int:
    if route == "lean":
        return min(work, key=lambda v: (float(work[v].sum()), v))
    return min(work, key=lambda v: (float((load + work[v])[:-1][work[v][:-1] > 0].max(initial=0.0)), v))


def _work(p: Problem, job: int, step: NDArray[np.int64]) -> Work:
    out: Work = {}
    for op in range(p.job_ptr[job], p.job_ptr[job + 1]):
        load = out.setdefault(int(p.op_variant[op]), np.zeros(p.machines + 1))
        s = int(step[op])
        first, last = int(p.mode_ptr[s]), int(p.mode_ptr[s + 1])
        cycles = -(-int(p.op_pieces[op]) // (int(p.step_pieces_per_cycle[s]) if len(p.step_pieces_per_cycle) else 1))
        if not cycles:
            continue
        setup = p.mode_setup_s[first:last] if len(p.mode_setup_s) else np.zeros(last - first, np.int32)
        load[p.mode_machine[first:last]] += (cycles * p.mode_cycle_s[first:last].astype(float) + setup) / max(
            1, last - first
        )
        calls = -(-cycles // (int(p.step_cycles_per_call[s]) if len(p.step_cycles_per_call) else 1))
        attend = calls * (int(p.step_attend_s[s]) if len(p.step_attend_s) else 0)
        held = int(p.step_cycle_s[s]) * cycles if first == last and len(p.step_cycle_s) else 0
        load[-1] += attend + held + float(setup.mean() if last > first else 0.0)
    return out
