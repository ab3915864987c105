"""What is to be made is planned: one variant of each job, all pieces of each operation, in lawful sub-lots."""

from __future__ import annotations

import numpy as np

from fong.model.check.findings import Book
from fong.model.check.rows import I64, Mask, Rows, gather, per_row
from fong.model.problem import Problem


def check(rows: Rows, book: Book) -> None:
    """Coverage, variants, quantities, sub-lots."""
    problem = rows.problem
    count = np.bincount(rows.op, minlength=problem.operations)
    wanted = to_plan(problem)
    if len(problem.op_variant):
        used = _variants(rows, wanted, book)
        wanted = wanted & used
        elsewhere = ~used[rows.op]
    else:
        elsewhere = np.zeros(len(rows), np.bool_)
    missing = np.flatnonzero(wanted & (count == 0))
    book.fault("missing", missing)
    unwanted = np.flatnonzero(~wanted[rows.op] & ~elsewhere)
    book.fault("unwanted", rows.op[unwanted], row=unwanted, sublot=rows.sublot[unwanted], at=rows.start[unwanted])
    if (count <= 1).all():
        _whole(rows, book, wanted)
    else:
        _sublots(rows, book, count, wanted)
    _sizes(rows, book)


def to_plan(problem: Problem) -> Mask:
    """[T] operations with pieces to start that do not run now."""
    ops = np.arange(problem.operations)
    out: Mask = gather(problem.op_pieces, ops, 1) > 0
    if len(problem.wip_op):
        out[problem.wip_op] = False
    return out


def _variants(rows: Rows, wanted: Mask, book: Book) -> Mask:
    """[T] operations of the variant that each job's rows (or its running work) show; rows of a second one are faults."""
    problem = rows.problem
    job = per_row(problem.job_ptr)
    variant = problem.op_variant.astype(np.int64)
    kinds = int(variant.max()) + 1
    shown = np.zeros(problem.jobs * kinds, np.int64)
    np.add.at(shown, job[rows.op] * kinds + variant[rows.op], 1)
    if len(problem.wip_op):
        np.add.at(shown, job[problem.wip_op] * kinds + variant[problem.wip_op], len(rows) + 1)
    nothing = np.ones(problem.jobs * kinds, np.bool_)  # no rows at all: the variant that asks for least
    nothing[(job * kinds + variant)[wanted]] = False
    exists = np.zeros(problem.jobs * kinds, np.bool_)
    exists[job * kinds + variant] = True
    score = (2 * shown + (nothing & exists)).reshape(problem.jobs, kinds)
    used: Mask = variant == score.argmax(axis=1)[job]
    other = np.flatnonzero(~used[rows.op])
    book.fault("variants", rows.op[other], row=other, sublot=rows.sublot[other], at=rows.start[other])
    return used


def _whole(rows: Rows, book: Book, wanted: Mask) -> None:
    """No operation is split."""
    pieces = gather(rows.problem.op_pieces, rows.op, 1)
    bad = np.flatnonzero((rows.pieces != pieces) & wanted[rows.op])
    book.fault("pieces", rows.op[bad], row=bad, planned=rows.pieces[bad], wanted=pieces[bad])
    odd = np.flatnonzero(rows.sublot != 0)
    book.fault("sublots", rows.op[odd], row=odd, sublot=rows.sublot[odd])


def _sublots(rows: Rows, book: Book, count: I64, wanted: Mask) -> None:
    problem = rows.problem
    ops = np.flatnonzero((count > 0) & wanted)
    planned = np.bincount(rows.op, weights=rows.pieces, minlength=problem.operations).astype(np.int64)
    pieces = gather(problem.op_pieces, np.arange(problem.operations), 1)
    bad = ops[planned[ops] != pieces[ops]]
    book.fault("pieces", bad, planned=planned[bad], wanted=pieces[bad])
    order = np.lexsort((rows.sublot, rows.op))
    first = np.concatenate(([0], np.cumsum(count)))[:-1]
    odd = order[rows.sublot[order] != np.arange(len(order)) - first[rows.op[order]]]
    book.fault("sublots", rows.op[odd], row=odd, sublot=rows.sublot[odd])
    split = ops[count[ops] > 1]
    whole = split[~_may_split(rows, split)]
    book.fault("split", whole, lots=count[whole])
    _spread(rows, book, np.setdiff1d(split, whole))


def _may_split(rows: Rows, ops: I64) -> Mask:
    """Whether each operation may have several sub-lots."""
    problem = rows.problem
    step = gather(problem.op_step, ops, 0) if len(problem.op_step) else ops
    may = (gather(problem.step_max_lot, step, 0) > 0) | (gather(problem.step_split_over, step, 1) > 1)
    room = np.full(problem.operations, np.iinfo(np.int64).max)
    machines = np.flatnonzero(rows.on_batch)
    np.minimum.at(room, rows.op[machines], problem.machine_batch_milli[rows.machine[machines]] if len(machines) else 0)
    units = gather(problem.op_pieces, ops, 1) * gather(problem.step_batch_milli, step, 1000)
    out: Mask = may | (units > room[ops])
    return out


def _spread(rows: Rows, book: Book, ops: I64) -> None:
    """Over how many machines the lots of an operation are spread."""
    problem = rows.problem
    pairs = np.unique(np.stack((rows.op, rows.machine)), axis=1)
    machines = np.bincount(pairs[0], minlength=problem.operations)[ops]
    step = gather(problem.op_step, ops, 0) if len(problem.op_step) else ops
    most = gather(problem.step_split_over, step, 1)
    bad = machines > most
    book.fault("split_over", ops[bad], machines=machines[bad], most=most[bad])


def _sizes(rows: Rows, book: Book) -> None:
    most = gather(rows.problem.step_max_lot, rows.step, 0)
    bad = np.flatnonzero((rows.pieces < 1) | ((most > 0) & (rows.pieces > most)))
    book.fault("lot_size", rows.op[bad], row=bad, sublot=rows.sublot[bad], planned=rows.pieces[bad], most=most[bad])
