"""What the model reads of a problem: lots with their machines, people in classes, hours, and which rules it must leave weaker."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from fong.model import NEVER, Problem
from fong.plan.bounds.least import Least, least, mode_setups
from fong.plan.cpsat.hours import RUN_ON, Work
from fong.plan.lots import step_of

Windows = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A machine that can do a lot: ``run_s`` work, ``calls`` where it calls for tenders (then the run may take longer)."""

    mode: int
    machine: int  # -1: by hand, or outside
    run_s: int
    cycle_s: int
    calls: bool = False
    batch: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """A lot of an operation. ``loose``: it may be cut at will, so that only its length is known."""

    op: int
    sublot: int
    pieces: int
    job: int
    step: int
    ways: tuple[Way, ...]
    loose: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Crew:
    """People who are alike in all that a plan sees: same hours, same skills, same zone."""

    people: tuple[int, ...]
    calendar: int
    zone: int
    skills: frozenset[int]


class Shop:
    """A problem as the model reads it. Made once a problem."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.figures: Least = least(problem)
        self.step = step_of(problem).tolist()
        self.planned = self.figures.live.tolist()
        self._lists: dict[str, list[int]] = {}
        self.job = np.repeat(np.arange(problem.jobs), np.diff(problem.job_ptr)).tolist()
        self.start = self.figures.start.tolist()
        self.end = self.figures.end.tolist()
        self.tail = self.figures.tail.tolist()

    # ------------------------------------------------------------ columns
    def at(self, column: str, i: int, default: int) -> int:
        """Value of a column; the default where it is absent or i is -1."""
        values = self._lists.get(column)
        if values is None:
            values = self._lists[column] = getattr(self.problem, column).tolist()
        return values[i] if values and i >= 0 else default

    def of(self, column: str, op: int, default: int) -> int:
        """Value of a step's column for an operation."""
        return self.at(column, self.step[op], default)

    def modes(self, step: int) -> range:
        """Modes of a step."""
        p = self.problem
        if not len(p.mode_ptr):
            return range(step, step + 1) if len(p.mode_machine) else range(0)
        return range(self.at("mode_ptr", step, 0), self.at("mode_ptr", step + 1, 0))

    def cycles(self, op: int, pieces: int) -> int:
        """Cycles of so many pieces."""
        return -(-pieces // max(1, self.of("step_pieces_per_cycle", op, 1)))

    # ------------------------------------------------------------ lots
    def lot(self, op: int, sublot: int, pieces: int, *, loose: bool) -> Lot:
        """One lot with all its ways."""
        step = self.step[op]
        ways = [self._way(op, m, pieces) for m in self.modes(step)]
        if not ways:
            outside = self.at("step_outside_s", step, -1)
            cycle = self.at("step_cycle_s", step, 0)
            work = outside if outside >= 0 else self.cycles(op, pieces) * cycle
            ways = [Way(mode=-1, machine=-1, run_s=work, cycle_s=cycle)]
        return Lot(op=op, sublot=sublot, pieces=pieces, job=self.job[op], step=step, ways=tuple(ways), loose=loose)

    def _way(self, op: int, mode: int, pieces: int) -> Way:
        machine, cycle = self.at("mode_machine", mode, -1), self.at("mode_cycle_s", mode, 0)
        batch = self.at("machine_batch_milli", machine, 0) > 0
        calls = not batch and self.calls(op) and self.at("machine_zone", machine, -1) >= 0
        run = cycle if batch else self.cycles(op, pieces) * cycle
        if calls:
            run = max(0, run - 1 - int(self.figures.slack * cycle * max(1, self.of("step_cycles_per_call", op, 1))))
        return Way(mode=mode, machine=machine, run_s=run, cycle_s=cycle, calls=calls, batch=batch)

    def calls(self, op: int) -> bool:
        """Whether the operation calls for tenders where there are any."""
        if self.of("step_run_skill", op, -1) >= 0:
            return False
        stops = self.of("step_stops_micro", op, 0) * self.of("step_stop_s", op, 0)
        return self.of("step_attend_s", op, 0) > 0 or stops > 0

    def may_cut(self, op: int) -> bool:
        """Whether a plan may cut the operation into several lots."""
        pieces = self.at("op_pieces", op, 1)
        if pieces <= 1:
            return False
        if self.of("step_max_lot", op, 0) > 0 or self.of("step_split_over", op, 1) > 1:
            return True
        room = [self.at("machine_batch_milli", self.at("mode_machine", m, -1), 0) for m in self.modes(self.step[op])]
        units = pieces * self.of("step_batch_milli", op, 1000)
        return any(0 < r < units for r in room)

    @cached_property
    def whole(self) -> tuple[Lot, ...]:
        """One lot for each operation that is to be planned; loose where a plan may cut it."""
        return tuple(
            self.lot(op, 0, self.at("op_pieces", op, 1), loose=self.may_cut(op))
            for op, there in enumerate(self.planned)
            if there
        )

    # ------------------------------------------------------------ hours
    def windows(self, *calendars: int) -> Windows | None:
        """Hours common to calendars; None: always."""
        made, common = self.figures.calendars, -1
        for c in calendars:
            common = made.common(common, c)
        return None if common < 0 else tuple(made.windows[common])

    def duty(self, zone: int) -> Windows | None:
        """Hours in which somebody tends a zone; None: always."""
        p, made = self.problem, self.figures.calendars
        crew = p.tender_person[p.tender_ptr[zone] : p.tender_ptr[zone + 1]]
        hours = made.together(made.of_people(crew))
        return None if hours < 0 else tuple(made.windows[hours])

    def work(self, lot: Lot, way: Way, crew: Crew | None, *, slack: bool, closed: bool) -> Work:
        """The run of a lot in one way, by somebody of a crew."""
        if way.calls:
            return Work(seconds=way.run_s, gap=0, overtime_s=0, windows=None, shift=None, slack=True)
        hours = (self.at("machine_calendar", way.machine, -1), crew.calendar if crew else -1)
        gap = self.of("step_gap", lot.op, 0)
        windows, shift = self.windows(*hours), self.windows(hours[1])
        if self.of("step_outside_s", lot.op, -1) >= 0:
            gap, windows, shift = RUN_ON, self.windows(self.of("step_collect", lot.op, -1)), None
        return Work(
            seconds=way.run_s,
            gap=gap,
            overtime_s=self.of("step_overtime_s", lot.op, 0),
            windows=windows,
            shift=shift,
            slack=slack,
            closed=closed,
        )

    # ------------------------------------------------------------ people
    @cached_property
    def crews(self) -> tuple[Crew, ...]:
        """All people in classes."""
        p = self.problem
        skills: dict[int, set[int]] = defaultdict(set)
        for q in range(max(0, len(p.skill_ptr) - 1)):
            for n in p.skill_person[p.skill_ptr[q] : p.skill_ptr[q + 1]].tolist():
                skills[n].add(q)
        alike: dict[tuple[int, int, frozenset[int]], list[int]] = defaultdict(list)
        for n in range(p.people):
            key = (self.at("person_calendar", n, -1), self.at("person_zone", n, -1), frozenset(skills[n]))
            alike[key].append(n)
        return tuple(Crew(people=tuple(n), calendar=c, zone=z, skills=q) for (c, z, q), n in alike.items())

    def runners(self, lot: Lot) -> tuple[int, ...]:
        """Crews that may be held for the run of a lot; none: nobody is wanted."""
        skill = self.of("step_run_skill", lot.op, -1)
        if skill < 0 or self.of("step_outside_s", lot.op, -1) >= 0 or any(w.batch for w in lot.ways):
            return ()
        return tuple(i for i, c in enumerate(self.crews) if skill in c.skills and c.zone < 0)

    def wants_runner(self, lot: Lot) -> bool:
        """Whether the run of a lot holds somebody."""
        outside = self.of("step_outside_s", lot.op, -1) >= 0
        return self.of("step_run_skill", lot.op, -1) >= 0 and not outside and not any(w.batch for w in lot.ways)

    def setters(self, lot: Lot) -> tuple[int, ...]:
        """Crews that may set up for a lot, on some machine."""
        skill = self.of("step_setup_skill", lot.op, -1)
        return tuple(i for i, c in enumerate(self.crews) if skill in c.skills)

    # ------------------------------------------------------------ work in progress
    @cached_property
    def running(self) -> dict[int, int]:
        """End of each operation that runs now."""
        p = self.problem
        return dict(zip(p.wip_op.tolist(), p.wip_end_s.tolist(), strict=True))

    @cached_property
    def job_end(self) -> list[int]:
        """Least completion of each job."""
        return np.maximum(self.figures.job_end, 0).tolist()  # type: ignore[no-any-return]

    # ------------------------------------------------------------ set-ups
    @cached_property
    def spared(self) -> list[int]:
        """The set-up that each mode cannot spare, whatever ran before; empty: none."""
        return mode_setups(self.problem).tolist()  # type: ignore[no-any-return]

    @cached_property
    def _cells(self) -> dict[tuple[int, int], int]:
        """The set-up matrix: (row, to family) → seconds."""
        p = self.problem
        rows = np.repeat(np.arange(max(0, len(p.setup_ptr) - 1)), np.diff(p.setup_ptr) if len(p.setup_ptr) else [])
        return dict(zip(zip(rows.tolist(), p.setup_to.tolist(), strict=True), p.setup_s.tolist(), strict=True))

    @cached_property
    def _present(self) -> list[int]:
        """Family that each machine is set up for: of the work in progress there that ends last, if any."""
        p = self.problem
        out = [self.at("machine_family", k, -1) for k in range(p.machines)]
        order = np.argsort(p.wip_end_s, kind="stable").tolist()
        for i in order:
            if self.at("wip_machine", i, -1) >= 0:
                out[self.at("wip_machine", i, -1)] = self.of("step_family", self.at("wip_op", i, 0), -1)
        return out

    def changeover(self, machine: int, before: Lot | None, after: Lot, mode: int) -> int:
        """Seconds of set-up for a lot after another one (None: the first) on a machine of one slot."""
        if before is not None and before.op == after.op:
            return 0
        return self.between(machine, self.last_family(machine, before), after, mode)

    def last_family(self, machine: int, before: Lot | None) -> int:
        """What a machine is set up for after a lot; None: at the beginning."""
        return self._present[machine] if before is None else self.of("step_family", before.op, -1)

    def between(self, machine: int, last: int, after: Lot, mode: int) -> int:
        """Seconds of set-up for a lot after another operation of some family."""
        own = self.at("mode_setup_s", mode, 0)
        family = self.of("step_family", after.op, -1)
        if last < 0 or family < 0:
            return own
        row = self.at("machine_group", machine, 0) * self.problem.families + last
        return self._cells.get((row, family), 0 if last == family else own)

    # ------------------------------------------------------------ order
    @cached_property
    def pairs(self) -> tuple[tuple[int, int], ...]:
        """Operations that follow each other, the second one planned, the first one planned or running."""
        p = self.problem
        if len(p.pred_ptr):
            after = np.repeat(np.arange(p.operations), np.diff(p.pred_ptr)).tolist()
            found = zip(p.pred_op.tolist(), after, strict=True)
        else:
            firsts = set(p.job_ptr[:-1].tolist())
            found = ((t - 1, t) for t in range(p.operations) if t not in firsts)  # type: ignore[assignment]
        return tuple((a, b) for a, b in found if self.planned[b] and (self.planned[a] or a in self.running))

    @cached_property
    def watched(self) -> frozenset[int]:
        """Operations after which a longest wait counts: a run that ends later than it needs to is worth something."""
        return frozenset(a for a, _ in self.pairs if self.of("step_max_wait_s", a, NEVER) < NEVER)

    @cached_property
    def awaited(self) -> frozenset[int]:
        """Operations that must begin soon after another one."""
        return frozenset(b for a, b in self.pairs if self.of("step_max_wait_s", a, NEVER) < NEVER)
