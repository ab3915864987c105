"""Make a plan: dispatch rules through the full-rule decoder, the best of them, and what is known of it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
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
from fong.plan.decode.rule import Rule, weights
from fong.plan.lots import split
from fong.plan.portfolio import rounds, variants
from fong.plan.result import Result, Trial

ROUNDS = 8
"""About so many rounds does a portfolio have."""
ROUND = 4
"""Decodes between two looks at the clock. Fixed, so that the same seed and number of rounds give the same plan on any machine."""

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
        decoded = decode(self.prepared(wide=candidate.rule.wide), candidate.rule, candidate.weight)
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


def solve(
    problem: Problem,
    *,
    objective: str,
    seconds: float = 0.0,
    workers: int = 1,
    seed: int = 0,
    clock: Callable[[], float] = lambda: 0.0,
    progress: Progress | None = None,
    stop: Callable[[], bool] | None = None,
) -> Result:
    """Plan: every rule of the portfolio once, then, while time lasts, the best ones with varied urgencies.

    Parameters
    ----------
    problem
        Free of faults.
    objective
        One of :data:`fong.model.objective.OBJECTIVES`.
    seconds
        Time for varying the rules after the portfolio; 0: the best dispatch plan.
    workers
        Threads, at least 1. They change the time, not the plan.
    seed
        Of the variations; with the number of iterations it repeats the plan.
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
    Varying the data of a rule instead of the plan is the problem-space search of Storer, Wu & Vaccari, Management Science 38 (1992).
    """
    if objective not in OBJECTIVES or seconds < 0 or workers < 1:
        msg = f"wanted an objective of {OBJECTIVES}, seconds ≥ 0 and workers ≥ 1, found {objective!r}, {seconds}, {workers}"
        raise ValueError(msg)
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
        _vary(search, bound, seconds, np.random.default_rng(seed), pool, tell, halt)
    return _judged(search, bound)


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


def _vary(
    search: _Search,
    bound: int,
    seconds: float,
    random: np.random.Generator,
    pool: ThreadPoolExecutor,
    tell: Progress,
    halt: Callable[[], bool],
) -> None:
    """While time lasts: decode the best candidates with jobs made more or less urgent at random."""
    until = search.clock() + seconds
    turn = 0
    while seconds > 0 and search.ranked and search.clock() < until and not halt() and search.value() != bound:
        parents = [search.ranked[i % min(3, len(search.ranked))][2] for i in range(ROUND)]
        spread = float(0.05 * 2.0 ** random.integers(0, 5))
        children = []
        for parent in parents:
            share = random.random(search.problem.jobs) < random.choice([0.05, 0.2, 1.0])
            noise = np.where(share, random.normal(0.0, spread, search.problem.jobs), 0.0)
            k = float(parent.rule.k * np.exp(random.normal(0.0, 0.2)))
            rule = replace(parent.rule, k=k)
            children.append(
                Candidate(rule=rule, weight=parent.weight * np.exp(noise), name=f"{parent.rule.name} varied")
            )
        _play(search, children, pool)
        del search.ranked[3:]
        turn += 1
        tell("search", min(1.0, 1.0 - (until - search.clock()) / seconds), search.value())


def _judged(search: _Search, bound: int) -> Result:
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
                iterations=len(search.trace),
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
        iterations=len(search.trace),
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
