"""Rounds of search: streams side by side, each so many moves; then one looks what they found, and where to go on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np

from fong.plan.search.climb import NO_PLAN
from fong.plan.search.stream import Found, Stream

EXCHANGE = 8
"""Rounds from one exchange between the streams of a field to the next."""


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
        Streams at a time, each in a thread of its own.
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
        Told after each round: moves tried in it, share of the budget that was used before it.
    """

    clock: Callable[[], float]
    stop: Callable[[], bool]
    told: Callable[[int, float], None]


@dataclass(slots=True, kw_only=True)
class Field:
    """Something to search on: a whole problem, or a part that shares nothing with the others.

    Parameters
    ----------
    goal
        No plan of it can be worth less.
    value
        What its plan is worth; falls as the search goes on.
    open
        Makes a stream for each generator; asked when the field is first searched.
    found
        Told of each better plan.
    """

    goal: int
    value: int
    open: Callable[[Sequence[np.random.Generator]], Sequence[Stream]]
    found: Callable[[Found], None]
    streams: Sequence[Stream] = ()
    turn: int = 0

    def close(self) -> None:
        """Look what the streams found in a round; now and then those that are behind go on from the best."""
        self.turn += 1
        best = min(self.streams, key=lambda stream: stream.best.rank).best
        if self.turn % EXCHANGE == 0:
            for stream in (s for s in self.streams if s.best.rank > best.rank):
                stream.adopt(best)
        if best.value < self.value:
            self.value = best.value
            self.found(best)


def improve(fields: Sequence[Field], budget: Budget, watch: Watch, pool: Executor, *, longest: bool = False) -> None:
    """Search until the budget is used, somebody stops it, or all fields are at their goals.

    With one field all workers search it together; of several each worker takes another one, drawn by what its plan is still worth.

    Parameters
    ----------
    longest
        The whole is worth as much as its worst field, not as all together (makespan).
    """
    each = budget.workers if len(fields) == 1 else 1
    roots = np.random.SeedSequence(budget.seed).spawn(len(fields) + 1)
    draw = np.random.default_rng(roots[-1])
    begun, spent = watch.clock(), 0
    while True:
        chosen = _chosen(fields, budget.workers, draw, longest=longest)
        used = (
            (watch.clock() - begun) / budget.seconds if budget.iterations is None else spent / max(1, budget.iterations)
        )
        if not chosen or used >= 1.0 or watch.stop():
            return
        for i in chosen:
            if not fields[i].streams:
                fields[i].streams = fields[i].open([np.random.default_rng(seed) for seed in roots[i].spawn(each)])
        streams = [stream for i in chosen for stream in fields[i].streams]
        rest = None if budget.iterations is None else (budget.iterations - spent) // len(streams)
        moves = [stream.round if rest is None else min(stream.round, rest) for stream in streams]
        if max(moves) <= 0:
            return
        tried = sum(pool.map(lambda s, n: s.run(n, watch.stop), streams, moves))
        spent += tried
        for i in chosen:
            fields[i].close()
        watch.told(tried, min(1.0, used))


def _chosen(fields: Sequence[Field], workers: int, draw: np.random.Generator, *, longest: bool) -> list[int]:
    """Which fields are searched in a round: as many as workers, by what stands between their values and their goals."""
    gap = np.array([float(min(f.value, NO_PLAN) - f.goal) for f in fields])
    if longest:
        gap[[f.value < max(g.value for g in fields) for f in fields]] = 0.0
    there = np.flatnonzero(gap > 0)
    if len(there) <= workers:
        return [int(i) for i in there]
    return sorted(int(i) for i in draw.choice(there, workers, replace=False, p=gap[there] / gap[there].sum()))
