"""The clock of each zone: how far the plan lets each task with calls, and each set-up of a tender, come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from fong._kernels import freeze
from fong.model.check import _kernels_zone as kernels
from fong.model.check._kernels import FOREVER
from fong.model.check.calendars import windows
from fong.model.check.rows import I64, Mask, Rows, gather
from fong.model.problem import NEVER, Problem

_EMPTY_GRID = np.array([0, 0, 0, 1, 0, 0, 1, 0], np.float64)
"""A table that holds nothing, so that the formula itself is used."""
_HOUR_MICRO = 3_600_000_000  # stops are told in millionths an hour


class Trace(NamedTuple):
    """Progress of one task at its breakpoints: at the least and at the longest wait that an exact table may hold."""

    at_s: kernels.F64
    given: I64
    slow: I64


@dataclass(frozen=True, slots=True, kw_only=True)
class Fluid:
    """What the zones' clocks give each row of the plan [L]; 0 where a row has no calls."""

    needed: I64  # progress that the row needs, CALL a call
    given: I64
    stretches: I64
    worked: I64  # millionths of seconds of set-up that a tender has done
    traces: dict[int, Trace] = field(default_factory=dict)
    crews: dict[int, Duty] = field(default_factory=dict)  # of every zone that has a task


class Duty(NamedTuple):
    """Who tends a zone: from time[i] on so many tenders, who may have so many tasks open."""

    time: I64
    tenders: I64
    limit: I64

    def at(self, moment: I64) -> tuple[I64, I64]:
        """Tenders on duty and their limit at each moment."""
        i = np.searchsorted(self.time, moment, "right") - 1
        return self.tenders[i], self.limit[i]


class Tended(NamedTuple):
    """All tasks on machines of zones, by zone, start, operation and sub-lot; work in progress among them."""

    zone: I64
    row: I64  # -1: work in progress
    op: I64
    start: I64
    end: I64
    hours: I64  # calendar of the machine
    calls: I64  # number of calls; 0: none
    run_ms: I64
    serve_ms: I64
    attend_s: I64
    cv_milli: I64
    stops_micro: I64  # per running hour

    def cut(self, a: int, b: int) -> Tended:
        """The tasks a to b."""
        return Tended(*(c[a:b] for c in self))


def distinct(values: I64) -> I64:
    """The values in order, each once; faster than ``numpy.unique`` on the thousands of moments of a zone."""
    ordered = np.sort(values)
    new = np.ones(len(ordered), np.bool_)
    new[1:] = ordered[1:] != ordered[:-1]
    return ordered[new]


def duty(problem: Problem, zone: int) -> Duty:
    """Tenders of a zone over time; the limit is without end while nobody is there, or somebody has none."""
    crew = problem.tender_person[problem.tender_ptr[zone] : problem.tender_ptr[zone + 1]].astype(np.int64)
    hours = [windows(problem, int(c)) for c in gather(problem.person_calendar, crew, -1)]
    most = gather(problem.person_max, crew, NEVER)
    time = distinct(np.concatenate([[-FOREVER], *(edge for both in hours for edge in both)]))
    tenders, limit, free = (np.zeros(len(time), np.int64) for _ in range(3))
    for (opens, closes), share in zip(hours, most, strict=True):
        there = _inside(opens, closes, time)
        tenders += there
        limit += np.where(there, share, 0)
        free += there & (share == NEVER)
    return Duty(time, tenders, np.where((tenders == 0) | (free > 0), FOREVER, limit))


