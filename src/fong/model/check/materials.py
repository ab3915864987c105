"""Material is there when it is taken, and nothing taken later is missing for it."""

from __future__ import annotations

import numpy as np

from fong.model.check.findings import Book
from fong.model.check.rows import Rows, per_row


def check(rows: Rows, book: Book) -> None:
    """Running stock of each material: never below nothing; at one moment receipts come first."""
    problem = rows.problem
    if len(problem.use_ptr) == 0:
        return
    lines = np.diff(problem.use_ptr)[rows.step]
    row = np.repeat(np.arange(len(rows)), lines)
    nth = np.arange(len(row)) - np.repeat(np.cumsum(lines) - lines, lines)
    line = problem.use_ptr[rows.step[row]] + nth
    items = np.arange(len(problem.stock_micro))
    receipts = per_row(problem.receipt_ptr) if len(problem.receipt_ptr) else items[:0]
    item = np.concatenate((items, receipts, problem.use_item[line]))
    at = np.concatenate((np.full(len(items), -1), problem.receipt_at_s, rows.start[row]))
    change = np.concatenate((problem.stock_micro, problem.receipt_micro, -rows.pieces[row] * problem.use_micro[line]))
    order = np.lexsort((change < 0, at, item))
    level = np.cumsum(change[order])
    first = np.searchsorted(item[order], items)
    level -= np.concatenate(([0], level))[first][item[order]]
    taken = len(items) + len(receipts)
    short = (level < 0) & (order >= taken)
    which = order[short] - taken
    bad = row[which]
    book.fault(
        "stock",
        rows.op[bad],
        row=bad,
        sublot=rows.sublot[bad],
        at=rows.start[bad],
        item=problem.use_item[line][which],
        missing_micro=-level[short],
    )
