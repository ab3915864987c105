"""A plan indexed by resource: who holds which machine, person, tool and place when; who is at work when; what is in stock when.

It reads the rows as the check reads them (:mod:`fong.model.check.rows`), whoever made the plan. Everything is made when it is first asked for.
"""

from __future__ import annotations

from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

from fong.model.calendars import intersection, union
from fong.model.check import fluid, people, places, precedence, setups, transfer
from fong.model.check.rows import Rows, gather, known
from fong.model.problem import NEVER, Problem
from fong.model.schedule import Schedule
from fong.plan.explain.spans import ALWAYS, NOBODY, Holds, Spans, grouped, level_at_least, reach

I64 = NDArray[np.int64]


class Timeline:
    """One plan of one problem."""

    def __init__(self, problem: Problem, schedule: Schedule) -> None:
        self.problem = problem
        self.rows: Rows = known(problem, schedule)
        self.wip_op = problem.wip_op.astype(np.int64)
        self.wip_step = gather(problem.op_step, self.wip_op, 0) if len(problem.op_step) else self.wip_op
        self.window = cache(self._window)
        self.able = cache(self._able)
        self.on_shift = cache(self._on_shift)
        self._common = cache(self._both_open)

    # ------------------------------------------------------------ rows
    @cached_property
    def rows_of_op(self) -> dict[int, list[int]]:
        """Rows of each operation."""
        out: dict[int, list[int]] = {}
        for row, op in enumerate(self.rows.op.tolist()):
            out.setdefault(op, []).append(row)
        return out

    @cached_property
    def units(self) -> dict[int, list[int]]:
        """Rows of each batch of several lots, by its leading row."""
        out: dict[int, list[int]] = {}
        for row in np.flatnonzero(~self.rows.lead).tolist():
            unit = int(self.rows.unit[row])
            out.setdefault(unit, [unit]).append(row)
        return out

    @cached_property
    def spans(self) -> precedence.Span:
        """When each operation runs."""
        rows = self.rows
        if len(rows):
            return precedence.span(rows)
        n, known_ops = self.problem.operations, np.zeros(self.problem.operations, np.bool_)
        known_ops[self.wip_op] = True
        end = np.zeros(n, np.int64)
        end[self.wip_op] = self.problem.wip_end_s
        return precedence.Span(np.zeros(n, np.int64), end, np.zeros(n, np.bool_), known_ops)

    @cached_property
    def links(self) -> precedence.Edges:
        """What follows what."""
        return precedence.edges(self.rows, self.spans)

    @cached_property
    def setup_s(self) -> list[int]:
        """Work of each row's set-up."""
        out: list[int] = setups.needed(self.rows).work_s.tolist()
        return out

    @cached_property
    def work_s(self) -> list[int]:
        """Least work of each row's run."""
        rows = self.rows
        outside = gather(self.problem.step_outside_s, rows.step, 0)
        out: list[int] = np.where(rows.outside, outside, rows.cycles * rows.cycle_s).tolist()
        return out

    @cached_property
    def loading_s(self) -> list[int]:
        """Seconds that somebody loads each batch."""
        out: list[int] = people.loading_s(self.rows).tolist()
        return out

    @cached_property
    def tasks(self) -> fluid.Tended:
        """Tasks on machines of zones."""
        return fluid.tended(self.rows)

    @cached_property
    def boxed(self) -> NDArray[np.bool_]:
        """Rows between which boxes move."""
        return transfer.boxed_rows(self.rows, self.links)

    @cached_property
    def flow(self) -> fluid.Fluid:
        """What the zones' clocks give each row."""
        return fluid.flow(self.rows, self.tasks, self.boxed)

    @cached_property
    def cycles(self) -> tuple[I64, I64, I64]:
        """Pointer, begin and finish of the cycles of rows that boxes concern."""
        return transfer.cycles(self.rows, self.boxed, self.flow)

    # ------------------------------------------------------------ hours
    def _window(self, calendar: int) -> Spans:
        """When a calendar is open."""
        p = self.problem
        if calendar < 0:
            return ALWAYS
        mine = slice(int(p.cal_ptr[calendar]), int(p.cal_ptr[calendar + 1]))
        return list(zip(p.win_open_s[mine].tolist(), p.win_close_s[mine].tolist(), strict=True))

    def _both_open(self, calendar: int, other: int) -> Spans:
        return intersection(self.window(calendar), self.window(other))

    def hours(self, machine: int, person: int = -1) -> Spans:
        """When a machine is open and a person at work; -1: always."""
        p = self.problem
        return self._common(_at(p.machine_calendar, machine, -1), _at(p.person_calendar, person, -1))

    def machine_hours(self, machine: int) -> Spans:
        """When a machine is open."""
        return self.window(_at(self.problem.machine_calendar, machine, -1))

    def shift(self, person: int) -> Spans:
        """When a person is at work."""
        return self.window(_at(self.problem.person_calendar, person, -1))

    def _able(self, skill: int, zone: int) -> tuple[int, ...]:
        """Who has a skill and may be held: tenders only in their own ``zone`` (-1: no tender may)."""
        p = self.problem
        some = p.skill_person[p.skill_ptr[skill] : p.skill_ptr[skill + 1]].tolist()
        return tuple(x for x in some if (tends := _at(p.person_zone, x, -1)) < 0 or tends == zone)

    def _on_shift(self, skill: int, zone: int) -> Spans:
        """When anybody able is at work."""
        return union(span for who in self.able(skill, zone) for span in self.shift(who))

    # ------------------------------------------------------------ who holds what
    @cached_property
    def _leads(self) -> I64:
        return np.flatnonzero(self.rows.lead & (self.rows.machine >= 0))

    @cached_property
    def machines(self) -> dict[int, Holds]:
        """Who holds each machine: work in progress, then the plan's rows, set-ups included."""
        p, rows, mine = self.problem, self.rows, self._leads
        begin, end = rows.begin.copy(), np.maximum(rows.end, rows.setup_end)
        np.minimum.at(begin, rows.unit, rows.begin)
        np.maximum.at(end, rows.unit, np.maximum(rows.end, rows.setup_end))
        return grouped(
            np.concatenate((p.wip_machine, rows.machine[mine])).astype(np.int64),
            np.concatenate((np.minimum(p.wip_start_s, -1), begin[mine])).astype(np.int64),
            np.concatenate((p.wip_end_s, end[mine])).astype(np.int64),
            np.concatenate((self.wip_op, rows.op[mine])),
            gather(p.machine_slots, np.arange(p.machines), 1),
        )

    @cached_property
    def tools(self) -> dict[int, Holds]:
        """Who holds each tool."""
        p, rows = self.problem, self.rows
        return grouped(
            np.concatenate((gather(p.step_tool, self.wip_step, -1), gather(p.step_tool, rows.step, -1))),
            np.concatenate((np.minimum(p.wip_start_s, -1), rows.begin)).astype(np.int64),
            np.concatenate((p.wip_end_s, rows.end)).astype(np.int64),
            np.concatenate((self.wip_op, rows.op)),
            p.tool_quantity.astype(np.int64),
        )

    @cached_property
    def people_held(self) -> tuple[I64, I64, I64, I64, NDArray[np.bool_]]:
        """Who is held from when to when, for which operation, and whether for its set-up."""
        rows = self.rows
        sets = np.flatnonzero(rows.lead & (rows.setup_person >= 0))
        runs = np.flatnonzero(rows.lead & (rows.person >= 0))
        end = rows.end[runs].copy()
        for i, row in enumerate(runs.tolist()):
            if rows.on_batch[row]:
                end[i] = min(int(end[i]), self._loaded(row))
        return (
            np.concatenate((rows.setup_person[sets], rows.person[runs])),
            np.concatenate((rows.setup_start[sets], rows.start[runs])),
            np.concatenate((rows.setup_end[sets], end)),
            np.concatenate((rows.op[sets], rows.op[runs])),
            np.repeat([True, False], [len(sets), len(runs)]),
        )

    @cached_property
    def held(self) -> dict[int, Holds]:
        """When each person is held."""
        person, begin, end, op, _ = self.people_held
        return grouped(person, begin, end, op)

    def _loaded(self, row: int) -> int:
        rows = self.rows
        hours = self.hours(int(rows.machine[row]), int(rows.person[row]))
        return reach(hours, int(rows.start[row]), self.loading_s[row])

    # ------------------------------------------------------------ zones
    @cached_property
    def crews(self) -> dict[int, fluid.Duty]:
        """Tenders of each zone over time."""
        return {z: fluid.duty(self.problem, z) for z in range(self.problem.zones)}

    @cached_property
    def dark(self) -> dict[int, Spans]:
        """When nobody tends each zone."""
        return {z: _where(crew.time, crew.tenders == 0) for z, crew in self.crews.items()}

    @cached_property
    def open_tasks(self) -> dict[int, Holds]:
        """Tasks that run in each zone, with the plan's row as mark (work in progress: -1 and less)."""
        t = self.tasks
        mark = np.where(t.row >= 0, t.row, -1 - np.arange(len(t.row)))
        return grouped(t.zone, t.start, t.end, mark)

    @cached_property
    def full_zones(self) -> dict[tuple[int, bool], Spans]:
        """When the tenders of each zone have as many tasks as they may; with True, tasks that are being set up count, too."""
        out = {}
        for z, crew in self.crews.items():
            running = self.open_tasks.get(z, NOBODY)
            rows = np.flatnonzero((self.rows.zone == z) & self.rows.lead & self.rows.set_up)
            begin = running.begin + self.rows.setup_start[rows].tolist()
            end = running.end + self.rows.start[rows].tolist()
            out[z, False] = _over(crew, running.begin, running.end)
            out[z, True] = _over(crew, begin, end)
        return out

    # ------------------------------------------------------------ places and material
    @cached_property
    def _stays(self) -> tuple[places.Lots, I64, I64]:
        return places.stays(self.rows, self.links)

    @cached_property
    def in_place(self) -> dict[int, Holds]:
        """Lots in each place."""
        lots, off, leave = self._stays
        return grouped(lots.place, off, leave, lots.op, self.problem.place_lots.astype(np.int64))

    @cached_property
    def standing(self) -> dict[int, list[tuple[int, int, int, int]]]:
        """Finished lots that stand on each machine by end: from, until, operation, place."""
        if len(self.problem.step_place) == 0:
            return {}
        lots, off, leave = self._stays
        until = np.minimum(off, leave)
        out: dict[int, list[tuple[int, int, int, int]]] = {}
        for i in np.flatnonzero((lots.machine >= 0) & (lots.place >= 0) & (until > lots.end)).tolist():
            stay = (int(lots.end[i]), int(until[i]), int(lots.op[i]), int(lots.place[i]))
            out.setdefault(int(lots.machine[i]), []).append(stay)
        return {m: sorted(all_) for m, all_ in out.items()}

    @cached_property
    def taken_at(self) -> list[int]:
        """When a next step takes each row's lot from its place; not after its end: it needs none."""
        lots, _, leave = self._stays
        out: list[int] = leave[len(lots.op) - len(self.rows) :].tolist()
        return out

    @cached_property
    def stock(self) -> dict[int, tuple[I64, I64]]:
        """Moments at which each material's stock changes, and its level from then on."""
        p, rows = self.problem, self.rows
        if len(p.use_ptr) == 0:
            return {}
        lines = np.diff(p.use_ptr)[rows.step].astype(np.int64)
        row = np.repeat(np.arange(len(rows)), lines)
        use = p.use_ptr[rows.step[row]] + np.arange(len(row)) - np.repeat(np.cumsum(lines) - lines, lines)
        out = {}
        for item in range(len(p.stock_micro)):
            mine = p.use_item[use] == item
            come = slice(*p.receipt_ptr[item : item + 2].tolist()) if len(p.receipt_ptr) else slice(0, 0)
            at = np.concatenate(([-FAR_BACK], p.receipt_at_s[come], rows.start[row[mine]])).astype(np.int64)
            change = np.concatenate(
                (
                    [p.stock_micro[item]],
                    p.receipt_micro[come],
                    -rows.pieces[row[mine]] * p.use_micro[use[mine]].astype(np.int64),
                )
            )
            order = np.argsort(at, kind="stable")
            at, level = at[order], np.cumsum(change[order])
            last = np.append(at[1:] != at[:-1], np.True_)
            out[item] = (at[last], level[last])
        return out


FAR_BACK = 2**40


def _at(column: NDArray[np.generic], index: int, default: int) -> int:
    return int(column[index]) if len(column) and index >= 0 else default


def _where(time: I64, there: NDArray[np.bool_]) -> Spans:
    """Stretches between the moments (the last without end) that are ``there``."""
    ends = [*time[1:].tolist(), FAR_BACK]
    return union((a, b) for a, b, x in zip(time.tolist(), ends, there.tolist(), strict=True) if x)


def _over(crew: fluid.Duty, begin: list[int], end: list[int]) -> Spans:
    """When as many tasks are open as those on duty may have."""
    out: Spans = []
    for limit in np.unique(crew.limit[crew.tenders > 0]).tolist():
        if limit < min(NEVER, len(begin) + 1):
            out += intersection(
                _where(crew.time, (crew.limit == limit) & (crew.tenders > 0)), level_at_least(begin, end, limit)
            )
    return union(out)
