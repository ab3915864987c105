"""Searches on the parts of a problem that share nothing: each part is played alone, and the plans are joined."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np

from fong.model.objective import evaluate
from fong.model.part import Part, joined, parts, within
from fong.model.schedule import Schedule
from fong.plan.bounds import lower_bound
from fong.plan.decode.rule import Rule
from fong.plan.graph import serves
from fong.plan.search.climb import NO_PLAN, Climb
from fong.plan.search.on_graph import OnGraph
from fong.plan.search.rounds import Budget, Field, Watch, improve
from fong.plan.search.stream import Stream
from fong.plan.search.worth import Judge
from fong.plan.trials import Trials

_GRAPH = 100_000
"""Most operations of a search on the graph."""

Told = Callable[[float, int | None], None]
"""Told the share of the budget that is used, and the best value so far."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """What a search came to.

    Parameters
    ----------
    schedule
        A plan of the whole, better than the rules' best; None: there is none, or it is among the trials.
    spent
        Moves that were tried.
    """

    schedule: Schedule | None
    spent: int


@dataclass(slots=True, kw_only=True)
class _Piece:
    """A part with what was tried on it, and the piece of the whole's plan that is its own."""

    part: Part
    trials: Trials
    first: Schedule | None
    rule: Rule | None

    def open(self, pool: Executor, goal: int, stop: Callable[[], bool]) -> None:
        """Play the rules on the part alone, the whole's best one among them."""
        if self.rule is not None:
            self.trials.try_rules((self.rule,), pool)
        self.trials.try_lists(0)
        self.trials.portfolio(goal, pool, lambda _: stop())

    def plan(self, objective: str) -> Schedule | None:
        """The best plan of the part."""
        value = self.trials.value()
        if self.first is None or value is None:
            return self.first if value is None else self.trials.best
        return self.trials.best if value < evaluate(self.part.problem, self.first, objective) else self.first


def search(trials: Trials, goal: int, budget: Budget, pool: Executor, stop: Callable[[], bool], told: Told) -> Searched:
    """Search from the rules' plans while the budget lasts; what is found on a problem in one piece is noted among its trials."""
    spent = 0
    objective = trials.objective
    some = parts(trials.problem, by_order=objective == "late_orders")
    pieces = [_piece(trials, part) for part in some] if len(some) > 1 else []
    longest = objective == "makespan"

    def heard(tried: int, used: float) -> None:
        nonlocal spent
        spent += tried
        values = [field.value for field in fields]
        value = max(values) if longest else sum(values)
        told(used, value if value < NO_PLAN else trials.value())

    if not pieces:
        value = trials.value()
        fields = [_field(trials, goal, lambda: None, NO_PLAN if value is None else value)]
    else:
        fields = []
        for piece in pieces:
            bound = lower_bound(piece.part.problem, objective)
            value = NO_PLAN if piece.first is None else evaluate(piece.part.problem, piece.first, objective)
            fields.append(_field(piece.trials, bound, lambda p=piece, b=bound: p.open(pool, b, stop), value))  # type: ignore[misc]
    improve(fields, budget, Watch(clock=trials.clock, stop=stop, told=heard), pool, longest=longest)
    plans = [(piece.part, piece.plan(objective)) for piece in pieces]
    whole = [(part, plan) for part, plan in plans if plan is not None]
    schedule = joined(trials.problem, whole) if pieces and len(whole) == len(plans) else None
    return Searched(schedule=schedule, spent=spent)


def _field(own: Trials, goal: int, prepare: Callable[[], None], value: int) -> Field:
    """The field of a problem: streams on its graph where that can express it, else of rules with guidance."""

    def opened(random: Sequence[np.random.Generator]) -> Sequence[Stream]:
        prepare()
        if own.best is not None and own.problem.operations <= _GRAPH and serves(own.problem, own.objective):
            return [OnGraph(own.problem, own.objective, own.best, int(r.integers(2**31)), goal) for r in random]
        starts, judge = own.starts(), Judge(own.problem, own.objective)
        return [Climb(*starts[i % len(starts)], judge, draw, goal) for i, draw in enumerate(random)]

    return Field(goal=goal, value=value, open=opened, found=own.found)


def _piece(trials: Trials, part: Part) -> _Piece:
    own = Trials(problem=part.problem, objective=trials.objective, clock=trials.clock, begun=trials.begun)
    first = None if trials.best is None else within(part, trials.best, trials.problem)
    rule = trials.ranked[0][2].rule if trials.ranked else None
    return _Piece(part=part, trials=own, first=first, rule=rule)
