"""The disjunctive graph: machine sequences as arcs, starts (heads) and tails kept true after each move.

N operations, M modes, K machines, J jobs, R = max(N, K, J) + 2; times are whole seconds. A kernel takes few arrays, because what it
passes on to others costs time at each call:

* ``v`` [N+1, 16] int32: operations, a cache line each. Operation N is *nobody*: it starts at 0, takes no time and stands for "none";
* ``w`` [COLUMNS, R] int32: what is looked up by place, machine or job, and scratch;
* ``b`` [M, 3] int32: modes;
* ``x`` int32: lists of further neighbours, and the table of set-ups;
* ``h`` int64: single numbers;
* ``mark`` uint8, ``marks`` uint64: the same memory, a byte for each place (or operation); 0 between calls, but 2 for nobody.

The *place* of an operation is its position in a topological order. A move takes an operation out of its machine's sequence and puts it
in somewhere else; the order is mended between its old and new place only (D. J. Pearce & P. H. J. Kelly, J. Exp. Algorithmics 11,
2006), which also finds cycles. Starts are computed anew from there on in one sweep, tails down from there: to ask each operation first
whether anything has changed for it took twice as long, with 600 operations and with 10,000.

Source of the model: B. Roy & B. Sussmann (1964); tails as in E. Taillard, ORSA J. Computing 6 (1994).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fong._kernels import inner

U8 = NDArray[np.uint8]
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
U64 = NDArray[np.uint64]

# columns of v, by operation
START = 0  # head: longest path to it
WORK = 1  # seconds in its mode
GAP = 2  # set-up before it, given what runs before it on its machine
PREV = 3  # operation before it on its machine
NEXT = 4
BEFORE = 5  # first predecessor in its job
AFTER = 6  # first successor
LAG = 7  # least time from its end to the start of each successor
RELEASE = 8
TAIL = 9  # longest path from its start to the end of all, its own work included
PLACE = 10
FAMILY = 11  # set-up family + 1; 0: none
MACHINE = 12
MODE = 13
JOB = 14
MODES = 15  # its first mode; the next operation's is the end
WIDTH = 16

# rows of w
ORDER = 0  # by place: operation
FIRST = 1  # by machine: its first operation
LAST = 2
PRESENT = 3  # by machine: family + 1 that it is set up for
GROUP = 4
SINKS = 5  # by job: where its last operations begin in SINK
SINK = 6
MORE_BEFORE = 7  # by operation: where its further predecessors begin in x
MORE_AFTER = 8
PATH = 9  # by place on a path: operation
READY = 10  # by place on a path: earliest start by the job
REST = 11  # by place on a path: longest way to the end by the job
SEGMENT = 12  # places on the path in a new order
HEAD = 13  # their new heads
MOVED = 14
WAITING = 15
FREE = 16
LATEST = 17
COLUMNS = 18

# columns of b
ON, FOR, OWN = range(3)  # machine, seconds, set-up

# numbers in h
RNG = 0
N = 1  # operations
MACHINES = 2
JOBS = 3
GRAPH = 4  # 1: some operation has several predecessors or successors
TABLE = 5  # where set-ups begin in x; 0: there are none
FAMILIES = 6  # families + 1
MEANING = 7
VALUE, OP, CHOSEN, BEHIND, TIES, TABU_TIES = range(8, 14)  # the move chosen
CLOCK, SINCE, SIZE, STALE, COST, EXACT, RUN_COST, RUN_EXACT, BEST_COST, BEST_EXACT = range(14, 24)
PATIENCE, TENURE, LATE, SEATS = range(24, 28)
NUMBERS = 28


# ------------------------------------------------------------ random numbers


@inner
def draw(h: I64) -> int:
    """A random whole number of 31 bits (G. Marsaglia's xorshift, J. Stat. Software 8, 2003)."""
    x = h[RNG]
    x ^= x << 13
    x ^= (x >> 7) & 0x01FFFFFFFFFFFFFF
    x ^= x << 17
    h[RNG] = x
    return (x >> 20) & 0x7FFFFFFF


@inner
def below(h: I64, n: int) -> int:
    """A random whole number below n < 2³¹."""
    return (draw(h) * n) >> 31


# ------------------------------------------------------------ one operation


@inner
def setup_between(v: I32, w: I32, b: I32, x: I32, h: I64, last: int, o: int, mode: int) -> int:
    """Set-up before o in this mode when ``last`` (nobody: the machine's present set-up) ran before it."""
    if h[TABLE] == 0:
        return 0
    machine = b[mode, ON]
    family = w[PRESENT, machine] if last == h[N] else v[last, FAMILY]
    seconds = x[h[TABLE] + (w[GROUP, machine] * h[FAMILIES] + family) * h[FAMILIES] + v[o, FAMILY]]
    return b[mode, OWN] if seconds < 0 else seconds


@inner
def end_of(v: I32, o: int) -> int:
    """When o ends."""
    return v[o, START] + v[o, WORK]


@inner
def ready(v: I32, w: I32, x: I32, h: I64, o: int) -> int:
    """Earliest start of o by its job alone."""
    i = v[o, BEFORE]
    t = max(v[o, RELEASE], v[i, START] + v[i, WORK] + v[i, LAG])
    if h[GRAPH]:
        for e in range(w[MORE_BEFORE, o], w[MORE_BEFORE, o + 1]):
            i = x[e]
            t = max(t, v[i, START] + v[i, WORK] + v[i, LAG])
    return t


@inner
def rest(v: I32, w: I32, x: I32, h: I64, o: int) -> int:
    """Longest path from the end of o through its job alone."""
    t = v[v[o, AFTER], TAIL]
    if h[GRAPH]:
        for e in range(w[MORE_AFTER, o], w[MORE_AFTER, o + 1]):
            t = max(t, v[x[e], TAIL])
    return t + v[o, LAG]


@inner
def head_of(v: I32, w: I32, x: I32, h: I64, o: int) -> int:
    """Start of o, given those before it."""
    return max(end_of(v, v[o, PREV]) + v[o, GAP], ready(v, w, x, h, o))


@inner
def tail_of(v: I32, w: I32, x: I32, h: I64, o: int) -> int:
    """Tail of o, given those behind it."""
    i = v[o, NEXT]
    return max(v[i, GAP] + v[i, TAIL], rest(v, w, x, h, o)) + v[o, WORK]


# ------------------------------------------------------------ a whole plan


@inner
def clear(w: I32, h: I64) -> None:
    """No machine has any work."""
    for k in range(h[MACHINES]):
        w[FIRST, k] = h[N]
        w[LAST, k] = h[N]


@inner
def append(v: I32, w: I32, b: I32, x: I32, h: I64, o: int, mode: int) -> None:
    """Put o at the end of a machine's sequence, and start it."""
    k = b[mode, ON]
    p = w[LAST, k]
    v[o, MODE] = mode
    v[o, MACHINE] = k
    v[o, WORK] = b[mode, FOR]
    v[o, PREV] = p
    v[o, NEXT] = h[N]
    v[o, GAP] = setup_between(v, w, b, x, h, p, o, mode)
    if p == h[N]:
        w[FIRST, k] = o
    else:
        v[p, NEXT] = o
    w[LAST, k] = o
    v[o, START] = head_of(v, w, x, h, o)


@inner
def heads_from(v: I32, w: I32, x: I32, h: I64, at: int) -> None:
    """Starts of all operations from a place on."""
    for i in range(at, h[N]):
        o = w[ORDER, i]
        v[o, START] = head_of(v, w, x, h, o)


@inner
def tails_until(v: I32, w: I32, x: I32, h: I64, at: int) -> None:
    """Tails of all operations down from a place."""
    for i in range(at, -1, -1):
        o = w[ORDER, i]
        v[o, TAIL] = tail_of(v, w, x, h, o)


@inner
def load(v: I32, w: I32, b: I32, x: I32, h: I64, order: I32, mode: I32) -> None:
    """Make the plan in which each machine works in this order; starts are computed, tails are not."""
    clear(w, h)
    for i in range(len(order)):
        o = order[i]
        w[ORDER, i] = o
        v[o, PLACE] = i
        append(v, w, b, x, h, o, mode[o])


# ------------------------------------------------------------ sequences


@inner
def unlink(v: I32, w: I32, b: I32, x: I32, h: I64, u: int) -> None:
    """Take u out of its machine's sequence."""
    p, n, k = v[u, PREV], v[u, NEXT], v[u, MACHINE]
    if p == h[N]:
        w[FIRST, k] = n
    else:
        v[p, NEXT] = n
    if n == h[N]:
        w[LAST, k] = p
    else:
        v[n, PREV] = p
        v[n, GAP] = setup_between(v, w, b, x, h, p, n, v[n, MODE])


@inner
def link(v: I32, w: I32, b: I32, x: I32, h: I64, u: int, mode: int, p: int) -> None:
    """Put u behind p (nobody: to the front) on the machine of a mode."""
    k = b[mode, ON]
    n = w[FIRST, k] if p == h[N] else v[p, NEXT]
    v[u, MODE], v[u, MACHINE], v[u, WORK] = mode, k, b[mode, FOR]
    v[u, PREV], v[u, NEXT] = p, n
    v[u, GAP] = setup_between(v, w, b, x, h, p, u, mode)
    if p == h[N]:
        w[FIRST, k] = u
    else:
        v[p, NEXT] = u
    if n == h[N]:
        w[LAST, k] = u
    else:
        v[n, PREV] = u
        v[n, GAP] = setup_between(v, w, b, x, h, u, n, v[n, MODE])


# ------------------------------------------------------------ topological order


@inner
def behind(v: I32, w: I32, x: I32, h: I64, mark: U8, o: int) -> bool:
    """Whether one of those right before o is marked."""
    if mark[v[o, BEFORE]] == 1 or mark[v[o, PREV]] == 1:
        return True
    if h[GRAPH]:
        for e in range(w[MORE_BEFORE, o], w[MORE_BEFORE, o + 1]):
            if mark[x[e]]:
                return True
    return False


@inner
def ahead(v: I32, w: I32, x: I32, h: I64, mark: U8, o: int) -> bool:
    """Whether one of those right behind o is marked."""
    if mark[v[o, AFTER]] == 1 or mark[v[o, NEXT]] == 1:
        return True
    if h[GRAPH]:
        for e in range(w[MORE_AFTER, o], w[MORE_AFTER, o + 1]):
            if mark[x[e]]:
                return True
    return False


@inner
def gather(v: I32, w: I32, mark: U8, at: int, to: int, step: int) -> None:
    """Bring marked operations of the places from ``at`` to ``to`` to the far end, in their order, and unmark them."""
    free, count = at, 0
    for i in range(at, to + step, step):
        o = w[ORDER, i]
        if mark[o]:
            mark[o] = 0
            w[MOVED, count] = o
            count += 1
        else:
            w[ORDER, free] = o
            v[o, PLACE] = free
            free += step
    for i in range(count):
        o = w[MOVED, i]
        w[ORDER, free] = o
        v[o, PLACE] = free
        free += step


@inner
def unmark(w: I32, mark: U8, at: int, to: int, step: int) -> None:
    """Forget the marks of the operations from place ``at`` to ``to``."""
    for i in range(at, to + step, step):
        mark[w[ORDER, i]] = 0


@inner
def reorder(v: I32, w: I32, x: I32, h: I64, mark: U8, u: int) -> bool:
    """Mend the topological order after u was linked in; False: there is none."""
    at, p, n = v[u, PLACE], v[u, PREV], v[u, NEXT]
    if p != h[N] and v[p, PLACE] > at:
        to, step = v[p, PLACE], 1
    elif n != h[N] and v[n, PLACE] < at:
        to, step = v[n, PLACE], -1
    else:
        return True
    mark[u] = 1
    for i in range(at + step, to + step, step):
        o = w[ORDER, i]
        if behind(v, w, x, h, mark, o) if step > 0 else ahead(v, w, x, h, mark, o):
            mark[o] = 1
    if mark[w[ORDER, to]]:
        unmark(w, mark, at, to, step)
        return False
    gather(v, w, mark, at, to, step)
    return True


# ------------------------------------------------------------ heads and tails after a move


@inner
def touch(v: I32, mark: U8, o: int) -> int:
    """Mark the place of o; 1 if it was not marked."""
    at = v[o, PLACE]
    if mark[at]:
        return 0
    mark[at] = 1
    return 1


@inner
def touch_before(v: I32, w: I32, x: I32, h: I64, mark: U8, o: int) -> int:
    """Mark those right before o; how many were not marked."""
    count = touch(v, mark, v[o, BEFORE]) + touch(v, mark, v[o, PREV])
    if h[GRAPH]:
        for e in range(w[MORE_BEFORE, o], w[MORE_BEFORE, o + 1]):
            count += touch(v, mark, x[e])
    return count


@inner
def marked_until(mark: U8, marks: U64, i: int) -> int:
    """The last marked place down from i; there is one."""
    while (i & 7) != 7:
        if mark[i]:
            return i
        i -= 1
    i >>= 3
    while marks[i] == 0:
        i -= 1
    i = (i << 3) + 7
    while mark[i] == 0:
        i -= 1
    return i


@inner
def relink(v: I32, w: I32, b: I32, x: I32, h: I64, mark: U8, u: int, mode: int, p: int) -> bool:
    """Move u behind p (nobody: to the front) in a mode, mend order and starts; False: that closes a cycle, nothing is changed."""
    was_prev, was_next, was_mode, low = v[u, PREV], v[u, NEXT], v[u, MODE], v[u, PLACE]
    unlink(v, w, b, x, h, u)
    link(v, w, b, x, h, u, mode, p)
    if not reorder(v, w, x, h, mark, u):
        unlink(v, w, b, x, h, u)
        link(v, w, b, x, h, u, was_mode, was_prev)
        return False
    heads_from(v, w, x, h, min(low, v[u, PLACE], v[was_next, PLACE]))
    return True


@inner
def touch_tails(v: I32, w: I32, x: I32, h: I64, mark: U8, u: int, was_prev: int) -> int:
    """Mark those whose tails a move of u away from behind ``was_prev`` may change at first; how many."""
    return touch(v, mark, u) + touch_before(v, w, x, h, mark, u) + touch(v, mark, was_prev)


@inner
def latest_place(v: I32, h: I64, u: int, was_prev: int) -> int:
    """The last place whose tail a move of u away from behind ``was_prev`` may change."""
    return v[u, PLACE] if was_prev == h[N] else max(v[u, PLACE], v[was_prev, PLACE])
