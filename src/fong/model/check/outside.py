"""Subcontracted steps: long enough, sent when they are collected, nobody of ours held."""

from __future__ import annotations

import numpy as np

from fong.model.check.calendars import open_at
from fong.model.check.findings import Book, tell
from fong.model.check.rows import Rows, gather


def check(rows: Rows, book: Book) -> None:
    """Elapsed time, collection windows, no person."""
    problem = rows.problem
    mine = np.flatnonzero(rows.outside)
    if len(mine) == 0:
        return
    needed = gather(problem.step_outside_s, rows.step[mine], 0)
    bad = rows.end[mine] - rows.start[mine] < needed
    tell(rows, book, "outside_short", mine[bad], at=rows.start[mine[bad]], needed_s=needed[bad])
    start = np.maximum(rows.start[mine], 0)
    closed = ~open_at(problem, gather(problem.step_collect, rows.step[mine], -1), start)
    tell(rows, book, "collect", mine[closed], at=rows.start[mine[closed]])
    held = mine[rows.person[mine] >= 0]
    tell(rows, book, "outside_person", held, at=rows.start[held], person=rows.person[held])
