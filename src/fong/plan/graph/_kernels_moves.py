"""Moves of the tabu search and what they promise: blocks of a critical path, and other machines.

*In a block* (operations that follow each other on one machine on a critical path): any of them behind its last or before its first
(N6: E. Balas & A. Vazacopoulos, Management Science 44, 1998), and its first and last into its inside (N7: C. Zhang et al., Computers &
OR 34, 2007). *To another machine*: an operation of the path wherever it closes no cycle (M. Mastrolilli & L. Gambardella, J. of
Scheduling 3, 2000). A move is judged by the longest path through the operations that it moves, with the heads and tails of all others
left as they are (E. Taillard 1994; with set-ups: M. González, C. Vela & R. Varela, ICAPS 2013).

Arrays as in :mod:`fong.plan.graph._kernels_graph`; ``tabu`` [TABU] int32: until which iteration a pair is tabu; ``t`` and ``d`` as in
:mod:`fong.plan.graph._kernels_sums`. A path stands in row PATH of ``w``, from some place on up to place N - 1.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fong._kernels import inner
from fong.plan.graph._kernels_graph import (
    AFTER,
    BEFORE,
    BEHIND,
    CHOSEN,
    CLOCK,
    FIRST,
    FOR,
    GAP,
    GRAPH,
    HEAD,
    LAG,
    MACHINE,
    MEANING,
    MODE,
    MODES,
    MORE_AFTER,
    MORE_BEFORE,
    NEXT,
    ON,
    OP,
    PATH,
    PLACE,
    PREV,
    READY,
    REST,
    RUN_COST,
    SEGMENT,
    SINK,
    START,
    TABLE,
    TABU_TIES,
    TAIL,
    TIES,
    VALUE,
    WORK,
    N,
    below,
    end_of,
    ready,
    rest,
    setup_between,
)
from fong.plan.graph._kernels_sums import MAKESPAN, promise_elsewhere, promise_sum

I32 = NDArray[np.int32]
I64 = NDArray[np.int64]

TABU = 1 << 16
"""Places of the tabu list, a table hashed without verification: rarely a move is tabu for another's sake."""
WORST = 2**62


# ------------------------------------------------------------ critical path


@inner
def makespan(v: I32, w: I32, sinks: int) -> int:
    """The last end."""
    last = 0
    for i in range(sinks):
        last = max(last, end_of(v, w[SINK, i]))
    return last


@inner
def last_sink(v: I32, w: I32, h: I64, first: int, behind: int, t: int) -> int:
    """One of the sinks from ``first`` up to ``behind`` that end at t."""
    chosen, count = 0, 0
    for i in range(first, behind):
        if end_of(v, w[SINK, i]) == t:
            count += 1
            if count == 1 or below(h, count) == 0:
                chosen = w[SINK, i]
    return chosen


@inner
def tight(v: I32, w: I32, x: I32, h: I64, o: int) -> int:
    """One of those right before o that keep it from starting earlier; nobody: none does."""
    t = v[o, START]
    chosen, count = h[N], 0
    i = v[o, PREV]
    if i != h[N] and end_of(v, i) + v[o, GAP] == t:
        chosen, count = i, 1
    i = v[o, BEFORE]
    if i != h[N] and end_of(v, i) + v[i, LAG] == t:
        count += 1
        if count == 1 or below(h, count) == 0:
            chosen = i
    if h[GRAPH]:
        for e in range(w[MORE_BEFORE, o], w[MORE_BEFORE, o + 1]):
            i = x[e]
            if end_of(v, i) + v[i, LAG] == t:
                count += 1
                if count == 1 or below(h, count) == 0:
                    chosen = i
    return chosen


@inner
def walk(v: I32, w: I32, x: I32, h: I64, sink: int) -> int:
    """Write down one critical path to a sink; the place where it begins."""
    at, o = h[N], sink
    while o != h[N]:
        at -= 1
        w[PATH, at] = o
        w[READY, at] = ready(v, w, x, h, o)
        o = tight(v, w, x, h, o)
    return at


# ------------------------------------------------------------ lawful


@inner
def apart(v: I32, h: I64, a: int, b: int) -> bool:
    """Whether surely no path leads from a to b: by topological order, heads, or tails where they are kept."""
    if v[b, PLACE] < v[a, PLACE] or v[b, START] < end_of(v, a):
        return True
    return h[MEANING] == MAKESPAN and v[a, TAIL] - v[a, WORK] < v[b, TAIL]


