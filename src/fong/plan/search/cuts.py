"""Moves that change what is planned: the routing variant of a job, or into how many sub-lots an operation is cut."""

from __future__ import annotations

import numpy as np

from fong._kernels import freeze
from fong.model.problem import Problem
from fong.plan.decode.floor import Prepared
from fong.plan.decode.rule import Guidance
from fong.plan.lots import counts, cut
from fong.plan.routes import choices
from fong.plan.search.worth import Floats, Ints


class Cuts:
    """The choices that a problem leaves beside order and machines."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        options = choices(problem) if len(problem.op_variant) else []
        self.variants = {job: some for job, some in enumerate(options) if len(some) > 1}
        least, most = self._range()
        self.job = np.repeat(np.arange(problem.jobs), np.diff(problem.job_ptr))
        self.free = np.flatnonzero(most > least)
        self.least, self.most = least, most

    def _range(self) -> tuple[Ints, Ints]:
        """Fewest and most sub-lots of each operation, if it is planned."""
        out = [counts(self.problem, freeze(np.full(self.problem.jobs, v), np.int8)) for v in self._all_variants()]
        return np.max([least for least, _ in out], axis=0), np.max([most for _, most in out], axis=0)

    def _all_variants(self) -> list[int]:
        return np.unique(self.problem.op_variant).tolist() if len(self.problem.op_variant) else [0]

    @property
    def none(self) -> bool:
        """Whether there is nothing to choose."""
        return not self.variants and not len(self.free)

    def draw(self, prepared: Prepared, blame: Floats, random: np.random.Generator) -> tuple[Prepared, Ints] | None:
        """Another cut of the floor, of a job drawn by its blame or of any; and which old lot each new one is like [L'], -1: none.

        None: what was drawn has no choice.
        """
        count = np.diff(prepared.lots.pointer).astype(np.int64)
        job = int(random.integers(self.problem.jobs))
        total = np.cumsum(blame)
        if random.integers(4) and total[-1] > 0:
            job = min(int(np.searchsorted(total, random.random() * total[-1], side="right")), self.problem.jobs - 1)
        ops = np.arange(self.problem.job_ptr[job], self.problem.job_ptr[job + 1])
        changed = self._rerouted(count, job, ops, random) if job in self.variants else self._resplit(count, ops, random)
        if changed is None:
            return None
        lots = cut(self.problem, changed)
        rank = np.arange(len(lots.op)) - lots.pointer[lots.op]
        like = prepared.lots.pointer[lots.op] + np.minimum(rank, count[lots.op] - 1)
        return prepared.floor.prepared(lots), np.where(count[lots.op] > 0, like, -1)

    def _rerouted(self, count: Ints, job: int, ops: Ints, random: np.random.Generator) -> Ints | None:
        """The job by another of its variants."""
        now = self.problem.op_variant[ops][count[ops] > 0]
        others = [v for v in self.variants[job] if not len(now) or v != now[0]]
        if not others:
            return None
        out = count.copy()
        variant = others[int(random.integers(len(others)))]
        out[ops] = np.where(self.problem.op_variant[ops] == variant, self.least[ops], 0)
        return out

    def _resplit(self, count: Ints, ops: Ints, random: np.random.Generator) -> Ints | None:
        """One of its operations in another number of sub-lots."""
        may = ops[(count[ops] > 0) & (self.most[ops] > self.least[ops])]
        if not len(may):
            return None
        op = int(may[random.integers(len(may))])
        number = int(random.integers(self.least[op], self.most[op] + 1))
        if number == count[op]:
            return None
        out = count.copy()
        out[op] = number
        return out


def carried(guidance: Guidance, like: Ints) -> Guidance:
    """What lots are told, after they were cut anew."""
    key = np.where(like >= 0, guidance.key[np.maximum(like, 0)], 0.0)
    machine = np.where(like >= 0, guidance.machine[np.maximum(like, 0)], -1)
    return Guidance(key=key, machine=freeze(machine, np.int32))
