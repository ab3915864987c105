"""Sums over jobs (tardiness and its like): a tail for each job, and what a move promises for all jobs at once.

``t`` [2N + 3, J] int32: row o is the longest path from the start of operation o to the end of each job, far below 0 where there is
none; row N is nobody's; two rows of scratch; rows for the operations of a segment. ``d`` [5, J] int64: what late jobs cost. Both are
empty where the objective is the makespan. Other arrays as in :mod:`fong.plan.graph._kernels_graph`.

A sum of costs that grow with the ends of jobs is judged by the longest paths through the operations moved to the end of each job; a job
that none of them was critical for keeps its end unless it becomes later.

Source: Y. Mati, S. Dauzère-Pérès & C. Lahlou, EJOR 212 (2011); C. Bierwirth & J. Kuhpfahl, EJOR 261 (2017).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fong._kernels import inner
from fong.plan.graph._kernels_graph import (
    AFTER,
    FREE,
    GAP,
    GRAPH,
    HEAD,
    JOB,
    JOBS,
    LAG,
    MEANING,
    MODE,
    MORE_AFTER,
    NEXT,
    ORDER,
    PATH,
    SEGMENT,
    SINK,
    SINKS,
    START,
    TABLE,
    WORK,
    N,
    end_of,
    marked_until,
    setup_between,
    touch_before,
)

U8 = NDArray[np.uint8]
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
U64 = NDArray[np.uint64]

ABSENT = -(2**30)
"""Length of a path that does not exist: less than nothing however much is added."""
MAKESPAN, SUM, LATE_ORDERS, CENTS = range(4)
DUE, WEIGHT, BONUS, LINE, END = range(5)
"""Rows of ``d``: due date; cost of a second late; cost of being late at all; the order that the job is a line of; when it ends."""
DAY_S = 86_400


# ------------------------------------------------------------ costs


@inner
def job_ends(v: I32, w: I32, h: I64, d: I64) -> None:
    """When each job ends."""
    for j in range(h[JOBS]):
        last = 0
        for i in range(w[SINKS, j], w[SINKS, j + 1]):
            last = max(last, end_of(v, w[SINK, i]))
        d[END, j] = last


@inner
def cost_at(d: I64, j: int, end: int) -> int:
    """What job j costs the search if it ends then."""
    late = end - d[DUE, j]
    return d[WEIGHT, j] * late + d[BONUS, j] if late > 0 else 0


@inner
def total_cost(h: I64, d: I64) -> int:
    """What all jobs cost the search."""
    total = 0
    for j in range(h[JOBS]):
        total += cost_at(d, j, d[END, j])
    return total


@inner
def exact_cost(w: I32, h: I64, d: I64) -> int:
    """What all jobs cost by the word of the objective: orders counted once, cents rounded job by job."""
    if h[MEANING] == SUM:
        return total_cost(h, d)
    total = 0
    if h[MEANING] == LATE_ORDERS:
        for j in range(h[JOBS]):
            w[FREE, j] = 0
        for j in range(h[JOBS]):
            if d[END, j] > d[DUE, j] and w[FREE, d[LINE, j]] == 0:
                w[FREE, d[LINE, j]] = 1
                total += 1
        return total
    for j in range(h[JOBS]):
        late = d[END, j] - d[DUE, j]
        if late > 0:
            total += (2 * d[WEIGHT, j] * late + DAY_S) // (2 * DAY_S)
    return total


# ------------------------------------------------------------ tails by job


@inner
def row_behind(v: I32, w: I32, x: I32, h: I64, t: I32, o: int, work: int, follower: int, gap: int, out: int) -> None:
    """Write o's row into row ``out``: ``follower`` is the row of what runs behind it on its machine, ``gap`` after it."""
    mine, after, behind = t[out], t[v[o, AFTER]], t[follower]
    lag = v[o, LAG]
    for j in range(len(mine)):
        p = np.int32(after[j] + lag)
        q = np.int32(behind[j] + gap)
        mine[j] = np.int32((max(q, p)) + work)
    if h[GRAPH]:
        for e in range(w[MORE_AFTER, o], w[MORE_AFTER, o + 1]):
            after = t[x[e]]
            for j in range(len(mine)):
                p = np.int32(after[j] + lag + work)
                mine[j] = max(mine[j], p)
    if v[o, AFTER] == h[N] and mine[v[o, JOB]] < work:
        mine[v[o, JOB]] = work


