"""What follows what: an operation begins after those before it, not too soon and not too late."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from fong.model.check.findings import Book
from fong.model.check.rows import I64, Mask, Rows, gather
from fong.model.problem import NEVER, Problem

_ABSENT = np.iinfo(np.int64).min


class Edges(NamedTuple):
    """Operations that follow each other and are both in the plan (or the first still runs)."""

    before: I64
    after: I64
    boxes: Mask  # boxes move on, so the second need not wait for the whole lot


class Span(NamedTuple):
    """When each operation runs [T], over all its rows; ``end`` of work in progress counts, ``start`` does not."""

    start: I64
    end: I64
    there: Mask  # has rows
    known: Mask  # has rows, or runs now


def span(rows: Rows) -> Span:
    """First run start and last run end of each operation."""
    problem = rows.problem
    n = problem.operations
    start, end = np.full(n, np.iinfo(np.int64).max), np.full(n, _ABSENT)
    if len(rows) <= n and int(np.bincount(rows.op, minlength=1).max()) <= 1:
        start[rows.op], end[rows.op] = rows.start, rows.end
    else:
        np.minimum.at(start, rows.op, rows.start)
        np.maximum.at(end, rows.op, rows.end)
    there = end != _ABSENT
    known = there.copy()
    if len(problem.wip_op):
        np.maximum.at(end, problem.wip_op, problem.wip_end_s.astype(np.int64))
        known[problem.wip_op] = True
    return Span(start, end, there, known)


def edges(rows: Rows, spans: Span) -> Edges:
    """All pairs of operations that the plan must keep in order."""
    before, after = pairs(rows.problem)
    kept = spans.known[before] & spans.there[after]
    before, after = before[kept], after[kept]
    if len(rows.problem.step_box) == 0:
        return Edges(before, after, np.zeros(len(before), np.bool_))
    boxed = gather(rows.problem.step_box, _step(rows.problem, before), 0) > 0
    batched = np.zeros(rows.problem.operations, np.bool_)
    batched[rows.op[rows.on_batch]] = True
    return Edges(before, after, boxed & ~batched[before] & ~batched[after] & spans.there[before])


def check(rows: Rows, book: Book, spans: Span, links: Edges) -> None:
    """Order, least and longest time between."""
    problem = rows.problem
    step = _step(problem, links.before)
    free = spans.start[links.after] - spans.end[links.before]
    early = (free < 0) & ~links.boxes
    bad = np.flatnonzero(early)
    _tell(book, "precedence", links, spans, bad, early_s=-free[bad])
    if len(problem.step_lag_s):
        lag = gather(problem.step_lag_s, step, 0)
        bad = np.flatnonzero((free < lag) & ~early & ~links.boxes)
        _tell(book, "lag", links, spans, bad, early_s=lag[bad] - free[bad], lag_s=lag[bad])
    if len(problem.step_max_wait_s):
        _waits(rows, book, spans, links)


def _waits(rows: Rows, book: Book, spans: Span, links: Edges) -> None:
    """No row of the later operation begins too long after the earlier one's last end."""
    most = gather(rows.problem.step_max_wait_s, _step(rows.problem, links.before), NEVER)
    latest = np.full(rows.problem.operations, _ABSENT)
    np.maximum.at(latest, rows.op, rows.start)
    wait = latest[links.after] - spans.end[links.before]
    bad = np.flatnonzero((most != NEVER) & (wait > most))
    at, before = latest[links.after[bad]], links.before[bad]
    book.fault("max_wait", links.after[bad], at=at, wait_s=wait[bad], most_s=most[bad], before=before)


def _tell(book: Book, code: str, links: Edges, spans: Span, bad: I64, **params: I64) -> None:
    book.fault(code, links.after[bad], at=spans.start[links.after[bad]], before=links.before[bad], **params)


def pairs(problem: Problem) -> tuple[I64, I64]:
    """All operations that follow each other: (before, after)."""
    if len(problem.pred_ptr):
        after = np.repeat(np.arange(problem.operations, dtype=np.int64), np.diff(problem.pred_ptr))
        return problem.pred_op.astype(np.int64), after
    later = np.ones(problem.operations, np.bool_)
    firsts = problem.job_ptr[:-1]
    later[firsts[firsts < problem.operations]] = False
    after = np.flatnonzero(later)
    return after - 1, after


def _step(problem: Problem, op: I64) -> I64:
    return gather(problem.op_step, op, 0) if len(problem.op_step) else op
