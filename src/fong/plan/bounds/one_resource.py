"""Bounds for jobs that compete for one resource whose capacity varies over time (see :mod:`fong.plan.bounds` for the sources)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from fong.model import NEVER
from fong.plan.bounds import _kernels_bounds as k

I8 = NDArray[np.int8]
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxation:
    """Claims that only this capacity can serve, in any order, one or more for a job.

    Parameters
    ----------
    capacity
        What the resource can give over time.
    job, variant
        Whose claim it is, and in which variant of the job (empty: 0).
    head
        Seconds; not served before.
    energy
        In units of the capacity, > 0.
    tail
        Least seconds from the claim's end to the end of its job.
    """

    capacity: k.Capacity
    job: I64
    head: I64
    energy: I64
    tail: I64
    variant: I8

    def where(self, chosen: NDArray[np.bool_]) -> Relaxation:
        """Some of the claims."""
        if chosen.all():
            return self
        return Relaxation(
            capacity=self.capacity,
            job=self.job[chosen],
            head=self.head[chosen],
            energy=self.energy[chosen],
            tail=self.tail[chosen],
            variant=self.variant[chosen] if len(self.variant) else self.variant,
        )

    def by_job(self, variants: I64) -> Relaxation:
        """One claim a job: least head, all energy, least tail; of a job with several variants the least of each.

        ``variants``: how many each job still has, or empty (1). A job one of whose variants needs nothing here falls out.
        """
        if not len(self.job):
            return self
        merged = self._merged(self.job * 256 + self.variant if len(variants) and len(self.variant) else self.job)
        if not len(variants):
            return merged
        ways = replace(merged, job=merged.job // 256)
        best = ways._merged(ways.job, np.minimum)  # noqa: SLF001 - its own kind
        _, count = np.unique(ways.job, return_counts=True)
        return best.where(count == variants[best.job])

    def _merged(self, key: I64, joined: np.ufunc = np.add) -> Relaxation:
        """One claim for each key, which becomes its job: least head, energies joined, least tail."""
        order = np.argsort(key, kind="stable")
        ranked = key[order]
        new = np.ones(len(order), bool)
        np.not_equal(ranked[1:], ranked[:-1], out=new[1:])
        first = np.flatnonzero(new)
        return Relaxation(
            capacity=self.capacity,
            job=ranked[first],
            head=np.minimum.reduceat(self.head[order], first),
            energy=joined.reduceat(self.energy[order], first),
            tail=np.minimum.reduceat(self.tail[order], first),
            variant=np.zeros(0, np.int8),
        )

    def latest(self, last: int) -> int:
        """A moment by which every claim has been served in any schedule without needless idling; quick."""
        clock = given_by(self.capacity, self.head.max(keepdims=True)) + self.energy.sum()
        return min(last, int(k.given_at(self.capacity, int(clock[0]))))

    def longest(self, last: int) -> int:
        """Least possible largest end + tail (Jackson's preemptive schedule); ends are cut at ``last``."""
        return int((self._served(last, by_rest=False) + self.tail).max()) if len(self.job) else 0

    def sorted_ends(self, last: int) -> I64:
        """For every k a bound on the k-th end (shortest rest first)."""
        return np.sort(self._served(last, by_rest=True))

    def late(self, deadline: I64) -> int:
        """Least number of claims that end after their deadlines, all of them available from the earliest head on."""
        if not len(self.job) or self.latest(NEVER) <= deadline.min():
            return 0
        start = given_by(self.capacity, self.head.min(keepdims=True))
        room = np.where(deadline >= 0, given_by(self.capacity, np.maximum(deadline, 0)) - start, -1)
        order = np.argsort(deadline, kind="stable")
        return int(k.late_count(order, self.energy, room))

    def _served(self, last: int, *, by_rest: bool) -> I64:
        release = given_by(self.capacity, self.head)
        order = np.argsort(release, kind="stable")
        done = np.zeros(len(order), np.int64)
        k.preemptive(self.capacity, last, order, release, self.energy.copy(), -self.tail, by_rest, done)
        return done


def given_by(c: k.Capacity, t: I64) -> I64:
    """Capacity given until moments t >= 0."""
    i = np.searchsorted(c.t, t, side="right") - 1
    out: I64 = c.cum[i] + (t - c.t[i]) * c.rate[i]
    return out
