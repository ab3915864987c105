"""List scheduling forwards and backwards by turns: the best first plan for large makespan problems."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fong.model import Problem, Schedule
from fong.plan.graph import _kernels_graph as g
from fong.plan.graph._kernels_dispatch import list_schedule
from fong.plan.graph._kernels_search import lay_out
from fong.plan.graph.features import serves
from fong.plan.graph.layout import Layout, schedule_of

_STUCK = 6
"""Passes without a better plan before the urgencies are shaken."""
_NOISE = (8, 40, 120)
"""How much, in parts of 4096."""


def forward_backward(problem: Problem, rounds: int, seed: int) -> Schedule:
    """List scheduling in ``rounds`` passes, forwards and backwards by turns; the plan of the least makespan.

    The first pass prefers the most work remaining; each later one, in the other direction, the longest way that the plan before has from
    the operation to where the pass ends. When that has not helped for some passes, the ways are changed by a little at random.

    Parameters
    ----------
    problem
        What :func:`fong.plan.graph.serves` accepts for the makespan.
    rounds
        Passes, at least 1; a million operations take some tenths of a second each.
    seed
        Of the random changes.

    Raises
    ------
    ValueError
        The problem is not served, or no pass is wanted.

    Source: after K. Li & R. Willis, EJOR 56 (1992), "iterative forward/backward scheduling".
    """
    if rounds < 1 or not serves(problem, "makespan"):
        raise ValueError(f"wanted at least one round and a problem that serves() accepts, found {rounds} rounds")
    layout = Layout(problem)
    v, w, b, h = layout.operations(), layout.lookup(), layout.modes(), layout.numbers(seed)
    x = layout.neighbours()
    n = problem.operations
    order, mode = np.zeros(n, np.int32), np.zeros(n, np.int32)
    best_order, best_mode = order, mode
    key, events = np.zeros(n, np.int64), np.zeros(n + problem.machines + 1, np.int64)
    v[:n, g.TAIL] = _remaining(layout)
    random = np.random.default_rng(seed)
    least, stuck = np.iinfo(np.int64).max, 0
    for turn in range(rounds):
        noise = int(random.choice(_NOISE)) if stuck >= _STUCK else 0
        value = list_schedule(v, w, b, x, h, key, events, order, mode, turn % 2, noise)
        stuck = 0 if noise or value < least else stuck + 1
        if value < least:
            least, best_order, best_mode = value, order.copy(), mode.copy()
    lay_out(v, w, b, x, h, best_order, best_mode)
    return schedule_of(v, setups=bool(h[g.TABLE]))


def _remaining(layout: Layout) -> NDArray[np.int64]:
    """Least work from each operation to the end of its job, its own included [N]."""
    work = np.minimum.reduceat(layout.modes()[:, g.FOR].astype(np.int64), layout.mode_ptr[:-1])
    if len(layout.problem.pred_ptr):
        out = work.copy()
        for at in np.argsort(layout.before, kind="stable")[::-1].tolist():
            u, o = layout.before[at], layout.after[at]
            out[u] = max(out[u], work[u] + out[o])
        return out
    total = np.concatenate(([0], np.cumsum(work)))
    return total[layout.problem.job_ptr[1:]][layout.job] - total[:-1]
