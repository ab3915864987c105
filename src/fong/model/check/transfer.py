"""Transfer batches: at no moment has the next step begun more pieces than the boxes that have come hold."""

from __future__ import annotations

import numpy as np

from fong._kernels import freeze
from fong.model.check import _kernels as kernels
from fong.model.check.calendars import packed
from fong.model.check.findings import Book
from fong.model.check.fluid import Fluid, Trace
from fong.model.check.precedence import Edges
from fong.model.check.rows import F64, I64, Mask, Rows, gather


def boxed_rows(rows: Rows, links: Edges) -> Mask:
    """Rows of the operations between which boxes move [L]."""
    ops = np.zeros(rows.problem.operations, np.bool_)
    ops[links.before[links.boxes]] = True
    ops[links.after[links.boxes]] = True
    return ops[rows.op]


def check(rows: Rows, book: Book, links: Edges, fluid: Fluid) -> None:
    """All boxes against all pieces, at the natural pace of both sides."""
    if not links.boxes.any():
        return
    problem = rows.problem
    before, after = links.before[links.boxes], links.after[links.boxes]
    step = gather(problem.op_step, before, 0) if len(problem.op_step) else before
    total = gather(problem.op_total if len(problem.op_total) else problem.op_pieces, np.arange(problem.operations), 1)
    order = np.argsort(rows.op, kind="stable")
    ptr = np.concatenate(([0], np.cumsum(np.bincount(rows.op, minlength=problem.operations))))
    each = np.where(rows.outside, rows.pieces, gather(problem.step_pieces_per_cycle, rows.step, 1))
    boxes = (before, after, gather(problem.step_lag_s, step, 0), gather(problem.step_box, step, 0), ptr, order)
    lots = (rows.pieces, np.maximum(each, 1), rows.end)
    timed = cycles(rows, boxed_rows(rows, links), fluid)
    sums = (total - gather(problem.op_pieces, np.arange(problem.operations), 1), total)
    row, at = kernels.starved(kernels.Boxes(*(freeze(c, np.int64) for c in (*boxes, *lots, *timed, *sums))))
    bad = np.flatnonzero(row >= 0)
    book.fault("transfer", after[bad], row=row[bad], sublot=rows.sublot[row[bad]], at=at[bad], before=before[bad])


def cycles(rows: Rows, boxed: Mask, fluid: Fluid) -> tuple[I64, I64, I64]:
    """Pointer, begin and finish of the cycles of all rows that boxes concern."""
    count = np.where(boxed, np.where(rows.outside, 1, rows.cycles), 0)
    ptr = np.concatenate(([0], np.cumsum(count)))
    begin, finish = np.zeros(int(ptr[-1]), np.int64), np.zeros(int(ptr[-1]), np.int64)
    whole = np.flatnonzero(boxed & rows.outside)
    begin[ptr[whole]], finish[ptr[whole]] = rows.start[whole], rows.end[whole]
    timed = np.flatnonzero(boxed & ~rows.outside & ~rows.calls)
    person = np.where(rows.paced, gather(rows.problem.person_calendar, rows.person, -1), -1)
    _paced(rows, timed, person, (ptr, begin, finish))
    for r in np.flatnonzero(boxed & rows.calls).tolist():
        at = slice(int(ptr[r]), int(ptr[r + 1]))
        begin[at], finish[at] = _flowing(fluid.traces.get(r), int(fluid.needed[r]), int(count[r]))
    return ptr, begin, finish


def _paced(rows: Rows, timed: I64, person: I64, cycles: tuple[I64, I64, I64]) -> None:
    """Fill in rows that work through their calendars; their cycles stand together for the kernel, then go to their places."""
    ptr, begin, finish = cycles
    size = ptr[timed + 1] - ptr[timed]
    own = np.concatenate(([0], np.cumsum(size)))
    b, f = np.zeros(int(own[-1]), np.int64), np.zeros(int(own[-1]), np.int64)
    resume = (rows.gap[timed] == 0).astype(np.int64)
    kernels.cycle_times(
        packed(rows.problem),
        freeze(rows.hours[timed], np.int64),
        freeze(person[timed], np.int64),
        freeze(rows.start[timed], np.int64),
        freeze(rows.cycle_s[timed], np.int64),
        freeze(resume, np.int64),
        freeze(own, np.int64),
        b,
        f,
    )
    place = np.arange(int(own[-1])) + np.repeat(ptr[timed] - own[:-1], size)
    begin[place], finish[place] = b, f


def _flowing(trace: Trace | None, needed: int, cycles: int) -> tuple[I64, I64]:
    """Begin and finish of the cycles of a task with calls, each to its own advantage within the tolerance of the zone table."""
    if trace is None or len(trace.at_s) == 0:
        never = np.full(cycles, kernels.FOREVER)
        return never, never
    share = np.arange(cycles + 1, dtype=np.float64) / cycles * needed
    begin = _reached(trace.at_s, trace.slow, share[:-1], after=True)
    finish = _reached(trace.at_s, trace.given, share[1:], after=False)
    return np.ceil(begin).astype(np.int64), np.floor(finish).astype(np.int64)


def _reached(at_s: F64, progress: I64, goal: F64, *, after: bool) -> F64:
    """When progress comes to each goal; with ``after`` when it goes beyond. ``FOREVER``: it does not."""
    upper = np.searchsorted(progress, goal, "right" if after else "left")
    out = np.full(len(goal), float(kernels.FOREVER))
    known = upper < len(progress)
    high = upper[known]
    low = np.maximum(high - 1, 0)
    share = (goal[known] - progress[low]) / np.maximum(progress[high] - progress[low], 1)
    out[known] = at_s[low] + np.clip(share, 0.0, 1.0) * (at_s[high] - at_s[low])
    return out
