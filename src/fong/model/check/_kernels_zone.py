"""Compiled part of the check: the fluid of a zone of machines that are tended together.

Nothing here is shared with a planner but the zone table itself (``zone_wait``). Times are whole seconds, int64.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fong._kernels import njit
from fong.model._kernels import zone_wait

F64 = NDArray[np.float64]
I8 = NDArray[np.int8]
I64 = NDArray[np.int64]

CALL = 1_000_000_000
"""Progress of one call of a task in a zone: so many units."""


class ZoneTasks(NamedTuple):
    """Tasks of one zone by start, then operation, then sub-lot (n of them); work in progress among them."""

    start: I64
    end: I64
    run_ms: I64  # machine time a call C; 0: a task without calls, which only counts as open
    serve_ms: I64  # expected service a call a
    attend_s: I64
    spread: F64  # 1 + cv² of a service
    stop_rate: F64  # stops per second of running
    calendar: I64  # row of ZoneClock.is_open
    trace: I64  # first place in Flow.trace_*; -1: not traced


class ZoneClock(NamedTuple):
    """The zone cut at its breakpoints: m stretches [time[s], time[s+1]) in which nothing changes."""

    time: I64  # [m+1]
    tenders: I64  # [m] on duty
    limit: I64  # [m] tasks that they may have open
    is_open: I8  # [calendars, m]
    on_duty: I8  # [setters, m]


class ZoneSetups(NamedTuple):
    """Set-ups that the zone's tenders do, by start."""

    start: I64
    end: I64
    setter: I64  # row of ZoneClock.on_duty
    calendar: I64  # row of ZoneClock.is_open


class Flow(NamedTuple):
    """What comes of it."""

    given: I64  # [n] progress that the plan gives the task at the least wait that any exact table may hold
    slow: I64  # [n] the same at the longest such wait
    stretches: I64  # [n] breakpoints passed: so many units of rounding
    worked: I64  # [set-ups] millionths of seconds of set-up done
    trace_at: F64  # when traced tasks pass a breakpoint
    trace_given: I64  # their progress then
    trace_slow: I64
    traced: I64  # [n] points written


@njit
def dark_run(open_s: int, run_ms: int, stop_rate: float, top_up: bool) -> int:
    """Milliseconds of running that count in a stretch without tenders in which the machine is open for ``open_s`` seconds."""
    b, c = open_s * 1000.0, float(run_ms)
    if top_up:
        tau = min(b, c)
    elif b < c:
        tau = b - b * b / (2.0 * c)
    else:
        tau = c / 2.0
    if stop_rate > 0.0:
        tau = (1.0 - math.exp(-stop_rate * tau / 1000.0)) / stop_rate * 1000.0
    return int(math.ceil(tau))


@njit
def _part(dt_ms: int, call_ms: int) -> int:
    """Progress in dt at one call per call_ms, cut so that nothing overflows."""
    out = 0
    while dt_ms > CALL:
        out += CALL * CALL // call_ms
        dt_ms -= CALL
    return out + dt_ms * CALL // call_ms


@njit
def _note(flow: Flow, i: int, at: float, first: int) -> None:
    """Write a point of a traced task."""
    if first >= 0:
        x = first + flow.traced[i]
        flow.trace_at[x] = at
        flow.trace_given[x] = flow.given[i]
        flow.trace_slow[x] = flow.slow[i]
        flow.traced[i] += 1


@njit
def _leave_dark(tasks: ZoneTasks, flow: Flow, i: int, since: int, open_s: int, top_up: bool) -> None:
    """Credit task i with its run in the dark."""
    tau = dark_run(open_s, tasks.run_ms[i], tasks.stop_rate[i], top_up)
    _note(flow, i, float(since), tasks.trace[i])
    gain = _part(tau, tasks.run_ms[i])
    flow.given[i] += gain
    flow.slow[i] += gain
    _note(flow, i, since + tau / 1000.0, tasks.trace[i])


@njit
def _pool(tasks: ZoneTasks, clock: ZoneClock, running: I64, s: int) -> tuple[int, float, float, float]:
    """How many tasks call, Σ 1/C, Σ a/C and Σ a²(1+cv²)/C in seconds, of those that run in stretch s."""
    k = 0
    rate = load = square = 0.0
    for i in running:
        if tasks.run_ms[i] > 0 and clock.is_open[tasks.calendar[i], s]:
            c, a = tasks.run_ms[i] / 1000.0, tasks.serve_ms[i] / 1000.0
            k += 1
            rate += 1.0 / c
            load += a / c
            square += a * a * tasks.spread[i] / c
    return k, rate, load, square


