"""The ways in which each step can be done: kinds of machines with their least cycles, and whose hours they keep."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fong._kernels import freeze
from fong.model import Problem
from fong.plan.bounds import _kernels_least as k
from fong.plan.bounds.hours import Calendars
from fong.plan.bounds.needs import divisible
from fong.plan.lots import step_of

I64 = NDArray[np.int64]


def ways(problem: Problem, calendars: Calendars) -> k.Hours:
    """All kinds of modes of all steps, each with its least cycle and its choice of calendars."""
    p = problem
    steps = len(p.mode_ptr) - 1 if len(p.mode_ptr) else max(len(p.mode_machine), p.operations)
    parts = [_machine_ways(p, calendars), _other_ways(p, calendars, steps)]
    step, sort, chosen, own, batch, cycle = (np.concatenate(c) for c in zip(*parts, strict=True))
    order = np.lexsort((cycle, batch, own, chosen, sort, step))
    step, sort, chosen, own, batch, cycle = (c[order] for c in (step, sort, chosen, own, batch, cycle))
    new = np.ones(len(step), bool)
    if len(step):
        new[1:] = np.any([a[1:] != a[:-1] for a in (step, sort, chosen, own, batch)], axis=0)
    pointer = np.concatenate(([0], np.cumsum(np.bincount(step[new], minlength=steps))))
    return calendars.hours(
        way_ptr=freeze(pointer, np.int32),
        way_sort=freeze(sort[new], np.int32),
        way_cycle_s=freeze(cycle[new], np.int32),
        way_list=freeze(chosen[new], np.int32),
        way_cal=freeze(own[new], np.int32),
        way_batch_milli=freeze(batch[new], np.int64),
    )


def _machine_ways(p: Problem, calendars: Calendars) -> tuple[I64, ...]:
    machine = p.mode_machine
    n = len(machine)
    step = np.repeat(np.arange(len(p.mode_ptr) - 1), np.diff(p.mode_ptr)) if len(p.mode_ptr) else np.arange(n)
    zero = np.zeros(n, np.int64)

    def by_step(column: NDArray[np.generic], default: int) -> I64:
        return column[step].astype(np.int64) if len(column) else zero + default

    def by_machine(column: NDArray[np.generic], default: int) -> I64:
        return column[machine].astype(np.int64) if len(column) else zero + default

    attend, skill = by_step(p.step_attend_s, 0), by_step(p.step_run_skill, -1)
    calls = (attend > 0) | (by_step(p.step_stops_micro, 0) * by_step(p.step_stop_s, 0) > 0)
    zone, batch = by_machine(p.machine_zone, -1), by_machine(p.machine_batch_milli, 0)
    own = by_machine(p.machine_calendar, -1)
    sort = np.where(batch > 0, k.BATCH, np.where(calls & (zone >= 0), k.CALLS, k.PLAIN))
    skill = np.where((sort == k.BATCH) & (attend == 0), -1, skill)
    key = np.where(sort == k.CALLS, -2 - zone, own * (len(p.skill_ptr) + 2) + skill)
    first, back = _distinct(np.stack((sort == k.CALLS, key), axis=1))
    lists = [
        calendars.duty(int(zone[i])) if sort[i] == k.CALLS else calendars.choice(p, int(own[i]), int(skill[i]))
        for i in first
    ]
    chosen = np.array(lists, np.int64)[back] if n else zero
    return step, sort, chosen, np.where(sort == k.BATCH, own, -1), batch, p.mode_cycle_s.astype(np.int64)


def _distinct(rows: NDArray[np.generic]) -> tuple[I64, I64]:
    """First occurrence of each distinct row, and which of them each row is."""
    _, first, back = np.unique(rows, axis=0, return_index=True, return_inverse=True)
    return first, back.reshape(-1)


def _other_ways(p: Problem, calendars: Calendars, steps: int) -> tuple[I64, ...]:
    """Handwork and outside steps."""
    rows: list[tuple[int, int, int, int, int, int]] = []
    bare = np.flatnonzero(np.diff(p.mode_ptr) == 0) if len(p.mode_ptr) else np.zeros(0, np.int64)
    for s in bare[bare < steps]:
        outside = int(p.step_outside_s[s]) if len(p.step_outside_s) else -1
        if outside >= 0:
            van = int(p.step_collect[s]) if len(p.step_collect) else -1
            rows.append((int(s), k.OUTSIDE, calendars.single(van), -1, 0, outside))
        else:
            skill = int(p.step_run_skill[s]) if len(p.step_run_skill) else -1
            cycle = int(p.step_cycle_s[s]) if len(p.step_cycle_s) else 0
            rows.append((int(s), k.PLAIN, calendars.choice(p, -1, skill), -1, 0, cycle))
    return tuple(np.array(rows, np.int64).reshape(-1, 6).T)


def spans(problem: Problem, hours: k.Hours, work: I64) -> I64:
    """Least time from start to end of each operation: its work, stretched by the gaps that no start can avoid."""
    p = problem
    if not len(hours.way_ptr) or not len(hours.opens):
        return work.copy()
    step = step_of(p)
    gap = p.step_gap[step] if len(p.step_gap) else np.zeros(p.operations, np.int8)
    cut = divisible(p)[step]
    ways = np.diff(hours.way_ptr)[step]
    live = np.flatnonzero((work > 0) & (gap == k.RESUME))
    op = np.repeat(live, ways[live])
    if not len(op):
        return work.copy()
    begin = np.repeat(hours.way_ptr[step[live]], ways[live])
    within = np.arange(len(op)) - np.repeat(np.cumsum(ways[live]) - ways[live], ways[live])
    way = begin + within
    # Work shares a key with its calendar below, so a mistyped quantity must not run into it; no horizon is so long.
    span = np.minimum(_way_work(p, hours, op, way, step, work), 2**32 - 1)
    stretch = hours.way_sort[way] == k.PLAIN
    chosen, union = hours.way_list[way].astype(np.int64), cut[op].astype(np.int64)
    keys, back = np.unique(((chosen * 2 + union) << 32) + span, return_inverse=True)
    spans = np.array(
        [k.shortest_span(hours, int(x >> 33), bool((x >> 32) & 1), int(x & 0xFFFFFFFF)) for x in keys], np.int64
    )[back]
    span = np.where(stretch, spans, span)
    out = work.copy()
    out[live[ways[live] > 0]] = np.minimum.reduceat(span, np.flatnonzero(within == 0))
    return np.maximum(out, work)


def _way_work(p: Problem, hours: k.Hours, op: I64, way: I64, step: I64, work: I64) -> I64:
    """Work of operations by certain ways: in proportion to the cycle; for other sorts than plain the least over all ways."""
    cycle = hours.way_cycle_s[way].astype(np.int64)
    per = p.step_pieces_per_cycle[step[op]] if len(p.step_pieces_per_cycle) else 1
    pieces = p.op_pieces[op] if len(p.op_pieces) else 1
    n = -(-pieces // per)
    cut = divisible(p)[step[op]]
    return np.where((hours.way_sort[way] == k.PLAIN) & ~cut, n * cycle, work[op])
