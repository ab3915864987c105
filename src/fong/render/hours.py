"""Working time as windows: which hours a machine, a person or a zone's tenders are there.

Windows are half-open ``(open_s, close_s)`` in seconds after now, sorted and apart. Before now nothing is known, and after the
horizon nothing is laid out: neither counts as closed.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from operator import itemgetter

from fong.model import NEVER, Problem
from fong.model.calendars import intersection, union

Windows = tuple[tuple[int, int], ...]
ALWAYS: Windows = ((-NEVER, NEVER),)


def calendar_hours(problem: Problem, calendar: int) -> Windows:
    """Windows of one calendar; -1 is always open."""
    if calendar < 0 or len(problem.cal_ptr) == 0:
        return ALWAYS
    rows = slice(int(problem.cal_ptr[calendar]), int(problem.cal_ptr[calendar + 1]))
    known = zip(problem.win_open_s[rows].tolist(), problem.win_close_s[rows].tolist(), strict=True)
    return tuple(union([*known, *([(problem.horizon_s, NEVER)] if problem.horizon_s < NEVER else [])]))


def machine_hours(problem: Problem, machine: int) -> Windows:
    """When a machine is open; one outside the plan's machines (-1: handwork) always is."""
    column = problem.machine_calendar
    return calendar_hours(problem, int(column[machine]) if machine >= 0 and len(column) else -1)


def person_hours(problem: Problem, person: int) -> Windows:
    """When a person is on shift; -1 (nobody needed) always."""
    column = problem.person_calendar
    return calendar_hours(problem, int(column[person]) if person >= 0 and len(column) else -1)


def zone_of(problem: Problem, machine: int) -> int:
    """Zone of a machine, -1 without one."""
    return int(problem.machine_zone[machine]) if machine >= 0 and len(problem.machine_zone) else -1


def tenders_of(problem: Problem, zone: int) -> list[int]:
    """The people who tend a zone."""
    if zone < 0 or len(problem.tender_ptr) == 0:
        return []
    people: list[int] = problem.tender_person[problem.tender_ptr[zone] : problem.tender_ptr[zone + 1]].tolist()
    return people


def duty_hours(problem: Problem, zone: int) -> Windows:
    """When at least one tender of a zone is there; -1 (no zone) always."""
    if zone < 0:
        return ALWAYS
    return tuple(union(w for person in tenders_of(problem, zone) for w in person_hours(problem, person)))


def limit_steps(problem: Problem, zone: int) -> tuple[tuple[int, int], ...]:
    """How many tasks may run in a zone from which second on, Σ ``max_machines`` of those on duty; -1: no limit."""
    changes: dict[int, int] = {0: 0}
    endless: dict[int, int] = {0: 0}
    for person in tenders_of(problem, zone):
        most = int(problem.person_max[person]) if len(problem.person_max) else NEVER
        target, amount = (endless, 1) if most == NEVER else (changes, most)
        for opened, closed in person_hours(problem, person):
            target[max(0, opened)] = target.get(max(0, opened), 0) + amount
            target[closed] = target.get(closed, 0) - amount
    steps, total, free = [], 0, 0
    for moment in sorted(changes.keys() | endless.keys()):
        total += changes.get(moment, 0)
        free += endless.get(moment, 0)
        steps.append((moment, -1 if free else total))
    return tuple(steps)


def common(first: Windows, second: Windows) -> Windows:
    """Time in both of two runs of windows."""
    if first is ALWAYS or second is ALWAYS:
        return second if first is ALWAYS else first
    return tuple(intersection(first, second))


def gaps(windows: Windows, begin: int, end: int) -> Iterator[tuple[int, int]]:
    """Closed time within [begin, end), as far as it is known."""
    at = max(begin, 0)
    for opened, closed in windows[max(0, bisect_right(windows, at, key=itemgetter(0)) - 1) :]:
        if at >= end:
            return
        if opened > at:
            yield at, min(opened, end)
        at = max(at, closed)
    if at < end:
        yield at, end


def window_at(windows: Sequence[tuple[int, int]], moment: int) -> tuple[int, int] | None:
    """The window that holds a moment."""
    i = bisect_right(windows, moment, key=itemgetter(0)) - 1
    return windows[i] if i >= 0 and moment < windows[i][1] else None