@njit
def zone_flow(
    tasks: ZoneTasks,
    clock: ZoneClock,
    setups: ZoneSetups,
    grid: F64,
    table: F64,
    top_up: bool,
    flow: Flow,
) -> None:
    """Run the fluid of one zone over its breakpoints (semantics.md, "The plan's clock in a zone") and fill ``flow``."""
    n, m = len(tasks.start), len(clock.tenders)
    running = np.empty(n, np.int64)  # by start: those at the end of the list stand first
    count = coming = 0
    setting = np.empty(len(setups.start), np.int64)
    set_count = set_coming = 0
    dark = False
    dark_since = np.zeros(n, np.int64)
    dark_open = np.zeros(n, np.int64)
    stand_ms = np.zeros(n, np.int64)
    no_place = np.zeros(n, np.int8)  # stands because those on duty may tend no more
    for s in range(m + 1):
        t = clock.time[s]
        kept = 0
        for x in range(count):
            i = running[x]
            if tasks.end[i] > t:
                running[kept] = i
                kept += 1
            elif dark and tasks.run_ms[i] > 0:
                _leave_dark(tasks, flow, i, dark_since[i], dark_open[i], top_up)
        count = kept
        if s == m:
            break
        r = clock.tenders[s]
        if dark and r > 0:
            stood = 0
            for x in range(count):
                i = running[x]
                if tasks.run_ms[i] > 0:
                    _leave_dark(tasks, flow, i, dark_since[i], dark_open[i], top_up)
                    stood += dark_open[i] * 1000 >= tasks.run_ms[i]
            for x in range(count):
                i = running[x]
                if tasks.run_ms[i] > 0 and dark_open[i] * 1000 >= tasks.run_ms[i]:
                    stand_ms[i] = (max(stood, r) + r) * tasks.attend_s[i] * 1000 // (2 * r)
            dark = False
        elif not dark and r == 0:
            dark = True
            for x in range(count):
                stand_ms[running[x]] = 0
                dark_since[running[x]] = t
                dark_open[running[x]] = 0
        while coming < n and tasks.start[coming] <= t:
            if tasks.end[coming] > t:
                running[count] = coming
                dark_since[coming] = t
                dark_open[coming] = 0
                count += 1
            coming += 1
        dt = clock.time[s + 1] - t
        if dark:
            for x in range(count):
                i = running[x]
                flow.stretches[i] += 1
                if no_place[i] == 0:
                    dark_open[i] += dt * clock.is_open[tasks.calendar[i], s]
            continue
        k, rate, load, square = _pool(tasks, clock, running[: min(count, clock.limit[s])], s)
        wait_ms, use = zone_wait(grid, table, r, k, rate, load, square)
        room = max(100, wait_ms // 1000)
        least, most = max(0, wait_ms - room), wait_ms + (room if wait_ms > 0 else 0)
        for x in range(count):
            i = running[x]
            flow.stretches[i] += 1
            no_place[i] = x >= clock.limit[s]
            if tasks.run_ms[i] == 0:
                continue
            stood_ms = min(stand_ms[i], dt * 1000)
            stand_ms[i] -= stood_ms
            if no_place[i] == 0 and clock.is_open[tasks.calendar[i], s]:
                _note(flow, i, t + stood_ms / 1000.0, tasks.trace[i])
                call_ms = tasks.run_ms[i] + tasks.serve_ms[i]
                flow.given[i] += _part(dt * 1000 - stood_ms, call_ms + least)
                flow.slow[i] += _part(dt * 1000 - stood_ms, call_ms + most)
                _note(flow, i, float(t + dt), tasks.trace[i])
        while set_coming < len(setups.start) and setups.start[set_coming] <= t:
            setting[set_count] = set_coming
            set_count += 1
            set_coming += 1
        kept = 0
        if k > 0:
            busy = load / (1.0 + load / k + most / 1000.0 * rate / k) / r
            use = min(use, int(busy * 1e6))
        for x in range(set_count):
            j = setting[x]
            if setups.end[j] > t:
                setting[kept] = j
                kept += 1
                if clock.on_duty[setups.setter[j], s] and clock.is_open[setups.calendar[j], s]:
                    flow.worked[j] += dt * (1_000_000 - use)
        set_count = kept
