"""The plan as a calendar file (RFC 5545) for phones and office programs: holds of people or jobs of machines, cut by working hours."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

from fong.render.daylist import dated
from fong.render.holds import BOTH, RUN, SETUP, holds
from fong.render.hours import ALWAYS, Windows, gaps
from fong.render.paper import say
from fong.render.view import Bar, PlanView
from fong.render.wallclock import WallClock

_OCTETS = 75
_MACHINE = "machine"
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One entry: who is busy with which lots, from when to when; ``part`` counts the stretches into which one work is cut."""

    who: str
    bars: Sequence[Bar]
    kind: str
    from_s: int
    to_s: int
    part: int = 0


def plan_ics(
    view: PlanView, language: str, *, by: Literal["person", "machine"] = "person", only: str | None = None
) -> bytes:
    """A calendar of all people's holds, or of all machines' jobs; ``only`` one of them by name.

    Times are in UTC, so that every program shows them in its own zone. What rests while the person who does it is off shift is one event
    a stretch of their hours. An event's UID follows from order, line, step, sub-lot, kind and stretch: after a new plan the program moves
    the events it knows instead of adding others.

    Raises
    ------
    UsageError
        The plan has no dates.
    """
    clock = dated(view)
    events = _of_people(view) if by == "person" else _of_machines(view)
    stamp = _utc(clock, 0)
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Fong//Plan//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    lines.append(f"X-WR-CALNAME:{_escaped(only or say(f'ics.name_{by}', language))}")
    for event in events:
        if only in {None, event.who}:
            lines += _event(event, clock, stamp, language, named=only is None)
    lines.append("END:VCALENDAR")
    return "".join(_folded(line) for line in lines).encode()


def _of_people(view: PlanView) -> Iterator[Event]:
    hours = _hours(view)
    for hold in holds(view):
        own = hours.get(hold.person, ALWAYS)
        for part, (begin, end) in enumerate(_between(_rests(own, hold.from_s, hold.to_s), hold.from_s, hold.to_s)):
            kind = hold.kind if hold.kind != BOTH else _kind(hold.bars[0], begin, end)
            yield Event(who=hold.person, bars=hold.bars, kind=kind, from_s=begin, to_s=end, part=part)


def _of_machines(view: PlanView) -> Iterator[Event]:
    """Jobs from set-up to end, without the hours in which the person whom they hold is off shift."""
    hours = _hours(view)
    for bar in view.all_bars():
        whole = Event(who=bar.row.name, bars=(bar,), kind=_MACHINE, from_s=bar.begin_s, to_s=bar.run[1])
        off = [gap for person, begin, end in _held(bar) for gap in _rests(hours.get(person, ALWAYS), begin, end)]
        for part, (begin, end) in enumerate(_between(off, whole.from_s, whole.to_s)):
            yield replace(whole, from_s=begin, to_s=end, part=part)


def _held(bar: Bar) -> Iterator[tuple[str, int, int]]:
    """Who sets the bar up, and who is held for all of its run, each with its time."""
    if bar.setup and bar.setup_person:
        yield bar.setup_person, *bar.setup
    if bar.person and bar.held_until_s >= bar.run[1]:
        yield bar.person, *bar.run


def _hours(view: PlanView) -> dict[str, Windows]:
    return {row.name: view.hours[row.hours] for row in view.people if row.hours >= 0}


def _rests(hours: Windows, begin: int, end: int) -> list[tuple[int, int]]:
    """Off-shift hours of a work. At its very end there are none: what ends after closing time is overtime, not rest."""
    return [gap for gap in gaps(hours, begin, end) if gap[1] < end]


def _between(rests: Sequence[tuple[int, int]], begin: int, end: int) -> Iterator[tuple[int, int]]:
    """What the rests, by time, leave of [begin, end)."""
    for off, on in rests:
        if off > begin:
            yield begin, off
        begin = on
    yield begin, end


def _kind(bar: Bar, begin: int, end: int) -> str:
    """Which part of a hold for set-up and run a stretch of it is."""
    set_up = bar.setup[1] if bar.setup else begin
    return SETUP if end <= set_up else RUN if begin >= set_up else BOTH


def _event(event: Event, clock: WallClock, stamp: str, language: str, *, named: bool) -> Iterator[str]:
    first = event.bars[0]
    orders = ", ".join(dict.fromkeys(bar.order.label for bar in event.bars))
    pieces = sum(bar.pieces for bar in event.bars)
    job = say(f"ics.{event.kind}", language, order=orders, step=first.step, pieces=pieces)
    title = say("ics.title", language, who=event.who, job=job) if named else job
    setup = say("page.setup", language) if event.kind in {SETUP, BOTH} else ""
    items = ", ".join(dict.fromkeys(bar.order.product for bar in event.bars))
    about = "\n".join(filter(None, (setup, items)))
    yield "BEGIN:VEVENT"
    yield f"UID:{_uid(event)}"
    yield f"DTSTAMP:{stamp}"
    yield f"DTSTART:{_utc(clock, event.from_s)}"
    yield f"DTEND:{_utc(clock, event.to_s)}"
    yield f"SUMMARY:{_escaped(title)}"
    if first.machine:
        yield f"LOCATION:{_escaped(first.machine)}"
    if about:
        yield f"DESCRIPTION:{_escaped(about)}"
    yield "END:VEVENT"


def _uid(event: Event) -> str:
    """The same for the same stretch of the same work, whenever and wherever it is done."""
    kind = event.kind if event.kind in {SETUP, _MACHINE} else RUN
    work = sorted(repr((b.order.order, b.order.line, b.sequence, b.step, b.sublot)) for b in event.bars)
    whole = hashlib.sha256("\n".join((kind, *work)).encode("utf-8", "replace")).hexdigest()[:40]
    return f"{whole}-{event.part + 1}@fong"


def _utc(clock: WallClock, moment_s: int) -> str:
    return f"{datetime.fromtimestamp(clock.epoch_s + moment_s, UTC):%Y%m%dT%H%M%SZ}"


def _escaped(words: str) -> str:
    """A text value: RFC 5545, 3.3.11. What a calendar cannot hold goes."""
    clean = _CONTROL.sub("", words.replace("\r\n", "\n").replace("\r", "\n"))
    return clean.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> str:
    """A content line in parts of at most 75 octets, no character torn apart: RFC 5545, 3.1."""
    parts, size = [""], 0
    for letter in line:
        octets = len(letter.encode())
        if size + octets > _OCTETS:
            parts.append(" ")
            size = 1
        parts[-1] += letter
        size += octets
    return "\r\n".join(parts) + "\r\n"
