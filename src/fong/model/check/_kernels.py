"""Compiled parts of the check: modes, working time, boxes, lots that stay on their machine.

Nothing here is shared with a planner. Times are whole seconds, int64.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fong._kernels import njit

I8 = NDArray[np.int8]
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]

FOREVER = 2**40
"""Later than any moment of a plan."""

OK, SHORT, HOURS, FIT, OVERTIME, RUN_ON = range(6)
"""What :func:`gap_faults` says of a row."""


class Calendars(NamedTuple):
    """All calendars: windows [open, close) of calendar c are ptr[c]…ptr[c+1], sorted and merged. Calendar -1 is always open."""

    ptr: I32
    opens: I32
    closes: I32


@njit
def find_modes(step: I64, machine: I64, mode_ptr: I32, mode_machine: I32) -> I64:
    """Mode of each row's step that is its machine; -1: none."""
    out = np.full(len(step), -1, np.int64)
    for r in range(len(step)):
        for m in range(mode_ptr[step[r]], mode_ptr[step[r] + 1]):
            if mode_machine[m] == machine[r]:
                out[r] = m
                break
    return out


# ------------------------------------------------------------ working time
@njit
def _window_after(cal: Calendars, c: int, t: int) -> int:
    """First window of calendar c that closes after t (ptr[c+1]: none)."""
    low, high = int(cal.ptr[c]), int(cal.ptr[c + 1])
    while low < high:
        middle = (low + high) // 2
        if cal.closes[middle] > t:
            high = middle
        else:
            low = middle + 1
    return low


@njit
def next_window(cal: Calendars, a: int, b: int, t: int) -> tuple[int, int]:
    """First stretch [from, to) at or after t in which both calendars are open; (FOREVER, FOREVER): none."""
    i = _window_after(cal, a, t) if a >= 0 else 0
    j = _window_after(cal, b, t) if b >= 0 else 0
    while (a < 0 or i < cal.ptr[a + 1]) and (b < 0 or j < cal.ptr[b + 1]):
        opened, closed = t, FOREVER
        if a >= 0:
            opened, closed = max(opened, cal.opens[i]), min(closed, cal.closes[i])
        if b >= 0:
            opened, closed = max(opened, cal.opens[j]), min(closed, cal.closes[j])
        if opened < closed:
            return opened, closed
        if a >= 0 and (b < 0 or cal.closes[i] <= cal.closes[j]):
            i += 1
        else:
            j += 1
    return FOREVER, FOREVER


@njit
def open_seconds(cal: Calendars, a: int, b: int, start: int, end: int) -> int:
    """Seconds of [start, end) in which both calendars are open."""
    total, t = 0, start
    while t < end:
        opened, closed = next_window(cal, a, b, t)
        if opened >= end:
            break
        total += min(closed, end) - opened
        t = closed
    return total


@njit
def work_end(cal: Calendars, a: int, b: int, start: int, work: int) -> int:
    """Earliest end of so many seconds of common open time from ``start`` on; FOREVER: never."""
    t = start
    while work > 0:
        opened, closed = next_window(cal, a, b, t)
        if opened == FOREVER:
            return FOREVER
        if closed - opened >= work:
            return opened + work
        work -= closed - opened
        t = closed
    return t


@njit
def work_ends(cal: Calendars, a: I64, b: I64, start: I64, work: I64) -> I64:
    """:func:`work_end` for each row."""
    out = np.empty(len(start), np.int64)
    for r in range(len(start)):
        out[r] = work_end(cal, a[r], b[r], start[r], work[r])
    return out


@njit
def longest_window(cal: Calendars, a: int, b: int) -> int:
    """The longest common window of two calendars; FOREVER without any."""
    first, second = (a, b) if a >= 0 else (b, a)
    if first < 0:
        return FOREVER
    out = 0
    for i in range(cal.ptr[first], cal.ptr[first + 1]):
        t, end = min(FOREVER, cal.opens[i]), min(FOREVER, cal.closes[i])  # as int64
        while t < end:
            opened, closed = next_window(cal, second, second, t)
            out = max(out, min(closed, end) - opened)
            t = closed
    return out


@njit
def never_fits(cal: Calendars, a: I64, b: I64, work: I64, overtime: I64) -> I8:
    """1 where no common window holds the work of a row, not even with its overtime."""
    out = np.zeros(len(work), np.int8)
    for r in range(len(work)):
        out[r] = work[r] - overtime[r] > longest_window(cal, a[r], b[r])
    return out


@njit
def gap_faults(cal: Calendars, a: I64, b: I64, start: I64, end: I64, work: I64, gap: I64, overtime: I64) -> I8:
    """What is wrong with the working time of each row that works ``work`` seconds in [start, end) (codes above).

    ``a``, ``b``: calendars that must both be open. ``gap``: the step's word (:class:`fong.model.AtGap`).
    """
    out = np.zeros(len(start), np.int8)
    for r in range(len(start)):
        if end[r] - start[r] < work[r]:
            out[r] = SHORT
            continue
        if work[r] <= 0:
            continue
        if gap[r] == 0:
            if open_seconds(cal, a[r], b[r], start[r], end[r]) < work[r]:
                out[r] = HOURS
            continue
        opened, closed = next_window(cal, a[r], b[r], start[r])
        begun = opened == start[r]
        if gap[r] == 1 and not (begun and end[r] <= closed):
            out[r] = FIT
        elif gap[r] == 2 and not begun:
            out[r] = RUN_ON
        elif gap[r] == 3 and not (begun and end[r] <= closed + overtime[r]):
            out[r] = OVERTIME
            if work[r] - overtime[r] > longest_window(cal, a[r], b[r]):  # nothing holds it: it resumes after the gap
                out[r] = OK if open_seconds(cal, a[r], b[r], start[r], end[r]) >= work[r] else HOURS
    return out


