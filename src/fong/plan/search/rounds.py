"""Rounds of search: streams side by side, each so many moves, and then a look at what the others found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np

from fong.plan.decode.floor import Prepared
from fong.plan.decode.rule import Rule
from fong.plan.search.climb import Climb, Found
from fong.plan.search.worth import Judge

LOTS, MOVES = 40_000, (2, 400)
"""Lots that a stream plays in a round, and how few or many moves that may be: fixed, so that time decides only on how many rounds."""
EXCHANGE = 8
"""Rounds from one exchange to the next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How long a search may go on.

    Parameters
    ----------
    seconds
        Until this time has gone by, where ``iterations`` is None.
    iterations
        So many moves in all, whatever time they take: with seed and workers they repeat a plan.
    workers
        Streams, each in a thread of its own.
    seed
        Of all of them.
    """

    seconds: float
    iterations: int | None = None
    workers: int = 1
    seed: int = 0

    @property
    def none(self) -> bool:
        """Whether there is nothing to spend."""
        return not self.iterations if self.iterations is not None else self.seconds <= 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Who looks on.

    Parameters
    ----------
    clock
        Seconds, rising.
    stop
        Asked between moves; True ends the search.
    told
        Told after each round: the best so far, moves tried in the round, share of the budget that was used before it.
    """

    clock: Callable[[], float]
    stop: Callable[[], bool]
    told: Callable[[Found, int, float], None]


def improve(
    starts: Sequence[tuple[Prepared, Rule]], judge: Judge, budget: Budget, watch: Watch, pool: Executor, goal: int
) -> None:
    """Search until the budget is used, somebody stops it, or a plan is worth ``goal``.

    Parameters
    ----------
    starts
        Floors with lots, and rules to begin from, the best first; stream i begins from the i-th, round and round.
    """
    random = [np.random.default_rng(s) for s in np.random.SeedSequence(budget.seed).spawn(budget.workers)]
    streams = [Climb(*starts[i % len(starts)], judge, draw, goal) for i, draw in enumerate(random)]
    begun, spent, turn = watch.clock(), 0, 0
    size = len(starts[0][0].lots.op)
    while True:
        moves = int(np.clip(LOTS // max(1, size), *MOVES))
        if budget.iterations is not None:
            moves = min(moves, (budget.iterations - spent) // budget.workers)
        used = (
            (watch.clock() - begun) / budget.seconds if budget.iterations is None else spent / max(1, budget.iterations)
        )
        if moves <= 0 or used >= 1.0 or watch.stop() or min(s.best.worth.value for s in streams) == goal:
            return
        tried = sum(pool.map(lambda stream, n=moves: stream.run(n, watch.stop), streams))
        spent, turn = spent + tried, turn + 1
        best = min(streams, key=lambda stream: stream.best.worth.rank).best
        if turn % EXCHANGE == 0:
            for stream in (s for s in streams if s.best.worth.rank > best.worth.rank):
                stream.adopt(best)
        watch.told(best, tried, min(1.0, used))