@inner
def may_follow(v: I32, w: I32, x: I32, h: I64, u: int, o: int) -> bool:
    """Whether u may come behind o: surely no path leads from those behind u in its job to o."""
    i = v[u, AFTER]
    if i != h[N] and not apart(v, h, i, o):
        return False
    if h[GRAPH]:
        for e in range(w[MORE_AFTER, u], w[MORE_AFTER, u + 1]):
            if not apart(v, h, x[e], o):
                return False
    return True


@inner
def may_precede(v: I32, w: I32, x: I32, h: I64, u: int, o: int) -> bool:
    """Whether u may come before o: surely no path leads from o to those before u in its job."""
    i = v[u, BEFORE]
    if i != h[N] and not apart(v, h, o, i):
        return False
    if h[GRAPH]:
        for e in range(w[MORE_BEFORE, u], w[MORE_BEFORE, u + 1]):
            if not apart(v, h, o, x[e]):
                return False
    return True


# ------------------------------------------------------------ tabu


@inner
def slot(x: int, y: int) -> int:
    """Where the tabu list holds a pair."""
    i = int(x) * 40503 + int(y) * 2654435
    return (i ^ (i >> 15)) & (TABU - 1)


@inner
def begin_choice(h: I64) -> None:
    """Forget the last choice."""
    h[VALUE], h[OP], h[TIES], h[TABU_TIES] = WORST, h[N], 0, 0


@inner
def offer(h: I64, value: int, u: int, mode: int, p: int, forbidden: bool) -> None:
    """Keep a move if it is the best so far; of equals, and of tabu ones while there is no other, one at random."""
    if forbidden:
        if h[VALUE] < WORST:
            return
        h[TABU_TIES] += 1
        if below(h, h[TABU_TIES]) != 0:
            return
    elif value < h[VALUE]:
        h[VALUE], h[TIES] = value, 1
    else:
        h[TIES] += 1
        if below(h, h[TIES]) != 0:
            return
    h[OP], h[CHOSEN], h[BEHIND] = u, mode, p


@inner
def arcs_tabu(w: I32, h: I64, tabu: I32, i: int, j: int) -> bool:
    """Whether moving the operation at place i of the path behind (before) place j makes an arc that is tabu."""
    u = w[PATH, i]
    for z in range(i + 1, j + 1):
        if tabu[slot(w[PATH, z], u)] > h[CLOCK]:
            return True
    for z in range(j, i):
        if tabu[slot(u, w[PATH, z])] > h[CLOCK]:
            return True
    return False


@inner
def forbid(v: I32, b: I32, h: I64, tabu: I32, u: int, mode: int, p: int, until: int) -> None:
    """Make it tabu to undo the move of u behind p, which is about to be made."""
    if b[mode, ON] != v[u, MACHINE]:
        tabu[slot(u, h[N] + v[u, MACHINE])] = until
        return
    if p != h[N] and v[p, PLACE] > v[u, PLACE]:
        o = u
        while o != p:
            o = v[o, NEXT]
            tabu[slot(u, o)] = until
        return
    o = v[u, PREV]
    while o != p:
        tabu[slot(o, u)] = until
        o = v[o, PREV]


# ------------------------------------------------------------ promises


@inner
def arrange(w: I32, i: int, j: int) -> int:
    """The places between i and j with i moved behind j, or (j < i) before j: into SEGMENT; how many."""
    if i < j:
        for z in range(j - i):
            w[SEGMENT, z] = i + 1 + z
        w[SEGMENT, j - i] = i
        return j - i + 1
    w[SEGMENT, 0] = i
    for z in range(i - j):
        w[SEGMENT, z + 1] = j + z
    return i - j + 1


@inner
def new_heads(v: I32, w: I32, b: I32, x: I32, h: I64, count: int, last: int) -> None:
    """Heads of the segment behind ``last``."""
    end = end_of(v, last)
    for z in range(count):
        i = w[SEGMENT, z]
        o = w[PATH, i]
        if h[TABLE]:
            end += setup_between(v, w, b, x, h, last, o, v[o, MODE])
        end = max(w[READY, i], end)
        w[HEAD, z] = end
        end += v[o, WORK]
        last = o


@inner
def gap_before(v: I32, w: I32, b: I32, x: I32, h: I64, last: int, o: int) -> int:
    """Set-up before o (nobody: none) behind ``last``."""
    if h[TABLE] == 0 or o == h[N]:
        return 0
    return setup_between(v, w, b, x, h, last, o, v[o, MODE])