@njit
def cycle_times(
    cal: Calendars, a: I64, b: I64, start: I64, cycle: I64, resume: I64, ptr: I64, begin: I64, finish: I64
) -> None:
    """When each cycle of each row begins and is done at its natural pace; row r fills ptr[r]…ptr[r+1].

    ``resume`` 1: work stops while a calendar is closed; 0: once begun it goes on.
    """
    for r in range(len(start)):
        t = start[r]
        for c in range(ptr[r], ptr[r + 1]):
            if t >= FOREVER:
                begin[c] = finish[c] = FOREVER
            elif resume[r] == 1:
                begin[c] = next_window(cal, a[r], b[r], t)[0]
                t = work_end(cal, a[r], b[r], begin[c], cycle[r]) if begin[c] < FOREVER else FOREVER
                finish[c] = t
            else:
                begin[c] = t
                t += cycle[r]
                finish[c] = t


# ------------------------------------------------------------ boxes
class Boxes(NamedTuple):
    """Edges A → B over which boxes move, and the rows of all operations with when their cycles begin and are done."""

    before: I64  # [edges] A
    after: I64  # [edges] B
    lag_s: I64  # [edges]
    size: I64  # [edges] pieces in a box
    row_ptr: I64  # [T+1] rows of an operation
    row: I64
    pieces: I64  # [L] pieces of a row
    per_cycle: I64  # [L]
    last_end: I64  # [L] the row's end: its last box is there then at the latest
    cycle_ptr: I64  # [L+1] rows that no box concerns have no cycles
    begin: I64
    finish: I64
    done: I64  # [T] pieces finished, or begun, before now
    total: I64  # [T] pieces of the operation in all


@njit
def starved(boxes: Boxes) -> tuple[I64, I64]:
    """For each edge the row of B that begins a piece before the box that holds it is there, and when; -1: none."""
    n = len(boxes.before)
    row_out, at_out = np.full(n, -1, np.int64), np.full(n, -1, np.int64)
    for e in range(n):
        a, b = boxes.before[e], boxes.after[e]
        rows_a = boxes.row[boxes.row_ptr[a] : boxes.row_ptr[a + 1]]
        rows_b = boxes.row[boxes.row_ptr[b] : boxes.row_ptr[b + 1]]
        size = boxes.size[e]
        count = 0
        for r in rows_a:
            count += -(-boxes.pieces[r] // size)
        at, held = np.empty(count, np.int64), np.empty(count, np.int64)
        count = 0
        for r in rows_a:
            left = boxes.pieces[r]
            while left > 0:
                box = min(size, left)
                left -= box
                cycle = -(-(boxes.pieces[r] - left) // boxes.per_cycle[r]) - 1
                at[count] = min(boxes.finish[boxes.cycle_ptr[r] + cycle], boxes.last_end[r]) + boxes.lag_s[e]
                held[count] = box
                count += 1
        arrivals = np.argsort(at, kind="mergesort")
        begins = 0
        for r in rows_b:
            begins += boxes.cycle_ptr[r + 1] - boxes.cycle_ptr[r]
        starts, of, taken = np.empty(begins, np.int64), np.empty(begins, np.int64), np.empty(begins, np.int64)
        begins = 0
        for r in rows_b:
            for c in range(boxes.cycle_ptr[r], boxes.cycle_ptr[r + 1]):
                nth = (c - boxes.cycle_ptr[r]) * boxes.per_cycle[r]
                starts[begins] = boxes.begin[c]
                of[begins] = r
                taken[begins] = min(boxes.per_cycle[r], boxes.pieces[r] - nth)
                begins += 1
        come = 0
        finished = boxes.done[a]
        begun = boxes.done[b]
        for x in np.argsort(starts, kind="mergesort"):
            while come < count and at[arrivals[come]] <= starts[x]:
                finished += held[arrivals[come]]
                come += 1
            begun += taken[x]
            if come < count and begun > finished * boxes.total[b] // boxes.total[a]:
                row_out[e], at_out[e] = of[x], starts[x]
                break
    return row_out, at_out


# ------------------------------------------------------------ lots that stay on their machine
@njit
def pushed_off(machine: I64, begin: I64, end: I64, leave: I64, slots: I64) -> I64:
    """When each lot must leave its machine, because a task that begins there needs the slot (FOREVER: never).

    Rows stand by machine, then begin. A lot stays from ``end`` until ``leave``; ``leave`` <= ``end``: it goes at once. When a
    task begins and no slot is free, the lot that has stood longest makes room.
    """
    n = len(machine)
    out = np.full(n, FOREVER, np.int64)
    first = 0
    for r in range(n):
        if machine[r] != machine[first]:
            first = r
        busy, staying = 1, 0
        for q in range(first, r):
            if end[q] > begin[r]:
                busy += 1
            elif leave[q] > begin[r] and out[q] == FOREVER:
                staying += 1
        while staying > 0 and busy + staying > slots[r]:
            oldest = -1
            for q in range(first, r):
                stays = end[q] <= begin[r] and leave[q] > begin[r] and out[q] == FOREVER
                if stays and (oldest < 0 or end[q] < end[oldest]):
                    oldest = q
            out[oldest] = begin[r]
            staying -= 1
        while first < r and (end[first] <= begin[r]) and (leave[first] <= begin[r] or out[first] < FOREVER):
            first += 1
    return out
