"""Calendars put together: common hours of machine and person, hours in which any of several people is there."""

from __future__ import annotations

from collections.abc import Hashable, Iterable

import numpy as np
from numpy.typing import NDArray

from fong._kernels import freeze
from fong.model import Problem
from fong.model.calendars import intersection, union
from fong.plan.bounds import _kernels_least as k

I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
Windows = list[tuple[int, int]]

ALWAYS = -1


class Calendars:
    """The calendars of a problem and those made from them, by number; -1 is always open.

    Made once a problem; the same hours are made only once. Lists (a choice of calendars, and all of them together) have numbers of
    their own.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        p = problem
        self.windows: list[Windows] = [
            list(zip(p.win_open_s[a:b].tolist(), p.win_close_s[a:b].tolist(), strict=True))
            for a, b in zip(p.cal_ptr[:-1].tolist(), p.cal_ptr[1:].tolist(), strict=True)
        ]
        self._made: dict[Hashable, int] = {}
        self._lists: dict[tuple[tuple[int, ...], int], int] = {}

    # ------------------------------------------------------------ calendars
    def _add(self, windows: Windows) -> int:
        key = ("windows", tuple(windows))
        if key not in self._made:
            self._made[key] = len(self.windows)
            self.windows.append(windows)
        return self._made[key]

    def common(self, a: int, b: int) -> int:
        """Hours when both are open."""
        if b in {a, ALWAYS}:
            return a
        if a == ALWAYS:
            return b
        key = ("common", min(a, b), max(a, b))
        if key not in self._made:
            self._made[key] = self._add(intersection(self.windows[a], self.windows[b]))
        return self._made[key]

    def together(self, calendars: Iterable[int]) -> int:
        """Hours when any is open; no calendar at all: never open."""
        wanted = tuple(sorted(set(calendars)))
        if ALWAYS in wanted:
            return ALWAYS
        if len(wanted) == 1:
            return wanted[0]
        key = ("together", wanted)
        if key not in self._made:
            self._made[key] = self._add(union(w for c in wanted for w in self.windows[c]))
        return self._made[key]

    def of_people(self, people: I32) -> tuple[int, ...]:
        """Distinct calendars of people."""
        own = self.problem.person_calendar
        return tuple(sorted(set(own[people].tolist()))) if len(own) else (ALWAYS,) * bool(len(people))

    def worked(self, calendar: int, work: int) -> int:
        """End of so much work from now on; the last closing where the windows do not suffice."""
        if calendar == ALWAYS:
            return work
        for opened, closed in self.windows[calendar]:
            if work <= closed - opened:
                return opened + work
            work -= closed - opened
        return self.windows[calendar][-1][1] if self.windows[calendar] else work

    # ------------------------------------------------------------ lists
    def _list(self, calendars: tuple[int, ...], all_together: int) -> int:
        return self._lists.setdefault((calendars, all_together), len(self._lists))

    def single(self, calendar: int) -> int:
        """The list of one calendar."""
        return self._list((calendar,), calendar)

    def choice(self, problem: Problem, machine: int, skill: int) -> int:
        """Common hours of a machine calendar with each of those who may run with a skill (-1: nobody is needed).

        A skill that nobody has leaves the machine's own hours: then there is no plan, and any bound holds.
        """
        if skill < 0:
            return self.single(machine)
        people = problem.skill_person[problem.skill_ptr[skill] : problem.skill_ptr[skill + 1]]
        if len(problem.person_zone):
            people = people[problem.person_zone[people] < 0]
        own = self.of_people(people)
        if not own:
            return self.single(machine)
        return self._list(tuple(self.common(machine, c) for c in own), self.common(machine, self.together(own)))

    def duty(self, zone: int) -> int:
        """Hours when any tender of a zone is on duty."""
        p = self.problem
        people = p.tender_person[p.tender_ptr[zone] : p.tender_ptr[zone + 1]]
        return self.single(self.together(self.of_people(people)))

    # ------------------------------------------------------------ for the kernels
    def hours(self, **ways: NDArray[np.generic]) -> k.Hours:
        """All calendars and lists as columns, with the ways of the steps."""
        counts = [len(w) for w in self.windows]
        flat = np.array([w for ws in self.windows for w in ws], np.int64).reshape(-1, 2)
        pointer = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
        total = np.concatenate(([0], np.cumsum(flat[:, 1] - flat[:, 0])))
        before = total[:-1] - np.repeat(total[pointer[:-1]], counts) if len(flat) else np.zeros(0, np.int64)
        lists = list(self._lists)
        none = np.zeros(0, np.int32)
        columns = {
            name: ways.get(name, none.astype(np.int64 if name == "way_batch_milli" else np.int32))
            for name in k.Hours._fields
            if name.startswith("way_")
        }
        return k.Hours(
            ptr=freeze(pointer, np.int32),
            opens=freeze(flat[:, 0], np.int32),
            closes=freeze(flat[:, 1], np.int32),
            before=freeze(before, np.int64),
            list_ptr=freeze(np.concatenate(([0], np.cumsum([len(c) for c, _ in lists]))), np.int32),
            list_cal=freeze(np.array([x for c, _ in lists for x in c], np.int64), np.int32),
            list_union=freeze(np.array([u for _, u in lists], np.int64), np.int32),
            **{name: freeze(column, column.dtype) for name, column in columns.items()},
        )
