"""Columns for the decoder: the problem's own, filled up, and one row of figures for each step."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from fong.model.factory import AtGap
from fong.model.problem import I32, NEVER, Problem
from fong.plan.decode import _kernels_layout as lay

Ints = NDArray[np.int64]


def full(column: NDArray[np.generic], size: int, default: int) -> NDArray[np.int64]:
    """The column as int64, or its default at full length."""
    return column.astype(np.int64) if len(column) else np.full(size, default, np.int64)


def pointer_of(pointer: I32, values: int) -> I32:
    """A pointer column; without one each row has one value."""
    return pointer if len(pointer) else np.arange(values + 1, dtype=np.int32)


def listed(rows: Sequence[Sequence[int]] | Sequence[Sequence[tuple[int, int]]]) -> tuple[I32, I32]:
    """Lists as pointer and values."""
    pointer = np.cumsum([0, *(len(r) for r in rows)]).astype(np.int32)
    return pointer, np.array([x for r in rows for x in r], np.int32)


def counts(owner: NDArray[np.generic], size: int) -> I32:
    """Pointer of values grouped by ascending owner."""
    return np.concatenate([[0], np.cumsum(np.bincount(owner, minlength=size)[:size])]).astype(np.int32)


def least(values: I32, pointer: Ints, default: Ints) -> Ints:
    """Smallest value of each row, the default where a row is empty."""
    counts = np.diff(pointer)
    out = np.broadcast_to(default, counts.shape).astype(np.int64)
    there = counts > 0
    if there.any():
        out[there] = np.minimum.reduceat(values, pointer[:-1][there])
    return out


_DEFAULTS = {
    lay.PPC: 1,
    lay.PERCALL: 1,
    lay.CV: 500,
    lay.BATCH: 1000,
    lay.SPLIT: 1,
    lay.MAX_WAIT: NEVER,
} | dict.fromkeys((lay.SETUP_SKILL, lay.RUN_SKILL, lay.FAMILY, lay.OUTSIDE, lay.COLLECT, lay.TOOL, lay.PLACE), -1)


def step_rows(p: Problem) -> Ints:
    """The step table: one row a step; none if no step has anything but modes."""
    columns: dict[int, NDArray[np.signedinteger]] = {
        lay.CYCLE: p.step_cycle_s,
        lay.PPC: p.step_pieces_per_cycle,
        lay.ATTEND: p.step_attend_s,
        lay.PERCALL: p.step_cycles_per_call,
        lay.CV: p.step_service_cv_milli,
        lay.STOPS: p.step_stops_micro,
        lay.STOP_S: p.step_stop_s,
        lay.SETUP_SKILL: p.step_setup_skill,
        lay.RUN_SKILL: p.step_run_skill,
        lay.FAMILY: p.step_family,
        lay.BATCH: p.step_batch_milli,
        lay.BOX: p.step_box,
        lay.LAG: p.step_lag_s,
        lay.MAX_WAIT: p.step_max_wait_s,
        lay.SPLIT: p.step_split_over,
        lay.GAP: p.step_gap,
        lay.OVERTIME: p.step_overtime_s,
        lay.OUTSIDE: p.step_outside_s,
        lay.COLLECT: p.step_collect,
        lay.TOOL: p.step_tool,
        lay.PLACE: p.step_place,
    }
    n = max([0, *(len(c) for c in columns.values()), len(p.use_ptr) - 1])
    out = np.zeros((n, lay.STEP_COLUMNS), np.int64)
    for at, column in columns.items():
        out[:, at] = column if len(column) else _DEFAULTS.get(at, 0)
    if len(p.use_ptr):
        out[:, lay.USE0], out[:, lay.USE1] = p.use_ptr[:-1], p.use_ptr[1:]
    return out


def longest_common(p: Problem, rows: Ints) -> I32:
    """Longest common window of each pair of calendars, row and column 0 standing for "always open"; zeros where no step asks."""
    cals = max(0, len(p.cal_ptr) - 1)
    out = np.zeros((cals + 1, cals + 1), np.int64)
    if not (rows[:, lay.GAP] == AtGap.OVERTIME).any():
        return out.ravel().astype(np.int32)
    out[0, 0] = NEVER
    for a in range(cals):
        mine = slice(p.cal_ptr[a], p.cal_ptr[a + 1])
        opened, closed = p.win_open_s[mine].astype(np.int64), p.win_close_s[mine].astype(np.int64)
        out[a + 1, 0] = out[0, a + 1] = (closed - opened).max(initial=0)
        for b in range(a + 1):
            other = slice(p.cal_ptr[b], p.cal_ptr[b + 1])
            out[a + 1, b + 1] = out[b + 1, a + 1] = _overlap(opened, closed, p.win_open_s[other], p.win_close_s[other])
    return out.ravel().astype(np.int32)


def _overlap(opened: Ints, closed: Ints, others_open: I32, others_close: I32) -> int:
    """Longest stretch that lies in a window of both of two calendars."""
    if not len(others_open):
        return 0
    best = 0
    first = np.searchsorted(others_close, opened, side="right")
    for shift in range(int((np.searchsorted(others_open, closed) - first).max(initial=0))):
        at = np.minimum(first + shift, len(others_open) - 1)
        both = np.minimum(closed, others_close[at]) - np.maximum(opened, others_open[at])
        best = max(best, int(both.max(initial=0)))
    return best


def default_row() -> Ints:
    """The one row of a problem whose steps have nothing but modes."""
    out = np.zeros((1, lay.STEP_COLUMNS), np.int64)
    for at, value in _DEFAULTS.items():
        out[0, at] = value
    return out
