"""When people were seen at work, and the weekly pattern in it: alternating weeks, breaks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import lcm

import numpy as np
from numpy.typing import NDArray

from fong.learn.intervals import Interval
from fong.learn.record import DAY_S
from fong.model.calendars import union

SLOT_S = 900
SLOTS = 2 * DAY_S // SLOT_S  # a day's attendance may run past midnight
_PAUSE_S = 3 * 3600  # a longer gap parts two attendances
_LONGEST_S = 16 * 3600  # a longer attendance is a machine that ran on, not a person
PERIODS = (1, 2, 3, 4)  # weeks after which a pattern repeats
CYCLE = lcm(*PERIODS)
_POOL = 2.0  # days of all weeks that a cell of one week borrows
_GAIN = 0.85  # a longer period must err this much less on weeks that it has not seen
_HALF = 0.5
_BREAK = 0.2  # active share under which a slot inside an attendance is a break …
_AROUND = 0.6  # … if the slots beside it are active by this share
_BREAKS_S = (1800, 7200)
_LEAST_SPAN_S = 3600
_BRIDGE_S = 2700

Presence = NDArray[np.bool_]  # [days, SLOTS] there (gaps filled), by the day on which the attendance began
Shares = NDArray[np.float64]  # [CYCLE * 7, SLOTS] share of days there


@dataclass(frozen=True, slots=True, eq=False)
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
        return (np.arange(len(self.there)) + self.first) % (7 * CYCLE)


def attendance(name: str, intervals: Iterable[Interval]) -> Attendance | None:
    """Attendances of one name; None if there is none of usable length."""
    busy = union(intervals)
    spells = union(busy, _PAUSE_S)
    good = [s for s in spells if s[1] - s[0] <= _LONGEST_S]
    long_s = sum(b - a for a, b in spells if b - a > _LONGEST_S)
    if not good:
        return None
    first, last = good[0][0] // DAY_S, good[-1][0] // DAY_S
    there = np.zeros((last - first + 1, SLOTS), np.bool_)
    active = np.zeros_like(there)
    for spell in good:
        day = spell[0] // DAY_S
        _mark(there[day - first], (spell[0], max(spell[1], spell[0] + SLOT_S)), day)  # one slot at least
        for a, b in busy:
            if a < spell[1] and b > spell[0]:
                _mark(active[day - first], (a, b), day)
    return Attendance(name, first, there, active, long_s)


def _mark(row: NDArray[np.bool_], interval: Interval, day: int) -> None:
    """Set the slots that the interval covers by at least a half."""
    a, b = ((t - day * DAY_S + SLOT_S // 2) // SLOT_S for t in interval)
    row[a:b] = True


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """How many of a group were there, by day and slot.

    ``there`` and ``active`` [weeks, 7, SLOTS]; ``people`` [weeks, 7]: how many of the group had begun and not yet left for good;
    ``first``: number of the first week.
    """

    first: int
    there: NDArray[np.float64]
    active: NDArray[np.float64]
    people: NDArray[np.float64]

    @property
    def weeks(self) -> int:
        """Number of weeks."""
        return len(self.people)


def tally(group: Sequence[Attendance]) -> Tally:
    """Add up the attendances of a group (at least one)."""
    first = min(a.first for a in group) // 7
    weeks = max(a.first + len(a.there) - 1 for a in group) // 7 - first + 1
    there, active = np.zeros((weeks * 7, SLOTS)), np.zeros((weeks * 7, SLOTS))
    people = np.zeros(weeks * 7)
    for a in group:
        at = slice(a.first - 7 * first, a.first - 7 * first + len(a.there))
        there[at] += a.there
        active[at] += a.active
        people[at] += 1
    return Tally(first, there.reshape(weeks, 7, SLOTS), active.reshape(weeks, 7, SLOTS), people.reshape(weeks, 7))


def _by_phase(t: Tally, period: int) -> tuple[NDArray[np.int64], Shares, NDArray[np.float64]]:
    """Phase of each week [weeks]; people there [period, 7, SLOTS] and people at all [period, 7] by phase."""
    phase = (np.arange(t.weeks) + t.first) % period
    there, people = np.zeros((period, 7, SLOTS)), np.zeros((period, 7))
    np.add.at(there, phase, t.there)
    np.add.at(people, phase, t.people)
    return phase, there, people


def shares(t: Tally, period: int) -> Shares:
    """Share of days there by day of the longest cycle, for a pattern that repeats after ``period`` weeks.

    Cells borrow ``_POOL`` days from all weeks, so that few weeks do not shout.
    """
    _, there, people = _by_phase(t, period)
    pooled = there.sum(0) / np.maximum(1, people.sum(0))[:, None]
    share = (there + _POOL * pooled) / (people + _POOL)[:, :, None]
    return np.tile(share.reshape(period * 7, SLOTS), (CYCLE // period, 1))


def _error(t: Tally, period: int) -> float:
    """Slots guessed wrongly, each week by the others, per slot worked."""
    phase, there, people = _by_phase(t, period)
    others = there.sum(0) - t.there
    pooled = others / np.maximum(1, people.sum(0) - t.people)[:, :, None]
    share = (there[phase] - t.there + _POOL * pooled) / (people[phase] - t.people + _POOL)[:, :, None]
    wrong = np.where(share >= _HALF, t.people[:, :, None] - t.there, t.there)
    return float(wrong.sum() / max(1.0, t.there.sum()))


def period_of(t: Tally) -> int:
    """Weeks after which the pattern repeats: the shortest that no longer one beats clearly on weeks it has not seen."""
    best, error = 1, _error(t, 1)
    for period in PERIODS[1:]:
        if t.weeks >= 2 * period:  # seen twice at least
            other = _error(t, period)
            if other < _GAIN * error:
                best, error = period, other
    return best


def pattern(group: Sequence[Attendance]) -> Presence:
    """Slots worked [CYCLE * 7, SLOTS]: there on at least half of the days, without breaks; never empty.

    Where people come so irregularly that this gives less than the hours they really work in a mean week, the next likely slots are
    added until it gives as many: a calendar must not lose hours.
    """
    t = tally(group)
    share = shares(t, period_of(t))
    mean = round(float(share.sum()))
    worked = share >= _HALF
    if worked.sum() < mean:
        worked = share >= np.sort(share, axis=None)[-mean]
    worked = _tidy(worked)
    return worked & ~_breaks(t, worked)


def _tidy(worked: Presence) -> Presence:
    """Short gaps closed, short spells dropped (unless there is nothing else)."""
    out = np.zeros_like(worked)
    for row, made in zip(worked, out, strict=True):
        for a, b in slots_of(row, _BRIDGE_S // SLOT_S):
            if (b - a) * SLOT_S >= _LEAST_SPAN_S:
                made[a:b] = True
    return out if out.any() else worked


def _breaks(t: Tally, worked: Presence) -> Presence:
    """Slots of a break: hardly anyone active there while at work, and most are before and after it."""
    out = np.zeros_like(worked)
    day = (np.arange(t.weeks * 7) + 7 * t.first) % (7 * CYCLE)
    there, active = t.there.reshape(-1, SLOTS), t.active.reshape(-1, SLOTS)
    for row in {r.tobytes(): r for r in worked}.values():
        alike = np.flatnonzero((worked == row).all(axis=1))
        rows = np.isin(day, alike)
        share = active[rows].sum(0) / np.maximum(1, there[rows].sum(0))
        for a, b in slots_of((share < _BREAK) & row):
            beside = [a - 1, b]
            if (
                _BREAKS_S[0] <= (b - a) * SLOT_S <= _BREAKS_S[1]
                and row[beside].all()
                and share[beside].min() >= _AROUND
            ):
                out[np.ix_(alike, np.arange(a, b))] = True
    return out


def slots_of(row: NDArray[np.bool_], bridge: int = 0) -> list[Interval]:
    """Runs of slots [from, to) that are set; gaps of at most ``bridge`` slots are closed."""
    return union([(s, s + 1) for s in np.flatnonzero(row).tolist()], bridge)
