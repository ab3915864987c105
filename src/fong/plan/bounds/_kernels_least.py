"""Compiled parts of the least figures: work, energy, head and tail of each operation.

Arrays as documented in :mod:`fong.model.problem`; zero-length columns stand for their defaults. Times are whole seconds, energies
thousandths of a second of one machine slot or person.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fong._kernels import inner, njit

I8 = NDArray[np.int8]
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]

PLAIN, CALLS, BATCH, OUTSIDE = 0, 1, 2, 3
RESUME, FIT, RUN_ON, OVERTIME = 0, 1, 2, 3


class Shop(NamedTuple):
    """The columns that the bounds read, by their names in :class:`fong.model.Problem`; the rest as noted."""

    job_ptr: I32
    job_release_s: I32
    op_step: I32
    op_pieces: I32
    op_total: I32
    op_variant: I8
    pred_ptr: I32
    pred_op: I32
    wip_end: I32  # [T] or empty. End of an operation that runs now; -1: it does not
    op_floor: I64  # [T] or empty: 0. No run start before this (set-up, machine, material)
    mode_ptr: I32
    mode_machine: I32
    mode_cycle_s: I32
    step_cycle_s: I32
    step_pieces_per_cycle: I32
    step_attend_s: I32
    step_cycles_per_call: I32
    step_stops_micro: I32
    step_stop_s: I32
    step_run_skill: I32
    step_batch_milli: I64
    step_box: I32
    step_lag_s: I32
    step_split_over: I32
    step_max_lot: I32
    step_gap: I8
    step_overtime_s: I32
    step_outside_s: I32
    machine_zone: I32
    machine_slots: I32
    machine_batch_milli: I64
    hands: I32  # [Q] people who may run with a skill


class Hours(NamedTuple):
    """Calendars as windows (see the problem's ``cal_ptr``), and the ways in which each step can be done.

    A *list* is the choice of one calendar out of several (which person): ``list_cal[list_ptr[l]:list_ptr[l + 1]]``, with
    ``list_union`` for all of them together. Calendar -1 is always open. A *way* is a kind of mode: its sort, least cycle and list.
    """

    ptr: I32
    opens: I32
    closes: I32
    before: I64
    list_ptr: I32
    list_cal: I32
    list_union: I32
    way_ptr: I32  # [S+1], or empty: no calendar and nothing special anywhere
    way_sort: I32
    way_cycle_s: I32
    way_list: I32
    way_cal: I32  # the machine's own calendar
    way_batch_milli: I64


@inner
def at(column: I32 | I64 | I8, i: int, default: int) -> int:
    """Value i of a column that may be absent."""
    return int(column[i]) if len(column) > 0 else int(default)


@inner
def window_after(h: Hours, calendar: int, t: int) -> int:
    """First window of the calendar that closes after t (maybe the end of its windows)."""
    low, high = h.ptr[calendar], h.ptr[calendar + 1]
    while low < high:
        mid = (low + high) // 2
        if h.closes[mid] > t:
            high = mid
        else:
            low = mid + 1
    return int(low)


@inner
def opening(h: Hours, calendar: int, t: int) -> int:
    """First open moment at or after t; t itself where the calendar has none left."""
    if calendar < 0:
        return t
    i = window_after(h, calendar, t)
    return max(t, int(h.opens[i])) if i < h.ptr[calendar + 1] else t


@inner
def worked(h: Hours, calendar: int, t: int, work: int) -> int:
    """Least end of ``work`` open seconds from t on; t + work, or the last closing, where the windows do not suffice."""
    if calendar < 0 or work <= 0:
        return t + work
    i, last = window_after(h, calendar, t), h.ptr[calendar + 1]
    if i >= last:
        return t + work
    target = h.before[i] + max(0, t - h.opens[i]) + work
    low, high = i, last
    while low < high:  # last window with before < target
        mid = (low + high) // 2
        if h.before[mid] < target:
            low = mid + 1
        else:
            high = mid
    return max(t + work, min(int(h.closes[low - 1]), int(h.opens[low - 1] + target - h.before[low - 1])))


@inner
def one_end(h: Hours, calendar: int, t: int, work: int, gap: int, overtime: int) -> tuple[int, int]:
    """Earliest start and least end of ``work`` in one calendar, by the word ``at_gap``."""
    begin = opening(h, calendar, t)
    if calendar < 0 or gap == RUN_ON:
        return begin, begin + work
    if gap == RESUME:
        return begin, worked(h, calendar, begin, work)
    grace = overtime if gap == OVERTIME else 0
    for i in range(window_after(h, calendar, begin), h.ptr[calendar + 1]):
        s = max(begin, int(h.opens[i]))
        if s + work <= h.closes[i] + grace:
            return s, s + work
    if gap == OVERTIME:  # not even with its overtime does it fit into a window: it resumes
        return begin, worked(h, calendar, begin, work)
    return begin, begin + work


@inner
def served_end(h: Hours, duty: int, t: int, run_ms: int, call_ms: int, need_ms: int, dark_ms: int, asks: bool) -> int:
    """Least end of a task with calls that nobody else disturbs (w = 0): in duty at 1/(C + a), in the dark at most once 1/C.

    Parameters: ``run_ms`` C and ``call_ms`` C + a of a call, ``need_ms`` (C + a) times its calls, ``dark_ms`` the most that it
    runs in one absence, ``asks`` whether it can end only while somebody is on duty.
    """
    if duty == -1:
        return t + -(-need_ms // 1000)
    i, last = window_after(h, duty, t), h.ptr[duty + 1]
    rest = need_ms
    while rest > 0:
        if i >= last:
            return t + rest * run_ms // max(1, call_ms) // 1000
        if t < h.opens[i]:
            gain = min((h.opens[i] - t) * 1000, dark_ms) * call_ms // max(1, run_ms) + 1
            if gain >= rest:
                return int(h.opens[i]) if asks else t + rest * run_ms // max(1, call_ms) // 1000
            rest -= gain
            t = int(h.opens[i])
        room = (h.closes[i] - t) * 1000
        if room >= rest:
            return t + -(-rest // 1000)
        rest -= room
        t = int(h.closes[i])
        i += 1
    return t


@inner
def slots_of(p: Shop, s: int) -> int:
    """Most sub-lots of a step that can run side by side."""
    first, last = (s, s + 1) if len(p.mode_ptr) == 0 else (p.mode_ptr[s], p.mode_ptr[s + 1])
    if first == last:
        skill = at(p.step_run_skill, s, -1)
        return int(p.hands[skill]) if skill >= 0 else 2**31
    most, total = 1, 0
    for m in range(first, last):
        own = at(p.machine_slots, p.mode_machine[m], 1)
        most = max(most, own)
        total += own
    return max(1, min(total, at(p.step_split_over, s, 1) * most))


@inner
def zone_call(p: Shop, s: int, n: int, cycle: int, whole: bool) -> tuple[int, int, int]:
    """C and C + a in ms, and the need in ms of (C + a), for n cycles; of a lot that may be cut: at least so much."""
    calls = -(-n // at(p.step_cycles_per_call, s, 1))
    attend = at(p.step_attend_s, s, 0) * 1000
    stop = at(p.step_stops_micro, s, 0) * at(p.step_stop_s, s, 0)
    run = n * cycle * 1000 // calls
    if whole:
        service = attend + stop * run // 3_600_000_000
        return run, run + service, calls * (run + service)
    single = cycle * 1000  # the shortest call of any sub-lot: its share of service is the largest
    need = n * single + calls * attend + stop * n * single // 3_600_000_000 - 2 * n
    return single, single + attend + stop * single // 3_600_000_000 + 1, need


@inner
def end_of(p: Shop, h: Hours, s: int, t: int, pieces: int, divisible: bool, slack: float) -> tuple[int, int]:
    """Earliest start and least end of ``pieces`` at step s that may begin at t, over all its ways."""
    far = 2**62
    begin, best = far, far
    n_all = -(-pieces // at(p.step_pieces_per_cycle, s, 1))
    side = slots_of(p, s) if divisible else 1
    n = -(-n_all // side)
    gap, overtime = at(p.step_gap, s, 0), at(p.step_overtime_s, s, 0)
    for w in range(h.way_ptr[s], h.way_ptr[s + 1]):
        sort, cycle, chosen = h.way_sort[w], int(h.way_cycle_s[w]), h.way_list[w]
        union = h.list_union[chosen]
        if sort == OUTSIDE:
            b = opening(h, union, t)
            e = b + cycle
        elif sort == CALLS:
            b = t
            run, call, need = zone_call(p, s, n, cycle, not divisible)
            asks = at(p.step_attend_s, s, 0) > 0
            dark = run if not divisible else cycle * 1000 * at(p.step_cycles_per_call, s, 1)
            if divisible and not asks:
                dark = far // 4_000_000
            e = served_end(h, union, t, run, call, max(0, need - int(call * slack) - 1), dark, asks)
        elif sort == BATCH:
            b = opening(h, union, t)
            each = max(1, h.way_batch_milli[w] // at(p.step_batch_milli, s, 1000))
            full = -(-pieces // each)
            work = -(-full // side) * cycle
            e = worked(h, h.way_cal[w], b, work) if gap == RESUME else b + work
        elif divisible:
            b = opening(h, union, t)
            e = worked(h, union, b, n * cycle) if gap == RESUME else b + n * cycle
        else:
            b, e = far, far
            for q in range(h.list_ptr[chosen], h.list_ptr[chosen + 1]):
                own_b, own_e = one_end(h, h.list_cal[q], t, n * cycle, gap, overtime)
                b, e = min(b, own_b), min(e, own_e)
        begin, best = min(begin, b), min(best, e)
    return begin, best


@njit
def measure(p: Shop, slack: float, work: I64, machine: I64, person: I64, service: I64) -> None:
    """Least figures of each operation, over its modes.

    Out, all [T], zero for operations without work: ``work`` shortest time from first start to last end in s, calendars aside;
    ``machine`` energy on its machines (run only), ``person`` energy of the people who run or load it, ``service`` energy of
    tenders (before the zone's own correction), in ms.
    """
    for t in range(len(work)):
        pieces = at(p.op_pieces, t, 1)
        if pieces <= 0 or at(p.wip_end, t, -1) >= 0:
            continue
        s = at(p.op_step, t, t)
        outside = at(p.step_outside_s, s, -1)
        if outside >= 0:
            work[t] = outside
            continue
        n = -(-pieces // at(p.step_pieces_per_cycle, s, 1))
        divisible = at(p.step_split_over, s, 1) > 1 or at(p.step_max_lot, s, 0) > 0
        side = slots_of(p, s) if divisible else 1
        first, last = (s, s + 1) if len(p.mode_ptr) == 0 else (p.mode_ptr[s], p.mode_ptr[s + 1])
        if first == last:
            cycle = at(p.step_cycle_s, s, 0)
            work[t] = -(-n // side) * cycle
            person[t] = n * cycle * 1000
            continue
        calls = at(p.step_attend_s, s, 0) > 0 or at(p.step_stops_micro, s, 0) * at(p.step_stop_s, s, 0) > 0
        best_work, best_machine, best_person, best_service = 2**62, 2**62, 2**62, 2**62
        for m in range(first, last):
            k, cycle = p.mode_machine[m], int(p.mode_cycle_s[m])
            room = at(p.machine_batch_milli, k, 0)
            length, energy, hold, tend = -(-n // side) * cycle, n * cycle * 1000, n * cycle * 1000, 0
            if room > 0:
                unit = at(p.step_batch_milli, s, 1000)
                full = -(-pieces // max(1, room // unit))
                length = -(-full // side) * cycle
                energy = pieces * unit * cycle // room * 1000
                hold = pieces * unit * at(p.step_attend_s, s, 0) // room * 1000
            elif calls and at(p.machine_zone, k, -1) >= 0:
                _, call, need = zone_call(p, s, n, cycle, not divisible)
                energy = max(0, need - int(call * slack) - 1)
                hold = 0
                tend = max(0, need - n * cycle * 1000)
            best_work, best_machine = min(best_work, length), min(best_machine, energy)
            best_person, best_service = min(best_person, hold), min(best_service, tend)
        work[t], machine[t], person[t], service[t] = best_work, best_machine, best_person, best_service


@inner
def last_piece(p: Shop, s: int) -> int:
    """Least time from a piece's start at step s to the end of the step's run."""
    first, last = (s, s + 1) if len(p.mode_ptr) == 0 else (p.mode_ptr[s], p.mode_ptr[s + 1])
    if at(p.step_outside_s, s, -1) >= 0:
        return 0
    if first == last:
        return at(p.step_cycle_s, s, 0)
    least = 2**31
    for m in range(first, last):
        cycle = int(p.mode_cycle_s[m])
        if at(p.machine_zone, p.mode_machine[m], -1) >= 0:
            cycle //= at(p.step_pieces_per_cycle, s, 1)
        least = min(least, cycle)
    return least


@njit
def heads(p: Shop, h: Hours, slack: float, work: I64, start: I64, end: I64) -> None:
    """Earliest run start and least end of each operation, forwards through its job; -1 where nothing is left of it."""
    none = -(2**62)
    first_box = np.full(len(start) if len(p.step_box) > 0 else 0, none, np.int64)
    for j in range(len(p.job_ptr) - 1):
        release = max(0, at(p.job_release_s, j, 0))
        for t in range(p.job_ptr[j], p.job_ptr[j + 1]):
            ends = at(p.wip_end, t, -1)
            pieces = at(p.op_pieces, t, 1)
            if ends >= 0:
                start[t], end[t] = 0, ends
                continue
            if pieces <= 0:
                start[t], end[t] = -1, -1
                continue
            s = at(p.op_step, t, t)
            ready, late = max(release, at(p.op_floor, t, 0)), 0
            if len(p.pred_ptr) > 0:
                low, high = p.pred_ptr[t], p.pred_ptr[t + 1]
            else:
                low, high = t - 1, t if t > p.job_ptr[j] else t - 1
            for e in range(low, high):
                a = p.pred_op[e] if len(p.pred_ptr) > 0 else e
                if end[a] < 0 or at(p.op_variant, a, 0) != at(p.op_variant, t, 0):
                    continue
                sa = at(p.op_step, a, a)
                lag = at(p.step_lag_s, sa, 0)
                if len(first_box) == 0 or first_box[a] == none:
                    ready = max(ready, end[a] + lag)
                else:
                    ready = max(ready, first_box[a] + lag)
                    late = max(late, end[a] + lag + last_piece(p, s))
            divisible = at(p.step_split_over, s, 1) > 1 or at(p.step_max_lot, s, 0) > 0
            if len(h.way_ptr) == 0:
                start[t], end[t] = ready, ready + work[t]
            else:
                start[t], end[t] = end_of(p, h, s, ready, pieces, divisible, slack)
            end[t] = max(end[t], late)
            box = at(p.step_box, s, 0)
            if box > 0 and len(first_box) > 0:
                begun = at(p.op_total, t, pieces) > pieces  # boxes of it may be full by now
                first_box[t] = none // 2 if begun else start[t] + box_time(p, s, box, pieces, divisible)


@inner
def box_time(p: Shop, s: int, box: int, pieces: int, divisible: bool) -> int:
    """Least time until the first box of a lot is full, calendars aside."""
    size = 1 if divisible else min(box, pieces)
    per = at(p.step_pieces_per_cycle, s, 1)
    n = -(-pieces // per)
    cycles = -(-size // per)
    if at(p.step_outside_s, s, -1) >= 0:
        return 0
    first, last = (s, s + 1) if len(p.mode_ptr) == 0 else (p.mode_ptr[s], p.mode_ptr[s + 1])
    if first == last:
        return cycles * at(p.step_cycle_s, s, 0)
    least = 2**62
    for m in range(first, last):
        cycle = int(p.mode_cycle_s[m])
        own = cycles * cycle
        if at(p.machine_batch_milli, p.mode_machine[m], 0) > 0:
            own = cycle  # a batch takes as long whatever is in it
        elif at(p.machine_zone, p.mode_machine[m], -1) >= 0:
            own = 0 if divisible else min(own, size * n * cycle // pieces)
        least = min(least, own)
    return least


@njit
def tails(p: Shop, length: I64, end: I64, tail: I64) -> None:
    """Least time from the end of each operation to the end of its job, backwards; ``length`` is each operation's least."""
    for j in range(len(p.job_ptr) - 1):
        for t in range(p.job_ptr[j + 1] - 1, p.job_ptr[j] - 1, -1):
            if end[t] < 0 or at(p.wip_end, t, -1) >= 0:
                continue
            if len(p.pred_ptr) > 0:
                low, high = p.pred_ptr[t], p.pred_ptr[t + 1]
            else:
                low, high = t - 1, t if t > p.job_ptr[j] else t - 1
            for e in range(low, high):
                a = p.pred_op[e] if len(p.pred_ptr) > 0 else e
                if at(p.op_variant, a, 0) != at(p.op_variant, t, 0):
                    continue
                sa = at(p.op_step, a, a)
                boxed = at(p.step_box, sa, 0) > 0
                own = last_piece(p, at(p.op_step, t, t)) if boxed else length[t]
                tail[a] = max(tail[a], at(p.step_lag_s, sa, 0) + own + tail[t])


@njit
def shortest_span(h: Hours, chosen: int, union: bool, work: int) -> int:
    """Least time from start to end of ``work`` open seconds, whenever it starts, in any calendar of a list (or their union).

    The best start is the opening of a window: an earlier start within the window ends earlier by at least as much.
    """
    best = 2**62
    low, high = (0, 1) if union else (h.list_ptr[chosen], h.list_ptr[chosen + 1])
    for q in range(low, high):
        calendar = h.list_union[chosen] if union else h.list_cal[q]
        if calendar < 0:
            return work
        last = h.ptr[calendar + 1]
        j = h.ptr[calendar]
        for i in range(h.ptr[calendar], last):
            target = h.before[i] + work
            while j < last and h.before[j] + h.closes[j] - h.opens[j] < target:
                j += 1
            if j >= last:
                break
            best = min(best, h.opens[j] + target - h.before[j] - h.opens[i])
    return best if best < 2**62 else work


@njit
def job_ends(p: Shop, end: I64, out: I64) -> None:
    """Least completion of each job: its last operation, by the best of its variants; -1: nothing is left of it."""
    by_variant = np.zeros(256, np.int64)
    for j in range(len(out)):
        by_variant[:] = -1
        for t in range(p.job_ptr[j], p.job_ptr[j + 1]):
            v = at(p.op_variant, t, 0)
            by_variant[v] = max(by_variant[v], end[t])
        out[j] = -1
        for v in range(256):
            if by_variant[v] >= 0 and (out[j] < 0 or by_variant[v] < out[j]):
                out[j] = by_variant[v]
