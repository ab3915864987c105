"""One sweep over time for all that can be held by only so many at once: machines, people, tools, places."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

I64 = NDArray[np.int64]
_LOOK_BACK = 64
"""So many holdings before are looked at to name one that is in the way."""


class Over(NamedTuple):
    """Holdings that begin when no unit is free."""

    holding: I64  # [n]
    other: I64  # [n] one that holds the resource at that moment
    held: I64  # [n] units held then, itself included; at one unit: 2


def over_capacity(resource: I64, begin: I64, end: I64, capacity: I64) -> Over:
    """Find the half-open holdings [begin, end) that begin while ``capacity`` others hold the same resource.

    Parameters
    ----------
    resource, begin, end
        [n] each; an empty interval holds nothing.
    capacity
        [n] units of the holding's resource.

    """
    held = np.flatnonzero(end > begin)
    order = held[np.lexsort((begin[held], resource[held]))]
    if len(order) == 0:
        return Over(order, order, order)
    if (capacity[order] == 1).all():
        return _twice(resource[order], begin[order], end[order], order)
    return _crowded(resource, begin, end, capacity, order)


def _twice(resource: I64, begin: I64, end: I64, order: I64) -> Over:
    """One unit: compare with the latest end so far on the resource. Arguments stand by resource and begin."""
    first = np.ones(len(order), bool)
    first[1:] = resource[1:] != resource[:-1]
    late = _running_max(end, first)
    bad = np.flatnonzero(~first[1:] & (late[:-1] > begin[1:])) + 1
    latest = first | (end > np.concatenate(([0], late[:-1])))  # rows that set the maximum
    holder = np.maximum.accumulate(np.where(latest, np.arange(len(order)), 0))[bad - 1]
    return Over(order[bad], order[holder], np.full(len(bad), 2, np.int64))


def _running_max(value: I64, first: NDArray[np.bool_]) -> I64:
    """Running maximum that begins anew where ``first`` is set."""
    low = int(value.min())
    lift = (np.cumsum(first) - 1) * (int(value.max()) - low + 1)
    out: I64 = np.maximum.accumulate(value - low + lift) - lift + low
    return out


def _crowded(resource: I64, begin: I64, end: I64, capacity: I64, order: I64) -> Over:
    """Any number of units: count begins and ends; at one moment ends come first."""
    n = len(order)
    time = np.concatenate((begin[order], end[order]))
    step = np.concatenate((np.ones(n, np.int64), np.full(n, -1, np.int64)))
    of = np.concatenate((order, order))
    events = np.lexsort((step, time, resource[of]))
    level = np.cumsum(step[events])
    bad = (step[events] > 0) & (level > capacity[of[events]])
    index = of[events][bad]
    return Over(index, _holder(resource, begin, end, index, order), level[bad])


def _holder(resource: I64, begin: I64, end: I64, index: I64, order: I64) -> I64:
    """For each of ``index`` another holding of the same resource that has not ended when it begins."""
    place = np.empty(len(resource), np.int64)
    place[order] = np.arange(len(order))
    out = index.copy()
    open_ = np.arange(len(index))
    for back in range(1, _LOOK_BACK):
        open_ = open_[place[index[open_]] >= back]
        bad = index[open_]
        before = order[place[bad] - back]
        there = (resource[before] == resource[bad]) & (end[before] > begin[bad])
        out[open_[there]] = before[there]
        open_ = open_[~there]
    return out
