"""Decodes of one problem: candidates are played, the best are kept in order, and the portfolio of rules is gone through."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from itertools import count

import numpy as np
from numpy.typing import NDArray

from fong.model.objective import evaluate
from fong.model.problem import Problem
from fong.model.schedule import Schedule
from fong.plan.decode import decode
from fong.plan.decode.floor import Floor, Prepared
from fong.plan.decode.rule import Guidance, Rule, weights
from fong.plan.graph import forward_backward, serves
from fong.plan.lots import split
from fong.plan.portfolio import rounds
from fong.plan.result import Trial
from fong.plan.routes import variants
from fong.plan.search.climb import NO_PLAN
from fong.plan.search.stream import Found

ROUNDS = 8
"""About so many rounds does a portfolio have."""
_KEPT = 8
"""Plans that are kept for the judge after a search, the best first."""
_LISTED = 200_000
"""Most operations of a problem that is scheduled so: it takes 400 bytes an operation."""
_PASSES = 60, 2_000_000
"""Passes of a list schedule forwards and backwards, and operations scheduled in all of them."""
_NEAR = 2.0
"""A search begins from rules whose plans are at most so many times as bad as the best one's."""


_NONE_LEFT = np.zeros((0, 2), np.int32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A decode to be made, or a plan that was made otherwise (``schedule``)."""

    rule: Rule
    name: str
    guidance: Guidance | None = None
    prepared: Prepared | None = None
    schedule: Schedule | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """A decode that was made: ``schedule`` and ``value`` None where not every lot found its place; ``left`` [n, 2] operation, reason."""

    candidate: Candidate
    schedule: Schedule | None
    value: int | None
    left: NDArray[np.int32]


@dataclass(slots=True, kw_only=True)
class Trials:
    """What was tried on one problem by one objective."""

    problem: Problem
    objective: str
    clock: Callable[[], float]
    begun: float = 0.0
    best: Schedule | None = None
    trace: list[Trial] = field(default_factory=list)
    ranked: list[tuple[int, int, Candidate]] = field(default_factory=list)
    last: Played | None = None
    _floor: Floor | None = None
    _cut: dict[tuple[bool, str], Prepared] = field(default_factory=dict)

    def prepared(self, rule: Rule) -> Prepared:
        """The floor with lots cut, and jobs sent by their routes, as the rule has it."""
        key = rule.wide, rule.route
        if key not in self._cut:
            self._floor = self._floor or Floor(self.problem)
            variant = variants(self.problem, rule.route)
            self._cut[key] = self._floor.prepared(split(self.problem, wide=rule.wide, variant=variant))
        return self._cut[key]

    def let_go(self) -> None:
        """Forget what only decoding needs: large, and not wanted while the judge reads the plan."""
        self._floor = None
        self._cut.clear()

    def play(self, candidate: Candidate) -> Played:
        """Decode one candidate; what the decoder remembers is let go at once, for it is large."""
        if candidate.schedule is not None:
            worth = evaluate(self.problem, candidate.schedule, self.objective)
            return Played(candidate=candidate, schedule=candidate.schedule, value=worth, left=_NONE_LEFT)
        prepared = candidate.prepared or self.prepared(candidate.rule)
        decoded = decode(prepared, candidate.rule, weights(self.problem), candidate.guidance)
        schedule = decoded.schedule() if decoded.complete else None
        value = None if schedule is None else evaluate(self.problem, schedule, self.objective)
        return Played(candidate=candidate, schedule=schedule, value=value, left=decoded.unfinished())

    def note(self, played: Played) -> None:
        """Keep what a decode gave."""
        self.trace.append(Trial(rule=played.candidate.name, value=played.value, at_s=self.clock() - self.begun))
        if played.value is None:
            self.last = played
            return
        if not self.ranked or played.value < self.ranked[0][0]:
            self.best = played.schedule
        self.ranked.append((played.value, len(self.trace), played.candidate))
        self.ranked.sort(key=lambda r: r[:2])

    def value(self) -> int | None:
        """The best value so far."""
        return self.ranked[0][0] if self.ranked else None

    # ------------------------------------------------------------ rules
    def portfolio(self, goal: int, pool: Executor, told: Callable[[float], bool]) -> None:
        """Play the rules, round after round, until a plan is worth ``goal``; ``told`` hears the share done, and answers True to end."""
        asked = rounds(self.problem, self.objective)
        some = next(asked)
        for turn in count(1):
            self.try_rules(some, pool)
            if told(min(1.0, turn / ROUNDS)) or self.value() == goal:
                return
            try:
                some = asked.send(self.ranked[0][2].rule if self.ranked else some[0])
            except StopIteration:
                return

    def try_lists(self, seed: int) -> None:
        """Where it is served: list schedules forwards and backwards, the best start for makespan on plain shops."""
        small = self.problem.operations <= _LISTED
        if small and self.objective == "makespan" and serves(self.problem, self.objective):
            passes = max(1, min(_PASSES[0], _PASSES[1] // self.problem.operations))
            schedule = forward_backward(self.problem, passes, seed)
            self.note(self.play(Candidate(rule=Rule(name="mwkr"), name="forwards and backwards", schedule=schedule)))

    def try_rules(self, rules: tuple[Rule, ...], pool: Executor) -> None:
        """Play some rules at once and note them in order."""
        for rule in rules:
            self.prepared(rule)
        for played in pool.map(self.play, [Candidate(rule=rule, name=str(rule)) for rule in rules]):
            self.note(played)

    # ------------------------------------------------------------ search
    def starts(self) -> list[tuple[Prepared, Rule]]:
        """Where a search begins: the best rule, and the best setting of each other rule that comes near."""
        rules = [c.rule for value, _, c in self.ranked if value <= _NEAR * self.ranked[0][0]]
        own = {rule.name: rule for rule in reversed(rules)} or {"atcs": Rule(name="atcs")}
        return [(self.prepared(rule), rule) for rule in reversed(own.values())]

    def found(self, found: Found) -> None:
        """Keep what a search has found, where it is better."""
        if found.value == NO_PLAN or (self.ranked and found.value >= self.ranked[0][0]):
            return
        rule = found.rule or Rule(name="fifo")
        name = f"{rule.name} searched" if found.rule else "graph searched"
        candidate = Candidate(
            rule=rule, name=name, guidance=found.guidance, prepared=found.prepared, schedule=found.schedule
        )
        self.note(self.play(candidate))
        del self.ranked[_KEPT:]
