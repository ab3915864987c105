"""Lower bounds: no legal plan can be better. Valid under the whole rules, so that a plan that reaches its bound is proven best.

Three sources, all of them relaxations (less is asked than the rules ask, see :mod:`fong.plan.bounds.least` and
:mod:`fong.plan.bounds.relaxations`):

*Job length*: the least completion of each order line alone in the workshop, through calendars, lags, receipts and outside steps.

*One resource, makespan*: heads (earliest start), energy and tails (least rest of the job) of all claims that only this resource can
serve, interruptible at will and on one machine as fast as all together: Jackson's preemptive schedule is the best for that.
Source: J. R. Jackson (1955); J. Carlier, "The one-machine sequencing problem", EJOR 11 (1982). With capacity that varies over time it
holds in the clock of capacity given (the earliest deadline first stays best on a processor whose speed varies).

*One resource, sums over jobs*: all that a job wants of the resource as one piece. The k-th completion is at least that of the
shortest-rest-first schedule, for every k (L. Schrage, Oper. Res. 16, 1968). Flow time: their sum, plus tails. Tardiness: k-th
completion against k-th due date (less its tail), both ascending (C. Chu, Naval Res. Logistics 39, 1992; the sorted matching is the
least sum of a convex function). Weights: in layers, Σ over weights θ of (θ - next lower one) × the bound for the jobs with at least θ.
Late orders: J. M. Moore (1968), with all orders available from the earliest head on, each as one piece. Resources whose jobs do not overlap add up.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from fong.model import NEVER, Problem
from fong.model.objective import OBJECTIVES
from fong.plan.bounds.least import Least, least
from fong.plan.bounds.one_resource import Relaxation
from fong.plan.bounds.relaxations import Relaxations

I64 = NDArray[np.int64]
_DAY_S = 86_400
_LAYERS = 8
"""Distinct weights that are told apart; finer ones are rounded down."""


def earliest_ends(problem: Problem) -> I64:
    """Least completion of each order line were it alone in the workshop, seconds after now; -1: nothing is left of it.

    An order that is late even so is late whatever anybody does.
    """
    return least(problem).job_end


def lower_bound(problem: Problem, objective: str) -> int:
    """A value that no legal plan can beat; in the unit of :func:`fong.model.objective.evaluate`.

    Parameters
    ----------
    objective
        One of :data:`fong.model.objective.OBJECTIVES`.

    Raises
    ------
    ValueError
        No such objective.
    """
    if objective not in OBJECTIVES:
        raise ValueError(f"objective {objective!r}: wanted one of {', '.join(OBJECTIVES)}")
    figures = least(problem)
    if not problem.jobs:
        return 0
    if objective == "makespan":
        return _makespan(problem, figures)
    if objective == "late_orders":
        return _LateOrders(problem, figures).bound()
    return _Sums(problem, figures, objective).bound()


def _last(problem: Problem, figures: Least) -> int:
    """Where ends are cut: a plan beyond the horizon is none, and no bound has to see further."""
    return max(problem.horizon_s, int(figures.job_end.max()))


def _makespan(problem: Problem, figures: Least) -> int:
    best = max(0, int(figures.job_end.max()))
    last = _last(problem, figures)
    variants = _variants(problem)
    for r in Relaxations(problem, figures):
        claims = r.by_job(variants) if len(variants) else r
        if len(claims.job) and claims.latest(last) + int(claims.tail.max()) > best:
            best = max(best, claims.longest(last))
    return best


def _variants(problem: Problem) -> I64:
    """Number of variants of each job that are still to be had; empty: one each."""
    if not len(problem.op_variant):
        return np.zeros(0, np.int64)
    jobs = np.repeat(np.arange(problem.jobs), np.diff(problem.job_ptr))
    pairs = np.unique(jobs * 256 + problem.op_variant)
    return np.bincount(pairs // 256, minlength=problem.jobs)


class _Sums:
    """Bounds of objectives that are sums over jobs: each job counted once, by itself or with those that share a resource.

    Costs are counted raw (weight × seconds) and turned into the objective's unit at the end.
    """

    def __init__(self, problem: Problem, figures: Least, objective: str) -> None:
        self.problem = problem
        self.figures = figures
        self.objective = objective
        self.last = _last(problem, figures)
        self.end = np.maximum(figures.job_end, 0)
        self.due = (problem.job_due_s if len(problem.job_due_s) else np.full(problem.jobs, NEVER)).astype(np.int64)
        self.weight = _weights(problem, objective)
        self.late = np.where(self.due == NEVER, 0, np.maximum(0, self.end - self.due))
        self.alone: I64 = self.end if objective == "flow_time" else self.late * self.weight

    def bound(self) -> int:
        """The best sum found: greedily the resources that add most, each with the jobs not yet counted."""
        free = np.ones(self.problem.jobs, bool)
        total, counted = 0, 0
        for _, shared in sorted(self._gains(), key=lambda g: -g[0]):
            rest = shared.where(free[shared.job])
            if len(rest.job) and (value := self._shared(rest)) > int(self.alone[rest.job].sum()):
                total += value
                counted += len(rest.job)
                free[rest.job] = False
        return self._in_unit(total, counted, self.alone[free])

    def _in_unit(self, shared: int, counted: int, alone: I64) -> int:
        """Raw costs in the objective's unit, rounded as the objective is: cents by job, weighted seconds as a whole."""
        if self.objective == "flow_time":
            return shared + int(alone.sum()) - int(self.problem.job_release_s.astype(np.int64).sum())
        if self.objective == "late_cost":
            return max(0, shared // _DAY_S - counted // 2) + int(((2 * alone + _DAY_S) // (2 * _DAY_S)).sum())
        return (shared + int(alone.sum())) // (1000 if self.objective == "weighted_tardiness" else 1)

    def _gains(self) -> Iterator[tuple[int, Relaxation]]:
        if self.objective != "flow_time" and (self.due == NEVER).all():
            return
        variants = _variants(self.problem)
        for r in Relaxations(self.problem, self.figures):
            shared = r.by_job(variants)
            if len(shared.job) > 1 and self._may_gain(shared):
                gain = self._shared(shared) - int(self.alone[shared.job].sum())
                if gain > 0:
                    yield gain, shared

    def _may_gain(self, s: Relaxation) -> bool:
        """Whether jobs that share a resource could cost more than each by itself: not if all are served in time anyway."""
        latest = s.latest(self.last)
        if self.objective == "flow_time":
            return len(s.job) * latest + int(s.tail.sum()) > int(self.alone[s.job].sum())
        return latest > int((self.due[s.job] - s.tail).min())

    def _shared(self, s: Relaxation) -> int:
        """Raw cost of jobs that share a resource."""
        if self.objective == "flow_time":
            return int(s.sorted_ends(self.last).sum() + s.tail.sum())
        total, below = 0, 0
        weight = self.weight[s.job]
        for level in _levels(weight):
            some = s.where(weight >= level)
            due = np.sort(self.due[some.job] - some.tail)
            late = int(np.maximum(0, some.sorted_ends(self.last) - due).sum())
            total += (level - below) * max(late, int(self.late[some.job].sum()))
            below = level
        return total


class _LateOrders:
    """The number of orders with a late line: each order counted once, by itself or with those that share a resource."""

    def __init__(self, problem: Problem, figures: Least) -> None:
        self.problem = problem
        self.figures = figures
        self.due = (problem.job_due_s if len(problem.job_due_s) else np.full(problem.jobs, NEVER)).astype(np.int64)
        names = problem.names.orders
        number: dict[str, int] = {}
        self.order = (
            np.array([number.setdefault(n, len(number)) for n, _ in names], np.int64)
            if names
            else np.arange(problem.jobs)
        )
        late = (self.due < NEVER) & (np.maximum(figures.job_end, 0) > self.due)
        self.lost = np.zeros(int(self.order.max(initial=-1)) + 1, bool)
        self.lost[self.order[late]] = True

    def bound(self) -> int:
        """Orders that are late by themselves, and the fewest of the others, by groups that share a resource."""
        free = ~self.lost
        total = int(self.lost.sum())
        if (self.due == NEVER).all():
            return total
        for _, shared in sorted(self._gains(), key=lambda g: -g[0]):
            rest = shared.where(free[shared.job])
            if value := self._late(rest):
                total += value
                free[rest.job] = False
        return total

    def _gains(self) -> Iterator[tuple[int, Relaxation]]:
        variants = _variants(self.problem)
        for r in Relaxations(self.problem, self.figures):
            jobs = r.by_job(variants)
            deadline = np.minimum(self.due[jobs.job], 2**40) - jobs.tail
            # an order is in time if all its lines are: all their energy by the latest of their deadlines
            whole = replace(jobs, job=self.order[jobs.job], tail=-deadline).by_job(np.zeros(0, np.int64))
            whole = whole.where(~self.lost[whole.job])
            if len(whole.job) > 1 and (gain := self._late(whole)):
                yield gain, whole

    def _late(self, s: Relaxation) -> int:
        return s.late(-s.tail)


def _weights(problem: Problem, objective: str) -> I64:
    """Raw weight of a second late, by job."""
    if objective == "weighted_tardiness":
        return problem.job_weight_milli if len(problem.job_weight_milli) else np.full(problem.jobs, 1000)
    if objective == "late_cost":
        return problem.job_late_cents_day if len(problem.job_late_cents_day) else np.zeros(problem.jobs, np.int64)
    return np.ones(problem.jobs, np.int64)


def _levels(weight: I64) -> list[int]:
    """Weights above 0, ascending; too many of them: some quantiles, so that the others count less than they are."""
    levels = np.unique(weight[weight > 0])
    if len(levels) > _LAYERS:
        levels = np.unique(np.quantile(weight[weight > 0], np.arange(_LAYERS) / _LAYERS, method="lower"))
    return [int(x) for x in levels]
