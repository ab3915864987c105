"""When machines stand: set up and not begun, nobody there, or more tasks open than the tenders may run.

The rules are those of a plan's clock (semantics.md): with nobody on duty for B seconds a machine works on for the machine time of one
call, C = cycles per call × cycle, when magazines are filled before leaving; without that, B - B²/2C (B < C) or C/2 on average; stops
at rate μ let τ seconds count as (1 - e^(-μτ))/μ. A person-paced or ``resume`` step stands outside the common hours of machine and
person.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from fong.model import MICRO, AtGap, Problem
from fong.model.calendars import union
from fong.render.hours import (
    Windows,
    common,
    duty_hours,
    gaps,
    limit_steps,
    machine_hours,
    person_hours,
    zone_of,
)
from fong.render.view import BarColumns, Standing, Why

Stretch = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """What one bar is in the problem: step, machine (-1: none), people held, started pieces."""

    step: int
    machine: int
    person: int
    setup_person: int
    pieces: int


@dataclass(slots=True)
class Floor:
    """The hours of a problem, each combination worked out once."""

    problem: Problem
    _found: dict[tuple[str, int, int], Windows] = field(default_factory=dict)

    def shared(self, machine: int, person: int) -> Windows:
        """Common hours of a machine and a person."""
        return self._once(
            ("shared", machine, person),
            lambda: common(machine_hours(self.problem, machine), person_hours(self.problem, person)),
        )

    def duty(self, zone: int) -> Windows:
        """Duty hours of a zone."""
        return self._once(("duty", zone, 0), lambda: duty_hours(self.problem, zone))

    def _once(self, key: tuple[str, int, int], make: object) -> Windows:
        if key not in self._found:
            self._found[key] = make()  # type: ignore[operator]
        return self._found[key]


def value(problem: Problem, name: str, index: int, default: int) -> int:
    """Entry of a column that may be absent."""
    column = getattr(problem, name)
    return int(column[index]) if len(column) else default


def is_batch(problem: Problem, machine: int) -> bool:
    """Whether a machine works in batches."""
    return machine >= 0 and value(problem, "machine_batch_milli", machine, 0) > 0


def calls_for_tenders(problem: Problem, lot: Lot) -> bool:
    """Whether a lot's run calls for the tenders of its machine's zone."""
    if zone_of(problem, lot.machine) < 0 or is_batch(problem, lot.machine):
        return False
    return value(problem, "step_attend_s", lot.step, 0) > 0 or value(problem, "step_stops_micro", lot.step, 0) > 0


def cycle_s(problem: Problem, lot: Lot) -> int:
    """Machine time of one cycle of a lot."""
    if lot.machine >= 0:
        first, last = (
            (int(problem.mode_ptr[lot.step]), int(problem.mode_ptr[lot.step + 1]))
            if len(problem.mode_ptr)
            else (lot.step, lot.step + 1)
        )
        for mode in range(first, last):
            if int(problem.mode_machine[mode]) == lot.machine:
                return int(problem.mode_cycle_s[mode])
    return value(problem, "step_cycle_s", lot.step, 0)


def cycles_per_call(problem: Problem, lot: Lot) -> float:
    """Cycles that a machine does alone between two calls: n/ceil(n/m)."""
    cycles = -(-lot.pieces // value(problem, "step_pieces_per_cycle", lot.step, 1))
    magazine = value(problem, "step_cycles_per_call", lot.step, 1)
    return cycles / -(-cycles // magazine) if cycles else 1.0


def works_alone_s(problem: Problem, lot: Lot, absent_s: int) -> int:
    """How long a machine works on, on average, while nobody is on duty for ``absent_s`` seconds."""
    per_call = max(1.0, cycles_per_call(problem, lot) * cycle_s(problem, lot))
    if problem.top_up:
        work = min(absent_s, per_call)
    else:
        work = absent_s - absent_s**2 / (2 * per_call) if absent_s < per_call else per_call / 2
    rate = value(problem, "step_stops_micro", lot.step, 0) / MICRO / 3600
    return int(-math.expm1(-rate * work) / rate if rate > 0 else work)


def standing_of(problem: Problem, bars: BarColumns, lots: list[Lot]) -> Standing:
    """All stretches in which a machine stands with a task, or a task stands still.

    Parameters
    ----------
    problem
        What was planned.
    bars, lots
        The bars (sorted) and, beside each, what it is in the problem.
    """
    floor = Floor(problem)
    found: list[Stretch] = []
    for i, lot in enumerate(lots):
        begin, ready = int(bars.setup_start[i]), int(bars.setup_end[i])
        start, end = int(bars.start[i]), int(bars.end[i])
        if ready > begin >= 0:
            found += ((i, a, b, Why.NOBODY) for a, b in _setup_pauses(floor, lot, begin, ready))
        if 0 <= ready < start:
            found.append((i, ready, start, Why.SET_UP))
        found += ((i, a, b, Why.NOBODY) for a, b in _run_pauses(floor, lot, start, end))
    found += _over_limit(floor, bars, lots)
    columns = np.array(sorted(_apart(found)) or np.zeros((0, 4)), np.int32).T.copy()
    columns.setflags(write=False)
    return Standing(bar=columns[0], begin=columns[1], end=columns[2], why=columns[3])


def _setup_pauses(floor: Floor, lot: Lot, begin: int, end: int) -> Iterator[tuple[int, int]]:
    gap = value(floor.problem, "step_gap", lot.step, AtGap.RESUME)
    if gap in {AtGap.RESUME, AtGap.RUN_ON}:
        yield from gaps(floor.shared(lot.machine, lot.setup_person), begin, end)


def _run_pauses(floor: Floor, lot: Lot, start: int, end: int) -> Iterator[tuple[int, int]]:
    problem = floor.problem
    if value(problem, "step_outside_s", lot.step, -1) >= 0:
        return
    if calls_for_tenders(problem, lot):
        for a, b in gaps(floor.duty(zone_of(problem, lot.machine)), start, end):
            stands = a + works_alone_s(problem, lot, b - a)
            if stands < b:
                yield stands, b
    if value(problem, "step_gap", lot.step, AtGap.RESUME) == AtGap.RESUME:
        yield from gaps(floor.shared(lot.machine, -1 if is_batch(problem, lot.machine) else lot.person), start, end)


def _over_limit(floor: Floor, bars: BarColumns, lots: list[Lot]) -> Iterator[Stretch]:
    """Where a zone's limit falls below its open tasks, the latest started stand; it sleeps while nobody is on duty."""
    of_zone: dict[int, list[int]] = defaultdict(list)
    for i, lot in enumerate(lots):
        if calls_for_tenders(floor.problem, lot):
            of_zone[zone_of(floor.problem, lot.machine)].append(i)
    for zone, members in of_zone.items():
        steps = limit_steps(floor.problem, zone)
        if any(limit >= 0 for _, limit in steps):
            yield from _zone_over_limit(steps, bars, members)