@inner
def settle_row(v: I32, w: I32, x: I32, h: I64, t: I32, o: int) -> bool:
    """Compute the row of o anew; whether it has changed."""
    out = h[N] + 1
    row_behind(v, w, x, h, t, o, v[o, WORK], v[o, NEXT], v[v[o, NEXT], GAP], out)
    fresh, old = t[out], t[o]
    different = np.int32(0)
    for j in range(len(old)):
        different |= np.int32(fresh[j] ^ old[j])
        old[j] = fresh[j]
    return different != 0


@inner
def all_rows(v: I32, w: I32, x: I32, h: I64, t: I32) -> None:
    """Rows of all operations."""
    nobody = t[h[N]]
    for j in range(len(nobody)):
        nobody[j] = ABSENT
    for i in range(h[N] - 1, -1, -1):
        settle_row(v, w, x, h, t, w[ORDER, i])


@inner
def mend_rows(v: I32, w: I32, x: I32, h: I64, mark: U8, marks: U64, t: I32, at: int, count: int) -> None:
    """Compute rows anew: ``count`` places are marked, none after ``at``."""
    while count:
        at = marked_until(mark, marks, at)
        mark[at] = 0
        o = w[ORDER, at]
        count -= 1
        if settle_row(v, w, x, h, t, o):
            count += touch_before(v, w, x, h, mark, o)


# ------------------------------------------------------------ promises


@inner
def reach(v: I32, h: I64, t: I32, d: I64, o: int, row: int, head: int, fresh: bool) -> None:
    """Take down how far each job is pushed by o with this row from ``head`` on, and for which jobs it is critical now."""
    far, through, new, old = t[h[N] + 1], t[h[N] + 2], t[row], t[o]
    start = v[o, START]
    for j in range(len(far)):
        p = np.int32(new[j] + head)
        c = np.int32(1 if old[j] + start == d[END, j] else 0)
        if fresh:
            far[j], through[j] = p, c
        else:
            far[j] = max(far[j], p)
            through[j] |= c


@inner
def promised_cost(h: I64, t: I32, d: I64) -> int:
    """Cost when each job ends as the segment lets it; one that the segment was not critical for, no sooner than now."""
    far, through = t[h[N] + 1], t[h[N] + 2]
    total = 0
    for j in range(len(far)):
        end = int(far[j])
        if through[j] == 0 and end < d[END, j]:
            end = d[END, j]
        total += cost_at(d, j, end)
    return total


@inner
def promise_sum(v: I32, w: I32, b: I32, x: I32, h: I64, t: I32, d: I64, count: int, follower: int) -> int:
    """Cost promised by the segment, whose heads are known, before ``follower``."""
    row = follower
    for z in range(count - 1, -1, -1):
        o = w[PATH, w[SEGMENT, z]]
        gap = 0
        if h[TABLE] and follower != h[N]:
            gap = setup_between(v, w, b, x, h, o, follower, v[follower, MODE])
        out = h[N] + 3 + z
        row_behind(v, w, x, h, t, o, v[o, WORK], row, gap, out)
        reach(v, h, t, d, o, out, w[HEAD, z], z == count - 1)
        row, follower = out, o
    return promised_cost(h, t, d)


@inner
def promise_elsewhere(
    v: I32, w: I32, x: I32, h: I64, t: I32, d: I64, u: int, work: int, start: int, follower: int, gap: int
) -> int:
    """Cost promised by u with other work from ``start`` on, ``gap`` before ``follower``."""
    out = h[N] + 3
    row_behind(v, w, x, h, t, u, work, follower, gap, out)
    reach(v, h, t, d, u, out, start, True)
    return promised_cost(h, t, d)
