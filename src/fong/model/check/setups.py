"""Set-ups: there where one is needed, long enough, in the hours of machine and setter, at the setter's pace."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from fong.model.check import _kernels as kernels
from fong.model.check.calendars import gap_faults
from fong.model.check.findings import Book
from fong.model.check.fluid import Fluid, by_tender
from fong.model.check.machines import held_from
from fong.model.check.rows import I64, Mask, Rows, gather

_CODES = {
    kernels.SHORT: "setup_short",
    kernels.HOURS: "setup_hours",
    kernels.FIT: "setup_fit",
    kernels.OVERTIME: "setup_overtime",
}
_RESUME, _RUN_ON = 0, 2


class Needed(NamedTuple):
    """What each row's set-up asks for [L]; rows of one batch share it."""

    work_s: I64
    skill: I64  # -1: nobody


def needed(rows: Rows) -> Needed:
    """Set-up time by what ran on the machine before, and the skill it asks for."""
    work = _own_time(rows)
    nobody = np.broadcast_to(np.int64(-1), rows.op.shape)
    if len(rows.problem.setup_s) == 0 and not work.any():
        return Needed(work, nobody)
    shared = gather(rows.problem.machine_slots, rows.machine, 1) > 1
    work = np.where(shared, np.where(_later_lot(rows, shared), 0, work), _after(rows, work))
    skill = np.where(work > 0, rows.setup_skill, -1)
    if not rows.lead.all():
        for column in (work, skill):
            np.maximum.at(column, rows.unit, column.copy())
            column[:] = column[rows.unit]
    return Needed(work, skill)


def check(rows: Rows, book: Book, need: Needed, fluid: Fluid) -> None:
    """All that can be wrong with a set-up but the setter himself (:mod:`fong.model.check.people`)."""
    present = rows.set_up
    wanted = (need.work_s > 0) & rows.lead
    if not wanted.any() and not present.any():
        return
    _tell(rows, book, "setup_missing", wanted & ~present, need)
    _tell(rows, book, "setup_late", present & (rows.setup_end > rows.start) & rows.lead, need)
    done = wanted & present
    _tell(rows, book, "setup_person", done & (need.skill >= 0) & (rows.setup_person < 0), need)
    tended = by_tender(rows)
    slow = fluid.worked < need.work_s * 1_000_000
    _tell(rows, book, "setup_pace", done & tended & slow, need)
    wrong = _hours(rows, need, tended)
    for kind, code in _CODES.items():
        _tell(rows, book, code, done & (wrong == kind), need)


def _hours(rows: Rows, need: Needed, tended: Mask) -> np.ndarray[tuple[int], np.dtype[np.int8]]:
    """The step's word on gaps, except that under ``run_on`` a set-up resumes; a tender's pace is looked at elsewhere."""
    gap = np.where(rows.gap == _RUN_ON, _RESUME, rows.gap)
    asked = np.where(need.skill >= 0, rows.setup_person, -1)
    person = gather(rows.problem.person_calendar, asked, -1)
    work = np.where(tended, np.where(gap == _RESUME, 0, 1), need.work_s)
    return gap_faults(rows.problem, rows.hours, person, rows.setup_start, rows.setup_end, work, gap, rows.overtime_s)


def _own_time(rows: Rows) -> I64:
    return np.where(rows.mode >= 0, gather(rows.problem.mode_setup_s, rows.mode, 0), 0)


def _after(rows: Rows, own: I64) -> I64:
    """Set-up time of each row on a machine of one slot, after the unit before it there."""
    problem = rows.problem
    before = _previous(rows)
    family = gather(problem.step_family, rows.step, -1)
    last = np.where(before >= 0, family[before], _present_family(rows))
    matrix = _matrix(rows, last, family)
    plain = np.where((last >= 0) & (last == family), 0, own)
    out = np.where((last < 0) | (family < 0), own, np.where(matrix >= 0, matrix, plain))
    return np.where(_same_lot(rows, before) | (rows.mode < 0), 0, out)


def _later_lot(rows: Rows, shared: Mask) -> Mask:
    """Rows on machines of several slots before which a sub-lot of the same operation has ended there: it may have been their slot."""
    out = np.zeros(len(rows), np.bool_)
    mine = np.flatnonzero(shared)
    order = mine[np.lexsort((rows.end[mine], rows.machine[mine], rows.op[mine]))]
    first = np.ones(len(order), np.bool_)
    first[1:] = (rows.op[order[1:]] != rows.op[order[:-1]]) | (rows.machine[order[1:]] != rows.machine[order[:-1]])
    earliest = rows.end[order[np.maximum.accumulate(np.where(first, np.arange(len(order)), 0))]]
    out[order] = (earliest <= rows.begin[order]) & ~first
    return out


def _previous(rows: Rows) -> I64:
    """The unit that holds the machine before each row's own unit [L]; -1: none in the plan."""
    leads = np.flatnonzero(rows.lead & (rows.machine >= 0))
    order = leads[np.lexsort((rows.end[leads], held_from(rows)[leads], rows.machine[leads]))]
    out = np.full(len(rows), -1, np.int64)
    same = rows.machine[order[1:]] == rows.machine[order[:-1]]
    out[order[1:][same]] = order[:-1][same]
    return out[rows.unit]


def _present_family(rows: Rows) -> I64:
    """Family that each row's machine is set up for when the plan begins: by the work in progress there, if any."""
    problem = rows.problem
    present = gather(problem.machine_family, np.arange(problem.machines), -1).copy()
    wip_op = problem.wip_op.astype(np.int64)
    wip_step = gather(problem.op_step, wip_op, 0) if len(problem.op_step) else wip_op
    running = np.flatnonzero(problem.wip_machine >= 0)
    by_end = running[np.argsort(problem.wip_end_s[running], kind="stable")]
    present[problem.wip_machine[by_end]] = gather(problem.step_family, wip_step, -1)[by_end]
    return gather(present, rows.machine, -1)


def _matrix(rows: Rows, last: I64, family: I64) -> I64:
    """Seconds by the set-up matrix; -1: it has no row."""
    problem = rows.problem
    if len(problem.setup_s) == 0:
        return np.full(len(rows), -1, np.int64)
    rank = np.repeat(np.arange(len(problem.setup_ptr) - 1, dtype=np.int64), np.diff(problem.setup_ptr))
    keys = rank * problem.families + problem.setup_to
    group = gather(problem.machine_group, rows.machine, 0)
    wanted = (group * problem.families + last) * problem.families + family
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    known = (keys[at] == wanted) & (last >= 0) & (family >= 0) & (rows.machine >= 0)
    return np.where(known, problem.setup_s[at], -1)


def _same_lot(rows: Rows, before: I64) -> Mask:
    """Whether the unit before holds a sub-lot of the row's own operation."""
    if rows.lead.all():
        same: Mask = rows.op[before] == rows.op
    else:
        keys = rows.unit * rows.problem.operations + rows.op
        same = np.isin(before * rows.problem.operations + rows.op, keys)
    return (before >= 0) & same


def _tell(rows: Rows, book: Book, code: str, wrong: Mask, need: Needed) -> None:
    bad = np.flatnonzero(wrong)
    book.fault(
        code,
        rows.op[bad],
        row=bad,
        sublot=rows.sublot[bad],
        at=rows.begin[bad],
        needed_s=need.work_s[bad],
        end_at=rows.setup_end[bad],
        machine=rows.machine[bad],
        person=rows.setup_person[bad],
    )
