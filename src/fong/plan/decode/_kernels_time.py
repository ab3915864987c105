"""Compiled: the event heap and work in calendars."""

from __future__ import annotations

from fong._kernels import inner
from fong.plan.decode._kernels_layout import (
    F_CAL_PTR,
    F_HEAP,
    F_LONGEST,
    F_WIN_CLOSE,
    F_WIN_OPEN,
    FIELDS,
    G_FULL,
    G_HEAP,
    NEVER,
    K,
)

_ID = 1 << 27
_KIND = 1 << 31


@inner
def push(k: K, t: int, kind: int, ident: int) -> None:
    """Add an event. Order: time, kind, id."""
    i32, i64 = k.c, k.w
    key = int(t) * _KIND + kind * _ID + int(ident)
    heap = i64[i32[F_HEAP] : i32[F_HEAP] + i32[FIELDS + F_HEAP]]
    i = i64[G_HEAP]
    if i >= len(heap):
        i64[G_FULL] = 1
        return
    i64[G_HEAP] = i + 1
    while i > 0:
        up = i - 1 >> 1
        if heap[up] <= key:
            break
        heap[i] = heap[up]
        i = up
    heap[i] = key


@inner
def peek(k: K) -> int:
    """Time of the next event."""
    i32, i64 = k.c, k.w
    return i64[i32[F_HEAP] + 0] // _KIND


@inner
def pop(k: K) -> tuple[int, int]:
    """Take the next event: kind, id."""
    i32, i64 = k.c, k.w
    heap = i64[i32[F_HEAP] : i32[F_HEAP] + i32[FIELDS + F_HEAP]]
    top = heap[0]
    n = i64[G_HEAP] - 1
    i64[G_HEAP] = n
    if n > 0:
        key = heap[n]
        i = 0
        while True:
            c = 2 * i + 1
            if c >= n:
                break
            if c + 1 < n and heap[c + 1] < heap[c]:
                c += 1
            if heap[c] >= key:
                break
            heap[i] = heap[c]
            i = c
        heap[i] = key
    rest = top % _KIND
    return (rest // _ID, rest % _ID)


@inner
def window_at(k: K, cal: int, t: int) -> int:
    """First window of the calendar that closes after t; ``cal_ptr[cal + 1]`` if none."""
    i32 = k.c
    lo, hi = (i32[i32[F_CAL_PTR] + cal], i32[i32[F_CAL_PTR] + cal + 1])
    while lo < hi:
        mid = lo + hi >> 1
        if i32[i32[F_WIN_CLOSE] + mid] > t:
            hi = mid
        else:
            lo = mid + 1
    return lo


@inner
def is_open(k: K, cal: int, t: int) -> bool:
    """Whether t lies in a window; no calendar is always open."""
    i32 = k.c
    if cal < 0:
        return True
    w = window_at(k, cal, t)
    return w < i32[i32[F_CAL_PTR] + cal + 1] and i32[i32[F_WIN_OPEN] + w] <= t


@inner
def next_change(k: K, cal: int, t: int) -> int:
    """The next moment after t at which the calendar opens or closes."""
    i32 = k.c
    w = window_at(k, cal, t)
    if w >= i32[i32[F_CAL_PTR] + cal + 1]:
        return NEVER
    return i32[i32[F_WIN_OPEN] + w] if i32[i32[F_WIN_OPEN] + w] > t else i32[i32[F_WIN_CLOSE] + w]


@inner
def next_open(k: K, cal: int, t: int) -> int:
    """The first moment from t on at which the calendar is open; NEVER if none."""
    i32 = k.c
    if cal < 0:
        return t
    w = window_at(k, cal, t)
    if w >= i32[i32[F_CAL_PTR] + cal + 1]:
        return NEVER
    return max(t, i32[i32[F_WIN_OPEN] + w])


@inner
def open_seconds(k: K, cal: int, a: int, b: int) -> int:
    """Seconds of [a, b) in which the calendar is open."""
    i32 = k.c
    if cal < 0:
        return b - a
    w, last, total = (window_at(k, cal, a), i32[i32[F_CAL_PTR] + cal + 1], 0)
    while w < last and i32[i32[F_WIN_OPEN] + w] < b:
        total += min(b, i32[i32[F_WIN_CLOSE] + w]) - max(a, i32[i32[F_WIN_OPEN] + w])
        w += 1
    return total


@inner
def closes(k: K, cal: int, t: int) -> int:
    """When the window that is open at t closes; NEVER without a calendar."""
    i32 = k.c
    return NEVER if cal < 0 else i32[i32[F_WIN_CLOSE] + window_at(k, cal, t)]


@inner
def longest(k: K, first: int, second: int) -> int:
    """Longest common window of two calendars: a run that overtime cannot fit into any window resumes after the gap."""
    i32 = k.c
    return i32[i32[F_LONGEST] + (first + 1) * i32[FIELDS + F_CAL_PTR] + second + 1]


@inner
def work_end(k: K, first: int, second: int, t: int, need: int, gap: int, overtime: int) -> int:
    """End of ``need`` seconds of work that starts at t in the common hours of two calendars (-1: always open).

    ``gap`` is :class:`fong.model.AtGap`. Returns -1 if it cannot start at t (closed, or it does not fit), -2 beyond the calendars' end.
    """
    if first < 0 and second < 0:
        return t + need
    if not (is_open(k, first, t) and is_open(k, second, t)):
        return -1
    until = min(closes(k, first, t), closes(k, second, t))
    if gap == 2 or t + need <= until:
        return t + need
    if gap == 1:
        return -1
    if gap == 3 and need - overtime <= longest(k, first, second):
        return t + need if t + need <= until + overtime else -1
    while True:
        need -= until - t
        t = until
        while True:
            a, b = (next_open(k, first, t), next_open(k, second, t))
            if a == NEVER or b == NEVER:
                return -2
            if a == b:
                break
            t = max(a, b)
        t = a
        until = min(closes(k, first, t), closes(k, second, t))
        if t + need <= until:
            return t + need
