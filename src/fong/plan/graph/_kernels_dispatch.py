"""List scheduling forwards or backwards in time: whenever a machine is idle, the waiting operation of the smallest key starts.

Arrays as in :mod:`fong.plan.graph._kernels_graph`; the rows of ``w`` have other meanings here, see below. ``key`` [N] int64 and ``events``
[N + K + 1] int64 are scratch. Waiting operations stand in one skew heap a machine (D. Sleator & R. Tarjan, SIAM J. Computing 15, 1986).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fong._kernels import inner, njit
from fong.plan.graph._kernels_graph import (
    AFTER,
    BEFORE,
    FOR,
    FREE,
    GRAPH,
    HEAD,
    JOBS,
    LAG,
    LATEST,
    MACHINES,
    MODES,
    MORE_AFTER,
    MORE_BEFORE,
    MOVED,
    ON,
    ORDER,
    PATH,
    READY,
    RELEASE,
    REST,
    SEGMENT,
    SINKS,
    START,
    TABLE,
    TAIL,
    WAITING,
    WORK,
    N,
    below,
    load,
    setup_between,
    tails_until,
)
from fong.plan.graph._kernels_moves import makespan

I32 = NDArray[np.int32]
I64 = NDArray[np.int64]

# rows of w
LEFT, RIGHT = PATH, READY  # by operation: children in the heap
ARRIVAL = SEGMENT  # by operation: when the last of those before it lets it start
ROOT = HEAD  # by machine: first of those that wait; N: nobody
RUNNING = MOVED  # by machine: the last operation there; N: none yet
BUSY = ORDER  # by machine
LOADED = LATEST  # by machine: when all that waits there would be done
TOUCHED = FREE  # machines to be looked at
SEEN = REST  # by machine: 1 if it is among them

BITS = 25
"""An event is a moment, shifted by so many bits, and a machine or (from K on) an operation."""
NOISE = 4096


# ------------------------------------------------------------ heaps


@inner
def meld(w: I32, h: I64, key: I64, a: int, b: int) -> int:
    """Join two heaps; the root."""
    if a == h[N]:
        return b
    if b == h[N]:
        return a
    if key[b] < key[a]:
        a, b = b, a
    root = a
    while True:
        right = w[RIGHT, a]
        w[RIGHT, a] = w[LEFT, a]
        if right == h[N]:
            w[LEFT, a] = b
            return root
        if key[b] < key[right]:
            b, right = right, b
        w[LEFT, a] = right
        a = right


@inner
def push(events: I64, size: int, event: int) -> int:
    """Put an event into a heap; its new size."""
    i = size
    while i > 0 and events[(i - 1) >> 1] > event:
        events[i] = events[(i - 1) >> 1]
        i = (i - 1) >> 1
    events[i] = event
    return size + 1


@inner
def pop(events: I64, size: int) -> int:
    """Take the first event out of a heap; its new size."""
    size -= 1
    event, i = events[size], 0
    while True:
        child = 2 * i + 1
        if child >= size:
            break
        if child + 1 < size and events[child + 1] < events[child]:
            child += 1
        if events[child] >= event:
            break
        events[i] = events[child]
        i = child
    events[i] = event
    return size


# ------------------------------------------------------------ arrival


@inner
def quickest(v: I32, w: I32, b: I32, o: int, t: int) -> int:
    """The mode in which o would be done first behind all that waits."""
    chosen, least = v[o, MODES], 2**40
    for mode in range(v[o, MODES], v[o + 1, MODES]):
        end = max(t, w[LOADED, b[mode, ON]]) + b[mode, FOR]
        if end < least:
            chosen, least = mode, end
    return chosen


@inner
def touch_machine(w: I32, k: int, touched: int) -> int:
    """Have a machine looked at; how many are."""
    if w[SEEN, k]:
        return touched
    w[SEEN, k] = 1
    w[TOUCHED, touched] = k
    return touched + 1


@inner
def enqueue(v: I32, w: I32, b: I32, h: I64, key: I64, mode: I32, o: int, t: int, touched: int) -> int:
    """Let o wait at the machine where it is done first; how many machines are to be looked at."""
    mode[o] = quickest(v, w, b, o, t)
    k = b[mode[o], ON]
    w[LOADED, k] = max(t, w[LOADED, k]) + b[mode[o], FOR]
    w[LEFT, o] = h[N]
    w[RIGHT, o] = h[N]
    w[ROOT, k] = meld(w, h, key, w[ROOT, k], o)
    return touch_machine(w, k, touched)


@inner
def let_go(w: I32, h: I64, events: I64, o: int, t: int, size: int) -> int:
    """One of those before o lets it start at t; an event tells when the last has. How many events there are."""
    w[ARRIVAL, o] = max(w[ARRIVAL, o], t)
    w[WAITING, o] -= 1
    if w[WAITING, o] > 0:
        return size
    return push(events, size, (int(w[ARRIVAL, o]) << BITS) | (h[MACHINES] + o))


@inner
def pass_on(v: I32, w: I32, x: I32, h: I64, events: I64, o: int, t: int, backward: int, size: int) -> int:
    """o is done at t: those behind it (backwards: before it) come nearer. How many events there are."""
    column, row = (BEFORE, MORE_BEFORE) if backward else (AFTER, MORE_AFTER)
    i = v[o, column]
    if i != h[N]:
        size = let_go(w, h, events, i, t + (v[i, LAG] if backward else v[o, LAG]), size)
    if h[GRAPH]:
        for e in range(w[row, o], w[row, o + 1]):
            i = x[e]
            size = let_go(w, h, events, i, t + (v[i, LAG] if backward else v[o, LAG]), size)
    return size


@inner
def open_shop(v: I32, w: I32, h: I64, events: I64, backward: int) -> int:
    """All machines are idle, and all operations wait for those before them; how many events there are."""
    for k in range(h[MACHINES]):
        w[ROOT, k], w[RUNNING, k], w[BUSY, k], w[LOADED, k], w[SEEN, k] = h[N], h[N], 0, 0, 0
    column, row = (AFTER, MORE_AFTER) if backward else (BEFORE, MORE_BEFORE)
    size = 0
    for o in range(h[N]):
        count = 1 if v[o, column] != h[N] else 0
        if h[GRAPH]:
            count += w[row, o + 1] - w[row, o]
        w[WAITING, o] = count + 1
        w[ARRIVAL, o] = 0
        size = let_go(w, h, events, o, 0 if backward else v[o, RELEASE], size)
    return size


# ------------------------------------------------------------ start


@inner
def start_on(
    v: I32, w: I32, b: I32, x: I32, h: I64, key: I64, events: I64, mode: I32, k: int, t: int, backward: int, size: int
) -> int:
    """The first of those that wait at an idle machine starts; how many events there are."""
    o, last = w[ROOT, k], w[RUNNING, k]
    w[ROOT, k] = meld(w, h, key, w[LEFT, o], w[RIGHT, o])
    gap = 0
    if h[TABLE]:
        if not backward:
            gap = setup_between(v, w, b, x, h, last, o, mode[o])
        elif last != h[N]:
            gap = setup_between(v, w, b, x, h, o, last, mode[last])
    w[RUNNING, k] = o
    w[BUSY, k] = 1
    return push(events, size, ((t + gap + b[mode[o], FOR]) << BITS) | k)


@inner
def run_shop(
    v: I32, w: I32, b: I32, x: I32, h: I64, key: I64, events: I64, order: I32, mode: I32, backward: int
) -> None:
    """Play it until nothing is left: the operations in the order of their starts, and their modes."""
    size = open_shop(v, w, h, events, backward)
    done = 0
    while size:
        t, touched = events[0] >> BITS, 0
        while size and events[0] >> BITS == t:
            who = events[0] & ((1 << BITS) - 1)
            size = pop(events, size)
            if who >= h[MACHINES]:
                touched = enqueue(v, w, b, h, key, mode, who - h[MACHINES], t, touched)
            else:
                w[BUSY, who] = 0
                touched = touch_machine(w, who, touched)
                size = pass_on(v, w, x, h, events, w[RUNNING, who], t, backward, size)
        for i in range(touched):
            k = w[TOUCHED, i]
            w[SEEN, k] = 0
            if w[BUSY, k] == 0 and w[ROOT, k] != h[N]:
                size = start_on(v, w, b, x, h, key, events, mode, k, t, backward, size)
                order[done] = w[RUNNING, k]
                done += 1


@inner
def urge(v: I32, h: I64, key: I64, noise: int, backward: int) -> None:
    """Keys by the last plan: the longest way to the end of all (backwards: from the begin) first."""
    for o in range(h[N]):
        way = v[o, START] + v[o, WORK] if backward else v[o, TAIL]
        if noise:
            way += way * (below(h, 2 * noise + 1) + below(h, 2 * noise + 1) - 2 * noise) // NOISE
        key[o] = -way


@njit(error_model="numpy", allocates=False)
def list_schedule(
    v: I32, w: I32, b: I32, x: I32, h: I64, key: I64, events: I64, order: I32, mode: I32, backward: int, noise: int
) -> int:
    """One pass over the plan in ``v``, and the new plan laid in time; its makespan.

    ``order`` [N] and ``mode`` [N] get the new plan. ``backward`` 1: the pass runs from the end of time. ``noise``: keys are changed by up
    to twice so many parts of NOISE, a small change more likely than a large one.
    """
    urge(v, h, key, noise, backward)
    run_shop(v, w, b, x, h, key, events, order, mode, backward)
    if backward:
        n = h[N]
        for i in range(n // 2):
            last = order[i]
            order[i] = order[n - 1 - i]
            order[n - 1 - i] = last
    load(v, w, b, x, h, order, mode)
    tails_until(v, w, x, h, h[N] - 1)
    return makespan(v, w, w[SINKS, h[JOBS]])
