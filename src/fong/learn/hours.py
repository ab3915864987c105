"""Working hours from when people were seen at work: attendances, weekly patterns (alternating weeks too), few common calendars."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import lcm
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from fong.learn.intervals import Interval, union
from fong.learn.record import DAY_S, Record
from fong.model.factory import Calendar, Span

SLOT_S = 900
_SLOTS = 2 * DAY_S // SLOT_S  # a day's attendance may run past midnight
_PAUSE_S = 3 * 3600  # a longer gap parts two attendances
_LONGEST_S = 16 * 3600  # a longer attendance is a machine that ran on, not a person
_PERIODS = (1, 2, 3, 4)  # weeks after which a pattern repeats
_CYCLE = lcm(*_PERIODS)
_POOL = 2.0  # days of all weeks that a cell of one week borrows
_GAIN = 0.85  # a longer period must err this much less on weeks that it has not seen
_HALF = 0.5
_BREAK = 0.2  # active share under which a slot inside an attendance is a break …
_AROUND = 0.6  # … if the slots beside it are active by this share
_BREAKS_S = (1800, 7200)
_LEAST_SPAN_S = 3600
_BRIDGE_S = 2700

Presence = NDArray[np.bool_]  # [days, _SLOTS] there (gaps filled), by the day on which the attendance began
Pattern = NDArray[np.float64]  # [_CYCLE * 7, _SLOTS] share of days there


@dataclass(frozen=True, slots=True)
class Attendance:
    """When one person (or machine) was at work: first and last day (numbers after the origin), ``there`` and ``active`` [days, slots].

    ``long_s``: seconds of attendances too long for one person, left out.
    """

    name: str
    first: int
    there: Presence
    active: Presence
    long_s: int

    @property
    def days(self) -> int:
        """Days with an attendance."""
        return int(self.there.any(axis=1).sum())

    @property
    def weekdays(self) -> NDArray[np.int64]:
        """Day of the longest cycle (0 … 7 × cycle − 1) of each row."""
        return (np.arange(len(self.there)) + self.first) % (7 * _CYCLE)


def attendance(name: str, intervals: Iterable[Interval]) -> Attendance | None:
    """Attendances of one name; None if there is none of usable length."""
    busy = union(intervals)
    spells = union(busy, _PAUSE_S)
    good = [s for s in spells if s[1] - s[0] <= _LONGEST_S]
    long_s = sum(b - a for a, b in spells if b - a > _LONGEST_S)
    if not good:
        return None
    first, last = good[0][0] // DAY_S, good[-1][0] // DAY_S
    there = np.zeros((last - first + 1, _SLOTS), np.bool_)
    active = np.zeros_like(there)
    for spell in good:
        day = spell[0] // DAY_S
        _mark(there[day - first], spell, day)
        for a, b in busy:
            if a < spell[1] and b > spell[0]:
                _mark(active[day - first], (a, b), day)
    return Attendance(name, first, there, active, long_s)


def _mark(row: NDArray[np.bool_], interval: Interval, day: int) -> None:
    """Set the slots that the interval covers by at least a half."""
    a, b = ((t - day * DAY_S + SLOT_S // 2) // SLOT_S for t in interval)
    row[a:b] = True


def _folded(people: Sequence[Attendance], period: int, leave_out: int = -1) -> Pattern:
    """Share of days there, by day of the longest cycle, for a pattern that repeats after ``period`` weeks.

    Cells borrow ``_POOL`` days from all weeks, so that few weeks do not shout. ``leave_out``: number of a week that does not count.
    """
    there = np.concatenate([p.there for p in people]).astype(np.float64)
    day = np.concatenate([np.arange(len(p.there)) + p.first for p in people])
    keep = day // 7 != leave_out
    there, day = there[keep], day[keep]
    sums = np.zeros((7 * period, _SLOTS))
    counts = np.zeros(7 * period)
    np.add.at(sums, day % (7 * period), there)
    np.add.at(counts, day % (7 * period), 1)
    pooled = sums.reshape(period, 7, _SLOTS).sum(0) / np.maximum(1, counts.reshape(period, 7).sum(0))[:, None]
    borrowed = np.tile(pooled, (period, 1)) if period > 1 else pooled
    share = (sums + _POOL * borrowed) / (counts + _POOL)[:, None]
    return np.tile(share, (_CYCLE // period, 1))


def _error(people: Sequence[Attendance], period: int) -> float:
    """Slots wrongly guessed on weeks left out, per slot worked."""
    wrong = worked = 0
    for week in sorted({int(d) // 7 for p in people for d in (np.arange(len(p.there)) + p.first)}):
        guess = _folded(people, period, week) >= _HALF
        for p in people:
            rows = np.flatnonzero((np.arange(len(p.there)) + p.first) // 7 == week)
            if len(rows):
                wrong += int((guess[p.weekdays[rows]] != p.there[rows]).sum())
                worked += int(p.there[rows].sum())
    return wrong / max(1, worked)


def period_of(people: Sequence[Attendance]) -> int:
    """Weeks after which the pattern repeats: the shortest that no longer one beats clearly on weeks it has not seen."""
    weeks = max(len(p.there) for p in people) / 7
    best, error = 1, _error(people, 1)
    for period in _PERIODS[1:]:
        if weeks >= 2 * period:  # seen twice at least
            other = _error(people, period)
            if other < _GAIN * error:
                best, error = period, other
    return best


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
    patterns = [_pattern(g) for g in groups]
    strange = [(a, _nearest(a, patterns)) for a in seen if a not in sure]
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


def _pattern(people: Sequence[Attendance]) -> Presence:
    """Slots worked [_CYCLE * 7, _SLOTS]: there on at least half of the days, without breaks; never empty.

    Where people come so irregularly that this gives less than the hours they really work in a mean week, the next likely slots are
    added until it gives as many: a calendar must not lose hours.
    """
    share = _folded(people, period_of(people))
    mean = round(float(share.sum()))
    worked = share >= _HALF
    if worked.sum() < mean:
        worked = share >= np.sort(share, axis=None)[-mean]
    worked = _tidy(worked)
    return worked & ~_breaks(people, worked)


def _tidy(worked: Presence) -> Presence:
    """Short gaps closed, short spells dropped (unless there is nothing else)."""
    out = np.zeros_like(worked)
    for row, made in zip(worked, out, strict=True):
        for a, b in union([(s * SLOT_S, (s + 1) * SLOT_S) for s in np.flatnonzero(row).tolist()], _BRIDGE_S):
            if b - a >= _LEAST_SPAN_S:
                made[a // SLOT_S : b // SLOT_S] = True
    return out if out.any() else worked


def _breaks(people: Sequence[Attendance], worked: Presence) -> Presence:
    """Slots of a break: hardly anyone active there while at work, and most are before and after it."""
    out = np.zeros_like(worked)
    there = np.concatenate([p.there for p in people])
    active = np.concatenate([p.active for p in people])
    day = np.concatenate([p.weekdays for p in people])
    for row in {r.tobytes(): r for r in worked}.values():
        alike = np.flatnonzero((worked == row).all(axis=1))
        rows = np.isin(day, alike)
        share = active[rows].sum(0) / np.maximum(1, there[rows].sum(0))
        for a, b in union([(s * SLOT_S, (s + 1) * SLOT_S) for s in np.flatnonzero((share < _BREAK) & row).tolist()]):
            before, after = a // SLOT_S - 1, b // SLOT_S
            if (
                _BREAKS_S[0] <= b - a <= _BREAKS_S[1]
                and row[before]
                and row[after]
                and min(share[before], share[after]) >= _AROUND
            ):
                out[np.ix_(alike, np.arange(before + 1, after))] = True
    return out


def _clusters(people: Sequence[Attendance], distance: float) -> list[list[Attendance]]:
    """Greedy: each name joins the nearest leader within the distance, else leads a group of its own; most seen first."""
    groups: list[list[Attendance]] = []
    leaders: list[Presence] = []
    for p in people:
        own = _pattern([p])
        apart = [_apart(own, leader) for leader in leaders]
        if apart and min(apart) <= distance:
            groups[apart.index(min(apart))].append(p)
        else:
            groups.append([p])
            leaders.append(own)
    return groups


def _settled(groups: Sequence[list[Attendance]]) -> list[list[Attendance]]:
    """The same names, each in the group whose common pattern fits it best; empty groups vanish."""
    patterns = [_pattern(g) for g in groups]
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


def _period(pattern: Presence) -> int:
    weeks = pattern.reshape(_CYCLE, 7, _SLOTS)
    return next(p for p in (*_PERIODS, _CYCLE) if (weeks == np.roll(weeks, -p, axis=0)).all())


def _spans(row: NDArray[np.bool_]) -> tuple[Span, ...]:
    return tuple(union([(s * SLOT_S, (s + 1) * SLOT_S) for s in np.flatnonzero(row).tolist()]))


def _calendar(
    name: str, pattern: Presence, people: Sequence[Attendance], start: date, until: date, closed: Sequence[date]
) -> Calendar:
    """A pattern as a calendar: weekdays, and a date wherever the pattern's week is not the first one's."""
    days = (until - start).days + 1
    seen = min(p.first for p in people)
    dates = {
        start + timedelta(days=d): _spans(pattern[d % len(pattern)])
        for d in range(seen, days)
        if (pattern[d % len(pattern)] != pattern[d % 7]).any()
    }
    dates |= {d: () for d in closed if pattern[(d - start).days % len(pattern)].any()}
    week = tuple(_spans(pattern[d]) for d in range(7))
    return Calendar(name=name, week=week, dates=MappingProxyType(dict(sorted(dates.items()))))


def _kept(pairs: Sequence[tuple[Attendance, Presence]]) -> tuple[int, int]:
    """Days on which calendars say work, and on how many of them people were there."""
    expected = present = 0
    for a, pattern in pairs:
        due = pattern[a.weekdays].any(axis=1)
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
