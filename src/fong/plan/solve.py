"""Make a plan: dispatch rules through the full-rule decoder, the best of them, and what is known of it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count

import numpy as np
from numpy.typing import NDArray

from fong._kernels import freeze
from fong.model.check import check
from fong.model.message import Message, message
from fong.model.objective import OBJECTIVES, evaluate
from fong.model.problem import Problem
from fong.model.schedule import Schedule
from fong.plan.bounds import lower_bound
from fong.plan.decode import _kernels_layout as lay
from fong.plan.decode import decode
from fong.plan.decode.floor import Floor, Prepared
from fong.plan.decode.rule import Guidance, Rule, weights
from fong.plan.lots import split
from fong.plan.portfolio import rounds, variants
from fong.plan.result import Result, Trial
from fong.plan.search.climb import NO_PLAN, Found
from fong.plan.search.rounds import Budget, Watch, improve
from fong.plan.search.worth import Judge

ROUNDS = 8
"""About so many rounds does a portfolio have."""
_KEPT = 8
"""Plans that are kept for the judge, the best first."""
_NEAR = 2.0
"""A search begins from rules whose plans are at most so many times as bad as the best one's."""

_MOST = 10
"""Reasons that are told."""

Progress = Callable[[str, float, int | None], None]
"""Told the stage (``bound``, ``rule``, ``search``), the share done (0 to 1) and the best value so far."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A decode to be made."""

    rule: Rule
    weight: NDArray[np.float64]
    name: str
    guidance: Guidance | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """A decode that was made: ``schedule`` and ``value`` None where not every lot found its place; ``left`` [n, 2] operation, reason."""

    candidate: Candidate
    schedule: Schedule | None
    value: int | None
    left: NDArray[np.int32]


@dataclass(slots=True, kw_only=True)
class _Search:
    """One call of :func:`solve`."""

    problem: Problem
    objective: str
    clock: Callable[[], float]
    floor: Floor | None = None
    cut: dict[bool, Prepared] = field(default_factory=dict)
    ranked: list[tuple[int, int, Candidate]] = field(default_factory=list)
    best: Schedule | None = None
    trace: list[Trial] = field(default_factory=list)
    last: Played | None = None
    begun: float = 0.0

    def prepared(self, *, wide: bool) -> Prepared:
        """The floor with lots cut in one of the two ways."""
        if wide not in self.cut:
            self.floor = self.floor or Floor(self.problem)
            self.cut[wide] = self.floor.prepared(split(self.problem, wide=wide, variant=variants(self.problem)))
        return self.cut[wide]

    def let_go(self) -> None:
        """Forget what only decoding needs: large, and not wanted while the judge reads the plan."""
        self.floor = None
        self.cut.clear()

    def play(self, candidate: Candidate) -> Played:
        """Decode one candidate; what the decoder remembers is let go at once, for it is large."""
        decoded = decode(self.prepared(wide=candidate.rule.wide), candidate.rule, candidate.weight, candidate.guidance)
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

    def found(self, found: Found) -> None:
        """Keep what a search has found, where it is better."""
        if found.worth.value == NO_PLAN or (self.ranked and found.worth.value >= self.ranked[0][0]):
            return
        rule = f"{found.rule.name} searched"
        weight = weights(self.problem)
        self.note(self.play(Candidate(rule=found.rule, weight=weight, name=rule, guidance=found.guidance)))
        del self.ranked[_KEPT:]

    def starts(self) -> list[tuple[Prepared, Rule]]:
        """Where a search begins: the best rule, and the best setting of each other rule that comes near."""
        rules = [c.rule for value, _, c in self.ranked if value <= _NEAR * self.ranked[0][0]]
        own = {rule.name: rule for rule in reversed(rules)} or {"atcs": Rule(name="atcs")}
        return [(self.prepared(wide=rule.wide), rule) for rule in reversed(own.values())]

    def value(self) -> int | None:
        """The best value so far."""
        return self.ranked[0][0] if self.ranked else None


def solve(  # noqa: PLR0913 - each is one thing to ask for
    problem: Problem,
    *,
    objective: str,
    seconds: float = 0.0,
    iterations: int | None = None,
    workers: int = 1,
    seed: int = 0,
    clock: Callable[[], float] = lambda: 0.0,
    progress: Progress | None = None,
    stop: Callable[[], bool] | None = None,
) -> Result:
    """Plan: every rule of the portfolio once, then, while time lasts, search from the best of them.

    Parameters
    ----------
    problem
        Free of faults.
    objective
        One of :data:`fong.model.objective.OBJECTIVES`.
    seconds
        Time for the search after the portfolio; 0: the best dispatch plan.
    iterations
        Search so many moves instead, whatever time they take: the same seed, workers and iterations make the same plan.
    workers
        Threads, at least 1, each with a stream of search of its own. The dispatch plan does not depend on their number.
    seed
        Of the search.
    clock
        Seconds, rising; needed where ``seconds`` > 0.
    progress, stop
        Called between decodes; ``stop`` answers True to end with the best so far.

    Raises
    ------
    ValueError
        Unknown objective, negative time or no worker.

    Notes
    -----
    Changing what a rule is told of single lots instead of the plan is a problem-space search (Storer, Wu & Vaccari, Management
    Science 38, 1992), here with moves that start at what is late and with plays that go on from where they first differ.
    """
    if objective not in OBJECTIVES or seconds < 0 or workers < 1 or (iterations or 0) < 0:
        wanted = f"an objective of {OBJECTIVES}, seconds and iterations ≥ 0 and workers ≥ 1"
        msg = f"wanted {wanted}, found {objective!r}, {seconds}, {iterations}, {workers}"
        raise ValueError(msg)
    budget = Budget(seconds=seconds, iterations=iterations, workers=workers, seed=seed)
    if not problem.operations:
        return _nothing(objective)
    tell = progress or (lambda *_: None)
    halt = stop or (lambda: False)
    search = _Search(problem=problem, objective=objective, clock=clock, begun=clock())
    tell("bound", 0.0, None)
    bound = lower_bound(problem, objective)
    plain = weights(problem)
    with ThreadPoolExecutor(workers) as pool:
        _portfolio(search, bound, plain, pool, tell, halt)
        spent = _searched(search, bound, budget, pool, tell, halt)
    return _judged(search, bound, spent)


