"""What a play is worth to the search: the objective's value, and which jobs it comes from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fong.model.objective import DAY_S
from fong.model.problem import NEVER, Problem
from fong.plan.decode import _kernels_layout as lay

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """Value of a play.

    Parameters
    ----------
    value
        The objective's, exactly as :func:`fong.model.objective.evaluate` has it.
    guide
        Tells plays of equal value apart: less is nearer to a better one.
    blame
        [J] ≥ 0: how much each job has to do with the value.
    """

    value: int
    guide: float
    blame: Floats

    @property
    def rank(self) -> tuple[int, float]:
        """Less is better."""
        return self.value, self.guide

    def beats(self, other: Worth, slack: float = 0.0) -> bool:
        """Whether it is at least as good as the other, up to ``slack`` (a share of the other's value)."""
        limit = other.value * (1.0 + slack)
        return self.value < limit or (self.value == other.value and self.guide <= other.guide)


class Judge:
    """Values plays of one problem by one objective."""

    def __init__(self, problem: Problem, objective: str) -> None:
        p = problem
        self.objective = objective
        self.first = p.job_ptr[:-1].astype(np.int64)
        self.empty = np.diff(p.job_ptr) == 0
        self.release = _full(p.job_release_s, p.jobs, 0)
        self.due = _full(p.job_due_s, p.jobs, NEVER)
        self.dated = self.due != NEVER
        self.weight = _safe(_full(p.job_weight_milli, p.jobs, 1000))
        self.day_cents = _safe(_full(p.job_late_cents_day, p.jobs, 0))
        number: dict[str, int] = {}
        self.order = np.array([number.setdefault(order, len(number)) for order, _ in p.names.orders], np.int64)
        if not p.names.orders:
            self.order = np.arange(p.jobs)

    def ends(self, op: NDArray[np.int64]) -> Ints:
        """When each job ends [J], from the decoder's table of operations."""
        if not len(self.first) or not len(op):
            return np.zeros(len(self.first), np.int64)
        at = np.minimum(self.first, len(op) - 1)
        out = np.maximum(np.maximum.reduceat(op[:, lay.OP_END], at), 0).astype(np.int64)
        out[self.empty] = 0
        return out

    def worth(self, op: NDArray[np.int64]) -> Worth:
        """What a play is worth, from the decoder's table of operations."""
        ends = self.ends(op)
        late = np.where(self.dated, np.maximum(ends - self.due, 0), 0)
        weighted = self.weight * late
        name = self.objective
        if name == "makespan":
            value = int(ends.max(initial=0))
            blame = np.maximum(ends - 0.95 * value, 0.0)
            return Worth(value=value, guide=float(np.square(blame).sum()), blame=blame)
        if name == "flow_time":
            return Worth(
                value=int(ends.sum() - self.release.sum()), guide=0.0, blame=(ends - self.release).clip(0).astype(float)
            )
        if name == "tardiness":
            return Worth(value=int(late.sum()), guide=float(ends.sum()), blame=late.astype(float))
        if name == "weighted_tardiness":
            return Worth(value=int(weighted.sum()) // 1000, guide=float(weighted.sum()), blame=weighted.astype(float))
        if name == "late_orders":
            value = len(np.unique(self.order[late > 0]))
            return Worth(value=value, guide=float(weighted.sum()), blame=np.where(late > 0, 1.0 / (1.0 + late), 0.0))
        cents = (2 * late * self.day_cents + DAY_S) // (2 * DAY_S)
        return Worth(value=int(cents.sum()), guide=float(weighted.sum()), blame=(late * self.day_cents).astype(float))


def _safe(factor: Ints) -> Ints:
    """The factor in Python's unbounded numbers, where times of all jobs could exceed 64 bits."""
    if int(np.abs(factor).max(initial=0)) * 2 * NEVER * max(1, len(factor)) < 2**62:
        return factor
    return factor.astype(object)


def _full(column: NDArray[np.generic], size: int, default: int) -> Ints:
    return column.astype(np.int64) if len(column) else np.full(size, default, np.int64)
