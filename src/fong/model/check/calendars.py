"""Working time, by the check's own arithmetic."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fong._kernels import freeze
from fong.model.check import _kernels as kernels
from fong.model.problem import Problem

I64 = NDArray[np.int64]


def packed(problem: Problem) -> kernels.Calendars:
    """The problem's calendars as the kernels take them."""
    return kernels.Calendars(
        freeze(problem.cal_ptr, np.int32), freeze(problem.win_open_s, np.int32), freeze(problem.win_close_s, np.int32)
    )


def windows(problem: Problem, calendar: int) -> tuple[I64, I64]:
    """Opens and closes of one calendar; -1: one window without end."""
    if calendar < 0:
        return np.array([-kernels.FOREVER]), np.array([kernels.FOREVER])
    at = slice(int(problem.cal_ptr[calendar]), int(problem.cal_ptr[calendar + 1]))
    return problem.win_open_s[at].astype(np.int64), problem.win_close_s[at].astype(np.int64)


def open_at(problem: Problem, calendar: I64, at: I64) -> NDArray[np.bool_]:
    """Whether each calendar is open at each moment ``at`` >= 0 [n]; -1 always is."""
    out = calendar < 0
    rows = np.flatnonzero(~out)
    if len(rows) == 0:
        return out
    owner = np.repeat(np.arange(len(problem.cal_ptr) - 1, dtype=np.int64), np.diff(problem.cal_ptr))
    keys = owner << 32 | problem.win_open_s
    window = np.searchsorted(keys, calendar[rows] << 32 | at[rows], "right") - 1
    first = problem.cal_ptr[calendar[rows]]
    inside = np.maximum(window, 0)
    out[rows] = (window >= first) & (at[rows] < problem.win_close_s[inside]) if len(keys) else False
    return out


def never_fits(problem: Problem, a: I64, b: I64, work: I64, overtime: I64) -> NDArray[np.bool_]:
    """Whether no common window of ``a`` and ``b`` holds the work of each row, not even with its overtime."""
    columns = (freeze(x, np.int64) for x in (a, b, work, overtime))
    out: NDArray[np.bool_] = kernels.never_fits(packed(problem), *columns).astype(np.bool_)
    return out


def gap_faults(
    problem: Problem, a: I64, b: I64, start: I64, end: I64, work: I64, gap: I64, overtime: I64
) -> NDArray[np.int8]:
    """What is wrong with each row's working time (codes of the kernels); ``a`` and ``b`` are calendars that must both be open."""
    out = np.where(end - start < work, kernels.SHORT, kernels.OK).astype(np.int8)
    rows = np.flatnonzero((a >= 0) | (b >= 0))
    if len(rows):
        columns = (freeze(x[rows], np.int64) for x in (a, b, start, end, work, gap, overtime))
        out[rows] = kernels.gap_faults(packed(problem), *columns)
    return out
