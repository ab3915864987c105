"""Compiled parts of the lower bounds: jobs that compete for one resource whose capacity varies over time.

Energies are thousandths of a second of one machine slot (or person, tool), so that a week of a hundred machines fits an int64 with
room to spare; materials are micro-units. Times are whole seconds.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fong._kernels import inner, njit

I64 = NDArray[np.int64]


class Capacity(NamedTuple):
    """Cumulated capacity of a resource: from ``t[i]`` on it is ``cum[i]`` and grows by ``rate[i]`` a second (int64 each)."""

    t: I64
    cum: I64
    rate: I64


@njit
def given_at(c: Capacity, amount: int) -> int:
    """First whole second by which ``amount`` is given; the last change of capacity where it never is."""
    low, high = 0, len(c.t)
    while low < high:  # first point with cum >= amount
        mid = (low + high) // 2
        if c.cum[mid] >= amount:
            high = mid
        else:
            low = mid + 1
    if low == 0:
        return c.t[0]  # type: ignore[no-any-return]
    i = low - 1
    if c.rate[i] > 0:
        reached = c.t[i] + -(-(amount - c.cum[i]) // c.rate[i])
        if low == len(c.t) or reached < c.t[low]:
            return reached  # type: ignore[no-any-return]
    return c.t[min(low, len(c.t) - 1)]  # type: ignore[no-any-return]


@inner
def sift_down(heap: I64, key: I64, size: int) -> None:
    """Restore a heap of indices (smallest key on top) after its top has changed."""
    i = 0
    item = heap[0]
    while True:
        child = 2 * i + 1
        if child >= size:
            break
        if child + 1 < size and key[heap[child + 1]] < key[heap[child]]:
            child += 1
        if key[heap[child]] >= key[item]:
            break
        heap[i] = heap[child]
        i = child
    heap[i] = item


@inner
def sift_up(heap: I64, key: I64, i: int) -> None:
    """Restore a heap of indices after a new one was put at i."""
    item = heap[i]
    while i > 0:
        parent = (i - 1) // 2
        if key[heap[parent]] <= key[item]:
            break
        heap[i] = heap[parent]
        i = parent
    heap[i] = item


@njit
def preemptive(c: Capacity, last: int, order: I64, release: I64, rest: I64, key: I64, by_rest: bool, done: I64) -> None:
    """Ends of items on one resource that may be interrupted at will; at each moment the one with the least key is served.

    In the clock of capacity given, the resource has constant speed: ``release`` and ``rest`` (work, spoilt) are in that clock.

    Parameters
    ----------
    last
        Ends are cut here, seconds.
    order
        Items by ascending release.
    key
        -tail: Jackson's preemptive rule, the best for the largest end + tail.
    by_rest
        Shortest rest first instead, the best for the k-th end of every k.
    done
        Out: end of each item, seconds.
    """
    n = len(order)
    heap = np.empty(n, np.int64)
    ranked = rest if by_rest else key
    size, at_item, clock = 0, 0, 0
    while at_item < n or size > 0:
        if size == 0:
            clock = max(clock, release[order[at_item]])
        while at_item < n and release[order[at_item]] <= clock:
            heap[size] = order[at_item]
            sift_up(heap, ranked, size)
            size += 1
            at_item += 1
        top = heap[0]
        if at_item < n and clock + rest[top] > release[order[at_item]]:
            rest[top] -= release[order[at_item]] - clock
            clock = release[order[at_item]]
            continue
        clock += rest[top]
        done[top] = min(given_at(c, clock), last)
        size -= 1
        heap[0] = heap[size]
        if size > 0:
            sift_down(heap, ranked, size)


@njit
def late_count(order: I64, energy: I64, room: I64) -> int:
    """Least number of items that miss their deadlines on one resource (Moore-Hodgson).

    ``order``: items by ascending deadline; ``room``: capacity until each one's deadline.
    """
    heap = np.empty(len(order), np.int64)
    key = -energy
    size, late, total = 0, 0, 0
    for i in order:
        heap[size] = i
        sift_up(heap, key, size)
        size += 1
        total += energy[i]
        if total > room[i]:
            total -= energy[heap[0]]
            late += 1
            size -= 1
            heap[0] = heap[size]
            if size > 0:
                sift_down(heap, key, size)
    return late
