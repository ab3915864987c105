"""Exact planning with CP-SAT: proofs for small workshops, bounds for the others, and windows of large plans planned anew.

The model asks at most what the rules ask (:mod:`fong.plan.cpsat.model`), so its bound holds for every legal plan; a plan is only
returned when the judge found no fault in it. The solver is loaded at the first call.
"""

from __future__ import annotations

from collections.abc import Callable

from fong.model import Problem, Schedule
from fong.model.objective import OBJECTIVES, evaluate
from fong.plan.bounds import lower_bound
from fong.plan.cpsat.coverage import RULES, Cover, Coverage, covers
from fong.plan.cpsat.goal import Goal
from fong.plan.cpsat.model import Model
from fong.plan.cpsat.proof import Proof
from fong.plan.cpsat.race import Limits, Race
from fong.plan.cpsat.shop import Shop
from fong.plan.cpsat.size import too_large
from fong.plan.cpsat.windows import window

__all__ = ["RULES", "Cover", "Coverage", "Proof", "covers", "prove", "window"]


def prove(  # noqa: PLR0913 - all of it is asked for by name
    problem: Problem,
    objective: str,
    *,
    schedule: Schedule | None = None,
    upper: int | None = None,
    seconds: float,
    workers: int = 1,
    seed: int = 0,
    stop: Callable[[], bool] | None = None,
    clock: Callable[[], float],
    effort: float | None = None,
) -> Proof:
    """Look for a better plan, and for the proof that there is none.

    Parameters
    ----------
    problem
        Free of faults.
    objective
        One of :data:`fong.model.objective.OBJECTIVES`.
    schedule
        A legal plan to begin with.
    upper
        Only better values are of interest; at least the schedule's own.
    seconds
        Most time by the clock.
    workers
        Threads, each with a prover of its own.
    seed
        Of the solver.
    stop
        Asked now and then; True ends with what is known.
    clock
        Seconds, rising.
    effort
        Most deterministic seconds of a prover; with one worker the result then repeats itself on any machine that is quick enough.

    Raises
    ------
    ValueError
        Unknown objective, negative time, or no worker.
    """
    if objective not in OBJECTIVES or seconds < 0 or workers < 1:
        raise ValueError(
            f"wanted an objective of {OBJECTIVES}, seconds ≥ 0 and workers ≥ 1, found {objective!r}, {seconds}, {workers}"
        )
    bound = lower_bound(problem, objective)
    known = [u for u in (upper, None if schedule is None else evaluate(problem, schedule, objective)) if u is not None]
    best = min(known, default=None)
    if best is not None and bound >= best:
        return Proof(schedule=None, value=None, bound=best, status="closed")
    shop = Shop(problem)
    if too_large(shop, shop.whole):
        return Proof(schedule=None, value=None, bound=bound, status="refused")
    limits = Limits(
        seconds=seconds, workers=workers, seed=seed, clock=clock, stop=stop or (lambda: False), effort=effort
    )

    def make(goal: Goal, upper: int | None, least: int) -> Model:
        return Model(shop, goal, shop.whole, upper, least=least)

    return Race(shop, objective, limits, make, upper=best, bound=bound).run(schedule)
