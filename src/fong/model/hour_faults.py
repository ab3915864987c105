"""Work that no hour can ever hold: closed calendars, people who never meet their machine, steps longer than any window."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import timedelta

from fong.model.directory import (
    Directory,
    Hours,
    Stage,
    Window,
    fault,
    intersection,
    longest,
    pieces_to_start,
    union,
)
from fong.model.factory import AtGap, Person, Step
from fong.model.message import Fault

_ALWAYS = "24/7"
"""How a calendar that is always open is called in faults."""


def hour_faults(d: Directory) -> Iterator[Fault]:
    """Faults of calendars, of people's and machines' hours, of steps and of pairs of steps."""
    yield from _calendars(d)
    yield from _two_places(d)
    yield from _zones(d)
    yield from _people_and_machines(d)
    speeds = _speeds(d)
    for item, stages in d.routes.items():
        if all(s.step.at_gap is not AtGap.FIT and s.step.max_wait_s is None for s in stages):
            continue
        line = d.largest.get(item)
        pieces = pieces_to_start(stages, line.quantity if line is not None else 1)
        order = "" if line is None else line.order
        lengths = {
            s.step.sequence: _length_s(
                d, s.step, pieces[s.step.sequence], speeds.get((s.step.item, s.step.sequence), {})
            )
            for s in stages
        }
        for stage in stages:
            yield from _too_long(d, stage, lengths[stage.step.sequence], order)
            yield from _no_wait_fits(d, stage, stages, lengths)


# ---------------------------------------------------------------- calendars and people
def _calendars(d: Directory) -> Iterator[Fault]:
    now, last = d.settings.now.date(), d.settings.now.date() + timedelta(days=d.settings.horizon_days)
    for i, c in enumerate(d.factory.calendars):
        if any(c.week) or any(spans and now - timedelta(days=1) <= day <= last for day, spans in c.dates.items()):
            continue
        yield fault("no_hours", "calendars", "start", i, found=c.name, horizon_days=d.settings.horizon_days)


def _two_places(d: Directory) -> Iterator[Fault]:
    """Several rows of one person (tender in one shift, finisher in another) must not share hours; each later row is told once."""
    rows: dict[str, list[Person]] = defaultdict(list)
    for i, p in enumerate(d.factory.people):
        for other in rows[p.name]:
            both = d.common(other.calendar, p.calendar)
            if both is None or both:
                yield _shared(d, i, p, other, both)
                break
        rows[p.name].append(p)


def _shared(d: Directory, index: int, person: Person, other: Person, both: Hours) -> Fault:
    """The fault of a row whose hours another row of the same person has too, with the first such hours."""
    if both is None:
        return fault("two_places_always", "people", "calendar", index, found=person.name)
    opens, closes = (d.settings.now + timedelta(seconds=s) for s in both[0])
    of = {"first": other.calendar or _ALWAYS, "second": person.calendar or _ALWAYS}
    return fault("two_places", "people", "calendar", index, found=person.name, opens=opens, closes=closes, **of)


def _zones(d: Directory) -> Iterator[Fault]:
    """A zone's machines must be open at some hour at which one of its tenders is on duty."""
    duty = {z: union([d.hours(p.calendar) for p in ps]) for z, ps in d.tenders.items()}
    for i, m in enumerate(d.factory.machines):
        if m.zone is None or m.zone not in duty:
            continue
        hours, tended = d.hours(m.calendar), duty[m.zone]
        if hours == [] or tended == []:
            continue  # said already: a calendar without hours
        if intersection(hours, tended) == []:
            yield fault("never_tended", "machines", "zone", i, found=m.name, zone=m.zone)


def _people_and_machines(d: Directory) -> Iterator[Fault]:
    """Somebody with the skill must be there at some hour at which a machine of the step is open."""
    meets: dict[tuple[tuple[str, ...], str], bool] = {}
    for i, s in enumerate(d.factory.routing):
        for column, skill in (("setup_skill", s.setup_skill), ("run_skill", s.run_skill)):
            if skill is None or skill not in d.skilled or s.outside_s is not None:
                continue
            key = s.machines, skill
            if key not in meets:
                meets[key] = _meet(d, s, skill)
            if not meets[key]:
                yield fault("never_together", "routing", column, i, found=skill, item=s.item, sequence=s.sequence)


def _meet(d: Directory, s: Step, skill: str) -> bool:
    """Whether a machine of the step and a person with the skill share an hour; true where one has none (said already)."""
    machines = d.equipment(s.machines).calendars or (None,)
    people = {p.calendar for p in d.skilled[skill]}
    if any(d.hours(c) == [] for c in (*machines, *people)):
        return True
    return any(d.common(m, p) != [] for m in machines for p in people)


# ---------------------------------------------------------------- steps and windows
def _speeds(d: Directory) -> dict[tuple[str, int], dict[str, int]]:
    """The cycles of each step on the machines that have a speed of their own."""
    out: dict[tuple[str, int], dict[str, int]] = defaultdict(dict)
    for s in d.factory.speeds:
        if s.cycle_s is not None:
            out[s.item, s.sequence][s.machine] = s.cycle_s
    return out


