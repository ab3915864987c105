"""Tabu search from one start after another: first random plans, then plans between two good ones (path relinking).

Source: B. Peng, Z. Lü & T. Cheng, "A tabu search/path relinking algorithm to solve the job shop scheduling problem", Computers & OR 53
(2015). A plan between two others is made by sorting all operations by a weighted mean of their starts in both: what both have in the same
order keeps it, so the new order is lawful and lies on a path from one to the other.

``e`` [2P + 6, N] int32: two rows for each of P elites (operations in topological order, modes), then two each for the best plan since
the last start, the best of all, and the next start. ``score`` [P, 2] int64: what the elites cost by the objective, and as the search sees
it. ``key`` [N] int64: scratch. Other arrays as in the kernels below.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fong._kernels import inner, njit
from fong.plan.graph._kernels_graph import (
    AFTER,
    BEFORE,
    BEHIND,
    BEST_COST,
    BEST_EXACT,
    CHOSEN,
    CLOCK,
    COST,
    EXACT,
    FOR,
    FREE,
    GRAPH,
    JOBS,
    LAST,
    LATE,
    LATEST,
    MACHINES,
    MEANING,
    MODE,
    MODES,
    MORE_AFTER,
    MORE_BEFORE,
    ON,
    OP,
    ORDER,
    PATIENCE,
    PLACE,
    PREV,
    RUN_COST,
    RUN_EXACT,
    SEATS,
    SINCE,
    SINKS,
    SIZE,
    STALE,
    START,
    TENURE,
    VALUE,
    WAITING,
    N,
    append,
    below,
    clear,
    end_of,
    latest_place,
    load,
    ready,
    relink,
    setup_between,
    tails_until,
    touch_tails,
)
from fong.plan.graph._kernels_moves import begin_choice, forbid, last_sink, makespan, try_path, walk
from fong.plan.graph._kernels_sums import DUE, END, MAKESPAN, all_rows, exact_cost, job_ends, mend_rows, total_cost

U8 = NDArray[np.uint8]
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
U64 = NDArray[np.uint64]

FORGET = 2**30
"""When the clock of the tabu list is set back."""


class Memory(NamedTuple):
    """All arrays of a search: see the top of this module and of the kernels below."""

    v: I32
    w: I32
    b: I32
    x: I32
    h: I64
    mark: U8
    marks: U64
    tabu: I32
    t: I32
    d: I64
    e: I32
    score: I64
    key: I64


# ------------------------------------------------------------ worth


@inner
def weigh(v: I32, w: I32, h: I64, d: I64) -> None:
    """What the plan costs."""
    if h[MEANING] == MAKESPAN:
        h[COST] = makespan(v, w, w[SINKS, h[JOBS]])
        h[EXACT] = h[COST]
    else:
        job_ends(v, w, h, d)
        h[COST] = total_cost(h, d)
        h[EXACT] = exact_cost(w, h, d)


@inner
def better(exact: int, cost: int, than_exact: int, than_cost: int) -> bool:
    """Whether one plan is better than another: by the objective, then by what the search sees."""
    return exact < than_exact or (exact == than_exact and cost < than_cost)


@inner
def keep_run(v: I32, w: I32, h: I64, e: I32) -> None:
    """The plan is the best since the last start."""
    order, mode = e[2 * h[SEATS]], e[2 * h[SEATS] + 1]
    for o in range(h[N]):
        order[o] = w[ORDER, o]
        mode[o] = v[o, MODE]
    h[RUN_COST], h[RUN_EXACT], h[SINCE] = h[COST], h[EXACT], 0


@inner
def copy_plan(e: I32, row: int, to: int) -> None:
    """Copy the plan in rows ``row`` and ``row`` + 1."""
    for i in range(e.shape[1]):
        e[to, i] = e[row, i]
        e[to + 1, i] = e[row + 1, i]


@inner
def keep_best(h: I64, e: I32) -> None:
    """Take the best plan since the last start as the best of all if it is."""
    if better(h[RUN_EXACT], h[RUN_COST], h[BEST_EXACT], h[BEST_COST]):
        run = 2 * h[SEATS]
        copy_plan(e, run, run + 2)
        h[BEST_COST], h[BEST_EXACT] = h[RUN_COST], h[RUN_EXACT]


# ------------------------------------------------------------ one iteration


@inner
def try_late(v: I32, w: I32, b: I32, x: I32, h: I64, tabu: I32, t: I32, d: I64) -> None:
    """Judge all moves on critical paths of some late jobs, from one on by chance until one promises something better."""
    first, tried = below(h, h[JOBS]), 0
    for i in range(h[JOBS]):
        j = (first + i) % h[JOBS]
        if d[END, j] > d[DUE, j]:
            sink = last_sink(v, w, h, w[SINKS, j], w[SINKS, j + 1], d[END, j])
            try_path(v, w, b, x, h, tabu, t, d, walk(v, w, x, h, sink))
            tried += 1
            if tried == h[LATE] or h[VALUE] < h[COST]:
                return


@inner
def iterate(m: Memory) -> None:
    """One move."""
    v, w, b, x, h, mark, marks, tabu, t, d = m.v, m.w, m.b, m.x, m.h, m.mark, m.marks, m.tabu, m.t, m.d
    h[CLOCK] += 1
    h[SINCE] += 1
    begin_choice(h)
    if h[MEANING] == MAKESPAN:
        sink = last_sink(v, w, h, 0, w[SINKS, h[JOBS]], h[COST])
        try_path(v, w, b, x, h, tabu, t, d, walk(v, w, x, h, sink))
    else:
        try_late(v, w, b, x, h, tabu, t, d)
    u, mode, p = h[OP], h[CHOSEN], h[BEHIND]
    if u == h[N]:
        h[SINCE] += h[PATIENCE] // 8
        return
    was_prev = v[u, PREV]
    forbid(v, b, h, tabu, u, mode, p, h[CLOCK] + h[TENURE] + below(h, h[TENURE]))
    if not relink(v, w, b, x, h, mark, u, mode, p):
        return
    if h[MEANING] == MAKESPAN:
        tails_until(v, w, x, h, latest_place(v, h, u, was_prev))
    else:
        count = touch_tails(v, w, x, h, mark, u, was_prev)
        mend_rows(v, w, x, h, mark, marks, t, latest_place(v, h, u, was_prev), count)
    weigh(v, w, h, d)
    if better(h[EXACT], h[COST], h[RUN_EXACT], h[RUN_COST]):
        keep_run(v, w, h, m.e)


# ------------------------------------------------------------ starts


@inner
def begin(m: Memory, row: int) -> None:
    """Start anew from the plan in rows ``row`` and ``row`` + 1 of ``e``."""
    v, w, h = m.v, m.w, m.h
    load(v, w, m.b, m.x, h, m.e[row], m.e[row + 1])
    if h[MEANING] == MAKESPAN:
        tails_until(v, w, m.x, h, h[N] - 1)
    else:
        all_rows(v, w, m.x, h, m.t)
    h[CLOCK] += 2 * h[TENURE] + 2  # nothing stays tabu
    if h[CLOCK] > FORGET:
        m.tabu[:] = 0
        h[CLOCK] = 0
    weigh(v, w, h, m.d)
    keep_run(v, w, h, m.e)


@inner
def best_mode_now(v: I32, w: I32, b: I32, x: I32, h: I64, o: int) -> int:
    """The mode in which o would end first behind all that is placed; of equals one at random."""
    chosen, least, count = -1, 0, 0
    soonest = ready(v, w, x, h, o)
    for mode in range(v[o, MODES], v[o + 1, MODES]):
        p = w[LAST, b[mode, ON]]
        end = max(soonest, end_of(v, p) + setup_between(v, w, b, x, h, p, o, mode)) + b[mode, FOR]
        if chosen < 0 or end < least:
            chosen, least, count = mode, end, 1
        elif end == least:
            count += 1
            if below(h, count) == 0:
                chosen = mode
    return chosen


@inner
def arrive(w: I32, o: int, count: int) -> int:
    """One of those before o is placed; how many operations are free now."""
    w[WAITING, o] -= 1
    if w[WAITING, o] == 0:
        w[FREE, count] = o
        return count + 1
    return count


@inner
def free_at_first(v: I32, w: I32, h: I64) -> int:
    """Count those before each operation; list those that are free, and say how many."""
    count = 0
    for o in range(h[N]):
        before = 1 if v[o, BEFORE] != h[N] else 0
        if h[GRAPH]:
            before += w[MORE_BEFORE, o + 1] - w[MORE_BEFORE, o]
        w[WAITING, o] = before + 1
        count = arrive(w, o, count)
    return count


@inner
def scatter(m: Memory, row: int) -> None:
    """A random plan: always one of the free operations, in the mode in which it ends first."""
    v, w, x, h = m.v, m.w, m.x, m.h
    clear(w, h)
    count = free_at_first(v, w, h)
    for i in range(h[N]):
        at = below(h, count)
        o = w[FREE, at]
        count -= 1
        w[FREE, at] = w[FREE, count]
        if v[o, AFTER] != h[N]:
            count = arrive(w, v[o, AFTER], count)
        if h[GRAPH]:
            for a in range(w[MORE_AFTER, o], w[MORE_AFTER, o + 1]):
                count = arrive(w, x[a], count)
        mode = best_mode_now(v, w, m.b, x, h, o)
        append(v, w, m.b, x, h, o, mode)
        m.e[row, i] = o
        m.e[row + 1, o] = mode


@inner
def sift(key: I64, order: I32, i: int, size: int) -> None:
    """Restore a heap of operations, the largest key on top, from i downwards."""
    o = order[i]
    while True:
        child = 2 * i + 1
        if child >= size:
            break
        if child + 1 < size and key[order[child + 1]] > key[order[child]]:
            child += 1
        if key[order[child]] <= key[o]:
            break
        order[i] = order[child]
        i = child
    order[i] = o


@inner
def sort(key: I64, order: I32) -> None:
    """Sort operations by their keys, which all differ (heapsort)."""
    n = len(order)
    for i in range(n // 2 - 1, -1, -1):
        sift(key, order, i, n)
    for i in range(n - 1, 0, -1):
        largest = order[0]
        order[0] = order[i]
        order[i] = largest
        sift(key, order, 0, i)


@inner
def between(m: Memory, one: int, other: int, row: int) -> None:
    """A plan between two elites, three to seven tenths of the way from one to the other."""
    v, w, h, e, key = m.v, m.w, m.h, m.e, m.key
    share = 77 + below(h, 103)
    load(v, w, m.b, m.x, h, e[2 * one], e[2 * one + 1])
    for o in range(h[N]):
        key[o] = int(v[o, START]) * (256 - share)
        w[FREE, o] = v[o, PLACE]
    load(v, w, m.b, m.x, h, e[2 * other], e[2 * other + 1])
    for o in range(h[N]):
        key[o] = ((key[o] + int(v[o, START]) * share) << 24) | w[FREE, o]
        same = below(h, 256) >= share
        e[row, o] = o
        e[row + 1, o] = e[2 * one + 1, o] if same else v[o, MODE]
    sort(key, e[row])


# ------------------------------------------------------------ elites


@inner
def note_prev(w: I32, b: I32, h: I64, order: I32, mode: I32, out: int) -> None:
    """Write into row ``out`` of w what runs before each operation on its machine; before the first, a number of the machine's own."""
    for k in range(h[MACHINES]):
        w[LATEST, k] = -1 - k
    for i in range(len(order)):
        o = order[i]
        k = b[mode[o], ON]
        w[out, o] = w[LATEST, k]
        w[LATEST, k] = o


