"""Problems and plans by hand, from plain lists."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from fong._kernels import freeze
from fong.model import Problem, Schedule

Row = Mapping[str, int]
Span = tuple[int, int]

_TYPES = {name: column.dtype for name, column in Problem().columns()}
_COLUMNS = {
    "op": 0,
    "machine": -1,
    "start": 0,
    "end": 0,
    "sublot": 0,
    "pieces": 1,
    "batch": -1,
    "setup_start": -1,
    "setup_end": -1,
    "setup_person": -1,
    "person": -1,
}


def problem(**columns: Any) -> Problem:
    """A problem from lists; ``calendars`` are lists of (open, close), ``jobs`` numbers of operations."""
    columns = dict(columns)
    if "jobs" in columns:
        columns["job_ptr"] = np.cumsum([0, *columns.pop("jobs")])
    if "calendars" in columns:
        columns |= packed(columns.pop("calendars"))
    for name, ptr in (("modes", "mode_ptr"), ("skills", "skill_ptr"), ("tenders", "tender_ptr"), ("preds", "pred_ptr")):
        if name in columns:
            columns[ptr] = np.cumsum([0, *(len(x) for x in columns[name])])
    if "modes" in columns:
        modes = [mode for step in columns.pop("modes") for mode in step]
        columns["mode_machine"] = [m[0] for m in modes]
        columns["mode_cycle_s"] = [m[1] for m in modes]
        columns["mode_setup_s"] = [m[2] if len(m) > 2 else 0 for m in modes]
    for name, column in (("skills", "skill_person"), ("tenders", "tender_person"), ("preds", "pred_op")):
        if name in columns:
            columns[column] = [x for group in columns.pop(name) for x in group]
    made: dict[str, Any] = {k: freeze(v, _TYPES[k]) if k in _TYPES else v for k, v in columns.items()}
    return Problem(**made)


def packed(calendars: Iterable[Sequence[Span]]) -> dict[str, list[int]]:
    """Calendars as columns."""
    ptr, opens, closes, before = [0], list[int](), list[int](), list[int]()
    for spans in calendars:
        total = 0
        for a, b in spans:
            opens.append(a)
            closes.append(b)
            before.append(total)
            total += b - a
        ptr.append(len(opens))
    return {"cal_ptr": ptr, "win_open_s": opens, "win_close_s": closes, "win_before_s": before}


def row(op: int, machine: int, start: int, end: int, **more: int) -> dict[str, int]:
    """One row of a plan."""
    return {"op": op, "machine": machine, "start": start, "end": end, **more}


def plan(rows: Sequence[Row]) -> Schedule:
    """A schedule from rows; what a row does not say has its default."""
    return Schedule(
        **{name: freeze([r.get(name, default) for r in rows], np.int32) for name, default in _COLUMNS.items()}
    )


def changed(rows: Sequence[Row], changes: Mapping[int, Row]) -> list[Row]:
    """Some rows with other values; row ``len(rows)`` and beyond are new."""
    grown = [*rows, *({} for _ in range(max(changes, default=0) + 1 - len(rows)))]
    return [{**r, **changes.get(i, {})} for i, r in enumerate(grown)]
