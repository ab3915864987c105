"""The neck of a plan: what is at work for nearly all of the time there is, if anything is. It is told as a load, not as a cause.

Looked at until nine tenths of the order lines have ended, for a plan ends in a few stragglers that wait for material or come back from
outside. What stands and waits for somebody is not at work: a machine that a busy tender keeps waiting is not the neck, the tender is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fong.model.check.rows import gather
from fong.model.message import Message, Param, message
from fong.plan.explain.spans import FAR, Spans, length, within, without
from fong.plan.explain.timeline import Timeline
from fong.plan.explain.told import Namer

I64 = NDArray[np.int64]
_LINES = (9, 10)
"""Share of the order lines until whose end is looked."""
CLEAR = 0.85
"""What is taken for less of its time is no neck."""
_APART = 0.1
"""What has so much less of a load is clearly less busy; what comes nearer is named as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """Work against what there is room for, in seconds: of a machine group, of all people with a skill, of the tenders of a zone.

    ``kind`` ends the code of its sentence; ``of`` are the machines or people that it is a load of.
    """

    kind: str
    name: Param
    of: tuple[bool, frozenset[int]]
    work_s: float
    room_s: float

    @property
    def share(self) -> float:
        """Part of the room that is taken; overtime is work without room."""
        return min(1.0, self.work_s / self.room_s) if self.room_s > 0 else 0.0

    @property
    def pct(self) -> int:
        """The share in per cent."""
        return round(100 * self.share)


def neck(line: Timeline, name: Namer) -> Message | None:
    """What is busiest, with its load; what is nearly as busy, or else what has more work and yet room; None: nothing is busy enough."""
    loads = Loads(line, name)
    machines = list(loads.machines())
    ranked = sorted((*loads.tenders(), *loads.people(), *machines), key=lambda load: -load.share)
    if not ranked or ranked[0].share < CLEAR:
        return None
    first, *others = ranked
    said: dict[str, Param] = {"name": first.name, "load_pct": first.pct, "until_at": name.moment(loads.until)}
    near = {load.of: load for load in reversed(others) if load.of != first.of and load.share > first.share - _APART}
    if near:
        return _several(first, sorted(near.values(), key=lambda load: -load.share), said)
    most = max(machines, key=lambda load: load.work_s, default=first)
    if most is first or most.kind != "group" or most.share > first.share - _APART:
        return message(f"plan.neck_{first.kind}", **said)
    return message(f"plan.neck_{first.kind}_most", other=most.name, other_pct=most.pct, **said)


def _several(first: Load, near: list[Load], said: dict[str, Param]) -> Message:
    """The two busiest, and how many more come near."""
    kind = "machines" if first.kind == near[0].kind == "machine" else "both"
    pair = said | {"other": near[0].name, "other_pct": near[0].pct}
    if len(near) == 1:
        return message(f"plan.neck_{kind}", **pair)
    return message(f"plan.neck_{kind}_more", more=len(near) - 1, **pair)


class _Holds(NamedTuple):
    """Stretches in which things are held, and how much of each is work."""

    of: I64
    begin: I64
    end: I64
    work_s: I64


