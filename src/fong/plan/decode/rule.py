"""Dispatch rules and how they are played."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fong.model.problem import I32, Problem
from fong.plan.decode import _kernels_layout as lay
from fong.plan.decode.columns import full


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A dispatch rule and how it is played.

    Parameters
    ----------
    name
        fifo, edd, slack, cr, atc, spt, atcs (set-up saving), mwkr, or sequence (as told by a :class:`Guidance`).
    k, k2
        Look-ahead factor of ATC (> 0, in mean run times), set-up factor of ATCS.
    look_s
        A machine may wait so long for a lot that is on its way (0: it never waits, but sets up early).
    loss
        A zone takes no further task when its machines would lose more than this share to waiting (1: no limit).
    batch_wait
        Share of the batch machines' waiting limit that is used (0 to 1).
    wide
        Split lots over as many machines as allowed.
    route
        How routing variants are chosen, one of :data:`fong.plan.routes.ROUTES`.
    """

    name: str
    k: float = 2.0
    k2: float = 0.5
    look_s: int = 0
    loss: float = 1.0
    batch_wait: float = 0.0
    wide: bool = False
    route: str = "balanced"

    def __str__(self) -> str:
        """Short name with the parameters that differ from the plain rule."""
        plain = Rule(name=self.name)
        parts = [
            f"{f}={getattr(self, f):g}"
            for f in ("k", "k2", "look_s", "loss", "batch_wait")
            if getattr(self, f) != getattr(plain, f)
        ]
        words = [word for word, there in (("wide", self.wide), (self.route, self.route != plain.route)) if there]
        return " ".join([self.name, *parts, *words])


KINDS = {
    "fifo": lay.FIFO,
    "edd": lay.EDD,
    "slack": lay.SLACK,
    "cr": lay.CR,
    "atc": lay.ATC,
    "spt": lay.SPT,
    "atcs": lay.ATCS,
    "mwkr": lay.MWKR,
}
"""Rules that need no guidance."""


def weights(problem: Problem) -> NDArray[np.float64]:
    """Urgency of each job from its weight, at least a thousandth."""
    return np.maximum(0.001, full(problem.job_weight_milli, problem.jobs, 1000) / 1000)


def figures(rule: Rule, means: tuple[float, float]) -> tuple[float, ...]:
    """The rule's row of the decoder's memory; ``means``: mean run and mean set-up (s)."""
    kind = lay.SEQUENCE if rule.name == "sequence" else KINDS[rule.name]
    return (kind, rule.k, rule.k2, *means, rule.look_s, rule.loss, rule.batch_wait)


@dataclass(frozen=True, slots=True, kw_only=True)
class Guidance:
    """What a decode is told of each lot beside the rule.

    Parameters
    ----------
    key
        [L] float64. Under the rule ``sequence`` the lot's place: of lots that wait for the same machine or skill, the smallest goes
        first. Under any other rule how much more urgent the lot is than the rule makes it (0: no more), in the rule's own measure:
        e-folds of weight for ATC, ATCS and SPT, mean run times for the others.
    machine
        [L] int32; machine that the lot must go to, -1: any.
    """

    key: NDArray[np.float64]
    machine: I32
