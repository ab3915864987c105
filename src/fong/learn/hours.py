"""Working hours from when people were seen at work: people of like patterns share a calendar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

import numpy as np

from fong.learn.intervals import Interval
from fong.learn.presence import CYCLE, PERIODS, SLOT_S, SLOTS, Attendance, Presence, attendance, pattern, slots_of
from fong.learn.record import DAY_S, Record
from fong.model.calendars import union
from fong.model.factory import Calendar, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Calendars, and whose they are. ``period``: weeks after which each repeats. ``expected``: calendar days, ``present``: of these there."""

    calendars: tuple[Calendar, ...]
    of: Mapping[str, str]
    period: Mapping[str, int]
    days: Mapping[str, int]
    expected: int
    present: int
    long_s: int
    closed: tuple[date, ...]


def find_hours(
    rec: Record, busy: Mapping[str, Sequence[Interval]], *, distance: float, least_days: int, until: date, prefix: str
) -> Hours:
    """Working hours of each name from when it was busy.

    Parameters
    ----------
    rec
        The log's clock.
    busy
        Busy intervals by name.
    distance
        Names whose patterns differ by at most this share share a calendar.
    least_days
        Names seen on fewer days take the calendar that fits them best.
    until
        Alternating weeks are laid out as dates until this day.
    prefix
        Calendars are named by it and a number.
    """
    seen = sorted((a for n, i in busy.items() if (a := attendance(n, i))), key=lambda a: (-a.days, a.name))
    sure = [a for a in seen if a.days >= least_days] or seen
    groups = _settled(_clusters(sure, distance))
    patterns = [pattern(g) for g in groups]
    strange = [(a, _nearest(a, patterns)) for a in seen if all(a is not b for b in sure)]
    groups = [[*g, *(a for a, n in strange if n == i)] for i, g in enumerate(groups)]
    names = {a.name: f"{prefix}{i + 1}" for i, g in enumerate(groups) for a in g}
    closed = _closed(rec, seen, patterns, {a.name: i for i, g in enumerate(groups) for a in g})
    start = rec.origin.date()
    calendars = [
        _calendar(f"{prefix}{i + 1}", p, g, start, until, closed)
        for i, (p, g) in enumerate(zip(patterns, groups, strict=True))
    ]
    expected, present = _kept([(a, patterns[int(names[a.name].removeprefix(prefix)) - 1]) for a in seen])
    return Hours(
        calendars=tuple(calendars),
        of=names,
        period={f"{prefix}{i + 1}": _period(p) for i, p in enumerate(patterns)},
        days={a.name: a.days for a in seen},
        expected=expected,
        present=present,
        long_s=sum(a.long_s for a in seen),
        closed=closed,
    )


def _clusters(people: Sequence[Attendance], distance: float) -> list[list[Attendance]]:
    """Greedy: each name joins the nearest leader within the distance, else leads a group of its own; most seen first."""
    groups: list[list[Attendance]] = []
    leaders: list[Presence] = []
    for p in people:
        own = pattern([p])
        apart = [_apart(own, leader) for leader in leaders]
        if apart and min(apart) <= distance:
            groups[apart.index(min(apart))].append(p)
        else:
            groups.append([p])
            leaders.append(own)
    return groups


def _settled(groups: Sequence[list[Attendance]]) -> list[list[Attendance]]:
    """The same names, each in the group whose common pattern fits it best; empty groups vanish."""
    patterns = [pattern(g) for g in groups]
    home = {a.name: _nearest(a, patterns) for g in groups for a in g}
    everyone = [a for g in groups for a in g]
    return [g for i in range(len(groups)) if (g := [a for a in everyone if home[a.name] == i])]


def _apart(a: Presence, b: Presence) -> float:
    """Jaccard distance."""
    either = int((a | b).sum())
    return 1 - int((a & b).sum()) / either if either else 0.0


def _nearest(a: Attendance, patterns: Sequence[Presence]) -> int:
    """The pattern that errs least on the days of this name."""
    errors = [int((p[a.weekdays] != a.there).sum()) for p in patterns]
    return errors.index(min(errors))


def _period(worked: Presence) -> int:
    weeks = worked.reshape(CYCLE, 7, SLOTS)
    return next(p for p in (*PERIODS, CYCLE) if (weeks == np.roll(weeks, -p, axis=0)).all())


def _spans(worked: Presence) -> list[tuple[Span, ...]]:
    """Working time by day of the longest cycle; what begins after midnight belongs to the next day."""
    days: list[list[Interval]] = [[] for _ in worked]
    for d, row in enumerate(worked):
        for a, b in slots_of(row):
            late, a_s = divmod(a * SLOT_S, DAY_S)
            days[(d + late) % len(days)].append((a_s, b * SLOT_S - late * DAY_S))
    return [tuple(union(day)) for day in days]


def _calendar(
    name: str, worked: Presence, people: Sequence[Attendance], start: date, until: date, closed: Sequence[date]
) -> Calendar:
    """A pattern as a calendar: weekdays, and a date wherever the pattern's week is not the first one's."""
    days = (until - start).days + 1
    spans = _spans(worked)
    seen = min(p.first for p in people)
    dates = {
        start + timedelta(days=d): spans[d % len(spans)]
        for d in range(seen, days)
        if spans[d % len(spans)] != spans[d % 7]
    }
    dates |= {d: () for d in closed if spans[(d - start).days % len(spans)]}
    return Calendar(name=name, week=tuple(spans[:7]), dates=MappingProxyType(dict(sorted(dates.items()))))


def _kept(pairs: Sequence[tuple[Attendance, Presence]]) -> tuple[int, int]:
    """Days on which calendars say work, and on how many of them people were there."""
    expected = present = 0
    for a, worked in pairs:
        due = worked[a.weekdays].any(axis=1)
        expected += int(due.sum())
        present += int((due & a.there.any(axis=1)).sum())
    return expected, present


_CLOSED = 0.2  # of those expected
_LEAST_EXPECTED = 3


def _closed(
    rec: Record, people: Sequence[Attendance], patterns: Sequence[Presence], of: Mapping[str, int]
) -> tuple[date, ...]:
    """Days on which hardly anyone of those expected came."""
    expected: dict[int, int] = {}
    came: dict[int, int] = {}
    for a in people:
        due = patterns[of[a.name]][a.weekdays].any(axis=1)
        for i in np.flatnonzero(due).tolist():
            expected[a.first + i] = expected.get(a.first + i, 0) + 1
            came[a.first + i] = came.get(a.first + i, 0) + int(a.there[i].any())
    out = [d for d, n in sorted(expected.items()) if n >= _LEAST_EXPECTED and came[d] < _CLOSED * n]
    return tuple(rec.origin.date() + timedelta(days=d) for d in out)


def joined(name: str, calendars: Sequence[Calendar]) -> Calendar:
    """Open whenever one of the calendars is."""
    dates = sorted({d for c in calendars for d in c.dates})
    return Calendar(
        name=name,
        week=tuple(tuple(union(s for c in calendars for s in c.week[d])) for d in range(7)),
        dates=MappingProxyType(
            {d: tuple(union(s for c in calendars for s in c.dates.get(d, c.week[d.weekday()]))) for d in dates}
        ),
    )
