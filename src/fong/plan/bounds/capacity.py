"""What a resource can give over time, as :class:`~fong.plan.bounds._kernels_bounds.Capacity`: machines, people, tenders, tools, material.

Each is an upper bound of what any legal plan can draw, in thousandths of a second of one slot (materials: micro-units).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fong._kernels import freeze
from fong.model import NEVER, Problem
from fong.model.calendars import union
from fong.plan.bounds._kernels_bounds import Capacity
from fong.plan.bounds.hours import ALWAYS, Calendars, Windows

I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
MILLI = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """What machines of zones may do while nobody is on duty.

    ``run_s``: longest run of one call, longer than any night where some tasks need nobody; ``boost_milli``: how much more a second of
    it counts than one on duty, where the machine also waits for its service (1 + a/C). It counts late in the night, for a task may
    start there, right after its set-up, and one that is attended does not end there.
    """

    run_s: int = 0
    boost_milli: int = MILLI


class _Rates:
    """Sum of step functions, from ``base`` on."""

    def __init__(self, base: int = 0) -> None:
        self.base = base
        self.t: list[I64] = []
        self.change: list[I64] = []

    def add(self, windows: Windows | I64, rate: int) -> None:
        """Add ``rate`` within windows."""
        pairs = np.asarray(windows, np.int64).reshape(-1, 2)
        self.steps(pairs.reshape(-1), np.tile(np.array([rate, -rate], np.int64), len(pairs)))

    def steps(self, t: I64, change: I64) -> None:
        """Add changes at moments."""
        self.t.append(t)
        self.change.append(change)

    def summed(self) -> tuple[I64, I64]:
        """Moments and the sum from each on, never below 0."""
        t = np.maximum(np.concatenate([*self.t, np.zeros(1, np.int64)]), 0)
        change = np.concatenate([*self.change, np.array([self.base], np.int64)])
        order = np.argsort(t, kind="stable")
        rate = np.cumsum(change[order])
        last = np.append(t[order][1:] != t[order][:-1], True)
        return t[order][last], np.maximum(rate[last], 0)

    def capacity(self) -> Capacity:
        """The sum, cumulated."""
        t, rate = self.summed()
        cum = np.concatenate(([0], np.cumsum(rate[:-1] * np.diff(t))))
        return Capacity(freeze(t, np.int64), freeze(cum, np.int64), freeze(rate, np.int64))


class Capacities:
    """Capacities of one problem; equal ones are made once."""

    def __init__(self, problem: Problem, calendars: Calendars) -> None:
        self.problem = problem
        self.calendars = calendars
        self._made: dict[Hashable, Capacity] = {}
        self._steps: dict[Hashable, tuple[I64, I64]] = {}
        self._duty: dict[tuple[tuple[int, int], ...], tuple[I64, I64]] = {}

    def _windows(self, calendar: int, grace_s: int) -> Windows:
        own = self.calendars.windows[calendar]
        return union((a, b + grace_s) for a, b in own) if grace_s else own

    # ------------------------------------------------------------ people, tools, material
    def people(self, people: Iterable[int], grace_s: int) -> Capacity:
        """Hours of people; each window lasts ``grace_s`` longer (overtime)."""
        own = self.problem.person_calendar
        counts = Counter(int(own[n]) if len(own) else ALWAYS for n in people)
        key = ("people", grace_s, tuple(sorted(counts.items())))
        if key not in self._made:
            rates = _Rates(base=MILLI * counts.pop(ALWAYS, 0))
            for calendar, n in counts.items():
                rates.add(self._windows(calendar, grace_s), MILLI * n)
            self._made[key] = rates.capacity()
        return self._made[key]

    def tool(self, tool: int) -> Capacity:
        """Tools of one kind, less those that work in progress still holds."""
        p = self.problem
        rates = _Rates(base=MILLI * int(p.tool_quantity[tool]))
        step = p.op_step[p.wip_op] if len(p.op_step) else p.wip_op
        for end in p.wip_end_s[p.step_tool[step] == tool].tolist():
            rates.add([(0, end)], -MILLI)
        return rates.capacity()

    def material(self, item: int) -> Capacity:
        """Stock, and what comes: it keeps, so capacity is all that has come so far. Nothing was given at -1."""
        p = self.problem
        low, high = int(p.receipt_ptr[item]), int(p.receipt_ptr[item + 1])
        t = np.concatenate(([0], p.receipt_at_s[low:high])).astype(np.int64)
        cum = np.cumsum(np.concatenate(([p.stock_micro[item]], p.receipt_micro[low:high])))
        last = np.append(np.flatnonzero(np.diff(t)), len(t) - 1)  # of several at one moment the sum
        t, cum = np.append(-1, t[last]), np.append(0, cum[last])
        return Capacity(freeze(t, np.int64), freeze(cum, np.int64), freeze(np.zeros(len(t)), np.int64))

    def tenders(self, zone: int, free_ms: int) -> Capacity:
        """Hours of a zone's tenders; at each dawn ``free_ms`` on top: calls that machines have run through alone.

        At dawn, for a task may start in the dark, right after its set-up; and none that is attended ends there.
        """
        p = self.problem
        people = p.tender_person[p.tender_ptr[zone] : p.tender_ptr[zone + 1]].tolist()
        c = self.people(people, 0)
        dawn = ((c.rate > 0) & (np.append(1, c.rate[:-1]) == 0)).astype(np.int64)
        return Capacity(c.t, freeze(c.cum + np.cumsum(dawn) * free_ms, np.int64), c.rate)

    # ------------------------------------------------------------ machines
    def machines(self, machines: Iterable[int], grace_s: int, night: Night) -> Capacity:
        """Slots of machines in their open hours, in zones no more at a time than the tenders on duty may have."""
        p = self.problem
        wanted = list(machines)
        rates = _Rates()
        zones: dict[int, list[int]] = {}
        for m in wanted:
            zone = int(p.machine_zone[m]) if len(p.machine_zone) else -1
            if zone >= 0:
                zones.setdefault(zone, []).append(m)
                continue
            calendar = int(p.machine_calendar[m]) if len(p.machine_calendar) else ALWAYS
            if calendar == ALWAYS:
                rates.base += MILLI * self._slots(m)
            else:
                rates.add(self._windows(calendar, grace_s), MILLI * self._slots(m))
        self._less_work_in_progress(rates, (m for m in wanted if not len(p.machine_zone) or p.machine_zone[m] < 0))
        for zone, some in zones.items():
            self._zone(rates, zone, some, night)
        return rates.capacity()

    def _slots(self, machine: int) -> int:
        return int(self.problem.machine_slots[machine]) if len(self.problem.machine_slots) else 1

    def _wip_on(self, machines: Iterable[int]) -> list[int]:
        """Ends of the work in progress on machines, of each no more than it has slots."""
        p = self.problem
        ends: dict[int, list[int]] = {m: [] for m in machines}
        for m, end in zip(p.wip_machine.tolist(), p.wip_end_s.tolist(), strict=True):
            if m in ends and end > 0:
                ends[m].append(end)
        return [end for m, some in ends.items() for end in sorted(some)[-self._slots(m) :]]

    def _less_work_in_progress(self, rates: _Rates, machines: Iterable[int]) -> None:
        """Take away what runs now (only from machines that are always open: else it may run where nothing was counted)."""
        own = self.problem.machine_calendar
        for end in self._wip_on(m for m in machines if not len(own) or own[m] < 0):
            rates.add([(0, end)], -MILLI)

    def _zone(self, rates: _Rates, zone: int, machines: list[int], night: Night) -> None:
        """Add what machines of one zone can do: as many as tenders may have, in the dark all of them for a while."""
        slots, busy = sum(self._slots(m) for m in machines), tuple(self._wip_on(machines))
        key = ("zone", self._crew(zone), slots, busy, night)
        if key not in self._steps:
            self._steps[key] = self._zone_steps(zone, slots, busy, night)
        rates.steps(*self._steps[key])

    def _zone_steps(self, zone: int, slots: int, busy: tuple[int, ...], night: Night) -> tuple[I64, I64]:
        edges, limit = self._attended(zone)
        own = _Rates()
        rate = np.where(limit >= 0, np.minimum(limit, slots) * MILLI, 0)
        own.steps(edges, np.diff(rate, prepend=0))
        dark = _runs(edges, limit < 0)
        ever = np.minimum(dark[:, 0] + night.run_s, NEVER)
        late = np.where(dark[:, 1] < NEVER, dark[:, 1], ever)  # after the last dusk nothing attended ends
        lit = np.stack((np.maximum(dark[:, 0], late - night.run_s), late), axis=1)
        own.add(lit, slots * max(night.boost_milli, MILLI))
        for end in busy:
            own.add([(0, end)], -MILLI)
        t, total = own.summed()
        return t, np.diff(total, prepend=0)

    def _crew(self, zone: int) -> tuple[tuple[int, int], ...]:
        """Calendar and most machines of each tender of a zone."""
        p = self.problem
        people = p.tender_person[p.tender_ptr[zone] : p.tender_ptr[zone + 1]].tolist()
        own = [int(p.person_calendar[n]) if len(p.person_calendar) else ALWAYS for n in people]
        most = [int(p.person_max[n]) if len(p.person_max) else NEVER for n in people]
        return tuple(sorted(zip(own, most, strict=True)))

    def _attended(self, zone: int) -> tuple[I64, I64]:
        """Moments from 0 on, and from each how many machines the tenders on duty may have; -1: nobody is on duty."""
        key = self._crew(zone)
        if key not in self._duty:
            own = {calendar for calendar, _ in key}
            marks = {0, *(t for c in own if c != ALWAYS for w in self.calendars.windows[c] for t in w)}
            edges = np.array(sorted(marks), np.int64)
            limit = np.full(len(edges), -1, np.int64)
            for calendar, limit_of_one in key:
                there = (
                    _open_at(self.calendars.windows[calendar], edges)
                    if calendar != ALWAYS
                    else np.ones(len(edges), bool)
                )
                limit = np.where(there, np.maximum(limit, 0) + limit_of_one, limit)
            self._duty[key] = edges, limit
        return self._duty[key]


def _runs(edges: I64, chosen: NDArray[np.bool_]) -> I64:
    """Intervals [from, to) of consecutive chosen ones between edges; the last one lasts for ever ([n, 2])."""
    change = np.diff(np.concatenate(([False], chosen, [False])).astype(np.int8))
    ends = np.append(edges, NEVER)
    return np.stack((edges[np.flatnonzero(change == 1)], ends[np.flatnonzero(change == -1)]), axis=1)


def _open_at(windows: Windows, moments: I64) -> NDArray[np.bool_]:
    """Whether a calendar is open at each moment."""
    if not windows:
        return np.zeros(len(moments), bool)
    pairs = np.array(windows, np.int64)
    at = np.searchsorted(pairs[:, 0], moments, side="right") - 1
    out: NDArray[np.bool_] = (at >= 0) & (moments < pairs[np.maximum(at, 0), 1])
    return out
