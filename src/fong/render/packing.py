"""A view as one JSON object for the page: columns instead of objects, differences instead of times, one number for a constant column."""

from __future__ import annotations

import json

import numpy as np
from numpy.typing import NDArray

from fong.render.hours import Windows
from fong.render.phrases import Phrases, page_words
from fong.render.view import OrderRow, PlanView, RowKind

Column = NDArray[np.signedinteger]


def packed(view: PlanView, language: str) -> str:
    """The JSON text of a view, safe inside an HTML script element: no ``<``, no line separators."""
    phrases = Phrases()
    begin = view.begin_s
    clock = view.clock
    data = {
        "language": language,
        "epoch": clock.epoch_s if clock else None,
        "zone": clock.zone_name if clock else "",
        "offsets": clock.offsets(begin, view.end_s) if clock else [],
        "now": view.now_s,
        "begin": begin,
        "end": view.end_s,
        "machines": [(m.name, list(RowKind).index(m.kind), m.group, m.zone, m.hours) for m in view.machines],
        "people": [(p.name, p.zone, p.hours) for p in view.people],
        "zones": [(z.name, z.hours, z.limit) for z in view.zones],
        "hours": [_within(windows, begin, view.end_s) for windows in view.hours],
        "orders": [_order(order, phrases) for order in view.orders],
        "steps": view.steps,
        "count": len(view.bars),
        "bars": {name: _thin(column) for name, column in _bar_columns(view).items()},
        "stand": {"count": len(view.standing)} | {name: _thin(c) for name, c in _standing_columns(view).items()},
        "before": view.before,
        "late": view.late(),
        "lateOrderCount": view.late_order_count(),
        "summary": [phrases.send(message) for message in view.summary],
        "words": page_words(),
        "templates": phrases.templates(),
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _within(windows: Windows, begin: int, end: int) -> list[tuple[int, int]]:
    """Windows that meet [begin, end), cut to it."""
    return [(max(a, begin), min(b, end)) for a, b in windows if a < end and b > begin]


def _order(order: OrderRow, phrases: Phrases) -> list[object]:
    return [
        order.label,
        order.named,
        order.customer,
        order.shade,
        order.size,
        order.pieces,
        order.due_s,
        order.end_s,
        order.weight_milli,
        [phrases.send(message) for message in order.cause],
        [phrases.send(message) for message in order.story],
    ]


def _bar_columns(view: PlanView) -> dict[str, Column]:
    b = view.bars
    has_setup = b.setup_start >= 0
    return {
        "start": np.diff(b.start, prepend=0),
        "length": b.end - b.start,
        "lead": np.where(has_setup, b.start - b.setup_start, 0),
        "setup": np.where(has_setup, b.setup_end - b.setup_start, 0),
        "free": b.end - b.held_until,
        "wait": b.wait_s,
        "order": b.order,
        "operation": b.operation,
        "row": b.row,
        "person": b.person,
        "setupPerson": b.setup_person,
        "pieces": b.pieces,
        "sublot": b.sublot,
        "batch": b.batch,
        "step": b.step,
        "running": b.running,
        "tended": b.tended,
    }


def _standing_columns(view: PlanView) -> dict[str, Column]:
    s, b = view.standing, view.bars
    begin = np.where(b.setup_start >= 0, b.setup_start, b.start)
    return {
        "bar": np.diff(s.bar, prepend=0),
        "after": s.begin - begin[s.bar],
        "length": s.end - s.begin,
        "why": s.why,
    }


def _thin(column: Column) -> object:
    """A column as a list, or as one number where it holds no other."""
    return int(column[0]) if len(column) and bool((column == column[0]).all()) else column.tolist()