@inner
def seat(w: I32, b: I32, h: I64, e: I32, score: I64) -> int:
    """Where the run's best plan may sit among the elites: for its like, on a free seat, for the worst; -1: nowhere."""
    run = 2 * h[SEATS]
    note_prev(w, b, h, e[run], e[run + 1], WAITING)
    worst = 0
    for i in range(h[SIZE]):
        note_prev(w, b, h, e[2 * i], e[2 * i + 1], FREE)
        apart = 0
        for o in range(h[N]):
            apart += w[FREE, o] != w[WAITING, o]
        if apart * 32 <= h[N]:
            return i if better(h[RUN_EXACT], h[RUN_COST], score[i, 0], score[i, 1]) else -1
        if better(score[worst, 0], score[worst, 1], score[i, 0], score[i, 1]):
            worst = i
    if h[SIZE] < h[SEATS]:
        return h[SIZE]
    return worst if better(h[RUN_EXACT], h[RUN_COST], score[worst, 0], score[worst, 1]) else -1


@inner
def admit(w: I32, b: I32, h: I64, e: I32, score: I64) -> None:
    """Take the run's best plan among the elites if it is fit."""
    i = seat(w, b, h, e, score)
    if i < 0:
        h[STALE] += 1
        return
    run = 2 * h[SEATS]
    copy_plan(e, run, 2 * i)
    score[i, 0], score[i, 1] = h[RUN_EXACT], h[RUN_COST]
    h[STALE] = 0
    h[SIZE] = max(h[SIZE], i + 1)


