"""What a plan is worth: when each order line is done, and the six objectives as exact integers."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np

from fong.model.problem import I64, NEVER, Problem
from fong.model.schedule import Schedule

Objective = Literal["makespan", "tardiness", "weighted_tardiness", "late_orders", "late_cost", "flow_time"]
OBJECTIVES: tuple[Objective, ...] = get_args(Objective)
DAY_S = 86_400


def job_completion_s(problem: Problem, schedule: Schedule) -> I64:
    """When each job is done [J], in seconds after the epoch: the last end of its rows and its running work; 0: all is done."""
    ends = np.zeros(problem.jobs, np.int64)
    np.maximum.at(ends, _job_of(problem, schedule.op), schedule.end.astype(np.int64))
    np.maximum.at(ends, _job_of(problem, problem.wip_op), problem.wip_end_s.astype(np.int64))
    return ends


def job_tardiness_s(problem: Problem, schedule: Schedule) -> I64:
    """How late each job is [J], in seconds; 0: in time, or without a date."""
    done = job_completion_s(problem, schedule)
    if len(problem.job_due_s) == 0:
        return np.zeros_like(done)
    due = problem.job_due_s.astype(np.int64)
    return np.where(due == NEVER, 0, np.maximum(done - due, 0))


def evaluate(problem: Problem, schedule: Schedule, objective: Objective | str) -> int:
    """Value of an objective, less is better.

    Parameters
    ----------
    objective
        ``makespan`` s; ``tardiness`` s; ``weighted_tardiness`` weight × s; ``late_orders`` orders with a late line;
        ``late_cost`` cents, in proportion to the days late; ``flow_time`` s, from release to completion, summed.

    Raises
    ------
    ValueError
        No such objective.

    """
    if objective == "makespan":
        return int(job_completion_s(problem, schedule).max(initial=0))
    if objective == "flow_time":
        release = int(problem.job_release_s.astype(np.int64).sum())
        return int(job_completion_s(problem, schedule).sum()) - release
    late = job_tardiness_s(problem, schedule)
    if objective == "tardiness":
        return int(late.sum())
    if objective == "weighted_tardiness":
        return _dot(problem.job_weight_milli, late, 1000) // 1000
    if objective == "late_orders":
        return _late_orders(problem, late)
    if objective == "late_cost":
        return _late_cost(problem, late)
    msg = f"no such objective: {objective!r}; there are {', '.join(OBJECTIVES)}"
    raise ValueError(msg)


def _job_of(problem: Problem, op: np.ndarray[tuple[int], np.dtype[np.int32]]) -> I64:
    jobs = np.repeat(np.arange(problem.jobs, dtype=np.int64), np.diff(problem.job_ptr))
    return jobs[op]


def _dot(weight: I64, late: I64, default: int) -> int:
    """Σ weight·late in unbounded integers."""
    rows = np.flatnonzero(late)
    if len(weight) == 0:
        return default * int(late.sum())
    return sum(w * s for w, s in zip(weight[rows].tolist(), late[rows].tolist(), strict=True))


def _late_orders(problem: Problem, late: I64) -> int:
    jobs = np.flatnonzero(late)
    names = problem.names.orders
    return len({names[j][0] for j in jobs.tolist()}) if names else len(jobs)


def _late_cost(problem: Problem, late: I64) -> int:
    """Cents, each job's rounded to the nearest, a half upwards."""
    if len(problem.job_late_cents_day) == 0:
        return 0
    jobs = np.flatnonzero(late)
    cents, seconds = problem.job_late_cents_day[jobs].tolist(), late[jobs].tolist()
    return sum((2 * c * s + DAY_S) // (2 * DAY_S) for c, s in zip(cents, seconds, strict=True))
