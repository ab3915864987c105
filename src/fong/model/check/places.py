"""Racks, pallets and buffers between steps: a lot stays on its machine, or there is a place for it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from fong._kernels import freeze
from fong.model.check import _kernels as kernels
from fong.model.check.coverage import to_plan
from fong.model.check.findings import Book
from fong.model.check.precedence import Edges, pairs
from fong.model.check.rows import I64, Rows, gather
from fong.model.check.sweep import over_capacity


class Lots(NamedTuple):
    """All lots that hold a machine or may need a place: work in progress first, then the rows of the plan."""

    op: I64
    machine: I64
    begin: I64
    end: I64
    place: I64
    row: I64  # -1: work in progress


def check(rows: Rows, book: Book, links: Edges) -> None:
    """Lots in each place at any time, from when they must leave the machine until a next step takes them."""
    problem = rows.problem
    if len(problem.step_place) == 0:
        return
    lots, off, leave = stays(rows, links)
    mine = np.flatnonzero((lots.place >= 0) & (off < leave))
    place = lots.place[mine]
    over = over_capacity(place, off[mine], leave[mine], problem.place_lots[place].astype(np.int64))
    bad, other = mine[over.holding], mine[over.other]
    past = lots.row[bad] < 0
    book.fact("fact_place", lots.op[bad[past]], at=off[bad[past]], place=lots.place[bad[past]])
    bad, other = bad[~past], other[~past]
    book.fault(
        "place",
        lots.op[bad],
        row=lots.row[bad],
        sublot=rows.sublot[lots.row[bad]],
        at=off[bad],
        place=lots.place[bad],
        other=lots.op[other],
    )


def stays(rows: Rows, links: Edges) -> tuple[Lots, I64, I64]:
    """All lots, when each leaves its machine, and when a next step takes it; between the two it needs a place, if its step has one."""
    lots = _lots(rows)
    taken = _taken(rows, links)[lots.op]
    leave = np.where(lots.place >= 0, np.maximum(lots.end, taken), lots.end)
    off = np.where(lots.machine >= 0, np.maximum(_pushed_off(rows, lots, leave), lots.end), lots.end)
    return lots, off, leave


def _lots(rows: Rows) -> Lots:
    problem = rows.problem
    wip = problem.wip_op.astype(np.int64)
    op = np.concatenate((wip, rows.op))
    step = gather(problem.op_step, op, 0) if len(problem.op_step) else op
    return Lots(
        op=op,
        machine=np.concatenate((problem.wip_machine, rows.machine)).astype(np.int64),
        begin=np.concatenate((np.full(len(wip), -1), rows.begin)),
        end=np.concatenate((problem.wip_end_s, rows.end)).astype(np.int64),
        place=gather(problem.step_place, step, -1),
        row=np.concatenate((np.full(len(wip), -1), np.arange(len(rows)))),
    )


def _taken(rows: Rows, links: Edges) -> I64:
    """When a next step first takes each operation's lots [T]: set-up or run start; -1: none does, or one has already."""
    problem, never = rows.problem, np.iinfo(np.int64).max
    begin = np.full(problem.operations, never)
    np.minimum.at(begin, rows.op, rows.begin)
    out = np.full(problem.operations, never)
    np.minimum.at(out, links.before, begin[links.after])
    before, after = pairs(problem)
    out[before[~to_plan(problem)[after]]] = -1
    return np.where(out == never, -1, out)


def _pushed_off(rows: Rows, lots: Lots, leave: I64) -> I64:
    """When the machine of each lot needs its slot."""
    order = np.lexsort((lots.end, lots.begin, lots.machine))
    slots = gather(rows.problem.machine_slots, lots.machine, 1)
    columns = (lots.machine, lots.begin, lots.end, leave, slots)
    out = np.empty(len(order), np.int64)
    out[order] = kernels.pushed_off(*(freeze(c[order], np.int64) for c in columns))
    return out
