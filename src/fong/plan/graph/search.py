"""Local search on the disjunctive graph: one incumbent, improved by as many iterations as the caller has time for."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fong.model import NEVER, Problem, Schedule
from fong.plan.graph import _kernels_graph as g
from fong.plan.graph import _kernels_sums as sums
from fong.plan.graph._kernels_moves import TABU
from fong.plan.graph._kernels_search import Memory, advance, lay_out
from fong.plan.graph.features import serves
from fong.plan.graph.layout import Layout, schedule_of

I64 = NDArray[np.int64]

_PATIENCE = 12_500
"""Most iterations without a better plan before the search starts anew (Peng, Lü & Cheng)."""
_PATIENCE_SUMS = 1000
"""As above, for sums over jobs: a start between two good plans does more for them than a long run."""
_PATIENCE_BY_OPERATION = 40
"""And no more than so many an operation."""
_ELITES = 12
"""Most good plans that new starts are made of."""
_SHARED = 12_000
"""Operations of all elites together: with many operations a run takes long, and the best plan alone is gone on with."""
_LATE = 2
"""Late jobs whose critical paths are looked at in an iteration, unless a move on the first is good: more of them would find better moves,
but leave the search in the same few plans."""


class GraphSearch:
    """Tabu search and path relinking on the disjunctive graph.

    Parameters
    ----------
    problem, objective
        What :func:`fong.plan.graph.serves` accepts.
    schedule
        A lawful plan to start from.
    seed
        With the number of iterations it repeats the search; ``run(a)`` then ``run(b)`` is ``run(a + b)``.

    Raises
    ------
    ValueError
        The problem is not served, or the schedule does not plan each operation once.

    Source: Peng, Lü & Cheng (2015); see the kernels of this room for the rest.
    """

    def __init__(self, problem: Problem, objective: str, schedule: Schedule, seed: int) -> None:
        if not serves(problem, objective):
            raise ValueError(f"the graph does not know all rules of this problem for {objective!r}: ask serves() first")
        self._problem, self._objective = problem, objective
        self._layout = Layout(problem)
        self._memory = _memory(self._layout, objective, seed)
        self.adopt(schedule)

    def run(self, iterations: int) -> None:
        """Make so many iterations."""
        advance(self._memory, iterations, False)

    @property
    def value(self) -> int:
        """What the best plan is worth; as :func:`fong.model.objective.evaluate` of :meth:`schedule`."""
        exact = int(self._memory.h[g.BEST_EXACT])
        if self._objective == "weighted_tardiness":
            return exact // 1000
        if self._objective == "flow_time":
            return exact - int(self._problem.job_release_s.astype(np.int64).sum())
        return exact

    def schedule(self) -> Schedule:
        """The best plan."""
        m = self._memory
        best = 2 * int(m.h[g.SEATS]) + 2
        v = m.v.copy()
        lay_out(v, m.w.copy(), m.b, m.x, m.h, m.e[best], m.e[best + 1])
        return schedule_of(v, setups=bool(m.h[g.TABLE]))

    def adopt(self, schedule: Schedule) -> None:
        """Go on from another plan; the best one so far stays among those that new starts are made of."""
        m = self._memory
        new = 2 * int(m.h[g.SEATS]) + 4
        m.e[new], m.e[new + 1] = self._layout.orders_of(schedule)
        advance(m, 0, True)


def _memory(layout: Layout, objective: str, seed: int) -> Memory:
    """All arrays of a search, without a plan."""
    n, jobs = layout.problem.operations, layout.problem.jobs
    plain = objective == "makespan"
    seats = max(1, min(_ELITES, _SHARED // n))
    v, w, b, h = layout.operations(), layout.lookup(), layout.modes(), layout.numbers(seed)
    h[[g.PATIENCE, g.TENURE, g.LATE, g.SEATS]] = (
        min(_PATIENCE if plain else _PATIENCE_SUMS, _PATIENCE_BY_OPERATION * n),
        10 + jobs // layout.problem.machines,
        _LATE,
        seats,
    )
    h[[g.BEST_COST, g.BEST_EXACT]] = np.iinfo(np.int64).max
    h[g.MEANING] = {"makespan": sums.MAKESPAN, "late_orders": sums.LATE_ORDERS, "late_cost": sums.CENTS}.get(
        objective, sums.SUM
    )
    mark = np.zeros((n + 8) // 8 * 8, np.uint8)
    mark[n] = 2
    return Memory(
        v=v, w=w, b=b, x=layout.neighbours(), h=h, mark=mark, marks=mark.view(np.uint64),
        tabu=np.zeros(TABU, np.int32),
        t=np.zeros((0, 0) if plain else (2 * n + 3, jobs), np.int32),
        d=np.zeros((5, 0), np.int64) if plain else _costs(layout.problem, objective),
        e=np.zeros((2 * seats + 6, n), np.int32),
        score=np.zeros((seats, 2), np.int64),
        key=np.zeros(n, np.int64),
    )  # fmt: skip


def _costs(problem: Problem, objective: str) -> I64:
    """What late jobs cost by the objective: array ``d``."""
    jobs = problem.jobs
    d = np.zeros((5, jobs), np.int64)
    d[sums.WEIGHT] = 1
    d[sums.LINE] = np.arange(jobs)
    if objective != "flow_time":
        d[sums.DUE] = problem.job_due_s if len(problem.job_due_s) else NEVER
    if objective == "weighted_tardiness":
        d[sums.WEIGHT] = problem.job_weight_milli if len(problem.job_weight_milli) else 1000
    elif objective == "late_cost":
        d[sums.WEIGHT] = problem.job_late_cents_day if len(problem.job_late_cents_day) else 0
    elif objective == "late_orders":
        d[sums.BONUS] = int(problem.mode_cycle_s.astype(np.int64).sum()) // max(1, jobs) + 1
        if problem.names.orders:
            number: dict[str, int] = {}
            d[sums.LINE] = [number.setdefault(name, len(number)) for name, _ in problem.names.orders]
    return d
