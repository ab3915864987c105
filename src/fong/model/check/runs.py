"""Each run is long enough, within working time, by the step's word on gaps (tasks with calls: :mod:`fong.model.check.zones`)."""

from __future__ import annotations

import numpy as np

from fong.model.check import _kernels as kernels
from fong.model.check.calendars import gap_faults
from fong.model.check.findings import Book
from fong.model.check.rows import Rows, gather

_CODES = {
    kernels.SHORT: "run_short",
    kernels.HOURS: "run_hours",
    kernels.FIT: "run_fit",
    kernels.OVERTIME: "run_overtime",
    kernels.RUN_ON: "run_on",
}


def check(rows: Rows, book: Book) -> None:
    """Run times against the common hours of the machine and of the person held for the run."""
    problem = rows.problem
    work = rows.cycles * rows.cycle_s
    timed = ~rows.outside & ~rows.calls
    person = np.where(rows.paced, gather(problem.person_calendar, rows.person, -1), -1)
    wrong = gap_faults(problem, rows.hours, person, rows.start, rows.end, work, rows.gap, rows.overtime_s)
    for kind, code in _CODES.items():
        bad = np.flatnonzero(timed & (wrong == kind))
        book.fault(
            code,
            rows.op[bad],
            row=bad,
            sublot=rows.sublot[bad],
            at=rows.start[bad],
            needed_s=work[bad],
            end_at=rows.end[bad],
            machine=rows.machine[bad],
            person=rows.person[bad],
        )
