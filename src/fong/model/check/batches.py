"""Lots of one batch: together, of one family, within the machine's capacity."""

from __future__ import annotations

import numpy as np

from fong.model.check.findings import Book, tell
from fong.model.check.rows import I64, Rows, gather


def check(rows: Rows, book: Book) -> None:
    """Unity, family, capacity."""
    problem = rows.problem
    mine = np.flatnonzero(rows.on_batch)
    if len(mine) == 0:
        return
    _unity(rows, book, mine)
    lead = rows.unit[mine]
    family = gather(problem.step_family, rows.step, -1)
    mixed = family[mine] != family[lead]
    bad = mine[mixed]
    tell(rows, book, "batch_family", bad, at=rows.start[bad], machine=rows.machine[bad], other=rows.op[lead[mixed]])
    load = np.zeros(len(rows), np.int64)
    np.add.at(load, lead, rows.pieces[mine] * gather(problem.step_batch_milli, rows.step[mine], 1000))
    room = gather(problem.machine_batch_milli, rows.machine, 0)
    bad = np.flatnonzero(load > room)
    tell(
        rows,
        book,
        "batch_capacity",
        bad,
        at=rows.start[bad],
        machine=rows.machine[bad],
        load_milli=load[bad],
        room_milli=room[bad],
    )


def _unity(rows: Rows, book: Book, mine: I64) -> None:
    """All lots of a batch share machine, run, set-up and person."""
    numbered = mine[rows.batch[mine] >= 0]
    _, first, group = np.unique(rows.batch[numbered], return_index=True, return_inverse=True)
    lead = numbered[first][group.reshape(-1)]
    apart = np.zeros(len(numbered), np.bool_)
    for column in (
        rows.machine,
        rows.start,
        rows.end,
        rows.setup_start,
        rows.setup_end,
        rows.setup_person,
        rows.person,
    ):
        apart |= column[numbered] != column[lead]
    bad = numbered[apart]
    tell(rows, book, "batch_apart", bad, at=rows.start[bad], machine=rows.machine[bad], other=rows.op[lead[apart]])
