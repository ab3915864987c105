"""Intervals of whole seconds: how long, how many at once, and time shared between those at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from fong.model.calendars import union

Interval = tuple[int, int]


def length(intervals: Iterable[Interval]) -> int:
    """Seconds covered by the union."""
    return sum(b - a for a, b in union(intervals))


def within(intervals: Iterable[Interval], start: int, end: int) -> list[Interval]:
    """The parts of the intervals that lie in [start, end)."""
    return [(max(a, start), min(b, end)) for a, b in intervals if min(b, end) > max(a, start)]


def sweep(intervals: Sequence[Interval]) -> list[tuple[int, int, tuple[int, ...]]]:
    """(start, end, numbers of the intervals open then), ascending; only where at least one is open."""
    marks = sorted({t for i in intervals for t in i})
    begins: dict[int, list[int]] = {}
    ends: dict[int, list[int]] = {}
    for number, (a, b) in enumerate(intervals):
        if b > a:
            begins.setdefault(a, []).append(number)
            ends.setdefault(b, []).append(number)
    out: list[tuple[int, int, tuple[int, ...]]] = []
    opened: dict[int, None] = {}
    for i, t in enumerate(marks[:-1]):
        for number in ends.get(t, ()):
            del opened[number]
        opened.update(dict.fromkeys(begins.get(t, ())))
        if opened:
            out.append((t, marks[i + 1], tuple(opened)))
    return out


def shared(intervals: Sequence[Interval]) -> list[float]:
    """Seconds of each interval when a moment that n of them cover counts 1/n to each."""
    out = [0.0] * len(intervals)
    for a, b, numbers in sweep(intervals):
        for number in numbers:
            out[number] += (b - a) / len(numbers)
    return out


def overlapped(intervals: Sequence[Interval]) -> list[int]:
    """Seconds of each interval that at least one other covers too."""
    out = [0] * len(intervals)
    for a, b, numbers in sweep(intervals):
        if len(numbers) > 1:
            for number in numbers:
                out[number] += b - a
    return out