def _cycle_s(s: Step, own: Mapping[str, int]) -> int:
    """The step's shortest cycle: its own, where a machine has none, and those of the others."""
    rest = [s.cycle_s] if s.cycle_s and not own.keys() >= set(s.machines) else []
    return min([*rest, *own.values()], default=s.cycle_s)


def _length_s(d: Directory, s: Step, pieces: int, own: Mapping[str, int]) -> int:
    """The least time that a lot, or its smallest possible sub-lot, runs; ``own``: cycles of single machines."""
    if s.outside_s is not None:
        return s.outside_s
    cycle = _cycle_s(s, own)
    if d.equipment(s.machines).batches:
        return cycle
    least = 1 if s.max_lot is not None else -(-pieces // max(1, s.split_over))
    return -(-least // max(1, s.pieces_per_cycle)) * cycle


def _held_hours(d: Directory, s: Step) -> Iterator[Hours]:
    """Hours of each machine with each person that the run holds, as calendars make them different."""
    calendars = d.equipment(s.machines).calendars or (None,)
    batches = d.equipment(s.machines).batches
    people = {p.calendar for p in d.skilled.get(s.run_skill, ())} if s.run_skill and not batches else {None}
    for machine in calendars:
        for person in people:
            yield d.common(machine, person)


def _too_long(d: Directory, stage: Stage, length_s: int, order: str) -> Iterator[Fault]:
    s = stage.step
    if s.at_gap is not AtGap.FIT or s.outside_s is not None:
        return
    window = max((longest(h) for h in _held_hours(d, s)), default=0.0)
    if 0 < window < length_s:
        code = "longer_than_window_of" if order else "longer_than_window"
        yield fault(
            code,
            "routing",
            "at_gap",
            stage.row,
            item=s.item,
            sequence=s.sequence,
            found_s=length_s,
            wanted_s=int(window),
            order=order,
        )


# ---------------------------------------------------------------- maximum waits
def _no_wait_fits(d: Directory, stage: Stage, stages: tuple[Stage, ...], lengths: dict[int, int]) -> Iterator[Fault]:
    """A step and its successor whose hours leave no pair of end and start within the longest wait.

    Decides pairs; a longer chain that fits pair by pair but not as a whole is left to the planner.
    """
    s = stage.step
    if s.max_wait_s is None or s.max_wait_s < s.lag_s or s.transfer_batch is not None:
        return
    ends = union([_ends(d, s, h, lengths[s.sequence]) for h in _held_hours(d, s)])
    for later in stages:
        n = later.step
        if n.sequence not in stage.after:
            continue
        starts = union([_starts(d, n, h, lengths[n.sequence]) for h in _held_hours(d, n)])
        if ends == [] or starts == []:
            continue  # said already: too long, or no hours
        if not _meets(ends, starts, s.lag_s, s.max_wait_s):
            found = f"{s.sequence} → {n.sequence}"
            yield fault(
                "wait_never_fits", "routing", "max_wait_min", stage.row, item=s.item, found=found, wanted_s=s.max_wait_s
            )


def _ends(d: Directory, s: Step, hours: Hours, length_s: int) -> Hours:
    """When a run may end."""
    if s.outside_s is not None:
        collected = d.hours(s.collect)
        return None if collected is None else [(a + s.outside_s, b + s.outside_s) for a, b in collected]
    if hours is None:
        return _attended(d, s, None)
    if s.at_gap is AtGap.RESUME:
        return _attended(d, s, hours)
    if s.at_gap is AtGap.OVERTIME:
        return _attended(d, s, [(a, b + s.overtime_s) for a, b in hours])
    more = length_s if s.at_gap is AtGap.RUN_ON else 0
    return _attended(d, s, [(a + length_s, b + more) for a, b in hours if a + length_s <= b + more])


def _attended(d: Directory, s: Step, hours: Hours) -> Hours:
    """A run with calls ends only while a tender of its zone is on duty."""
    if not s.attend_s:
        return hours
    zones = {m.zone for m in d.equipment(s.machines).machines}
    if None in zones or any(z not in d.tenders for z in zones):
        return hours
    return intersection(hours, union([d.hours(p.calendar) for z in zones if z is not None for p in d.tenders[z]]))


def _starts(d: Directory, s: Step, hours: Hours, length_s: int) -> Hours:
    """When a run may start."""
    if s.outside_s is not None:
        return d.hours(s.collect)
    if hours is None or s.at_gap is not AtGap.FIT:
        return hours
    return [(a, b - length_s) for a, b in hours if a + length_s <= b]


def _meets(ends: Hours, starts: Hours, lag_s: int, most_s: int) -> bool:
    """Whether some end and some start are ``lag_s`` … ``most_s`` apart."""
    if ends is None or starts is None:
        return True
    reach: list[Window] = [(a + lag_s, b + most_s) for a, b in ends]
    i = 0
    for a, b in reach:
        while i < len(starts) and starts[i][1] < a:
            i += 1
        if i < len(starts) and starts[i][0] <= b:
            return True
    return False
