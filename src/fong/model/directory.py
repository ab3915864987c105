"""Where each name of a workshop stands: the lookups that whole-input checks share."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

from fong.model import calendars
from fong.model.calendars import DAY_S, windows
from fong.model.factory import Calendar, Machine, Person, Step
from fong.model.message import Fault, Param, Place, message
from fong.model.order import OrderLine, WorkInProgress, Workshop

Window = tuple[int, int]
Hours = list[Window] | None
"""Open windows in seconds after now, sorted and apart; None: always open."""

MILLION = 1_000_000
_LEAST_DAYS = 35
_MOST_GUESSES = 100
"""A look for the nearest name takes milliseconds: after so many, names are only compared without their case."""


def fault(code: str, table: str, column: str, index: int | None, **params: Param) -> Fault:
    """A fault of one row of a noun's tuple."""
    return Fault(
        message=message(f"model_faults.{code}", **params), place=Place(table=table, column=column, index=index)
    )


@dataclass(frozen=True, slots=True)
class Stage:
    """A step in its item's route: its row in the routing, and the sequences that come right before and after it."""

    row: int
    step: Step
    before: tuple[int, ...]
    after: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Equipment:
    """What the machines of a step have in common. ``unknown``: names that no machine has."""

    unknown: tuple[str, ...]
    machines: tuple[Machine, ...]
    calendars: tuple[str | None, ...]
    lonely: str
    """The first machine that is in no zone and makes no batches; empty if there is none."""
    largest_batch: Machine | None
    batches: bool


class Directory:
    """Lookups over one workshop, each made on first use."""

    def __init__(self, workshop: Workshop) -> None:
        self.workshop = workshop
        self.factory = workshop.factory
        self.settings = workshop.factory.settings
        self._nearest: dict[tuple[str, str], str] = {}
        self._equipment: dict[tuple[str, ...], Equipment] = {}
        self._hours: dict[str | None, Hours] = {None: None}
        self._common: dict[tuple[str | None, str | None], Hours] = {}

    # ------------------------------------------------------------ names
    @cached_property
    def machines(self) -> Mapping[str, Machine]:
        """Machines by name."""
        return {m.name: m for m in self.factory.machines}

    @cached_property
    def groups(self) -> frozenset[str]:
        """Names of machine groups."""
        return frozenset(m.group for m in self.factory.machines)

    @cached_property
    def calendars(self) -> Mapping[str, Calendar]:
        """Calendars by name."""
        return {c.name: c for c in self.factory.calendars}

    @cached_property
    def zones(self) -> frozenset[str]:
        """Zones that have machines."""
        return frozenset(m.zone for m in self.factory.machines if m.zone is not None)

    @cached_property
    def tenders(self) -> Mapping[str, list[Person]]:
        """People by the zone that they tend."""
        out: dict[str, list[Person]] = defaultdict(list)
        for p in self.factory.people:
            if p.tends is not None:
                out[p.tends].append(p)
        return out

    @cached_property
    def skilled(self) -> Mapping[str, list[Person]]:
        """People by skill."""
        out: dict[str, list[Person]] = defaultdict(list)
        for p in self.factory.people:
            for skill in p.skills:
                out[skill].append(p)
        return out

    @cached_property
    def items(self) -> frozenset[str]:
        """Names of items."""
        return frozenset(i.name for i in self.factory.items)

    @cached_property
    def sequences(self) -> Mapping[str, Mapping[int, Step]]:
        """Steps by item and sequence."""
        out: dict[str, dict[int, Step]] = defaultdict(dict)
        for s in self.factory.routing:
            out[s.item][s.sequence] = s
        return out

    @cached_property
    def lines(self) -> Mapping[tuple[str, int], OrderLine]:
        """Order lines by order and line."""
        return {(o.order, o.line): o for o in self.workshop.orders}

    @cached_property
    def open_lines(self) -> tuple[tuple[int, OrderLine], ...]:
        """Lines to be planned, each with its row."""
        return tuple((i, o) for i, o in enumerate(self.workshop.orders) if o.status == "open")

    @cached_property
    def largest(self) -> Mapping[str, OrderLine]:
        """The largest open line of each item."""
        out: dict[str, OrderLine] = {}
        for _, o in self.open_lines:
            if o.item not in out or o.quantity > out[o.item].quantity:
                out[o.item] = o
        return out

    @cached_property
    def work(self) -> Mapping[tuple[str, int], list[WorkInProgress]]:
        """Work in progress by order and line."""
        out: dict[tuple[str, int], list[WorkInProgress]] = defaultdict(list)
        for w in self.workshop.state.work:
            out[w.order, w.line].append(w)
        return out

    def nearest(self, what: str, name: str, known: Collection[str]) -> str:
        """The known name of a kind (``what``) that looks most like ``name``, empty if none does."""
        key = what, name
        if key not in self._nearest:
            near: list[str] = []
            if len(self._nearest) < _MOST_GUESSES:
                near = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
            folded = name.casefold()
            self._nearest[key] = near[0] if near else next((k for k in known if k.casefold() == folded), "")
        return self._nearest[key]

    def equipment(self, names: tuple[str, ...]) -> Equipment:
        """The machines of a step."""
        found = self._equipment.get(names)
        if found is None:
            machines = tuple(self.machines[n] for n in names if n in self.machines)
            batch = [m for m in machines if m.batch_unit is not None]
            found = Equipment(
                unknown=tuple(n for n in names if n not in self.machines),
                machines=machines,
                calendars=tuple(dict.fromkeys(m.calendar for m in machines)),
                lonely=next((m.name for m in machines if m.zone is None and m.batch_unit is None), ""),
                largest_batch=max(batch, key=lambda m: m.capacity, default=None),
                batches=bool(batch),
            )
            self._equipment[names] = found
        return found

    # ------------------------------------------------------------ routes
    @cached_property
    def routes(self) -> Mapping[str, tuple[Stage, ...]]:
        """The steps of each item, each after those that come before it; items whose routing is faulty are left out."""
        rows: dict[str, list[tuple[int, Step]]] = defaultdict(list)
        for i, s in enumerate(self.factory.routing):
            rows[s.item].append((i, s))
        out = {item: in_order(steps) for item, steps in rows.items()}
        return {item: stages for item, stages in out.items() if stages is not None}

    # ------------------------------------------------------------ hours
    @cached_property
    def span_s(self) -> int:
        """How far hours must be laid out so that nothing new can come: after the last special date, weeks repeat."""
        horizon = self.settings.horizon_days
        last = max((d for c in self.factory.calendars for d in c.dates), default=self.settings.now.date())
        days = max(_LEAST_DAYS, (last - self.settings.now.date()).days + 8)
        return min(horizon, days) * DAY_S

    def hours(self, calendar: str | None) -> Hours:
        """Open windows of a calendar; one that is not there is never open."""
        if calendar not in self._hours:
            found = self.calendars.get(calendar) if calendar is not None else None
            self._hours[calendar] = windows(found, self.settings.now, self.span_s) if found is not None else []
        return self._hours[calendar]

    def common(self, a: str | None, b: str | None) -> Hours:
        """Windows in which both calendars are open."""
        if (a, b) not in self._common:
            self._common[a, b] = intersection(self.hours(a), self.hours(b))
        return self._common[a, b]


