"""Zones: time for all calls, no more open tasks than tenders may have, nothing that needs a tender while nobody is on duty."""

from __future__ import annotations

import numpy as np

from fong.model.check.findings import Book, tell
from fong.model.check.fluid import Duty, Fluid, Tended
from fong.model.check.rows import I64, Mask, Rows
from fong.model.check.setups import Needed


def check(rows: Rows, book: Book, need: Needed, tasks: Tended, fluid: Fluid) -> None:
    """All rules on tasks in zones."""
    short = fluid.given + fluid.stretches < fluid.needed
    bad = np.flatnonzero(short)
    done_ppm = fluid.given[bad] * 1_000_000 // np.maximum(fluid.needed[bad], 1)
    tell(
        rows,
        book,
        "zone_run",
        bad,
        at=rows.end[bad],
        zone=rows.zone[bad],
        machine=rows.machine[bad],
        done_pct=done_ppm // 10_000,
    )
    zones = np.unique(tasks.zone)
    bounds = np.searchsorted(tasks.zone, np.append(zones, zones[-1:] + 1))
    for zone, a, b in zip(zones.tolist(), bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        crew = fluid.crews[zone]
        part = tasks.cut(a, b)
        _open_tasks(rows, book, part, crew)
        _nights(rows, book, need, part, crew)


def _open_tasks(rows: Rows, book: Book, tasks: Tended, crew: Duty) -> None:
    """At each start no more open tasks, itself included, than those on duty may have."""
    there = np.flatnonzero(tasks.end > tasks.start)
    start, end = tasks.start[there], np.sort(tasks.end[there])
    open_now = np.arange(1, len(there) + 1) - np.searchsorted(end, start, "right")
    limit = crew.at(start)[1]
    mine = tasks.row[there] >= 0
    bad = np.flatnonzero(mine & (open_now > limit))
    row = tasks.row[there[bad]]
    tell(
        rows,
        book,
        "max_machines",
        row,
        at=start[bad],
        zone=tasks.zone[there[bad]],
        most=limit[bad],
        running=open_now[bad],
    )
    past = np.flatnonzero(~mine & (tasks.end[there] > 0))
    most = int(crew.at(np.zeros(1, np.int64))[1][0])
    if len(past) > most:
        extra = there[past[most:]]
        book.fact("fact_zone", tasks.op[extra], at=0, zone=tasks.zone[extra], most=most, running=len(past))


def _nights(rows: Rows, book: Book, need: Needed, tasks: Tended, crew: Duty) -> None:
    """A task that is attended neither begins nor ends while nobody is on duty, but right after its set-up it may begin."""
    mine = np.flatnonzero((tasks.row >= 0) & (tasks.calls > 0) & (tasks.attend_s > 0))
    row = tasks.row[mine]
    dark = crew.at(rows.start[row])[0] == 0
    bad = row[dark & ~_just_set_up(rows, need, row)]
    tell(rows, book, "night_start", bad, at=rows.start[bad], zone=rows.zone[bad], machine=rows.machine[bad])
    dark = (crew.at(rows.end[row])[0] == 0) & (crew.at(rows.end[row] - 1)[0] == 0)
    bad = row[dark]
    tell(rows, book, "night_end", bad, at=rows.end[bad], zone=rows.zone[bad], machine=rows.machine[bad])


def _just_set_up(rows: Rows, need: Needed, row: I64) -> Mask:
    """A set-up that nobody does and nothing asks for loads no machine."""
    out: Mask = rows.set_up[row] & (rows.setup_end[row] == rows.start[row])
    out &= (need.work_s[row] > 0) | (rows.setup_person[row] >= 0)
    return out & (rows.setup_start[row] < rows.setup_end[row])
