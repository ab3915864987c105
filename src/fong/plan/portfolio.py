"""Which dispatch rules are tried, and how routing variants are chosen before."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from fong.model.problem import Feature, Problem
from fong.plan.decode import Rule
from fong.plan.lots import step_of

_FIRST = {
    "makespan": ("mwkr", "atcs", "spt", "fifo", "edd"),
    "tardiness": ("atcs", "atc", "slack", "edd", "cr", "spt", "fifo"),
    "weighted_tardiness": ("atcs", "atc", "slack", "edd", "cr", "spt", "fifo"),
    "late_orders": ("atcs", "slack", "atc", "spt", "edd", "cr", "fifo"),
    "late_cost": ("atcs", "atc", "slack", "edd", "cr", "spt", "fifo"),
    "flow_time": ("spt", "atcs", "atc", "fifo", "edd"),
}


_DECODES = 100_000
"""Operations decoded in all by the portfolio, two rules at least."""


def rules(problem: Problem, objective: str) -> tuple[Rule, ...]:
    """The portfolio for an objective, the most promising first; only settings that can matter for the problem.

    A large problem gets fewer rules, so that the first plan does not keep people waiting.

    EDD, slack, CR, FIFO and SPT are the classic rules; ATC is Vepsalainen & Morton, Management Science 33 (1987); ATCS adds the set-up
    term of Lee, Bhaskaran & Pinedo, IIE Transactions 29 (1997); MWKR is most work remaining (makespan).
    """
    most = max(2, _DECODES // max(1, problem.operations))
    return tuple(islice(_all(problem, objective), most))


def _all(problem: Problem, objective: str) -> Iterator[Rule]:
    has = problem.features
    wide = (False, True) if has & Feature.SPLITTING else (False,)
    for name in _FIRST[objective]:
        for k in (1.0, 3.0) if name in {"atc", "atcs"} else (2.0,):
            for w in wide:
                yield Rule(name=name, k=k, wide=w)
    best = _FIRST[objective][0]
    if has & Feature.SETUPS:
        yield Rule(name="atcs", k=2.0, k2=0.1, wide=wide[-1])
        yield Rule(name=best, k=2.0, look_s=1800, wide=wide[-1])
    if has & Feature.ZONES:
        yield Rule(name=best, k=2.0, loss=0.05, wide=wide[-1])
    if has & Feature.BATCHES and len(problem.machine_batch_wait_s):
        yield Rule(name=best, k=2.0, batch_wait=1.0, wide=wide[-1])
        yield Rule(name=best, k=2.0, batch_wait=0.5, wide=wide[-1])


def variants(problem: Problem) -> NDArray[np.int8] | None:
    """A routing variant for each job, so that the fullest machines stay as empty as they can: longest job first, each job's best.

    The load of a step is shared evenly by its machines. None where no job has a choice.
    """
    if not len(problem.op_variant):
        return None
    step = step_of(problem)
    load = np.zeros(problem.machines)
    out = np.zeros(problem.jobs, np.int8)
    work = [_loads(problem, job, step) for job in range(problem.jobs)]
    for job in sorted(range(problem.jobs), key=lambda j: -min(w.sum() for w in work[j].values())):
        best = min(work[job], key=lambda v: (float((load + work[job][v])[work[job][v] > 0].max(initial=0.0)), v))
        load += work[job][best]
        out[job] = best
    return out


def _loads(problem: Problem, job: int, step: NDArray[np.int64]) -> dict[int, NDArray[np.float64]]:
    """Seconds on each machine by variant of a job."""
    out: dict[int, NDArray[np.float64]] = {}
    each = problem.step_pieces_per_cycle
    for op in range(problem.job_ptr[job], problem.job_ptr[job + 1]):
        v = int(problem.op_variant[op])
        load = out.setdefault(v, np.zeros(problem.machines))
        s = int(step[op])
        first, last = int(problem.mode_ptr[s]), int(problem.mode_ptr[s + 1])
        cycles = -(-int(problem.op_pieces[op]) // (int(each[s]) if len(each) else 1))
        for m in range(first, last):
            load[problem.mode_machine[m]] += cycles * int(problem.mode_cycle_s[m]) / (last - first)
    return out