def tended(rows: Rows) -> Tended:
    """Collect the tasks of all zones, with their figures a call."""
    problem = rows.problem
    mine = np.flatnonzero((rows.zone >= 0) & rows.lead)
    wip = np.flatnonzero(gather(problem.machine_zone, problem.wip_machine.astype(np.int64), -1) >= 0)
    wip_op, wip_machine = problem.wip_op[wip].astype(np.int64), problem.wip_machine[wip].astype(np.int64)
    wip_step = gather(problem.op_step, wip_op, 0) if len(problem.op_step) else wip_op
    step = np.concatenate((wip_step, rows.step[mine]))
    pieces = gather(problem.op_total if len(problem.op_total) else problem.op_pieces, wip_op, 1)
    each = np.maximum(gather(problem.step_pieces_per_cycle, wip_step, 1), 1)
    cycles = np.concatenate((-(-pieces // each), rows.cycles[mine]))
    calls = np.concatenate((_wip_calls(problem, wip_step, wip_machine), rows.calls[mine]))
    cycle_s = np.concatenate((_wip_cycle(problem, wip_step, wip_machine), rows.cycle_s[mine]))
    figures = _figures(problem, step, cycles, cycle_s, calls)
    start = np.concatenate((np.minimum(problem.wip_start_s[wip], -1), rows.start[mine])).astype(np.int64)
    op = np.concatenate((wip_op, rows.op[mine]))
    zone = np.concatenate((gather(problem.machine_zone, wip_machine, -1), rows.zone[mine]))
    sublot = np.concatenate((np.zeros(len(wip), np.int64), rows.sublot[mine]))
    order = np.lexsort((sublot, op, start, zone))
    columns = (
        zone,
        np.concatenate((np.full(len(wip), -1), mine)),
        op,
        start,
        np.concatenate((problem.wip_end_s[wip], rows.end[mine])).astype(np.int64),
        np.concatenate((gather(problem.machine_calendar, wip_machine, -1), rows.hours[mine])),
    )
    return Tended(*(c[order] for c in (*columns, *figures)))


def flow(rows: Rows, tasks: Tended, watched: Mask) -> Fluid:
    """Run all zones' clocks.

    Parameters
    ----------
    watched
        [L] rows whose progress over time is wanted, too.

    """
    n = len(rows)
    needed, given, stretches, worked = (np.zeros(n, np.int64) for _ in range(4))
    crews = {z: duty(rows.problem, z) for z in distinct(tasks.zone).tolist()}
    out = Fluid(needed=needed, given=given, stretches=stretches, worked=worked, crews=crews)
    mine = tasks.row >= 0
    out.needed[tasks.row[mine]] = tasks.calls[mine] * kernels.CALL
    setups = _tender_setups(rows)
    zones = distinct(np.concatenate((tasks.zone[tasks.calls > 0], rows.zone[setups])))
    first, last = np.searchsorted(tasks.zone, zones), np.searchsorted(tasks.zone, zones, "right")
    for zone, a, b in zip(zones.tolist(), first.tolist(), last.tolist(), strict=True):
        _run_zone(rows, _Zone(tasks.cut(a, b), setups[rows.zone[setups] == zone], watched, crews[zone]), out)
    return out


class _Zone(NamedTuple):
    tasks: Tended
    setups: I64  # rows whose set-up one of its tenders does, by start
    watched: Mask
    crew: Duty


def _run_zone(rows: Rows, zone: _Zone, out: Fluid) -> None:
    problem, tasks, setups = rows.problem, zone.tasks, zone.setups
    clock, calendars = _clock(rows, zone)
    trace, points = _trace_places(tasks, zone.watched, clock.time)
    result = _nothing_done(len(tasks.row), len(setups), points)
    kernels.zone_flow(
        _kernel_tasks(tasks, calendars, trace),
        clock,
        _kernel_setups(rows, setups, calendars),
        freeze(problem.wait_grid if len(problem.wait_grid) else _EMPTY_GRID, np.float64),
        freeze(problem.wait_log, np.float64),
        problem.top_up,
        result,
    )
    mine = tasks.row >= 0
    out.given[tasks.row[mine]] = result.given[mine]
    out.stretches[tasks.row[mine]] = result.stretches[mine]
    out.worked[setups] = result.worked
    for i in np.flatnonzero(trace >= 0):
        at = slice(int(trace[i]), int(trace[i] + result.traced[i]))
        out.traces[int(tasks.row[i])] = Trace(result.trace_at[at], result.trace_given[at], result.trace_slow[at])


def _nothing_done(tasks: int, setups: int, points: int) -> kernels.Flow:
    return kernels.Flow(
        given=np.zeros(tasks, np.int64),
        slow=np.zeros(tasks, np.int64),
        stretches=np.zeros(tasks, np.int64),
        worked=np.zeros(setups, np.int64),
        trace_at=np.zeros(points, np.float64),
        trace_given=np.zeros(points, np.int64),
        trace_slow=np.zeros(points, np.int64),
        traced=np.zeros(tasks, np.int64),
    )


def _kernel_tasks(tasks: Tended, calendars: I64, trace: I64) -> kernels.ZoneTasks:
    return kernels.ZoneTasks(
        start=freeze(tasks.start, np.int64),
        end=freeze(tasks.end, np.int64),
        run_ms=freeze(tasks.run_ms, np.int64),
        serve_ms=freeze(tasks.serve_ms, np.int64),
        attend_s=freeze(tasks.attend_s, np.int64),
        spread=freeze(1.0 + (tasks.cv_milli / 1000.0) ** 2, np.float64),
        stop_rate=freeze(tasks.stops_micro / _HOUR_MICRO, np.float64),
        calendar=freeze(np.searchsorted(calendars, tasks.hours), np.int64),
        trace=freeze(trace, np.int64),
    )


def _kernel_setups(rows: Rows, setups: I64, calendars: I64) -> kernels.ZoneSetups:
    setters = distinct(rows.setup_person[setups])
    return kernels.ZoneSetups(
        start=freeze(rows.setup_start[setups], np.int64),
        end=freeze(rows.setup_end[setups], np.int64),
        setter=freeze(np.searchsorted(setters, rows.setup_person[setups]), np.int64),
        calendar=freeze(np.searchsorted(calendars, rows.hours[setups]), np.int64),
    )


def _clock(rows: Rows, zone: _Zone) -> tuple[kernels.ZoneClock, I64]:
    """Cut the zone's time at its breakpoints; also the machine calendars in the order of ``is_open``."""
    problem, tasks, setups = rows.problem, zone.tasks, zone.setups
    calendars = distinct(np.concatenate((tasks.hours, rows.hours[setups])))
    setters = distinct(rows.setup_person[setups])
    hours = [windows(problem, int(c)) for c in calendars]
    shifts = [windows(problem, int(c)) for c in gather(problem.person_calendar, setters, -1)]
    begins = np.concatenate((tasks.start, rows.setup_start[setups]))
    ends = np.concatenate((tasks.end, rows.setup_end[setups]))
    low, high = max(0, int(begins.min())), max(1, int(ends.max()))
    cuts = [begins, ends, zone.crew.time, *(edge for both in hours + shifts for edge in both)]
    time = distinct(np.clip(np.concatenate(cuts), low, high))
    tenders, limit = zone.crew.at(time[:-1])
    return kernels.ZoneClock(
        freeze(time, np.int64),
        freeze(tenders, np.int64),
        freeze(limit, np.int64),
        _states(hours, time[:-1]),
        _states(shifts, time[:-1]),
    ), calendars


def _states(hours: list[tuple[I64, I64]], time: I64) -> kernels.I8:
    states = np.array([_inside(*both, time) for both in hours], np.int8).reshape(len(hours), len(time))
    frozen: kernels.I8 = freeze(states, np.int8)
    return frozen


def _inside(opens: I64, closes: I64, time: I64) -> Mask:
    """Whether each moment lies in one of the windows."""
    out: Mask = np.searchsorted(opens, time, "right") > np.searchsorted(closes, time, "right")
    return out


def _trace_places(tasks: Tended, watched: Mask, time: I64) -> tuple[I64, int]:
    """First place of each watched task's trace (-1: not watched), and how many places there are: two a stretch, at most."""
    traced = (tasks.row >= 0) & (tasks.calls > 0)
    traced[traced] = watched[tasks.row[traced]]
    stretches = np.searchsorted(time, tasks.end) - np.searchsorted(time, tasks.start)
    size = np.where(traced, 2 * stretches + 2, 0)
    return np.where(traced, np.cumsum(size) - size, -1), int(size.sum())


def by_tender(rows: Rows) -> Mask:
    """Whether a tender of the machine's own zone does the row's set-up [L]."""
    tends = gather(rows.problem.person_zone, rows.setup_person, -1)
    out: Mask = (rows.setup_person >= 0) & (rows.zone >= 0) & (tends == rows.zone)
    return out


def _tender_setups(rows: Rows) -> I64:
    """Rows whose set-up a tender of the machine's zone does, by start."""
    mine = np.flatnonzero(by_tender(rows) & rows.lead & (rows.setup_end > rows.setup_start))
    return mine[np.argsort(rows.setup_start[mine], kind="stable")]


def _wip_calls(problem: Problem, step: I64, machine: I64) -> Mask:
    stops = (gather(problem.step_stops_micro, step, 0) > 0) & (gather(problem.step_stop_s, step, 0) > 0)
    batch = gather(problem.machine_batch_milli, machine, 0) > 0
    out: Mask = (
        ((gather(problem.step_attend_s, step, 0) > 0) | stops) & ~batch & (gather(problem.step_run_skill, step, -1) < 0)
    )
    return out


def _wip_cycle(problem: Problem, step: I64, machine: I64) -> I64:
    """Cycle of the running mode; of the step's first mode where the machine is none of its own."""
    out = np.zeros(len(step), np.int64)
    for i, (s, m) in enumerate(zip(step.tolist(), machine.tolist(), strict=True)):
        first, last = (int(problem.mode_ptr[s]), int(problem.mode_ptr[s + 1])) if len(problem.mode_ptr) else (s, s + 1)
        own = np.flatnonzero(problem.mode_machine[first:last] == m)
        out[i] = problem.mode_cycle_s[first + (int(own[0]) if len(own) else 0)] if last > first else 0
    return out


def _figures(problem: Problem, step: I64, cycles: I64, cycle_s: I64, calling: Mask) -> Iterator[I64]:
    """Calls, C, a, attendance, variation of its service and stops of each task."""
    calls = -(-cycles // np.maximum(gather(problem.step_cycles_per_call, step, 1), 1))
    run_ms = np.maximum(cycles * cycle_s * 1000 // np.maximum(calls, 1), 1)
    attend_s = gather(problem.step_attend_s, step, 0)
    stops = gather(problem.step_stops_micro, step, 0)
    each = stops * gather(problem.step_stop_s, step, 0)
    serve_ms = attend_s * 1000 + each // _HOUR_MICRO * run_ms + each % _HOUR_MICRO * run_ms // _HOUR_MICRO
    yield np.where(calling, calls, 0)
    yield np.where(calling, run_ms, 0)
    yield serve_ms
    yield attend_s
    yield gather(problem.step_service_cv_milli, step, 500)
    yield stops
