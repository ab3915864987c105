"""The plan as a calendar file (RFC 5545) for phones and office programs: one event a hold, or one a job of a machine."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from fong.render.daylist import dated
from fong.render.holds import BOTH, SETUP, holds
from fong.render.paper import say
from fong.render.view import Bar, PlanView
from fong.render.wallclock import WallClock

_OCTETS = 75
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One entry: who is busy with which lots, from when to when."""

    who: str
    bars: Sequence[Bar]
    kind: str
    from_s: int
    to_s: int


def plan_ics(
    view: PlanView, language: str, *, by: Literal["person", "machine"] = "person", only: str | None = None
) -> bytes:
    """A calendar of all people's holds, or of all machines' jobs; ``only`` one of them by name.

    Times are in UTC, so that every program shows them in its own zone. An event's UID follows from order, line, step, sub-lot and
    kind: after a new plan the program moves the events it knows instead of adding others.

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
            lines += _event(event, clock, stamp, language)
    lines.append("END:VCALENDAR")
    return "".join(_folded(line) for line in lines).encode()


def _of_people(view: PlanView) -> Iterator[Event]:
    for hold in holds(view):
        yield Event(who=hold.person, bars=hold.bars, kind=hold.kind, from_s=hold.from_s, to_s=hold.to_s)


def _of_machines(view: PlanView) -> Iterator[Event]:
    for bar in view.all_bars():
        yield Event(who=bar.row.name, bars=(bar,), kind="machine", from_s=bar.begin_s, to_s=bar.run[1])


def _event(event: Event, clock: WallClock, stamp: str, language: str) -> Iterator[str]:
    first = event.bars[0]
    orders = ", ".join(dict.fromkeys(bar.order.label for bar in event.bars))
    pieces = sum(bar.pieces for bar in event.bars)
    title = say("ics.title", language, who=event.who, order=orders, step=first.step, pieces=pieces)
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
    """The same for the same work, whenever and wherever it is done."""
    work = sorted(repr((b.order.order, b.order.line, b.sequence, b.step, b.sublot)) for b in event.bars)
    return hashlib.sha256("\n".join((event.kind, *work)).encode("utf-8", "replace")).hexdigest()[:40] + "@fong"


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
