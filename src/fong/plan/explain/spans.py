"""Stretches of time: lists of half-open intervals, ascending, apart from each other, none empty."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from fong.model.calendars import union

Span = tuple[int, int]
Spans = list[Span]
FAR = 2**40
"""Later than any moment of a plan."""
ALWAYS: Spans = [(-FAR, FAR)]


def length(spans: Iterable[Span]) -> int:
    """Seconds in all."""
    return sum(b - a for a, b in spans)


def within(spans: Spans, low: int, high: int) -> Spans:
    """What lies between two moments."""
    if low >= high:
        return []
    first = bisect_right(spans, low, key=lambda s: s[1])
    last = bisect_left(spans, high, first, key=lambda s: s[0])
    return [(max(a, low), min(b, high)) for a, b in spans[first:last]]


def without(spans: Spans, others: Spans) -> Spans:
    """What lies in the first and not in the second."""
    out: Spans = []
    j = 0
    for a, b in spans:
        t = a
        while j < len(others) and others[j][1] <= t:
            j += 1
        i = j
        while i < len(others) and others[i][0] < b:
            if others[i][0] > t:
                out.append((t, others[i][0]))
            t = max(t, others[i][1])
            i += 1
        if t < b:
            out.append((t, b))
    return out


def reach(spans: Spans, start: int, work: int) -> int:
    """When so many seconds of the spans have passed after ``start``; ``FAR``: never."""
    for a, b in within(spans, start, FAR):
        if work <= b - a:
            return a + work
        work -= b - a
    return FAR


def latest(spans: Spans, end: int, work: int) -> int:
    """The last moment after which so many seconds of the spans pass before ``end``; ``-FAR``: there is none."""
    for a, b in reversed(within(spans, -FAR, end)):
        if work <= b - a:
            return b - work
        work -= b - a
    return -FAR


@dataclass(frozen=True, kw_only=True)
class Holds:
    """Who holds a resource when, by begin; ``op`` may be any mark of the holder."""

    begin: list[int] = field(default_factory=list)
    end: list[int] = field(default_factory=list)
    op: list[int] = field(default_factory=list)
    capacity: int = 1

    @cached_property
    def _latest(self) -> list[int]:
        out: list[int] = np.maximum.accumulate(np.array(self.end, np.int64)).tolist()
        return out

    @cached_property
    def taken(self) -> Spans:
        """When no unit is free."""
        if self.capacity == 1:
            return union(zip(self.begin, self.end, strict=True))
        return level_at_least(self.begin, self.end, self.capacity)

    def inside(self, low: int, high: int) -> list[tuple[int, int, int]]:
        """Holds between two moments: begin, end, mark."""
        first = bisect_right(self._latest, low)
        last = bisect_left(self.begin, high, first)
        return [
            (max(low, self.begin[i]), min(high, self.end[i]), self.op[i])
            for i in range(first, last)
            if self.end[i] > max(low, self.begin[i])
        ]

    def gaps(self, low: int, high: int, need: int, hours: Spans = ALWAYS) -> Spans:
        """When a unit is free, and stays so for ``need`` seconds of the hours or until ``high``."""
        out: Spans = []
        for a, b in without([(low, high)], within(self.taken, low, high)):
            last = b if b == high or need <= 0 else latest(hours, b, need) + 1
            if last > a:
                out.append((a, last))
        return out


NOBODY = Holds()


def level_at_least(begin: Sequence[int], end: Sequence[int], level: int) -> Spans:
    """When at least so many of the intervals overlap."""
    if level <= 0:
        return ALWAYS
    events = sorted([*((t, 1) for t in begin), *((t, -1) for t in end)])
    out: Spans = []
    held, since = 0, 0
    for t, change in events:
        if change > 0:
            held += 1
            if held == level:
                since = t
        else:
            if held == level and t > since:
                out.append((since, t))
            held -= 1
    return union(out)


def grouped(
    key: NDArray[np.int64],
    begin: NDArray[np.int64],
    end: NDArray[np.int64],
    op: NDArray[np.int64],
    capacity: NDArray[np.int64] | None = None,
) -> dict[int, Holds]:
    """Holds by key; -1 and empty intervals are left out. ``capacity`` by key, 1 if absent."""
    mine = np.flatnonzero((key >= 0) & (end > begin))
    order = mine[np.lexsort((begin[mine], key[mine]))]
    keys, first = np.unique(key[order], return_index=True)
    bounds = [*first.tolist(), len(order)]
    columns = [c[order].tolist() for c in (begin, end, op)]
    return {
        k: Holds(
            begin=columns[0][a:b],
            end=columns[1][a:b],
            op=columns[2][a:b],
            capacity=1 if capacity is None else int(capacity[k]),
        )
        for k, a, b in zip(keys.tolist(), bounds[:-1], bounds[1:], strict=True)
    }
