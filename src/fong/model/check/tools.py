"""No more tools of a kind are held than there are."""

from __future__ import annotations

import numpy as np

from fong.model.check.findings import Book
from fong.model.check.rows import Rows, gather
from fong.model.check.sweep import over_capacity


def check(rows: Rows, book: Book) -> None:
    """One tool a row from its set-up start to its run end; work in progress holds its tool until it ends."""
    problem = rows.problem
    if len(problem.step_tool) == 0:
        return
    wip_op = problem.wip_op.astype(np.int64)
    wip_step = gather(problem.op_step, wip_op, 0) if len(problem.op_step) else wip_op
    running = np.flatnonzero(gather(problem.step_tool, wip_step, -1) >= 0)
    mine = np.flatnonzero(gather(problem.step_tool, rows.step, -1) >= 0)
    tool = problem.step_tool[np.concatenate((wip_step[running], rows.step[mine]))].astype(np.int64)
    begin = np.concatenate((np.full(len(running), -1), rows.begin[mine]))
    end = np.concatenate((problem.wip_end_s[running], rows.end[mine])).astype(np.int64)
    op = np.concatenate((wip_op[running], rows.op[mine]))
    over = over_capacity(tool, begin, end, problem.tool_quantity[tool].astype(np.int64))
    past = over.holding < len(running)
    fact, bad = over.holding[past], over.holding[~past]
    book.fact("fact_tool", op[fact], at=0, tool=tool[fact], other=op[over.other[past]], held=over.held[past])
    row = mine[bad - len(running)]
    other, held = op[over.other[~past]], over.held[~past]
    book.fault(
        "tools", op[bad], row=row, sublot=rows.sublot[row], at=begin[bad], tool=tool[bad], other=other, held=held
    )