@inner
def promise(v: I32, w: I32, b: I32, x: I32, h: I64, count: int, follower: int) -> int:
    """Longest path through the segment, whose heads are known, before ``follower``."""
    tail, longest = v[follower, TAIL], 0
    for z in range(count - 1, -1, -1):
        i = w[SEGMENT, z]
        o = w[PATH, i]
        tail = max(w[REST, i], tail + gap_before(v, w, b, x, h, o, follower)) + v[o, WORK]
        longest = max(longest, w[HEAD, z] + tail)
        follower = o
    return longest


# ------------------------------------------------------------ choosing


@inner
def try_in_block(v: I32, w: I32, b: I32, x: I32, h: I64, tabu: I32, t: I32, d: I64, i: int, j: int) -> None:
    """Judge moving place i of the path behind (j > i) or before (j < i) place j of the same block."""
    u, o = w[PATH, i], w[PATH, j]
    if i < j:
        if not may_follow(v, w, x, h, u, o):
            return
        p, n, target = v[u, PREV], v[o, NEXT], o
    else:
        if not may_precede(v, w, x, h, u, o):
            return
        p, n, target = v[o, PREV], v[u, NEXT], v[o, PREV]
    count = arrange(w, i, j)
    new_heads(v, w, b, x, h, count, p)
    if h[MEANING] == MAKESPAN:
        value = promise(v, w, b, x, h, count, n)
    else:
        value = promise_sum(v, w, b, x, h, t, d, count, n)
    if value <= h[VALUE]:
        offer(h, value, u, v[u, MODE], target, value >= h[RUN_COST] and arcs_tabu(w, h, tabu, i, j))


@inner
def try_block(v: I32, w: I32, b: I32, x: I32, h: I64, tabu: I32, t: I32, d: I64, i: int, j: int) -> None:
    """Judge all moves within the block at places i to j."""
    for z in range(i, j):
        try_in_block(v, w, b, x, h, tabu, t, d, z, j)
    if j == i + 1:
        return
    for z in range(i + 1, j + 1):
        try_in_block(v, w, b, x, h, tabu, t, d, z, i)
    for z in range(i + 2, j):
        try_in_block(v, w, b, x, h, tabu, t, d, i, z)
        try_in_block(v, w, b, x, h, tabu, t, d, j, z - 1)


@inner
def try_machine(v: I32, w: I32, b: I32, x: I32, h: I64, tabu: I32, t: I32, d: I64, i: int, mode: int) -> None:
    """Judge all places on another machine for the operation at place i of the path."""
    u, k = w[PATH, i], b[mode, ON]
    forbidden = tabu[slot(u, h[N] + k)] > h[CLOCK]
    p, n = h[N], w[FIRST, k]
    while True:
        if p != h[N] and not may_follow(v, w, x, h, u, p):
            return
        if n == h[N] or may_precede(v, w, x, h, u, n):
            start = max(w[READY, i], end_of(v, p) + setup_between(v, w, b, x, h, p, u, mode))
            gap = gap_before(v, w, b, x, h, u, n)
            if h[MEANING] == MAKESPAN:
                value = start + b[mode, FOR] + max(w[REST, i], gap + v[n, TAIL])
            else:
                value = promise_elsewhere(v, w, x, h, t, d, u, b[mode, FOR], start, n, gap)
            if value <= h[VALUE]:
                offer(h, value, u, mode, p, forbidden and value >= h[RUN_COST])
        if n == h[N]:
            return
        p, n = n, v[n, NEXT]


@inner
def block_end(v: I32, w: I32, h: I64, i: int) -> int:
    """The last place of the block that begins at place i of the path."""
    while i + 1 < h[N] and v[w[PATH, i], NEXT] == w[PATH, i + 1]:
        i += 1
    return i


@inner
def try_path(v: I32, w: I32, b: I32, x: I32, h: I64, tabu: I32, t: I32, d: I64, at: int) -> None:
    """Judge all moves on the path that begins at ``at``; the best of them, if better than those before, is chosen."""
    if h[MEANING] == MAKESPAN:
        for i in range(at, h[N]):
            w[REST, i] = rest(v, w, x, h, w[PATH, i])
    i = at
    while i < h[N]:
        j = block_end(v, w, h, i)
        if j > i:
            try_block(v, w, b, x, h, tabu, t, d, i, j)
        i = j + 1
    for i in range(at, h[N]):
        u = w[PATH, i]
        for mode in range(v[u, MODES], v[u + 1, MODES]):
            if b[mode, ON] != v[u, MACHINE]:
                try_machine(v, w, b, x, h, tabu, t, d, i, mode)
