"""Nothing is planned into the past, and no run begins before its order is released."""

from __future__ import annotations

import numpy as np

from fong.model.check.findings import Book
from fong.model.check.rows import Rows, gather


def check(rows: Rows, book: Book) -> None:
    """Begin after now; run start after release."""
    past = (rows.start < 0) | (rows.begin < 0)
    bad = np.flatnonzero(past)
    book.fault(
        "before_now", rows.op[bad], row=bad, sublot=rows.sublot[bad], late_s=-np.minimum(rows.begin, rows.start)[bad]
    )
    if len(rows.problem.job_release_s):
        release = gather(rows.problem.job_release_s, rows.job, 0)
        bad = np.flatnonzero((rows.start < release) & ~past)
        book.fault(
            "release", rows.op[bad], row=bad, sublot=rows.sublot[bad], at=rows.start[bad], release_at=release[bad]
        )
