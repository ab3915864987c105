"""The use case *plan*: an input becomes a plan that `check` has judged."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from fong.model.build import build
from fong.model.check import Finding, check
from fong.model.message import Message, message
from fong.model.order import Workshop
from fong.model.problem import Problem
from fong.model.schedule import Schedule
from fong.plan.result import Result
from fong.plan.solve import solve
from fong.workshop.loading import Ask, load

LONGEST_DAYS = 3650
"""A horizon is not doubled beyond this."""
Report = Callable[[str, float, int | None], None]
"""Stage, share done (0…1), best value so far or None."""
Stop = Callable[[], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A plan, what was judged of it, and how long it took.

    ``workshop`` is None for a benchmark instance. ``schedule`` is None where there is no plan or where it breaks a rule (``faults``),
    for such a plan is none. ``facts``: what has happened already and breaks a rule. Seconds count from the beginning of the use
    case; ``first_s`` None: no plan was found.
    """

    ask: Ask
    workshop: Workshop | None
    problem: Problem
    result: Result
    schedule: Schedule | None
    faults: tuple[Finding, ...] = ()
    facts: tuple[Finding, ...] = ()
    notes: tuple[Message, ...] = ()
    read_s: float
    first_s: float | None
    elapsed_s: float


@dataclass(slots=True)
class Watch:
    """Reads the clock from the beginning of a use case."""

    begun: float = field(default_factory=time.perf_counter)

    def read(self) -> float:
        """Seconds since the beginning."""
        return time.perf_counter() - self.begun


def plan(ask: Ask, *, report: Report | None = None, stop: Stop | None = None) -> Planned:
    """Read, plan, check.

    Raises
    ------
    InputFault
        With every fault of the input.
    """
    watch = Watch()
    loaded = load(ask)
    given, read_s = loaded.given, watch.read()
    problem, result, begun_s, notes = _solved(ask, given, watch, report, stop)
    findings = check(problem, result.schedule) if result.schedule is not None else None
    return Planned(
        ask=ask,
        workshop=given if isinstance(given, Workshop) else None,
        problem=problem,
        result=result,
        schedule=result.schedule if findings is not None and findings.ok else None,
        faults=findings.faults if findings is not None else (),
        facts=findings.facts if findings is not None else (),
        notes=(*loaded.notes, *notes),
        read_s=read_s,
        first_s=begun_s + result.trace[0].at_s if result.trace else None,
        elapsed_s=watch.read(),
    )


def _solved(
    ask: Ask, given: Workshop | Problem, watch: Watch, report: Report | None, stop: Stop | None
) -> tuple[Problem, Result, float, tuple[Message, ...]]:
    """Plan over longer and longer horizons until the work fits; also when the last search began, and what to say of it."""
    if isinstance(given, Problem):
        begun_s = watch.read()
        return given, _search(ask, given, ask.objective or "makespan", report, stop), begun_s, ()
    first_days = days = given.factory.settings.horizon_days
    while True:
        begun_s = watch.read()
        problem = build(given, horizon_days=days)
        result = _search(ask, problem, ask.objective or "weighted_tardiness", report, stop)
        if days >= LONGEST_DAYS or not _lacks_time(result) or (stop is not None and stop()):
            break
        days = min(2 * days, LONGEST_DAYS)
    longer = (message("cli.longer_horizon", days=first_days, more=days),) if days > first_days else ()
    return problem, result, begun_s, longer


def _lacks_time(result: Result) -> bool:
    """Whether a longer horizon may help: some lot found no place in it. Plans that were found but break a rule need no more time."""
    return result.schedule is None and all(what.code != "solve.no_legal" for what in result.reasons)


def _search(ask: Ask, problem: Problem, objective: str, report: Report | None, stop: Stop | None) -> Result:
    return solve(
        problem,
        objective=objective,
        seconds=ask.seconds,
        iterations=ask.iterations,
        workers=ask.workers,
        seed=ask.seed,
        clock=time.perf_counter,
        progress=report,
        stop=stop,
    )
