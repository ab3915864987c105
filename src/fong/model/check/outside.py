"""Subcontracted steps: long enough, sent when they are collected, nobody of ours held."""

from __future__ import annotations

import numpy as np

from fong.model.check.calendars import open_at
from fong.model.check.findings import Book
from fong.model.check.rows import I64, Rows, gather


def check(rows: Rows, book: Book) -> None:
    """Elapsed time, collection windows, no person."""
    problem = rows.problem
    mine = np.flatnonzero(rows.outside)
    if len(mine) == 0:
        return
    needed = gather(problem.step_outside_s, rows.step[mine], 0)
    bad = rows.end[mine] - rows.start[mine] < needed
    _tell(rows, book, "outside_short", mine[bad], needed_s=needed[bad])
    start = np.maximum(rows.start[mine], 0)
    closed = ~open_at(problem, gather(problem.step_collect, rows.step[mine], -1), start)
    _tell(rows, book, "collect", mine[closed])
    _tell(rows, book, "outside_person", mine[rows.person[mine] >= 0], person=rows.person[mine[rows.person[mine] >= 0]])


def _tell(rows: Rows, book: Book, code: str, bad: I64, **params: I64) -> None:
    book.fault(code, rows.op[bad], row=bad, sublot=rows.sublot[bad], at=rows.start[bad], **params)
