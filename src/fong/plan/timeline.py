"""A plan indexed by resource: who holds which machine, person, tool, place when; what is in stock when."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fong._kernels import freeze
from fong.model import NEVER, Problem, Schedule
from fong.plan import _kernels_explain as k
from fong.plan.needs import steps_of

I64 = NDArray[np.int64]


class Timeline:
    """One plan of one problem, row by row: the schedule's rows first, then what runs now."""

    def __init__(self, problem: Problem, schedule: Schedule) -> None:
        self.problem = problem
        wip = len(problem.wip_op)
        jobs = np.repeat(np.arange(problem.jobs), np.diff(problem.job_ptr))
        self.step_of = steps_of(problem)
        self.op = np.concatenate((schedule.op, problem.wip_op)).astype(np.int64)
        self.job = jobs[self.op]
        self.step = self.step_of[self.op]
        self.machine = np.concatenate((schedule.machine, problem.wip_machine)).astype(np.int64)
        self.start = np.concatenate((schedule.start, problem.wip_start_s)).astype(np.int64)
        self.end = np.concatenate((schedule.end, problem.wip_end_s)).astype(np.int64)
        none = np.full(wip, -1)
        for name in ("batch", "setup_start", "setup_end", "setup_person", "person"):
            setattr(self, name, np.concatenate((schedule.filled(name, -1), none)).astype(np.int64))
        self.pieces = np.concatenate((self._pieces(schedule), np.ones(wip, np.int64)))
        self.running = np.arange(len(self.op)) >= len(schedule)
        self.since = np.where(self.setup_start >= 0, self.setup_start, self.start)

    batch: I64
    setup_start: I64
    setup_end: I64
    setup_person: I64
    person: I64

    def _pieces(self, schedule: Schedule) -> I64:
        if len(schedule.pieces):
            return schedule.pieces.astype(np.int64)
        own = self.problem.op_pieces
        return own[schedule.op].astype(np.int64) if len(own) else np.ones(len(schedule), np.int64)

    def column(self, name: str) -> I64:
        """A column of the problem's steps by row; -1 where it is absent."""
        values: NDArray[np.generic] = getattr(self.problem, name)
        return values[self.step].astype(np.int64) if len(values) else np.full(len(self.op), -1)

    # ------------------------------------------------------------ tables for the kernels
    def book(self) -> k.Book:
        """Everything as the kernels read it."""
        tables = self._work() | self._resources() | self._counted()
        return k.Book(**{name: freeze(table, np.int64) for name, table in tables.items()})

    def _work(self) -> dict[str, NDArray[np.generic]]:
        """Jobs, operations, rows, steps."""
        p, n = self.problem, self.problem.operations
        pred_ptr, pred = self._predecessors()
        after = np.repeat(np.arange(n), np.diff(pred_ptr))
        succ_ptr, order = _grouped(pred, after, n)
        row_ptr, op_row = _grouped(self.op, np.zeros(len(self.op), np.int64), n)
        batch_ptr, mates = _grouped(self.batch, self.start, int(self.batch.max(initial=-1)) + 1)
        release = p.job_release_s if len(p.job_release_s) else np.zeros(p.jobs, np.int32)
        rows = (self.op, self.job, self.machine, self.since, self.start, self.end, self.setup_start, self.setup_end)
        rows += (self.setup_person, self.person, self.pieces, self.batch, self.running)
        return {
            "job": _columns(p.job_ptr[:-1], p.job_ptr[1:], release),
            "op": _columns(self.step_of, *_cut(pred_ptr), *_cut(succ_ptr), *_cut(row_ptr)),
            "pred": pred,
            "succ": after[order],
            "op_row": op_row,
            "row": _columns(*rows),
            "step": self._steps(),
            "mode": p.mode_machine,
            "use": _columns(p.use_item, p.use_micro),
            "batch": _columns(*_cut(batch_ptr)),
            "mate": mates,
        }

    def _steps(self) -> I64:
        p = self.problem
        n = int(self.step_of.max(initial=-1)) + 1
        modes = p.mode_ptr if len(p.mode_ptr) else np.arange(n + 1)
        uses = p.use_ptr if len(p.use_ptr) else np.zeros(n + 1, np.int64)
        place = _filled(p.step_place, -1, n)
        named = (("attend_s", 0), ("setup_skill", -1), ("run_skill", -1), ("box", 0), ("lag_s", 0), ("max_wait_s", NEVER))
        named += (("gap", 0), ("overtime_s", 0), ("collect", -1), ("tool", -1))
        return _columns(
            *(_filled(getattr(p, f"step_{name}"), default, n) for name, default in named),
            np.where(place >= 0, place + len(p.tool_quantity) + p.zones, -1),
            *_cut(modes[: n + 1]),
            *_cut(uses[: n + 1]),
        )

    def _resources(self) -> dict[str, NDArray[np.generic]]:
        """Machines, people, calendars, stock."""
        p = self.problem
        on_ptr, on = _grouped(self.machine, self.since, p.machines)
        hold_ptr, holds = self._holds()
        stock_ptr, stock = self._stock()
        machines = (("calendar", -1), ("zone", -1), ("slots", 1), ("batch_milli", 0))
        people = (("calendar", -1), ("zone", -1), ("max", NEVER))
        return {
            "machine": _columns(*(_filled(getattr(p, f"machine_{x}"), d, p.machines) for x, d in machines), *_cut(on_ptr)),
            "on": on,
            "person": _columns(*(_filled(getattr(p, f"person_{x}"), d, p.people) for x, d in people), *_cut(hold_ptr)),
            "hold": holds,
            "skill": _columns(*_cut(p.skill_ptr)),
            "with_skill": p.skill_person,
            "zone": _columns(*_cut(_filled(p.tender_ptr, 0, p.zones + 1)), np.arange(p.zones) + len(p.tool_quantity)),
            "tender": p.tender_person,
            "calendar": _columns(*_cut(p.cal_ptr)),
            "window": _columns(p.win_open_s, p.win_close_s),
            "item": _columns(*_cut(stock_ptr)),
            "stock": stock,
        }

    def _counted(self) -> dict[str, NDArray[np.generic]]:
        """Tools, open tasks of zones, lots in places: how many at a time, and when."""
        p = self.problem
        zone = np.where(self.machine >= 0, _filled(p.machine_zone, -1, p.machines)[self.machine], -1) if p.machines else self.machine
        follow, leave = self._in_places()
        key = np.concatenate((self.column("step_tool"), self._shifted(zone, 0), self._shifted(self.column("step_place"), p.zones)))
        key[2 * len(self.op) :][leave <= follow] = -1
        since = np.concatenate((self.since, self.start, follow))
        until = np.concatenate((self.end, self.end, leave))
        limit = np.concatenate((p.tool_quantity, np.full(p.zones, NEVER), p.place_lots))
        pointer, order = _grouped(key, since, len(limit))
        _, by_end = _grouped(key, until, len(limit))
        used = _columns(since[order], until[by_end], order % max(1, len(self.op)))
        return {"counted": _columns(*_cut(pointer), limit), "used": used}

    def _shifted(self, key: I64, more: int) -> I64:
        return np.where(key >= 0, key + len(self.problem.tool_quantity) + more, -1)

    def _predecessors(self) -> tuple[I64, I64]:
        p = self.problem
        if len(p.pred_ptr):
            return p.pred_ptr.astype(np.int64), p.pred_op.astype(np.int64)
        first = np.zeros(p.operations, bool)
        first[p.job_ptr[:-1][np.diff(p.job_ptr) > 0]] = True
        return np.concatenate(([0], np.cumsum(~first))), np.flatnonzero(~first) - 1

    def _holds(self) -> tuple[I64, I64]:
        """Intervals for which people are held, by person: set-ups, runs, loading."""
        p = self.problem
        rows = np.arange(len(self.op))
        set_up, runs = self.setup_person >= 0, self.person >= 0
        ends = self.end
        if len(p.machine_batch_milli):
            loads = (self.machine >= 0) & (p.machine_batch_milli[self.machine] > 0)
            ends = np.where(loads, np.minimum(ends, self.start + self.column("step_attend_s")), ends)
        who = np.concatenate((self.setup_person[set_up], self.person[runs]))
        since = np.concatenate((self.setup_start[set_up], self.start[runs]))
        until = np.concatenate((self.setup_end[set_up], ends[runs]))
        pointer, order = _grouped(who, since, p.people)
        return pointer, _columns(since, until, np.concatenate((rows[set_up], rows[runs])))[order]

    def _in_places(self) -> tuple[I64, I64]:
        """When something else takes each row's machine, so that its lot needs a place, and when its next step begins."""
        begins = np.full(self.problem.operations, NEVER, np.int64)
        np.minimum.at(begins, self.op, self.since)
        leaves = np.zeros(self.problem.operations, np.int64)
        pointer, before = self._predecessors()
        after = np.repeat(np.arange(self.problem.operations), np.diff(pointer))
        earliest = np.full(self.problem.operations, NEVER, np.int64)
        np.minimum.at(earliest, before, begins[after])
        leaves = np.where(earliest < NEVER, earliest, 0)
        following = np.where(self.machine >= 0, NEVER, self.end)
        order = np.lexsort((self.since, self.machine))
        same = self.machine[order[1:]] == self.machine[order[:-1]]
        same &= self.machine[order[1:]] >= 0
        following[order[:-1][same]] = self.since[order[1:][same]]
        return following, leaves[self.op]

    def _stock(self) -> tuple[I64, I64]:
        """What is in stock after each receipt and each taking, by material."""
        p = self.problem
        items = len(p.stock_micro)
        if not len(p.use_ptr) or not items:
            return np.zeros(items + 1, np.int64), np.zeros((0, 2), np.int64)
        planned = np.flatnonzero(~self.running)
        counts = (p.use_ptr[1:] - p.use_ptr[:-1])[self.step[planned]].astype(np.int64)
        row = np.repeat(planned, counts)
        use = p.use_ptr[self.step[row]] + np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)
        item = np.concatenate((np.arange(items), np.repeat(np.arange(items), np.diff(p.receipt_ptr)), p.use_item[use]))
        at = np.concatenate((np.full(items, -1), p.receipt_at_s, self.start[row]))
        change = np.concatenate((p.stock_micro, p.receipt_micro, -p.use_micro[use] * self.pieces[row]))
        order = np.lexsort((at, item))
        item, at, level = item[order], at[order], np.cumsum(change[order])
        last = np.ones(len(at), bool)
        last[:-1] = (at[1:] != at[:-1]) | (item[1:] != item[:-1])
        begin = np.concatenate(([0], level))[np.searchsorted(item, np.arange(items))]  # of all materials before
        pointer = np.concatenate(([0], np.cumsum(np.bincount(item[last], minlength=items))))
        return pointer, _columns(at, level - begin[item])[last]


def _columns(*columns: NDArray[np.generic]) -> I64:
    """Columns side by side."""
    return np.stack([c.astype(np.int64) for c in columns], axis=1)


def _cut(pointer: NDArray[np.generic]) -> tuple[NDArray[np.generic], NDArray[np.generic]]:
    """From and to of each list."""
    return pointer[:-1], pointer[1:]


def _filled(column: NDArray[np.generic], default: int, size: int) -> NDArray[np.generic]:
    """A column that may be absent, at full length."""
    return column[:size] if len(column) else np.full(size, default)


def _grouped(key: I64, rank: I64, groups: int) -> tuple[I64, I64]:
    """Pointer and row numbers by key (-1: left out), each group by ascending rank."""
    order = np.lexsort((rank, key))
    order = order[np.searchsorted(key[order], 0) :]
    pointer = np.zeros(groups + 1, np.int64)
    np.cumsum(np.bincount(key[order], minlength=groups), out=pointer[1:])
    return pointer, order
