"""Whether the schedule can be read at all: lengths, numbers that name something, times that run forward."""

from __future__ import annotations

import numpy as np

from fong.model.check.findings import Book
from fong.model.problem import Problem
from fong.model.schedule import Schedule

_COLUMNS = (
    "machine",
    "start",
    "end",
    "sublot",
    "pieces",
    "batch",
    "setup_start",
    "setup_end",
    "setup_person",
    "person",
)
_NEEDED = ("machine", "start", "end")


def check(problem: Problem, schedule: Schedule, book: Book) -> bool:
    """Take down what is malformed; whether all is well, so that the other rules can read the rows."""
    n = len(schedule)
    lengths = [len(getattr(schedule, name)) for name in _COLUMNS]
    if any(k != n and (k or name in _NEEDED) for name, k in zip(_COLUMNS, lengths, strict=True)):
        book.fault("bad_columns", [-1], rows=n)
        return False
    bad = (schedule.op < 0) | (schedule.op >= problem.operations)
    _tell(schedule, book, "bad_operation", bad)
    _tell(schedule, book, "bad_machine", (schedule.machine < -1) | (schedule.machine >= problem.machines))
    people = np.zeros(n, np.bool_)
    for column in (schedule.setup_person, schedule.person):
        if len(column):
            people |= (column < -1) | (column >= problem.people)
    _tell(schedule, book, "bad_person", people)
    _tell(schedule, book, "bad_times", _backwards(schedule))
    return not book.findings().counts


def _backwards(schedule: Schedule) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    bad = schedule.end < schedule.start
    if len(schedule.setup_start) or len(schedule.setup_end):
        begin, end = schedule.filled("setup_start", -1), schedule.filled("setup_end", -1)
        bad |= (end < begin) | ((begin == -1) != (end == -1))
    return bad


def _tell(schedule: Schedule, book: Book, code: str, bad: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> None:
    rows = np.flatnonzero(bad)
    book.fault(code, schedule.op[rows], row=rows, at=schedule.start[rows])
