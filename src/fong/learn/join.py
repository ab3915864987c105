"""Two logs of the same work: the raw one knows when, the other one knows machine, flag and pieces; their clocks may differ."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from fong.model.message import Message, message
from fong.model.performance import Performance, WorkEvent

_MINUTE_S = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """A joined log and how well it joined.

    ``performance``: all raw events in their own times, with what the other log knows. ``orders``: those that both logs have.
    ``matched``: enriched rows that found their event (each event takes one row); ``by_shift``: of these by minutes of shift;
    ``ambiguous``: rows that two events or two shifts fitted, decided by the length of the stretch; ``enriched``: rows in all.
    """

    performance: Performance
    orders: frozenset[str]
    matched: int
    enriched: int
    ambiguous: int
    by_shift: Mapping[int, int]

    @property
    def unmatched(self) -> int:
        """Enriched rows without a raw event."""
        return self.enriched - self.matched

    @property
    def without_machine(self) -> int:
        """Events that stay without a machine."""
        return sum(not e.machine for e in self.performance.events)

    @property
    def without_kind(self) -> int:
        """Events that stay without a flag."""
        return sum(not e.kind for e in self.performance.events)

    def messages(self) -> tuple[Message, ...]:
        """What its owner should know about the join."""
        events = len(self.performance.events)
        out = [
            message(
                "learn.joined",
                matched=self.matched,
                enriched=self.enriched,
                unmatched=self.unmatched,
                events=events,
                orders=len(self.orders),
            ),
            message("learn.join_missing", machine=self.without_machine, kind=self.without_kind, events=events),
        ]
        out += [message("learn.join_shift", minutes=shift, rows=n) for shift, n in sorted(self.by_shift.items())]
        if self.ambiguous:
            out.append(message("learn.join_ambiguous", rows=self.ambiguous))
        return tuple(out)


def join_logs(raw: Performance, enriched: Performance, shifts_min: Sequence[int] = (0,)) -> Joined:
    """Give raw events the machine, flag, pieces, item and quantity of the enriched log.

    A row belongs to the event of the same order and person that ends as many minutes later as one of ``shifts_min`` says. Where
    several fit, the one of the same length wins, then the one whose step the row names; each event and each row is used once.

    Parameters
    ----------
    raw
        The log whose times and steps count.
    enriched
        The log that knows more.
    shifts_min
        Minutes by which the raw log's clock may be ahead (a time zone, and its summer time).
    """
    ends: dict[tuple[str, str, datetime], list[int]] = defaultdict(list)
    for i, e in enumerate(raw.events):
        ends[e.order, e.person, e.end].append(i)
    fits = [
        (_misfit(raw.events[i], row), s, i, r)
        for r, row in enumerate(enriched.events)
        for s, shift in enumerate(shifts_min)
        for i in ends.get((row.order, row.person, row.end + timedelta(minutes=shift)), ())
    ]
    pairs = _paired(fits)
    choices = Counter(r for _, _, _, r in fits)
    events = list(raw.events)
    for i, (r, _) in pairs.items():
        events[i] = _enriched(events[i], enriched.events[r])
    orders = {e.order for e in enriched.events} & {e.order for e in raw.events}
    return Joined(
        performance=Performance(events=tuple(_with_order_facts(events, enriched.events))),
        orders=frozenset(orders),
        matched=len(pairs),
        enriched=len(enriched.events),
        ambiguous=sum(n > 1 for n in choices.values()),
        by_shift=Counter(shifts_min[s] for _, s in pairs.values()),
    )


def _paired(fits: Iterable[tuple[tuple[bool, bool], int, int, int]]) -> dict[int, tuple[int, int]]:
    """Event → (row, number of the shift): best fits first, each side once."""
    pairs: dict[int, tuple[int, int]] = {}
    taken: set[int] = set()
    for _, shift, i, r in sorted(fits):
        if i not in pairs and r not in taken:
            pairs[i] = (r, shift)
            taken.add(r)
    return pairs


def _misfit(event: WorkEvent, row: WorkEvent) -> tuple[bool, bool]:
    apart = (event.end - event.start) - (row.end - row.start)
    return abs(apart.total_seconds()) > _MINUTE_S, not row.step.startswith(event.step)


def _enriched(event: WorkEvent, row: WorkEvent) -> WorkEvent:
    """What the raw event says itself stays."""
    return replace(
        event,
        machine=event.machine or row.machine,
        kind=event.kind or row.kind,
        good=row.good if event.good is None else event.good,
        scrap=row.scrap if event.scrap is None else event.scrap,
    )


def _with_order_facts(events: Iterable[WorkEvent], rows: Iterable[WorkEvent]) -> list[WorkEvent]:
    """Item and quantity are the order's: all of its events get them."""
    items = {r.order: r.item for r in rows if r.item}
    quantities = {r.order: r.order_quantity for r in rows if r.order_quantity}
    return [
        replace(
            e,
            item=e.item or items.get(e.order, ""),
            order_quantity=quantities.get(e.order) if e.order_quantity is None else e.order_quantity,
        )
        for e in events
    ]
