"""The plan as tables for spreadsheets: headings in one language, typed cells, and texts that no spreadsheet takes for a formula."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from fong.lang import text
from fong.render.holds import days, holds
from fong.render.paper import held_for, place, say
from fong.render.view import Bar, OrderRow, PlanView

Cell = str | int | float | date | None

# What makes a spreadsheet read a text as a formula or a command, in full width as well, and after blanks that some programs drop.
# Source: OWASP, "CSV Injection".
_FORMULA = re.compile(r"[\s\x00﻿]*[=+\-@＝＋－＠]|[\t\r\n\x00]")
# What XML, and so a workbook, cannot hold.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
QUOTE = "'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table: its name, its headings, its rows."""

    name: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def safe_text(words: str) -> str:
    """A text that stays a text: ``'`` before what a spreadsheet would read as a formula, a sign for what a file cannot hold."""
    fit = _UNFIT.sub("\N{REPLACEMENT CHARACTER}", words)
    return QUOTE + fit if _FORMULA.match(words) else fit


def job_table(view: PlanView, language: str) -> Table:
    """One row a lot and step, by start."""
    keys = ("order", "line", "customer", "item", "colour", "size", "sequence", "step", "sublot", "pieces", "machine", "batch",
            "setup_start", "setup_end", "setup_person", "start", "end", "person", "waited_h", "due", "late_h")  # fmt: skip
    moment = _moments(view)
    return _table("tasks", keys, (_job(bar, moment, language) for bar in view.all_bars()), language)


def machine_days(view: PlanView, language: str) -> Table:
    """What each machine does on each day: by machine, then time. A job over midnight has a row on each of its days."""
    keys = ("machine", "day", "from", "to", "work", "order", "line", "item", "step", "pieces", "person")
    bars = sorted(view.all_bars(), key=lambda bar: (int(view.bars.row[bar.index]), bar.begin_s))
    return _table("machines", keys, (row for bar in bars for row in _machine_days(view, bar, language)), language)


def people_days(view: PlanView, language: str) -> Table:
    """What each person is held for on each day: by person, then time."""
    keys = ("person", "day", "from", "to", "work", "order", "item", "step", "pieces", "machine")
    rank = {person.name: i for i, person in enumerate(view.people)}
    held = sorted(holds(view), key=lambda hold: (rank[hold.person], hold.from_s))

    def rows() -> Iterator[tuple[Cell, ...]]:
        for hold in held:
            bars = hold.bars
            orders = ", ".join(dict.fromkeys(bar.order.label for bar in bars))
            items = ", ".join(dict.fromkeys(bar.order.item for bar in bars))
            for day in _days(view, hold.from_s, hold.to_s):
                yield (
                    hold.person,
                    *day,
                    held_for(hold, language),
                    orders,
                    items,
                    bars[0].step,
                    sum(bar.pieces for bar in bars),
                    place(bars[0], language),
                )

    return _table("people", keys, rows(), language)


def late_table(view: PlanView, language: str) -> Table:
    """Orders that end late, the worst first, with their cause."""
    keys = ("order", "line", "customer", "item", "pieces", "due", "end", "late_h", "weight", "cause")
    moment = _moments(view)
    late = (view.orders[i] for i in view.late())
    return _table("late", keys, (_late(order, moment, language) for order in late), language)


def _table(name: str, keys: Sequence[str], rows: Iterator[tuple[Cell, ...]], language: str) -> Table:
    return Table(
        name=say(f"table.{name}", language),
        heads=tuple(say(f"table.{key}", language) for key in keys),
        rows=tuple(tuple(safe_text(cell) if isinstance(cell, str) else cell for cell in row) for row in rows),
    )


def _moments(view: PlanView) -> Callable[[int | None], Cell]:
    """From seconds to what a spreadsheet shows: a date and time on the wall clock, or the instance's own number."""
    clock = view.clock

    def moment(seconds: int | None) -> Cell:
        return seconds if clock is None or seconds is None else clock.naive(seconds)

    return moment


def _hours(seconds: int) -> float:
    return round(seconds / 3600, 2)


def _job(bar: Bar, moment: Callable[[int | None], Cell], language: str) -> tuple[Cell, ...]:
    order = bar.order
    return (
        order.order,
        order.line,
        order.customer,
        order.item,
        order.colour,
        order.size,
        bar.sequence,
        bar.step,
        bar.sublot,
        bar.pieces,
        place(bar, language),
        bar.batch,
        moment(bar.setup[0] if bar.setup else None),
        moment(bar.setup[1] if bar.setup else None),
        bar.setup_person,
        moment(bar.run[0]),
        moment(bar.run[1]),
        bar.person,
        _hours(bar.wait_s),
        moment(order.due_s),
        _hours(order.late_s),
    )


def _machine_days(view: PlanView, bar: Bar, language: str) -> Iterator[tuple[Cell, ...]]:
    phases = [(bar.setup, "page.setup", bar.setup_person)] if bar.setup else []
    run = "page.batch" if bar.batch is not None else "page.run"
    for (from_s, to_s), work, person in [*phases, (bar.run, run, bar.person)]:
        for day in _days(view, from_s, to_s):
            order = bar.order
            what = (order.order, order.line, order.item, bar.step, bar.pieces)
            yield (bar.row.name, *day, say(work, language), *what, person)


def _days(view: PlanView, from_s: int, to_s: int) -> Iterator[tuple[Cell, Cell, Cell]]:
    """Day, from and to of each day's part; without dates the whole as one."""
    if view.clock is None:
        yield None, from_s, to_s
        return
    for day, begin, end in days(view.clock, from_s, to_s):
        yield day, view.clock.naive(begin), view.clock.naive(end)


def _late(order: OrderRow, moment: Callable[[int | None], Cell], language: str) -> tuple[Cell, ...]:
    said = [text(m.code, m.params, language) for m in order.cause or order.story[:1]]
    return (
        order.order,
        order.line,
        order.customer,
        order.item,
        order.pieces,
        moment(order.due_s),
        moment(order.end_s),
        _hours(order.late_s),
        order.weight_milli / 1000,
        " · ".join(dict.fromkeys(said)),
    )