def _zone_over_limit(steps: tuple[tuple[int, int], ...], bars: BarColumns, members: list[int]) -> Iterator[Stretch]:
    starts, ends = bars.start[members], bars.end[members]
    moments = np.unique(np.concatenate([starts, ends, [t for t, _ in steps]]))
    tasks = np.searchsorted(np.sort(starts), moments, "right") - np.searchsorted(np.sort(ends), moments, "right")
    at = np.searchsorted([t for t, _ in steps], moments, "right") - 1
    limits = np.where(at >= 0, np.array([limit for _, limit in steps])[at], -1)
    for i in np.flatnonzero((limits > 0) & (tasks > limits)).tolist():
        a, b = int(moments[i]), int(moments[i + 1])
        open_now = np.flatnonzero((starts <= a) & (ends > a))
        for late in open_now[np.argsort(starts[open_now], kind="stable")][int(limits[i]) :].tolist():
            yield members[late], a, b, int(Why.LIMIT)


def _apart(stretches: list[Stretch]) -> Iterator[Stretch]:
    """Stretches of a bar that overlap or touch are one; it keeps the reason of the first."""
    by_bar: dict[int, list[Stretch]] = defaultdict(list)
    for stretch in stretches:
        by_bar[stretch[0]].append(stretch)
    for bar, rows in by_bar.items():
        rows.sort()
        for begin, end in union((a, b) for _, a, b, _ in rows):
            yield bar, begin, end, int(next(why for _, a, _, why in rows if a == begin))
