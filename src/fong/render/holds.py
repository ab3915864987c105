"""Who is held when, and what comes next: what day lists and calendars are made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from fong.render.view import Bar, PlanView
from fong.render.wallclock import WallClock

SETUP, RUN, BOTH = "setup", "run", "both"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """One person held without a break: for a set-up, for a run (a batch: while it is loaded), or for both in one go.

    ``bars`` are the lots: several only for a batch.
    """

    person: str
    bars: tuple[Bar, ...]
    kind: str
    from_s: int
    to_s: int


def holds(view: PlanView) -> list[Hold]:
    """All holds, by time, then person."""
    found: dict[object, Hold] = {}
    for bar in view.all_bars():
        for person, kind, begin, end in _of_bar(bar):
            key = (bar.batch, bar.row.name, kind, person, begin) if bar.batch is not None else (bar.index, kind)
            earlier = found[key].bars if key in found else ()
            found[key] = Hold(person=person, bars=(*earlier, bar), kind=kind, from_s=begin, to_s=end)
    return sorted(found.values(), key=lambda h: (h.from_s, h.person, h.to_s))


def _of_bar(bar: Bar) -> Iterator[tuple[str, str, int, int]]:
    start = bar.run[0]
    if bar.setup and bar.setup_person and bar.setup_person == bar.person and bar.setup[1] == start:
        yield bar.person, BOTH, bar.setup[0], bar.held_until_s
        return
    if bar.setup and bar.setup_person:
        yield bar.setup_person, SETUP, *bar.setup
    if bar.person:
        yield bar.person, RUN, start, bar.held_until_s


def next_bars(view: PlanView) -> dict[int, int]:
    """By bar: the first bar of its order that begins a step right after it; bars of a last step are left out."""
    by_step: dict[tuple[int, int], list[int]] = defaultdict(list)
    for i, key in enumerate(zip(view.bars.order.tolist(), view.bars.operation.tolist(), strict=True)):
        by_step[key].append(i)
    out: dict[int, int] = {}
    for (order, step), bars in by_step.items():
        rows = view.before.get(order)
        for earlier in rows[step] if rows else ((step - 1,) if step else ()):
            for i in by_step.get((order, earlier), ()):
                out[i] = min(bars[0], out.get(i, bars[0]))
    return out


def days(clock: WallClock, from_s: int, to_s: int) -> Iterator[tuple[date, int, int]]:
    """The days that [from_s, to_s) touches, each with its part of it."""
    day = clock.at(from_s).date()
    while True:
        first, after = clock.day(day)
        if first >= to_s:
            return
        yield day, max(first, from_s), min(after, to_s)
        day += timedelta(days=1)