class Loads:
    """The loads of one plan until nine tenths of its order lines have ended."""

    def __init__(self, line: Timeline, name: Namer) -> None:
        self.line, self.name = line, name
        self.until = self._until()
        self._attended = cache(self._hours)

    def _until(self) -> int:
        p, rows = self.line.problem, self.line.rows
        end = np.zeros(p.jobs, np.int64)
        np.maximum.at(end, rows.job, rows.end)
        np.maximum.at(end, np.searchsorted(p.job_ptr, p.wip_op, side="right") - 1, p.wip_end_s.astype(np.int64))
        ends = np.sort(end[end > 0])
        part, whole = _LINES
        return int(ends[-(-len(ends) * part // whole) - 1]) if len(ends) else 0

    # ------------------------------------------------------------ machines
    def machines(self) -> Iterator[Load]:
        """Each group of machines; each machine, where there are no groups."""
        p = self.line.problem
        everything = np.arange(p.machines)
        hours = [self._attended(*self._keys(m)) for m in range(p.machines)]
        work = self._work(self._on_machines(), hours)
        room = gather(p.machine_slots, everything, 1) * [self._open(h) for h in hours]
        grouped = len(p.names.groups) > 0
        group = gather(p.machine_group, everything, 0) if grouped else everything
        for g in np.unique(group).tolist():
            yield Load(
                kind="group" if grouped else "machine",
                name=self.name.of("groups" if grouped else "machines", g),
                of=(True, frozenset(np.flatnonzero(group == g).tolist())),
                work_s=float(work[group == g].sum()),
                room_s=float(room[group == g].sum()),
            )

    def _keys(self, machine: int) -> tuple[int, int]:
        p = self.line.problem
        calendar = int(p.machine_calendar[machine]) if len(p.machine_calendar) else -1
        return calendar, int(p.machine_zone[machine]) if len(p.machine_zone) else -1

    def _hours(self, calendar: int, zone: int) -> Spans:
        """When a machine is open and, in a zone, somebody tends it: what it does alone at night comes on top."""
        hours = self.line.window(calendar)
        return hours if zone < 0 else without(hours, self.line.dark[zone])

    def _on_machines(self) -> _Holds:
        """Work in progress, all of which counts as work, and the plan's rows."""
        p, rows, tasks = self.line.problem, self.line.rows, self.line.tasks
        mine = np.flatnonzero(rows.lead & (rows.machine >= 0))
        begin, end = rows.begin.copy(), rows.end.copy()
        np.minimum.at(begin, rows.unit, rows.begin)
        np.maximum.at(end, rows.unit, rows.end)
        need = np.array(self.line.setup_s, np.int64) + np.array(self.line.work_s, np.int64)
        planned = tasks.row >= 0
        need[tasks.row[planned]] += (tasks.calls * tasks.serve_ms // 1000)[planned]
        runs = np.flatnonzero(p.wip_machine >= 0)
        return _Holds(
            np.concatenate((p.wip_machine[runs], rows.machine[mine])).astype(np.int64),
            np.concatenate((0 * runs, begin[mine])).astype(np.int64),
            np.concatenate((p.wip_end_s[runs], end[mine])).astype(np.int64),
            np.concatenate((p.wip_end_s[runs], need[mine])).astype(np.int64),
        )

    # ------------------------------------------------------------ people
    def people(self) -> Iterator[Load]:
        """All people with a skill, if most of what they do asks for it."""
        p = self.line.problem
        hours = [self.line.shift(n) for n in range(p.people)]
        holds, skill = self._of_people()
        for q in np.unique(skill).tolist():
            able = p.skill_person[p.skill_ptr[q] : p.skill_ptr[q + 1]].tolist()
            own = self._work(_Holds(*(c[skill == q] for c in holds)), hours)[able].sum()
            work = self._work(holds, hours)[able].sum()
            if 2 * own >= work:
                room = sum(self._open(hours[n]) for n in able)
                of = (False, frozenset(able))
                yield Load(kind="people", name=self.name.of("skills", q), of=of, work_s=float(work), room_s=room)

    def _of_people(self) -> tuple[_Holds, I64]:
        """When people are held, and by the skill of what."""
        person, begin, end, op, sets = self.line.people_held
        rows_skill = self.line.problem.step_setup_skill, self.line.problem.step_run_skill
        step = gather(self.line.problem.op_step, op, 0) if len(self.line.problem.op_step) else op
        skill = np.where(sets, *(gather(column, step, -1) for column in rows_skill))
        mine = skill >= 0
        return _Holds(person[mine], begin[mine], end[mine], (end - begin)[mine]), skill[mine]

    # ------------------------------------------------------------ tenders
    def tenders(self) -> Iterator[Load]:
        """The tenders of each zone: the calls they serve, and what else holds them."""
        p, tasks = self.line.problem, self.line.tasks
        begin, end = np.maximum(tasks.start, 0), np.minimum(tasks.end, self.until)
        share = np.maximum(end - begin, 0) / np.maximum(tasks.end - tasks.start, 1)
        served = share * tasks.calls * tasks.serve_ms / 1000
        hours = [self.line.shift(n) for n in range(p.people)]
        held = self._work(self._of_people()[0], hours)
        for z in range(p.zones):
            crew = p.tender_person[p.tender_ptr[z] : p.tender_ptr[z + 1]].tolist()
            work = float(served[tasks.zone == z].sum() + held[crew].sum())
            room = sum(self._open(hours[n]) for n in crew)
            of = (False, frozenset(crew))
            yield Load(kind="zone", name=self.name.of("zones", z), of=of, work_s=work, room_s=room)

    # ------------------------------------------------------------ hours
    def _open(self, hours: Spans) -> float:
        return float(length(within(hours, 0, self.until)))

    def _work(self, holds: _Holds, hours: list[Spans]) -> NDArray[np.float64]:
        """Seconds that each is at work until the end of the look: of the open hours of a hold no more than the work needs."""
        out = np.zeros(len(hours))
        order = np.argsort(holds.of, kind="stable")
        cuts = np.searchsorted(holds.of[order], np.arange(len(hours) + 1))
        for i, own in enumerate(hours):
            mine = order[cuts[i] : cuts[i + 1]]
            begin, end = holds.begin[mine], holds.end[mine]
            opened = _passed(own, begin)
            whole, part = (np.maximum(_passed(own, at) - opened, 0) for at in (end, np.minimum(end, self.until)))
            out[i] = (np.minimum(holds.work_s[mine], whole) * part / np.maximum(whole, 1)).sum()
        return out


def _passed(hours: Spans, moments: I64) -> I64:
    """Open seconds between now and each moment."""
    spans = np.array(within(hours, 0, FAR), np.int64).reshape(-1, 2)
    if not len(spans):
        return np.zeros(len(moments), np.int64)
    before = np.concatenate(([0], np.cumsum(spans[:, 1] - spans[:, 0])))
    i = np.maximum(np.searchsorted(spans[:, 0], moments, side="right") - 1, 0)
    out: I64 = before[i] + np.clip(moments - spans[i, 0], 0, spans[i, 1] - spans[i, 0])
    return out
