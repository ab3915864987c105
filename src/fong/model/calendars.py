"""Working time as windows of whole seconds after now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta

import numpy as np

from fong.model.factory import Calendar, Span
from fong.model.problem import I32, I64

DAY_S = 86_400
Window = tuple[int, int]


def union(windows: Iterable[Window], gap_s: int = 0) -> list[Window]:
    """What lies in any of the windows, which may stand in any order; those at most ``gap_s`` apart become one, empty ones vanish."""
    out: list[Window] = []
    for opened, closed in sorted(w for w in windows if w[1] > w[0]):
        if out and opened <= out[-1][1] + gap_s:
            out[-1] = (out[-1][0], max(out[-1][1], closed))
        else:
            out.append((opened, closed))
    return out


def intersection(a: Sequence[Window], b: Sequence[Window]) -> list[Window]:
    """What lies in both; each in order and without overlap."""
    out: list[Window] = []
    i = j = 0
    while i < len(a) and j < len(b):
        opened, closed = max(a[i][0], b[j][0]), min(a[i][1], b[j][1])
        if opened < closed:
            out.append((opened, closed))
        if a[i][1] < b[j][1]:
            i += 1
        else:
            j += 1
    return out


def spans_on(calendar: Calendar, day: date) -> tuple[Span, ...]:
    """Working time of one day: the date's own, else its weekday's."""
    return calendar.dates.get(day, calendar.week[day.weekday()])


def windows(calendar: Calendar, now: datetime, horizon_s: int) -> list[Window]:
    """Open windows [open, close) in seconds after ``now``, sorted, merged where they touch, clipped to [0, horizon_s).

    Wall-clock hours are read in ``now``'s own time zone, so a change of the clocks lengthens or shortens a shift as it does in life.
    """
    return union((max(0, a), min(horizon_s, b)) for a, b in _raw_windows(calendar, now, horizon_s))


def _raw_windows(calendar: Calendar, now: datetime, horizon_s: int) -> Iterator[tuple[int, int]]:
    zone = now.tzinfo
    start = now.timestamp()
    day = now.date() - timedelta(days=1)
    last = day + timedelta(days=horizon_s // DAY_S + 3)
    while day <= last:
        midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - wall clock, made aware below
        for a, b in spans_on(calendar, day):
            yield tuple(
                round((midnight + timedelta(seconds=s)).replace(tzinfo=zone).timestamp() - start) for s in (a, b)
            )  # type: ignore[misc]
        day += timedelta(days=1)


def pack(all_windows: Iterable[list[tuple[int, int]]]) -> tuple[I32, I32, I32, I64]:
    """Calendars as columns: ``cal_ptr``, ``win_open_s``, ``win_close_s``, ``win_before_s`` (see :class:`fong.model.Problem`)."""
    pointer, opened, closed, before = [0], [], [], []
    for one in all_windows:
        total = 0
        for a, b in one:
            opened.append(a)
            closed.append(b)
            before.append(total)
            total += b - a
        pointer.append(len(opened))
    return (
        np.array(pointer, np.int32),
        np.array(opened, np.int32),
        np.array(closed, np.int32),
        np.array(before, np.int64),
    )
