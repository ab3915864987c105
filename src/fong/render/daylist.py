"""The day list: what each machine, or each person, does on one day, for the wall beside the machine."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from typing import Literal

from fong.errors import UsageError
from fong.lang import moment
from fong.model import message
from fong.render.holds import Hold, holds, next_bars
from fong.render.hours import gaps
from fong.render.paper import Block, Column, held_for, place, say, sheet, when
from fong.render.view import Bar, PlanView, RowKind
from fong.render.wallclock import WallClock

Day = tuple[int, int]


def day_list(view: PlanView, day: date, by: Literal["machine", "person"], language: str) -> str:
    """A page for A4: one block a machine or person that has work on ``day``, or is on duty then.

    Raises
    ------
    UsageError
        The plan has no dates (an instance of a benchmark).
    """
    clock = dated(view)
    bounds = clock.day(day)
    blocks = _machines(view, clock, bounds, language) if by == "machine" else _people(view, clock, bounds, language)
    own = ("setup",) if by == "machine" else ("machine", "work")
    kinds = ("time", "order", "item", "step", "pieces", *own, "next")
    columns = [Column(head=say(f"sheet.{kind}", language), kind=kind) for kind in kinds]
    midnight = datetime(day.year, day.month, day.day, tzinfo=clock.zone)
    title = say(f"sheet.title_{by}", language)
    return sheet(f"{title} · {moment(midnight, language, with_time=False)}", view.title, columns, blocks, language)


def dated(view: PlanView) -> WallClock:
    """The view's clock.

    Raises
    ------
    UsageError
        It has none.
    """
    if view.clock is None:
        raise UsageError(message("render.no_dates"))
    return view.clock


def _machines(view: PlanView, clock: WallClock, day: Day, language: str) -> Iterator[Block]:
    after = next_bars(view)
    of_row: dict[int, list[Bar]] = defaultdict(list)
    for bar in view.all_bars():
        if bar.begin_s < day[1] and bar.run[1] > day[0]:
            of_row[int(view.bars.row[bar.index])].append(bar)
    for index, row in enumerate(view.machines):
        if index not in of_row:
            continue
        kind = row.group if row.kind is RowKind.MACHINE else say(f"page.{row.kind}", language)
        yield Block(
            title=row.name,
            notes=tuple(note for note in (kind, *_hours(view, row.hours, clock, day, language)) if note),
            rows=[
                (
                    _span(clock, bar.begin_s, bar.run[1], day, language),
                    *_what((bar,)),
                    _hands(clock, bar, day, language),
                    _next(view, clock, bar, after, day, language),
                )
                for bar in sorted(of_row[index], key=lambda bar: bar.begin_s)
            ],
        )


def _people(view: PlanView, clock: WallClock, day: Day, language: str) -> Iterator[Block]:
    after = next_bars(view)
    of_person: dict[str, list[Hold]] = defaultdict(list)
    for hold in holds(view):
        if hold.from_s < day[1] and hold.to_s > day[0]:
            of_person[hold.person].append(hold)
    for person in view.people:
        hours = _hours(view, person.hours, clock, day, language) if person.hours >= 0 else ()
        tends = (say("sheet.tends", language, zone=view.zones[person.zone].name),) if person.zone >= 0 and hours else ()
        if person.name not in of_person and not tends:
            continue
        yield Block(
            title=person.name,
            notes=(*hours, *tends),
            rows=[
                (
                    _span(clock, hold.from_s, hold.to_s, day, language),
                    *_what(hold.bars),
                    place(hold.bars[0], language),
                    held_for(hold, language),
                    _next(view, clock, hold.bars[-1], after, day, language),
                )
                for hold in of_person[person.name]
            ],
        )


def _what(bars: tuple[Bar, ...]) -> tuple[str, str, str, str]:
    """Order, product, step and pieces."""
    items = dict.fromkeys(b.order.product for b in bars)
    return (
        ", ".join(dict.fromkeys(b.order.label for b in bars)),
        ", ".join(items),
        bars[0].step,
        f"{sum(b.pieces for b in bars):,}",
    )


def _span(clock: WallClock, from_s: int, to_s: int, day: Day, language: str) -> str:
    return f"{when(clock, from_s, day[0], language)}\N{NO-BREAK SPACE}– {when(clock, to_s, day[0], language)}"


def _hours(view: PlanView, hours: int, clock: WallClock, day: Day, language: str) -> tuple[str, ...]:
    """Working hours of the day in one note."""
    if hours < 0:
        return ()
    closed = list(gaps(view.hours[hours], *day))
    edges = [max(day[0], 0), *(edge for gap in closed for edge in gap), day[1]]
    open_ = [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if a < b]
    spans = ", ".join(_span(clock, a, b, day, language) for a, b in open_)
    return (say("sheet.on_duty", language, spans=spans),) if spans else ()


def _hands(clock: WallClock, bar: Bar, day: Day, language: str) -> str:
    """Who sets up and when, and who does the work, if anybody has to be there for it."""
    setup = f"{_span(clock, *bar.setup, day, language)} {_whole(bar.setup_person)}".rstrip() if bar.setup else ""
    other = _whole(bar.person) if bar.person != bar.setup_person else ""
    return ", ".join(filter(None, (setup, other)))


def _whole(name: str) -> str:
    """A name that is not broken over two lines."""
    return name.replace(" ", "\N{NO-BREAK SPACE}")


def _next(view: PlanView, clock: WallClock, bar: Bar, after: dict[int, int], day: Day, language: str) -> str:
    """Where the lot goes, and when it begins there."""
    if bar.index not in after:
        return say("sheet.done", language)
    then = view.bar(after[bar.index])
    where = () if then.row.kind is RowKind.HAND else (place(then, language),)
    return ", ".join((then.step, *where, when(clock, then.begin_s, day[0], language)))
