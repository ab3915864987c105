"""People: skilled, on shift when a hold begins, in one place at a time; tenders only tend and set up their own zone."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from fong._kernels import freeze
from fong.model.check import _kernels as kernels
from fong.model.check.calendars import never_fits, open_at, packed
from fong.model.check.findings import Book, tell
from fong.model.check.fluid import by_tender
from fong.model.check.rows import I64, Mask, Rows, gather, per_row
from fong.model.check.setups import Needed
from fong.model.check.sweep import over_capacity

_RESUME, _RUN_ON, _OVERTIME = 0, 2, 3


class Holds(NamedTuple):
    """Whom the plan holds when, by row; a batch holds once for its set-up and once for its loading."""

    row: I64
    person: I64
    begin: I64
    end: I64
    setup: Mask
    work_s: I64  # whose word on gaps already binds its begin to working time; 0: none does


def check(rows: Rows, book: Book, need: Needed) -> None:
    """All rules on people."""
    if rows.problem.people == 0 and len(rows.problem.step_run_skill) == 0:
        return
    loading = loading_s(rows)
    asked = rows.paced | (rows.on_batch & (loading > 0))
    missing = np.flatnonzero(asked & rows.lead & (rows.person < 0))
    tell(rows, book, "person_missing", missing, machine=rows.machine[missing])
    _skills(rows, book, need)
    holds = _holds(rows, book, need, loading)
    _tenders(rows, book, holds)
    over = over_capacity(holds.person, holds.begin, holds.end, np.ones(len(holds.row), np.int64))
    bad, other = over.holding, over.other
    tell(
        rows,
        book,
        "person_overlap",
        holds.row[bad],
        at=holds.begin[bad],
        person=holds.person[bad],
        other=rows.op[holds.row[other]],
        until_at=holds.end[other],
    )
    calendar = gather(rows.problem.person_calendar, holds.person, -1)
    off = np.flatnonzero(~open_at(rows.problem, calendar, np.maximum(holds.begin, 0)))
    off = off[~_told_by_word(rows, holds, off)]
    tell(rows, book, "shift", holds.row[off], at=holds.begin[off], person=holds.person[off])


def _told_by_word(rows: Rows, holds: Holds, off: I64) -> Mask:
    """Whether the fault of each hold is told by its word on gaps; not so where overtime holds in no window and it resumes."""
    row, calendar = holds.row[off], gather(rows.problem.person_calendar, holds.person[off], -1)
    work, overtime = holds.work_s[off], rows.overtime_s[row]
    resumes = never_fits(rows.problem, rows.hours[row], calendar, work, overtime) & (rows.gap[row] == _OVERTIME)
    out: Mask = (work > 0) & ~resumes
    return out


def loading_s(rows: Rows) -> I64:
    """Seconds that somebody loads each batch [L], the same for all its rows: the longest attendance of a lot that asks for a person."""
    seconds = np.where(rows.on_batch & (rows.run_skill >= 0), gather(rows.problem.step_attend_s, rows.step, 0), 0)
    if not rows.lead.all():
        np.maximum.at(seconds, rows.unit, seconds.copy())
    out: I64 = seconds[rows.unit]
    return out


def _holds(rows: Rows, book: Book, need: Needed, loading: I64) -> Holds:
    parts = []
    sets = np.flatnonzero(rows.lead & (rows.setup_person >= 0) & (rows.setup_end > rows.setup_start))
    bound = (need.skill >= 0) & (rows.gap != _RESUME) & (rows.gap != _RUN_ON)
    work = np.where(bound, np.where(by_tender(rows), np.minimum(need.work_s, 1), need.work_s), 0)
    parts.append((sets, rows.setup_person[sets], rows.setup_start[sets], rows.setup_end[sets], sets >= 0, work[sets]))
    runs = np.flatnonzero(~rows.on_batch & (rows.person >= 0) & (rows.end > rows.start))
    work = np.where(rows.paced & (rows.gap != _RESUME), rows.cycles * rows.cycle_s, 0)
    parts.append((runs, rows.person[runs], rows.start[runs], rows.end[runs], runs < 0, work[runs]))
    loads = np.flatnonzero(rows.on_batch & rows.lead & (rows.person >= 0) & (loading > 0))
    end = _loaded(rows, book, loads, loading)
    parts.append((loads, rows.person[loads], rows.start[loads], end, loads < 0, 0 * loads))
    return Holds(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _loaded(rows: Rows, book: Book, loads: I64, loading: I64) -> I64:
    """When each batch is loaded; one that is not before its run ends is a fault."""
    calendar = gather(rows.problem.person_calendar, rows.person[loads], -1)
    columns = (rows.hours[loads], calendar, rows.start[loads], loading[loads])
    end = kernels.work_ends(packed(rows.problem), *(freeze(c, np.int64) for c in columns))
    late = end > rows.end[loads]
    bad = loads[late]
    tell(rows, book, "loading", bad, at=rows.start[bad], person=rows.person[bad], needed_s=loading[bad])
    done: I64 = np.minimum(end, rows.end[loads])
    return done


def _skills(rows: Rows, book: Book, need: Needed) -> None:
    problem = rows.problem
    loaded = rows.on_batch & (gather(problem.step_attend_s, rows.step, 0) > 0)
    run = (rows.run_skill >= 0) & (rows.paced | loaded) & (rows.person >= 0)
    setup = (need.skill >= 0) & rows.set_up & (rows.setup_person >= 0) & rows.lead
    pairs = (
        np.sort(per_row(problem.skill_ptr) * problem.people + problem.skill_person) if len(problem.skill_ptr) else ()
    )
    for wanted, skill, person in ((run, rows.run_skill, rows.person), (setup, need.skill, rows.setup_person)):
        mine = np.flatnonzero(wanted)
        able = np.isin(skill[mine] * problem.people + person[mine], pairs)
        bad = mine[~able]
        tell(rows, book, "skill", bad, at=rows.begin[bad], person=person[bad], skill=skill[bad])


def _tenders(rows: Rows, book: Book, holds: Holds) -> None:
    zone = gather(rows.problem.person_zone, holds.person, -1)
    wrong = (zone >= 0) & ~(holds.setup & (zone == rows.zone[holds.row]))
    bad = holds.row[wrong]
    tell(rows, book, "tender", bad, at=holds.begin[wrong], person=holds.person[wrong], zone=zone[wrong])
