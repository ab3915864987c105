"""What is made of time logs in the child: events, joined logs, what they teach. Runs where a stranger's file can do no harm."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

from fong.errors import InputFault
from fong.formats.limits import Limits
from fong.formats.log import LogNotes, read_log
from fong.formats.log_columns import LogColumns
from fong.formats.workbook import is_workbook
from fong.learn import Cut, Joined, Learned, LearnOptions, RestPlan, cut, join_logs, learn, only, plan_rest
from fong.model.message import Fault, Message, Place, message
from fong.model.performance import Performance


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What the logs said. ``joined`` None: there was one log only."""

    performance: Performance
    notes: LogNotes
    joined: Joined | None = None

    def messages(self) -> tuple[Message, ...]:
        """What the owner should know about the reading."""
        return self.notes.messages() + (self.joined.messages() if self.joined else ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """The first orders of a log, what they teach, and the others as orders for planning."""

    gathered: Gathered
    parts: Cut
    learned: Learned
    rest: RestPlan


def gathered(name: str, content: bytes, request: Mapping[str, Any], limits: Limits) -> Gathered:
    """Read a log, and join the second one to it; the request is as :func:`fong.workshop.learning.asked` makes it."""
    performance, notes = _read(name, content, request["columns"], limits)
    if request["enrich"] is None:
        return Gathered(performance=performance, notes=notes)
    second = Path(request["enrich"])
    more, _ = _read(second.name, second.read_bytes(), request["enrich_columns"], limits)
    joined = join_logs(performance, more, request["shifts_min"])
    return Gathered(performance=joined.performance, notes=notes, joined=joined)


def learned(name: str, content: bytes, request: Mapping[str, Any], limits: Limits) -> Learned:
    """Learn from all of it; what was read stands before the assumptions. With a ``share`` there must be enough to compare, too."""
    logs = gathered(name, content, request, limits)
    if "share" in request:
        _cut(logs, request)
    return learn(logs.performance, _wish(request)).told(*logs.messages())


def rest(name: str, content: bytes, request: Mapping[str, Any], limits: Limits) -> Rest:
    """Learn from the first ``share`` of the orders, and make the others ready for planning; of joined logs those that both know."""
    logs, wish = gathered(name, content, request, limits), _wish(request)
    parts = _cut(logs, request)
    known = learn(parts.known, wish)
    return Rest(gathered=logs, parts=parts, learned=known, rest=plan_rest(known, parts, wish))


def _cut(logs: Gathered, request: Mapping[str, Any]) -> Cut:
    """The log cut in two, of which the first must teach something."""
    performance = logs.performance if logs.joined is None else only(logs.performance, logs.joined.orders)
    parts = cut(performance, Fraction(request["share"]))
    if not parts.known.events:
        raise InputFault([Fault(message=message("learn.cut_unknown", at=parts.at))])
    return parts


def _wish(request: Mapping[str, Any]) -> LearnOptions:
    said = dict(request["learn"])
    return LearnOptions(**said | {"now": None if said["now"] is None else datetime.fromisoformat(said["now"])})


def _read(name: str, content: bytes, columns: Mapping[str, Any], limits: Limits) -> tuple[Performance, LogNotes]:
    """A log's events and how it was read; faults name the file, for there may be two."""
    if is_workbook(content):
        raise InputFault([Fault(message=message("formats.log_no_csv", found=name), place=Place(source=name))])
    try:
        return read_log(content, LogColumns(**columns), name=name, cells=limits.cells)
    except InputFault as error:
        raise InputFault(
            replace(f, place=replace(f.place, source=name)) for f in error.faults if isinstance(f, Fault)
        ) from None