def previous(steps: list[tuple[int, Step]]) -> dict[int, tuple[int, ...]]:
    """Sequences right before each one: its ``after``, else the previous sequence of its variant."""
    last: dict[str, int] = {}
    out: dict[int, tuple[int, ...]] = {}
    for _, s in sorted(steps, key=lambda x: x[1].sequence):
        if s.sequence in out:
            continue  # it stands twice, which is a fault of its own
        default = (last[s.variant],) if s.variant in last else ()
        out[s.sequence] = default if s.after is None else s.after
        last[s.variant] = s.sequence
    return out


def in_order(steps: list[tuple[int, Step]]) -> tuple[Stage, ...] | None:
    """The steps of an item so that each stands after those before it; None where they form a circle or one is missing."""
    before = previous(steps)
    after: dict[int, list[int]] = {q: [] for q in before}
    waiting = {q: len(set(p)) for q, p in before.items()}
    for q, ps in before.items():
        for p in set(ps):
            if p not in after:
                return None
            after[p].append(q)
    by_sequence = {s.sequence: (i, s) for i, s in steps}
    ready = sorted((q for q, n in waiting.items() if n == 0), reverse=True)
    out = []
    while ready:
        q = ready.pop()
        row, step = by_sequence[q]
        out.append(Stage(row, step, before[q], tuple(sorted(after[q]))))
        for n in sorted(after[q], reverse=True):
            waiting[n] -= 1
            if waiting[n] == 0:
                ready.append(n)
    return tuple(out) if len(out) == len(before) else None


def pieces_to_start(stages: tuple[Stage, ...], good: int) -> dict[int, int]:
    """Pieces to start at each sequence for so many good ones in the end: backwards, once, rounded up (scrap)."""
    out: dict[int, int] = {}
    for stage in reversed(stages):
        wanted = max((out[q] for q in stage.after), default=good)
        ppm = int(stage.step.scrap_pct * 10_000)
        out[stage.step.sequence] = -(-wanted * MILLION // max(1, MILLION - ppm))
    return out


def intersection(a: Hours, b: Hours) -> Hours:
    """Windows in which both are open."""
    if a is None or b is None:
        return b if a is None else a
    return calendars.intersection(a, b)


def union(several: list[Hours]) -> Hours:
    """Windows in which any is open."""
    return None if any(h is None for h in several) else calendars.union(w for h in several for w in h or ())


def longest(hours: Hours) -> float:
    """The longest window in seconds."""
    return float("inf") if hours is None else max((b - a for a, b in hours), default=0)
