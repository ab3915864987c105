"""Make a plan: dispatch rules through the full-rule decoder, the best of them, and what is known of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np

from fong._kernels import freeze
from fong.model.check import check
from fong.model.message import Message, message
from fong.model.objective import OBJECTIVES, evaluate
from fong.model.problem import Problem
from fong.model.schedule import Schedule
from fong.plan.bounds import lower_bound
from fong.plan.cpsat import Proof, covers, prove
from fong.plan.decode import _kernels_layout as lay
from fong.plan.pieces import Searched, search
from fong.plan.result import Result
from fong.plan.search.rounds import Budget
from fong.plan.trials import Trials

_PROOF = 0.4
"""Share of the time that the exact solver gets where it can prove a plan."""
_PROVABLE = 400
"""Most operations of a problem whose plan is proved."""
_MOST = 10
"""Reasons that are told."""

Progress = Callable[[str, float, int | None], None]
"""Told the stage (``bound``, ``rule``, ``search``, ``proof``), the share done (0 to 1) and the best value so far."""


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
        Time for the search after the portfolio; 0: the best dispatch plan. Small problems whose rules the exact solver all knows give
        it a part of that time.
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
    proving = _PROOF * seconds if iterations is None and provable(problem, objective) else 0.0
    budget = Budget(seconds=seconds - proving, iterations=iterations, workers=workers, seed=seed)
    if not problem.operations:
        return _nothing(objective)
    tell = progress or (lambda *_: None)
    halt = stop or (lambda: False)
    trials = Trials(problem=problem, objective=objective, clock=clock, begun=clock())
    tell("bound", 0.0, None)
    bound = lower_bound(problem, objective)

    def told(done: float) -> bool:
        tell("rule", done, trials.value())
        return halt()

    searched = Searched(schedule=None, spent=0)
    with ThreadPoolExecutor(workers) as pool:
        trials.try_lists(seed)
        if trials.value() != bound:
            trials.portfolio(bound, pool, told)
        if not budget.none and trials.value() != bound and not halt():
            searched = search(trials, bound, budget, pool, halt, lambda used, value: tell("search", used, value))
    trials.let_go()
    result = _judged(trials, searched, bound)
    if proving <= 0 or result.value is None or result.status == "optimal" or halt():
        return result
    tell("proof", 1.0, result.value)
    proof = prove(
        problem, objective, schedule=result.schedule, seconds=proving, workers=workers, seed=seed, stop=halt, clock=clock
    )  # fmt: skip
    return _proved(result, proof)


def provable(problem: Problem, objective: str) -> bool:
    """Whether the exact solver has all rules of the problem, and the problem is small enough for it to have a chance."""
    return problem.operations <= _PROVABLE and covers(problem, objective).legal


def _nothing(objective: str) -> Result:
    """The plan where there is nothing to plan."""
    none = freeze(np.zeros(0), np.int32)
    schedule = Schedule(op=none, machine=none, start=none, end=none)
    return Result(schedule=schedule, objective=objective, value=0, bound=0, status="optimal")


def _judged(trials: Trials, searched: Searched, bound: int) -> Result:
    """The best plan that breaks no rule."""
    for rule, schedule in _plans(trials, searched):
        if schedule is None or check(trials.problem, schedule).faults:
            continue
        value = evaluate(trials.problem, schedule, trials.objective)
        return Result(
            schedule=schedule,
            objective=trials.objective,
            value=value,
            bound=bound,
            status="optimal" if value == bound else "feasible",
            trace=tuple(trials.trace),
            iterations=searched.spent,
            rule=rule,
        )
    return Result(
        schedule=None,
        objective=trials.objective,
        value=None,
        bound=bound,
        status="none",
        trace=tuple(trials.trace),
        reasons=_reasons(trials),
        iterations=searched.spent,
    )


def _proved(result: Result, proof: Proof) -> Result:
    """What the exact solver adds: a better plan, a higher bound."""
    bound = max(result.bound, proof.bound)
    if proof.schedule is not None and proof.value is not None:
        result = replace(result, schedule=proof.schedule, value=proof.value, rule="exact")
    return replace(result, bound=bound, status="optimal" if result.value == bound else "feasible")


def _plans(trials: Trials, searched: Searched) -> Iterator[tuple[str, Schedule | None]]:
    """How they came about, and plans, the best first."""
    if searched.schedule is not None:
        yield "searched", searched.schedule
    for at, (_, _, candidate) in enumerate(trials.ranked):
        yield candidate.name, trials.best if at == 0 else trials.play(candidate).schedule


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


def _reasons(trials: Trials) -> tuple[Message, ...]:
    """What stood in the way of the lots that found no place, each operation once, ten at most."""
    if trials.last is None:
        return (message("solve.no_legal"),)
    out: dict[int, Message] = {}
    for op, why in trials.last.left.tolist():
        if op not in out and len(out) < _MOST and (why in _WHY or not out):
            out[op] = message(_WHY.get(why, "solve.no_turn"), **_named(trials.problem, op))
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