@inner
def renew(h: I64, e: I32, score: I64) -> None:
    """The elites have become alike: keep the best of all alone."""
    best = 2 * h[SEATS] + 2
    copy_plan(e, best, 0)
    score[0, 0], score[0, 1] = h[BEST_EXACT], h[BEST_COST]
    h[SIZE], h[STALE] = 1, 0


@inner
def restart(m: Memory) -> None:
    """End a run and begin the next: from a random plan until the seats are taken, then between two elites."""
    h = m.h
    keep_best(h, m.e)
    admit(m.w, m.b, h, m.e, m.score)
    if h[STALE] > 2 * h[SEATS]:
        renew(h, m.e, m.score)
    new = 2 * h[SEATS] + 4
    if h[SIZE] < h[SEATS]:
        scatter(m, new)
    else:
        one = below(h, h[SIZE])
        between(m, one, (one + 1 + below(h, h[SIZE] - 1)) % h[SIZE], new)
    begin(m, new)


@njit(error_model="numpy", allocates=False)
def advance(m: Memory, iterations: int, adopt: bool) -> None:
    """Make so many iterations, with ``adopt`` from the next start on, which the caller has written; then the best plan of all is kept."""
    h = m.h
    if adopt:
        if h[CLOCK]:
            keep_best(h, m.e)
            admit(m.w, m.b, h, m.e, m.score)
        begin(m, 2 * h[SEATS] + 4)
    for _ in range(iterations):
        if h[SINCE] >= h[PATIENCE]:
            restart(m)
        iterate(m)
    keep_best(h, m.e)


@njit(error_model="numpy", allocates=False)
def lay_out(v: I32, w: I32, b: I32, x: I32, h: I64, order: I32, mode: I32) -> None:
    """Lay a plan in time, with all its tails."""
    load(v, w, b, x, h, order, mode)
    tails_until(v, w, x, h, h[N] - 1)
