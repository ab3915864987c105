"""Each machine does what it can, one task a slot at a time."""

from __future__ import annotations

import numpy as np

from fong.model.check.findings import Book
from fong.model.check.rows import I64, Rows, find_modes, gather
from fong.model.check.sweep import over_capacity


def check(rows: Rows, book: Book) -> None:
    """Machines of the step's modes, slots, same-machine groups."""
    _modes(rows, book)
    _running_elsewhere(rows, book)
    _slots(rows, book)
    if len(rows.problem.op_same):
        _same_machine(rows, book)


def _modes(rows: Rows, book: Book) -> None:
    problem = rows.problem
    if len(problem.mode_ptr):
        wanted = problem.mode_ptr[rows.step] < problem.mode_ptr[rows.step + 1]
    else:
        wanted = np.full(len(rows), len(problem.mode_machine) > 0)
    bad = np.flatnonzero(np.where(wanted, rows.mode < 0, rows.machine >= 0))
    book.fault("mode", rows.op[bad], row=bad, sublot=rows.sublot[bad], at=rows.start[bad], machine=rows.machine[bad])


def _running_elsewhere(rows: Rows, book: Book) -> None:
    """Work in progress on a machine that its step does not know is a fact."""
    problem = rows.problem
    op, machine = problem.wip_op.astype(np.int64), problem.wip_machine.astype(np.int64)
    step = gather(problem.op_step, op, 0) if len(problem.op_step) else op
    odd = np.flatnonzero((machine >= 0) & (find_modes(problem, step, machine) < 0))
    book.fact("fact_mode", op[odd], at=0, machine=machine[odd])


def held_until(rows: Rows) -> I64:
    """End of each unit's hold on its machine: the latest run or set-up end of its rows [L], at its leading row."""
    end = np.maximum(rows.end, rows.setup_end)
    if rows.lead.all():
        return end
    np.maximum.at(end, rows.unit, end.copy())
    return end


def held_from(rows: Rows) -> I64:
    """Begin of each unit's hold on its machine [L], at its leading row."""
    if rows.lead.all():
        return rows.begin
    begin = rows.begin.copy()
    np.minimum.at(begin, rows.unit, rows.begin)
    return begin


def _slots(rows: Rows, book: Book) -> None:
    """A batch takes one slot; work in progress takes slots, too, and what it takes too much is a fact."""
    problem = rows.problem
    mine = np.flatnonzero(rows.lead & (rows.machine >= 0))
    running = _wip(rows)
    machine = np.concatenate((problem.wip_machine[running], rows.machine[mine])).astype(np.int64)
    begin = np.concatenate((np.full(len(running), -1), held_from(rows)[mine]))
    end = np.concatenate((problem.wip_end_s[running], held_until(rows)[mine])).astype(np.int64)
    op = np.concatenate((problem.wip_op[running], rows.op[mine])).astype(np.int64)
    over = over_capacity(machine, begin, end, gather(problem.machine_slots, machine, 1))
    past = over.holding < len(running)
    fact = over.holding[past]
    book.fact("fact_machine", op[fact], at=0, machine=machine[fact], other=op[over.other[past]])
    bad = over.holding[~past]
    row = mine[bad - len(running)]
    book.fault(
        "machine_overlap",
        rows.op[row],
        row=row,
        sublot=rows.sublot[row],
        at=begin[bad],
        machine=machine[bad],
        other=op[over.other[~past]],
        until_at=end[over.other[~past]],
    )


def _wip(rows: Rows) -> I64:
    """Work in progress on machines; of one batch only the lot that ends last."""
    problem = rows.problem
    running = np.flatnonzero(problem.wip_machine >= 0)
    if len(problem.machine_batch_milli) == 0 or len(running) == 0:
        return running
    batch = problem.machine_batch_milli[problem.wip_machine[running]] > 0
    lots = running[batch][np.argsort(problem.wip_end_s[running[batch]], kind="stable")[::-1]]
    _, last = np.unique(problem.wip_machine[lots], return_index=True)
    return np.sort(np.concatenate((running[~batch], lots[last])))


def _same_machine(rows: Rows, book: Book) -> None:
    """All lots of one group on the machine of the group's first lot, or of the one that runs now."""
    problem = rows.problem
    group = gather(problem.op_same, rows.op, -1)
    mine = np.flatnonzero(group >= 0)
    chosen = np.full(int(problem.op_same.max()) + 1, -2, np.int64)
    order = mine[np.argsort(rows.begin[mine], kind="stable")[::-1]]
    chosen[group[order]] = rows.machine[order]
    running = np.flatnonzero(gather(problem.op_same, problem.wip_op.astype(np.int64), -1) >= 0)
    chosen[problem.op_same[problem.wip_op[running]]] = problem.wip_machine[running]
    bad = mine[rows.machine[mine] != chosen[group[mine]]]
    book.fault(
        "same_machine", rows.op[bad], row=bad, sublot=rows.sublot[bad], at=rows.start[bad], machine=chosen[group[bad]]
    )
