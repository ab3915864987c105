"""Draws that come out the same for the same seed, on every machine and with every version of numpy."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist
from typing import TypeVar

import numpy as np

T = TypeVar("T")


class Dice:
    """A few kinds of draws on raw PCG64 words.

    numpy keeps the raw stream of a bit generator for ever, but not that of ``Generator``'s methods
    (NEP 19, "Random number generator policy").
    """

    def __init__(self, seed: int) -> None:
        self._bits = np.random.PCG64(seed)

    def below(self, n: int) -> int:
        """A whole number in [0, n)."""
        return int(self._bits.random_raw()) % n

    def part(self) -> float:
        """A number in [0, 1)."""
        return (int(self._bits.random_raw()) >> 11) * 2.0**-53

    def pick(self, values: Sequence[T]) -> T:
        """One of them."""
        return values[self.below(len(values))]

    def shuffled(self, values: Sequence[T]) -> list[T]:
        """All of them in another order."""
        out = list(values)
        for i in range(len(out) - 1, 0, -1):
            j = self.below(i + 1)
            out[i], out[j] = out[j], out[i]
        return out


def quantities(count: int, median: float, sigma: float, smallest: int, largest: int) -> list[int]:
    """Sizes of ``count`` orders, ascending: the mid-quantiles of a log-normal law, cut at both ends.

    Quantiles, not draws: whatever the seed, the book holds the same amount of work.
    """
    law = NormalDist(math.log(median), sigma)
    raw = (math.exp(law.inv_cdf((i + 0.5) / count)) for i in range(count))
    return [min(largest, max(smallest, round(q))) for q in raw]


def shares(total: int, weights: Sequence[int]) -> list[int]:
    """``total`` pieces by weight, by largest remainder."""
    whole = sum(weights)
    out = [total * w // whole for w in weights]
    by_rest = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for i in by_rest[: total - sum(out)]:
        out[i] += 1
    return out
