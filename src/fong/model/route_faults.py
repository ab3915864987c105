"""Routings that contradict themselves: circles, steps that nobody can do, columns that do not go together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from fong.model.directory import Directory, fault, previous
from fong.model.factory import Step
from fong.model.message import Fault


def route_faults(d: Directory) -> Iterator[Fault]:
    """Faults of each item's steps together, then of each step."""
    rows: dict[str, list[tuple[int, Step]]] = defaultdict(list)
    for i, s in enumerate(d.factory.routing):
        rows[s.item].append((i, s))
    for steps in rows.values():
        yield from _order(steps)
        yield from _same_machine(d, steps)
    speeds = {(s.item, s.sequence, s.machine) for s in d.factory.speeds if s.cycle_s}
    for i, s in enumerate(d.factory.routing):
        yield from _by_whom(d, i, s)
        yield from _times(d, i, s, speeds)
        yield from _calls(d, i, s)
        yield from _batch(d, i, s)


def _order(steps: list[tuple[int, Step]]) -> Iterator[Fault]:
    by_sequence = {s.sequence: (i, s) for i, s in steps}
    for i, s in steps:
        for q in s.after or ():
            if q not in by_sequence:
                yield fault("no_such_sequence", "routing", "after", i, found=q, item=s.item)
            elif by_sequence[q][1].variant != s.variant:
                other = by_sequence[q][1].variant
                yield fault("other_variant", "routing", "after", i, found=q, variant=s.variant, other=other)
    before = {q: [p for p in ps if p in by_sequence] for q, ps in previous(steps).items()}
    circle = _circle(before)
    if circle:
        i, s = by_sequence[circle[0]]
        yield fault("circle", "routing", "after", i, item=s.item, found=" → ".join(map(str, (*circle, circle[0]))))


def _circle(before: Mapping[int, list[int]]) -> list[int]:
    """One circle of sequences, each followed by one that waits for it; empty if there is none."""
    left = {q: set(ps) for q, ps in before.items()}
    while free := [q for q, ps in left.items() if not ps]:
        for q in free:
            del left[q]
        for others in left.values():
            others.difference_update(free)
    if not left:
        return []
    walk = [min(left)]
    while (back := min(left[walk[-1]])) not in walk:
        walk.append(back)
    circle = walk[walk.index(back) :][::-1]
    start = circle.index(min(circle))
    return circle[start:] + circle[:start]


def _same_machine(d: Directory, steps: list[tuple[int, Step]]) -> Iterator[Fault]:
    groups: dict[tuple[str, str], list[tuple[int, Step]]] = defaultdict(list)
    for i, s in steps:
        if s.same_machine is not None:
            groups[s.variant, s.same_machine].append((i, s))
    for members in groups.values():
        sets = [set(s.machines) & d.machines.keys() for _, s in members]
        if all(sets) and not set.intersection(*sets):
            i, s = members[-1]
            yield fault("no_same_machine", "routing", "same_machine", i, found=s.same_machine or "", item=s.item)


def _by_whom(d: Directory, i: int, s: Step) -> Iterator[Fault]:
    if s.outside_s is None and not s.machines and s.run_skill is None:
        yield fault("nobody", "routing", "group", i, item=s.item, sequence=s.sequence)
    if s.outside_s is not None and (s.machines or s.run_skill is not None):
        found = s.run_skill if not s.machines else "; ".join(s.machines[:3])
        yield fault("outside_and_inside", "routing", "subcontract_days", i, found=found or "")
    if s.collect is not None and s.outside_s is None:
        yield fault("collect_inside", "routing", "collect", i, found=s.collect)
    kinds = {m.batch_unit for m in d.equipment(s.machines).machines}
    if len(kinds) > 1:
        names = ", ".join(sorted(k or "–" for k in kinds))
        yield fault("mixed_batch", "routing", "group", i, found=names)


def _times(d: Directory, i: int, s: Step, speeds: set[tuple[str, int, str]]) -> Iterator[Fault]:
    if s.outside_s is None and s.cycle_s == 0 and (s.machines or s.run_skill is not None):
        names = d.equipment(s.machines).machines
        if not names or not all((s.item, s.sequence, m.name) in speeds for m in names):
            yield fault("no_cycle", "routing", "cycle_min", i, item=s.item, sequence=s.sequence)
    if s.max_wait_s is not None and s.max_wait_s < s.lag_s:
        yield fault("wait_below_lag", "routing", "max_wait_min", i, found_s=s.max_wait_s, wanted_s=s.lag_s)


def _calls(d: Directory, i: int, s: Step) -> Iterator[Fault]:
    equipment = d.equipment(s.machines)
    if not s.machines and s.outside_s is None and (s.attend_s or s.stops_per_hour):
        column = "attend_min" if s.attend_s else "stops_per_hour"
        yield fault("calls_by_hand", "routing", column, i, item=s.item, sequence=s.sequence)
    if s.attend_s and equipment.lonely:
        yield fault("calls_without_zone", "routing", "attend_min", i, found=equipment.lonely)
    elif s.stops_per_hour:
        lonely = next((m.name for m in equipment.machines if m.zone is None), "")
        if lonely:
            yield fault("calls_without_zone", "routing", "stops_per_hour", i, found=lonely)


def _batch(d: Directory, i: int, s: Step) -> Iterator[Fault]:
    equipment = d.equipment(s.machines)
    largest = equipment.largest_batch
    if largest is None:
        return
    each = s.batch_per_piece
    if each > largest.capacity:
        found, unit = str(each), largest.batch_unit or ""
        yield fault(
            "piece_above_batch", "routing", "batch_per_piece", i, found=found, wanted=str(largest.capacity), unit=unit
        )
    if s.attend_s > s.cycle_s > 0:
        yield fault("loading_above_batch", "routing", "attend_min", i, found_s=s.attend_s, wanted_s=s.cycle_s)
