"""Working time of an example: calendars made of shifts, and arithmetic on open windows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from fong.examples.figures import Tree, of_day
from fong.model import Calendar, Factory, Machine, Person, Settings, Span, Step
from fong.model.calendars import intersection, union, windows

ZONE = "Asia/Hong_Kong"
HORIZON_DAYS = 45
PAST_DAYS = 60
DAY_S = 86_400
HOUR_S = 3_600
WEDNESDAY, START_HOUR, START_MINUTE = 2, 10, 20

Windows = list[tuple[int, int]]


def midweek(now: datetime) -> datetime:
    """Wednesday, 10:20 in Hong Kong, of the week in which ``now`` lies: the moment at which both examples start.

    Parameters
    ----------
    now
        An aware moment.

    Raises
    ------
    ValueError
        ``now`` is naive.
    """
    if now.tzinfo is None:
        msg = f"wanted an aware moment, found {now!r}"
        raise ValueError(msg)
    here = now.astimezone(ZoneInfo(ZONE))
    day = here + timedelta(days=WEDNESDAY - here.weekday())
    return day.replace(hour=START_HOUR, minute=START_MINUTE, second=0, microsecond=0)


def settings(now: datetime) -> Settings:
    """The settings of both examples."""
    return Settings(now=midweek(now), time_zone=ZONE, currency="HKD", horizon_days=HORIZON_DAYS)


def weekly(
    name: str, spans: Iterable[Span], days: int, dates: Mapping[date, tuple[Span, ...]] | None = None
) -> Calendar:
    """A calendar with the same working time from Monday on, for ``days`` days a week."""
    day = tuple(spans)
    week = tuple(day if i < days else () for i in range(7))
    return Calendar(name=name, week=week, dates=MappingProxyType(dict(dates or {})))


def shift_spans(shift: Tree, *, with_break: bool = True) -> tuple[Span, ...]:
    """Working time of a shift: in two parts, or in one for somebody who eats between two calls."""
    start, end = of_day(shift["start"]), of_day(shift["end"])
    if not with_break:
        return ((start, end),)
    return ((start, of_day(shift["break_start"])), (of_day(shift["break_end"]), end))


def day_after(now: datetime, working_days: int, days: int) -> date:
    """The date so many working days after ``now``'s, in a week of ``days`` working days; negative: before it."""
    day, step = now.date(), 1 if working_days >= 0 else -1
    left = abs(working_days)
    while left:
        day += timedelta(days=step)
        left -= day.weekday() < days
    return day


def at(day: date, now: datetime, seconds: int) -> datetime:
    """The moment so many seconds after midnight of ``day``."""
    return datetime(day.year, day.month, day.day, tzinfo=now.tzinfo) + timedelta(seconds=seconds)


@dataclass(frozen=True, slots=True)
class Hours:
    """Open windows of a factory's calendars, in seconds after now."""

    factory: Factory
    _known: dict[str, Windows] = field(default_factory=dict)

    def calendar(self, name: str | None) -> Windows:
        """Windows of one calendar; None: always open."""
        horizon = HORIZON_DAYS * DAY_S
        if name is None:
            return [(0, horizon)]
        if name not in self._known:
            found = next(c for c in self.factory.calendars if c.name == name)
            self._known[name] = windows(found, self.factory.settings.now, horizon)
        return self._known[name]

    def people(self, people: Iterable[Person]) -> Windows:
        """When at least one of them is on duty."""
        return union(w for name in {p.calendar for p in people} for w in self.calendar(name))

    def skill(self, skill: str | None) -> Windows:
        """When at least one person with ``skill`` is on duty; None: always."""
        return (
            self.calendar(None) if skill is None else self.people(p for p in self.factory.people if skill in p.skills)
        )

    def crew(self, people: Sequence[Person]) -> float:
        """How many of them are on duty, on average, while anybody is."""
        there = self.people(people)
        return sum(worked(self.calendar(p.calendar), there[-1][1]) for p in people) / worked(there, there[-1][1])


def worked(open_: Windows, until: int) -> int:
    """Open seconds before ``until``."""
    return sum(max(0, min(b, until) - a) for a, b in open_)


def finish(open_: Windows, start: int, work: int) -> int:
    """When ``work`` > 0 seconds are done that begin at ``start`` and rest outside the windows.

    Raises
    ------
    ValueError
        The windows hold too little time: a bug of the example, not an input fault.
    """
    left = work
    for a, b in open_:
        begin = max(a, start)
        if begin > b or (begin == b and left):
            continue
        if begin + left <= b:
            return begin + left
        left -= b - begin
    msg = f"{work} s of work from {start} s do not fit into the horizon"
    raise ValueError(msg)


def began(factory: Factory, machine: Machine, step: Step, work_s: int) -> datetime:
    """When a lot was put on a tended machine that has run for ``work_s`` seconds by now: a full minute while somebody was on duty.

    While nobody was, it went on until its magazine was empty; the first piece was made under somebody's eyes.
    """
    now = factory.settings.now
    machine_open = _past(factory, machine.calendar)
    tending = union(
        w for c in {p.calendar for p in factory.people if p.tends == machine.zone} for w in _past(factory, c)
    )
    magazine = step.cycle_s * (step.unattended_cycles + 1)
    at_s = count_back(intersection(tending, machine_open), machine_open, work_s, magazine, step.cycle_s)
    return now + timedelta(minutes=at_s // 60)


def _past(factory: Factory, name: str | None) -> Windows:
    """Open windows of a calendar in the last days, in seconds after now: below 0. None: always open."""
    length = PAST_DAYS * DAY_S
    if name is None:
        return [(-length, 0)]
    found = next(c for c in factory.calendars if c.name == name)
    since = factory.settings.now - timedelta(days=PAST_DAYS)
    return [(a - length, b - length) for a, b in windows(found, since, length)]


def count_back(duty: Windows, machine: Windows, work: int, magazine: int, least: int) -> int:
    """The last moment on duty from which ``work`` seconds can have been done by 0, in windows below 0.

    Off duty, the machine works in its own hours, each time for ``magazine`` seconds at most. Who begins stays for the first ``least``.

    Raises
    ------
    ValueError
        The windows hold too little time: a bug of the example, not an input fault.
    """
    left, until = work, 0
    for a, b in reversed(duty):
        left -= min(magazine, worked(machine, until) - worked(machine, b))
        begin = b - max(left, least)
        if begin >= a:
            return begin
        left -= b - a
        until = a
    msg = f"{work} s of work until now do not fit into the past"
    raise ValueError(msg)
