"""Figures that one slip of the pen does not move, and that lean on their neighbours where there are few."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)

_SIGMA = 1.4826  # of a normal distribution, per median absolute deviation
_FENCE = 3.5  # sigmas; further out is a slip of the pen (Iglewicz and Hoaglin 1993)
_MEDIAN = math.pi / 2  # variance of a median, per variance of a mean
_ROUNDS = 3


def spread(values: Sequence[float]) -> float:
    """Standard deviation by the median absolute deviation; by the mean absolute deviation where more than half are equal."""
    if len(values) < 2:  # noqa: PLR2004 - one value spreads nothing
        return 0.0
    centre = median(values)
    away = [abs(v - centre) for v in values]
    return median(away) * _SIGMA or sum(away) / len(away) * math.sqrt(math.pi / 2)


def inliers(values: Sequence[float]) -> list[int]:
    """Numbers of the values within the fence around the median."""
    centre, s = median(values), spread(values)
    return [i for i, v in enumerate(values) if abs(v - centre) <= _FENCE * s or s == 0]


def location(values: Sequence[float]) -> float:
    """Mean of the values within the fence: robust, and true to the sum of hours where nothing is odd."""
    kept = inliers(values)
    return sum(values[i] for i in kept) / len(kept)


def ratio(times: Sequence[float], pieces: Sequence[float]) -> float:
    """Time a piece: sum of times over sum of pieces, without the lots whose own ratio is out of the fence (on the log scale).

    Times and pieces are positive.
    """
    kept = inliers([math.log(t / q) for t, q in zip(times, pieces, strict=True)])
    return sum(times[i] for i in kept) / sum(pieces[i] for i in kept)


def line(times: Sequence[float], pieces: Sequence[float]) -> tuple[float, float]:
    """(fixed, per piece), both ≥ 0, by Theil and Sen: median of the slopes of all pairs, then median of what is left."""
    slopes = [
        (t2 - t1) / (q2 - q1)
        for i, (t1, q1) in enumerate(zip(times, pieces, strict=True))
        for t2, q2 in zip(times[i + 1 :], pieces[i + 1 :], strict=True)
        if q1 != q2
    ]
    slope = max(0.0, median(slopes)) if slopes else 0.0
    fixed = median([t - slope * q for t, q in zip(times, pieces, strict=True)])
    if fixed < 0:
        return 0.0, max(0.0, median([t / q for t, q in zip(times, pieces, strict=True)]))
    return fixed, slope


def misfit(times: Sequence[float], guesses: Sequence[float]) -> float:
    """Sum of absolute errors."""
    return sum(abs(t - g) for t, g in zip(times, guesses, strict=True))


def shrunk(groups: Mapping[K, Sequence[float]]) -> dict[K, float]:
    """Each group's median, drawn towards 0 as far as its own noise explains it (empirical Bayes).

    Weight = between-variance / (between-variance + noise of the group's median). With one value in every group nothing tells noise
    from difference, and all are 0.
    """
    centres = {k: median(v) for k, v in groups.items()}
    rest = [x - centres[k] for k, v in groups.items() if len(v) > 1 for x in v]
    if not rest:
        return dict.fromkeys(centres, 0.0)
    free = len(rest) - sum(len(v) > 1 for v in groups.values())
    noise = spread(rest) ** 2 * len(rest) / max(1, free)
    several = [k for k, v in groups.items() if len(v) > 1]
    observed = sum(centres[k] ** 2 for k in several) / len(several)
    between = max(0.0, observed - noise * _MEDIAN * sum(1 / len(groups[k]) for k in several) / len(several))
    if between == 0:
        return dict.fromkeys(centres, 0.0)
    return {k: c * between / (between + noise * _MEDIAN / len(groups[k])) for k, c in centres.items()}


@dataclass(frozen=True, slots=True)
class Effects(Generic[K]):
    """A figure as base + own part of the item + own part of the machine."""

    base: float
    items: Mapping[K, float]
    machines: Mapping[K, float]

    def at(self, item: K, machine: K | None = None) -> float:
        """The figure of an item on a machine; what was never seen has no part of its own."""
        own = 0.0 if machine is None else self.machines.get(machine, 0.0)
        return self.base + self.items.get(item, 0.0) + own


def effects(values: Sequence[float], items: Sequence[K], machines: Sequence[K | None]) -> Effects[K]:
    """Fit :class:`Effects` by rounds of medians (median polish), each part shrunk."""
    base = location(values)
    of_item: dict[K, float] = {}
    of_machine: dict[K, float] = {}
    for _ in range(_ROUNDS):
        left: dict[K, list[float]] = {}
        for v, item, machine in zip(values, items, machines, strict=True):
            left.setdefault(item, []).append(v - base - (of_machine.get(machine, 0.0) if machine is not None else 0.0))
        of_item = shrunk(left)
        over: dict[K, list[float]] = {}
        for v, item, machine in zip(values, items, machines, strict=True):
            if machine is not None:
                over.setdefault(machine, []).append(v - base - of_item[item])
        of_machine = shrunk(over)
        out = Effects(base, of_item, of_machine)
        base += location([v - out.at(i, m) for v, i, m in zip(values, items, machines, strict=True)])
    return Effects(base, of_item, of_machine)
