"""Which dispatch rules are tried."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from itertools import islice

from fong.model.problem import Feature, Problem
from fong.plan.decode.rule import Rule
from fong.plan.routes import ROUTES

_NAMES = {
    "makespan": ("mwkr", "atcs", "spt", "fifo", "edd"),
    "tardiness": ("atcs", "atc", "slack", "edd", "cr", "spt", "fifo"),
    "weighted_tardiness": ("atcs", "atc", "slack", "edd", "cr", "spt", "fifo"),
    "late_orders": ("atcs", "slack", "atc", "spt", "edd", "cr", "fifo"),
    "late_cost": ("atcs", "atc", "slack", "edd", "cr", "spt", "fifo"),
    "flow_time": ("spt", "atcs", "atc", "fifo", "edd"),
}
"""Rules for each objective, the most promising first."""
_APPARENT = ("atc", "atcs")
"""Rules that know a look-ahead factor."""
_LOOKAHEADS = (0.25, 0.5, 2.0, 4.0)
"""What the best factor is multiplied with."""
_DECODES = 100_000
"""Operations decoded in all by the portfolio, one rule at least: a large problem must not keep people waiting for its first plan."""


def rounds(problem: Problem, objective: str) -> Generator[tuple[Rule, ...], Rule, None]:
    """The portfolio: yields rules to be played, and is sent the best so far.

    First whether lots had better be split and by which routing variants jobs had better go, then the rules, then one setting after the other of the best of them; only settings that can
    matter for the problem. EDD, slack, CR, FIFO and SPT are the classic rules; ATC is Vepsalainen & Morton, Management Science 33 (1987);
    ATCS adds the set-up term of Lee, Bhaskaran & Pinedo, IIE Transactions 29 (1997); MWKR is most work remaining (makespan).
    """
    left = max(1, _DECODES // max(1, problem.operations))
    tried: set[Rule] = set()
    wanted = _steps(problem, objective)
    best: Rule | None = None
    while left > 0:
        try:
            some = next(wanted) if best is None else wanted.send(best)
        except StopIteration:
            return
        fresh = tuple(islice((r for r in dict.fromkeys(some) if r not in tried), left))
        tried.update(fresh)
        left -= len(fresh)
        best = (yield fresh) if fresh else best


def _steps(problem: Problem, objective: str) -> Generator[tuple[Rule, ...], Rule, None]:
    """The questions of the portfolio in order."""
    has = problem.features
    names = _NAMES[objective]
    wide = (False, True) if has & Feature.SPLITTING else (False,)
    best = yield tuple(Rule(name=names[0], wide=w) for w in wide)
    if len(problem.op_variant):
        best = yield tuple(replace(best, route=r) for r in ROUTES)
    best = yield tuple(
        replace(best, name=n, k=k) for n in names[1:] for k in ((1.0, 3.0) if n in _APPARENT else (2.0,))
    )
    if best.name in _APPARENT:
        best = yield tuple(replace(best, k=best.k * f) for f in _LOOKAHEADS)
    if has & Feature.SETUPS:
        best = yield tuple(replace(best, name="atcs", k2=k2) for k2 in (0.1, 0.3, 1.0))
        best = yield tuple(replace(best, look_s=s) for s in (1800, 7200))
    if has & Feature.ZONES:
        best = yield tuple(replace(best, loss=loss) for loss in (0.02, 0.05, 0.1))
    if has & Feature.BATCHES and len(problem.machine_batch_wait_s):
        best = yield tuple(replace(best, batch_wait=w) for w in (0.5, 1.0))
    yield (replace(best, k=best.k * 1.5), replace(best, k=best.k / 1.5))
