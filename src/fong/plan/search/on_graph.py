"""The search on the disjunctive graph as a stream."""

from __future__ import annotations

from collections.abc import Callable

from fong.model.problem import Problem
from fong.model.schedule import Schedule
from fong.plan.graph import GraphSearch
from fong.plan.search.stream import Found

_ROUND, _MOVES = 2_000_000, (100, 20_000)
"""Operations times moves of a round, and how few or many moves that may be."""
_CHUNK = 10
"""Looks at the clock in a round."""


class OnGraph:
    """A stream of :class:`fong.plan.graph.GraphSearch`."""

    def __init__(self, problem: Problem, objective: str, schedule: Schedule, seed: int, goal: int) -> None:
        self._search = GraphSearch(problem, objective, schedule, seed)
        self._goal = goal
        self.round = max(_MOVES[0], min(_MOVES[1], _ROUND // max(1, problem.operations)))

    @property
    def best(self) -> Found:
        """The best so far."""
        return Found(value=self._search.value, schedule=self._search.schedule())

    def run(self, moves: int, stop: Callable[[], bool]) -> int:
        """Try so many moves."""
        done = 0
        while done < moves and not stop() and self._search.value > self._goal:
            some = min(moves - done, max(1, self.round // _CHUNK))
            self._search.run(some)
            done += some
        return done

    def adopt(self, found: Found) -> None:
        """Go on from another stream's plan."""
        if found.schedule is not None:
            self._search.adopt(found.schedule)