def _searched(
    search: _Search, bound: int, budget: Budget, pool: ThreadPoolExecutor, tell: Progress, halt: Callable[[], bool]
) -> int:
    """Search from the best rules while the budget lasts; how many moves were tried."""
    spent = 0

    def told(found: Found, tried: int, used: float) -> None:
        nonlocal spent
        spent += tried
        search.found(found)
        tell("search", used, search.value())

    if not budget.none and search.value() != bound and not halt():
        watch = Watch(clock=search.clock, stop=halt, told=told)
        improve(search.starts(), Judge(search.problem, search.objective), budget, watch, pool, bound)
    return spent


def _nothing(objective: str) -> Result:
    """The plan where there is nothing to plan."""
    none = freeze(np.zeros(0), np.int32)
    schedule = Schedule(op=none, machine=none, start=none, end=none)
    return Result(schedule=schedule, objective=objective, value=0, bound=0, status="optimal")


def _portfolio(
    search: _Search,
    bound: int,
    weight: NDArray[np.float64],
    pool: ThreadPoolExecutor,
    tell: Progress,
    halt: Callable[[], bool],
) -> None:
    """Play the rules of the portfolio, round after round."""
    asked = rounds(search.problem, search.objective)
    some = next(asked)
    for turn in count(1):
        _play(search, [Candidate(rule=r, weight=weight, name=str(r)) for r in some], pool)
        tell("rule", min(1.0, turn / ROUNDS), search.value())
        if halt() or search.value() == bound:
            return
        try:
            some = asked.send(search.ranked[0][2].rule if search.ranked else some[0])
        except StopIteration:
            return


def _play(search: _Search, candidates: list[Candidate], pool: ThreadPoolExecutor) -> None:
    """Decode some candidates at once and note them in order."""
    for wide in {c.rule.wide for c in candidates}:
        search.prepared(wide=wide)
    for played in pool.map(search.play, candidates):
        search.note(played)


def _judged(search: _Search, bound: int, spent: int) -> Result:
    """The best candidate whose plan breaks no rule."""
    search.let_go()
    for at, (value, _, candidate) in enumerate(search.ranked):
        schedule = search.best if at == 0 else search.play(candidate).schedule
        if schedule is not None and not check(search.problem, schedule).faults:
            return Result(
                schedule=schedule,
                objective=search.objective,
                value=value,
                bound=bound,
                status="optimal" if value == bound else "feasible",
                trace=tuple(search.trace),
                iterations=spent,
                rule=candidate.name,
            )
    return Result(
        schedule=None,
        objective=search.objective,
        value=None,
        bound=bound,
        status="none",
        trace=tuple(search.trace),
        reasons=_reasons(search),
        iterations=spent,
    )


_WHY = {
    lay.W_PERSON: "solve.no_person",
    lay.W_CLOSED: "solve.no_window",
    lay.W_MATERIAL: "solve.no_material",
    lay.W_TOOL: "solve.no_tool",
    lay.W_LIMIT: "solve.no_tender",
    lay.W_DARK: "solve.no_tender",
    lay.W_LOSS: "solve.no_tender",
    lay.W_BLOCK: "solve.no_chain",
    lay.W_HORIZON: "solve.no_horizon",
    lay.W_PLACE: "solve.no_place",
}


def _reasons(search: _Search) -> tuple[Message, ...]:
    """What stood in the way of the lots that found no place, each operation once, ten at most."""
    if search.last is None:
        return (message("solve.no_legal"),)
    out: dict[int, Message] = {}
    for op, why in search.last.left.tolist():
        if op not in out and len(out) < _MOST and (why in _WHY or not out):
            out[op] = message(_WHY.get(why, "solve.no_turn"), **_named(search.problem, op))
    return tuple(out.values())


def _named(problem: Problem, op: int) -> dict[str, str | int]:
    """Order, line and step of an operation as people know them; their numbers in a benchmark instance."""
    job = int(np.searchsorted(problem.job_ptr, op, side="right")) - 1
    step = int(problem.op_step[op]) if len(problem.op_step) else op
    names = problem.names
    order, line = names.orders[job] if names.orders else (str(job), 1)
    return {
        "order": order,
        "line": line,
        "step": names.steps[step] if names.steps else str(op - int(problem.job_ptr[job])),
    }
