"""Plan files: a :class:`fong.model.Schedule` as JSON with names, and back.

The layout is that of the reference page ``docs/reference/tables.md``: tasks of a workshop name order, line and sequence; those
of a benchmark instance have its own numbers from 0.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fong._kernels import freeze
from fong.errors import InputFault
from fong.formats.archive import refuse
from fong.formats.objects import load_json
from fong.formats.raw import shown
from fong.formats.rows import MOST_ALIKE
from fong.model import Fault, Place, Problem, Schedule, message

_LARGEST = 2**31 - 1
I32 = NDArray[np.int32]


# ---------------------------------------------------------------- writing
def write_plan(
    problem: Problem,
    schedule: Schedule,
    *,
    objective: float | str | None = None,
    bound: float | None = None,
    extra: Mapping[str, object] | None = None,
) -> bytes:
    """A plan file in UTF-8.

    Parameters
    ----------
    problem, schedule
        What was planned, and the plan.
    objective, bound
        The plan's value and the proven bound, in the objective's unit.
    extra
        More keys, put at the end.
    """
    tasks = _instance_tasks(problem, schedule) if not problem.names.orders else _workshop_tasks(problem, schedule)
    value = {"objective": objective, "bound": bound}
    end = dict(extra or {})
    if problem.names.orders:
        assert problem.epoch is not None  # noqa: S101 - a workshop has a now
        head: dict[str, object] = {"epoch": problem.epoch.isoformat(), "unit": "s", **value}
    else:
        head, end = {}, {k: v for k, v in value.items() if v is not None} | end
    parts = [f"{_json(k)}: {_json(v)}" for k, v in head.items()]
    parts.append('"tasks": [\n' + ",\n".join(tasks) + "\n]")
    parts += [f"{_json(k)}: {_json(v)}" for k, v in end.items()]
    return ("{" + ", ".join(parts) + "}\n").encode()


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _named(names: Sequence[object]) -> Callable[[int], str]:
    """Index → the name as JSON; -1 → null."""
    shown_names = [_json(n) for n in names]
    return lambda i: "null" if i < 0 else shown_names[i]


def _or_null(i: int) -> str:
    return "null" if i < 0 else str(i)


def _pieces(problem: Problem, schedule: Schedule) -> I32:
    if len(schedule.pieces) == len(schedule):
        return schedule.pieces
    return problem.op_pieces[schedule.op] if len(problem.op_pieces) else np.ones(len(schedule), np.int32)


def _jobs(problem: Problem, schedule: Schedule) -> NDArray[np.int64]:
    return np.searchsorted(problem.job_ptr, schedule.op, side="right") - 1


def _workshop_tasks(problem: Problem, schedule: Schedule) -> Iterator[str]:
    names = problem.names
    orders = [f'"order": {_json(order)}, "line": {line}' for order, line in names.orders]
    machine, person = _named(names.machines), _named(names.people)
    steps = problem.op_step[schedule.op] if len(problem.op_step) else schedule.op
    columns = (
        _jobs(problem, schedule),
        steps,
        schedule.filled("sublot", 0),
        _pieces(problem, schedule),
        schedule.machine,
        schedule.filled("batch", -1),
        schedule.filled("setup_start", -1),
        schedule.filled("setup_end", -1),
        schedule.filled("setup_person", -1),
        schedule.start,
        schedule.end,
        schedule.filled("person", -1),
    )
    for job, step, sublot, n, m, batch, a, b, setter, start, end, who in zip(
        *(c.tolist() for c in columns), strict=True
    ):
        yield (
            f'{{{orders[job]}, "sequence": {names.sequences[step]}, "sublot": {sublot}, "quantity": {n}, '
            f'"machine": {machine(m)}, "batch": {_or_null(batch)}, "setup_start": {_or_null(a)}, '
            f'"setup_end": {_or_null(b)}, "setup_person": {person(setter)}, "start": {start}, "end": {end}, '
            f'"person": {person(who)}}}'
        )


def _instance_tasks(problem: Problem, schedule: Schedule) -> Iterator[str]:
    jobs = _jobs(problem, schedule)
    steps = schedule.op - problem.job_ptr[jobs]
    columns = (jobs, steps, schedule.machine, schedule.filled("person", -1), schedule.start, schedule.end)
    for job, step, machine, person, start, end in zip(*(c.tolist() for c in columns), strict=True):
        yield (
            f'{{"job": {job}, "step": {step}, "machine": {_or_null(machine)}, "person": {_or_null(person)}, '
            f'"start": {start}, "end": {end}}}'
        )


# ---------------------------------------------------------------- reading
def read_plan(data: bytes, problem: Problem, *, name: str = "plan") -> Schedule:
    """The schedule that a plan file holds for a problem.

    Raises
    ------
    InputFault
        It is no plan file, it belongs to another workshop or another moment, or its numbers are none. Whether the plan obeys the
        rules is for :func:`fong.model.check.check` to say.
    """
    return plan_of(load_plan(data, name), problem, name=name)


def load_plan(data: bytes, name: str) -> dict[str, Any]:
    """What a plan file holds, whatever problem it belongs to: an object with a list ``tasks`` of objects.

    Raises
    ------
    InputFault
        It is no plan file.
    """
    whole = load_json(name, data, doubled=False)
    if not isinstance(whole, dict) or not isinstance(whole.get("tasks"), list):
        raise refuse("formats.not_a_plan", name)
    if not all(isinstance(t, dict) for t in whole["tasks"]):
        raise refuse("formats.not_a_plan", name)
    return whole


def plan_of(whole: Mapping[str, Any], problem: Problem, *, name: str = "plan") -> Schedule:
    """The schedule that a plan file's content (:func:`load_plan`) means for a problem; raises as :func:`read_plan` does."""
    schedule, strangers = plan_with_strangers(whole, problem, name=name)
    if strangers:
        raise InputFault(strangers[:MOST_ALIKE])
    return schedule


def plan_with_strangers(
    whole: Mapping[str, Any], problem: Problem, *, name: str = "plan"
) -> tuple[Schedule, tuple[Fault, ...]]:
    """As :func:`plan_of`, but people whom nobody knows are told, and left out of the plan: the rest of it can be judged."""
    reader = _PlanReader(problem, whole["tasks"], name)
    reader.check_head(whole)
    schedule = reader.schedule()
    if any(f.message.code != "formats.plan_person" for f in reader.faults):
        reader.finish()
    return schedule, tuple(reader.faults)


class _PlanReader:
    """Reads the tasks of one plan."""

    def __init__(self, problem: Problem, tasks: list[Mapping[str, object]], name: str) -> None:
        self.problem, self.name = problem, name
        self.faults: list[Fault] = []
        self.rows = tasks
        self.workshop = bool(problem.names.orders)

    def fault(self, code: str, row: int | None, column: str, **params: str | int) -> None:
        place = Place(table="tasks", source=self.name, row=None if row is None else row + 1, column=column)
        self.faults.append(Fault(message=message(code, **params), place=place))

    def finish(self) -> None:
        if self.faults:
            raise InputFault(self.faults[:MOST_ALIKE])

    def check_head(self, whole: Mapping[str, object]) -> None:
        """The plan's moment and unit must be the problem's."""
        if whole.get("unit", "s") != "s" and self.workshop:
            self.fault("formats.plan_unit", None, "unit", found=shown(str(whole["unit"])))
        epoch = self.problem.epoch
        if not self.workshop or epoch is None or "epoch" not in whole:
            return
        try:
            found = datetime.fromisoformat(str(whole["epoch"]))
        except ValueError:
            self.fault("formats.not_date", None, "epoch", found=shown(str(whole["epoch"])))
            return
        if found.tzinfo is None:
            found = found.replace(tzinfo=epoch.tzinfo)
        if found != epoch:
            self.fault("formats.plan_epoch", None, "epoch", found=found.isoformat(), wanted=epoch.isoformat())

    # ------------------------------------------------------------ columns
    def cells(self, column: str, *, needed: bool = True) -> list[object]:
        """A column's cells; each task must have it, unless it may be left out (None)."""
        out = [r.get(column) for r in self.rows]
        if needed:
            for i, r in enumerate(self.rows):
                if column not in r:
                    self.fault("formats.required", i, column, wanted=column)
        return out

    def ints(self, column: str, default: int | None) -> I32:
        """A column of whole numbers; null means ``default``, or is a fault if that is None."""
        cells = self.cells(column, needed=default is None)
        if set(map(type, cells)) == {int}:
            whole = np.array(cells, dtype=object)
            if whole.min() >= 0 and whole.max() <= _LARGEST:
                return whole.astype(np.int32)
        out = np.zeros(len(cells), np.int32)
        for i, cell in enumerate(cells):
            if cell is None and default is not None:
                out[i] = default
            elif type(cell) is int and 0 <= cell <= _LARGEST:
                out[i] = cell
            elif cell is not None or column in self.rows[i]:
                found = shown(cell if isinstance(cell, str | int | Decimal) else json.dumps(cell, default=str))
                self.fault("formats.plan_number", i, column, found=found)
        return out

    def by_name(self, column: str, known: Mapping[str, int], what: str) -> I32:
        """A column of names as indices; null is -1."""
        out = np.full(len(self.rows), -1, np.int32)
        for i, cell in enumerate(self.cells(column)):
            if cell is None:
                continue
            index = known.get(cell) if isinstance(cell, str) else None
            if index is None:
                self.fault(f"formats.plan_{what}", i, column, found=shown(str(cell)))
            else:
                out[i] = index
        return out

    # ------------------------------------------------------------ the whole
    def schedule(self) -> Schedule:
        return self.of_workshop() if self.workshop else self.of_instance()

    def of_workshop(self) -> Schedule:
        names = self.problem.names
        op = self.operations()
        start, end = self.ints("start", None), self.ints("end", None)
        setup_start, setup_end = self.ints("setup_start", -1), self.ints("setup_end", -1)
        machines = {n: i for i, n in enumerate(names.machines)}
        return Schedule(
            op=freeze(op, np.int32),
            machine=freeze(self.by_name("machine", machines, "machine"), np.int32),
            start=freeze(start, np.int32),
            end=freeze(end, np.int32),
            sublot=_unless(self.ints("sublot", 0), 0),
            pieces=freeze(self.ints("quantity", None), np.int32),
            batch=_unless(self.batches(), -1),
            setup_start=_unless(setup_start, -1),
            setup_end=_unless(setup_end, -1),
            setup_person=_unless(self.people("setup_person", setup_start), -1),
            person=_unless(self.people("person", start), -1),
        )

    def operations(self) -> I32:
        """The operation of each task by order, line and sequence."""
        p = self.problem
        jobs = {order: j for j, order in enumerate(p.names.orders)}
        steps = (p.op_step if len(p.op_step) else np.arange(p.operations, dtype=np.int32)).tolist()
        job_of = np.repeat(np.arange(p.jobs), np.diff(p.job_ptr)).tolist()
        ops = {(job_of[o], p.names.sequences[steps[o]]): o for o in range(p.operations)}
        out = np.zeros(len(self.rows), np.int32)
        unknown: list[tuple[int, str]] = []
        for i, r in enumerate(self.rows):
            order, line, sequence = r.get("order"), r.get("line", 1), r.get("sequence")
            job = jobs.get((order, line)) if isinstance(order, str) and type(line) is int else None
            if job is None:
                unknown.append((i, f"{order} · {line}"))
                continue
            op = ops.get((job, sequence)) if type(sequence) is int else None
            if op is None:
                self.fault("formats.plan_step", i, "sequence", found=shown(str(sequence)), order=str(order))
            else:
                out[i] = op
        if self.rows and len(unknown) == len(self.rows):
            raise refuse("formats.other_plan", self.name, found=shown(unknown[0][1]))
        for i, found in unknown:
            self.fault("formats.plan_order", i, "order", found=shown(found))
        return out

    def batches(self) -> I32:
        """Batch ids: whole numbers as they are, other ids numbered in the order of their first use."""
        cells = self.cells("batch", needed=False)
        if all(c is None or (type(c) is int and 0 <= c <= _LARGEST) for c in cells):
            return np.array([-1 if c is None else c for c in cells], np.int32)
        ids = {c: i for i, c in enumerate(dict.fromkeys(str(c) for c in cells if c is not None))}
        return np.array([-1 if c is None else ids[str(c)] for c in cells], np.int32)

    def people(self, column: str, at: I32) -> I32:
        """People by name; of several rows of one person the one who is on duty when the work starts."""
        rows: dict[str, list[int]] = {}
        for i, n in enumerate(self.problem.names.people):
            rows.setdefault(n, []).append(i)
        out = self.by_name(column, {n: r[0] for n, r in rows.items()}, "person")
        several = {r[0]: r for r in rows.values() if len(r) > 1}
        for i in np.flatnonzero(np.isin(out, list(several))).tolist():
            out[i] = next((p for p in several[int(out[i])] if self.on_duty(p, int(at[i]))), out[i])
        return out

    def on_duty(self, person: int, t: int) -> bool:
        p = self.problem
        calendar = int(p.person_calendar[person]) if len(p.person_calendar) else -1
        if calendar < 0:
            return True
        a, b = int(p.cal_ptr[calendar]), int(p.cal_ptr[calendar + 1])
        window = a + int(np.searchsorted(p.win_open_s[a:b], t, side="right")) - 1
        return window >= a and t < int(p.win_close_s[window])

    def of_instance(self) -> Schedule:
        p = self.problem
        job, step = self.ints("job", None), self.ints("step", None)
        machine = self.ints("machine", -1)
        start, end = self.ints("start", None), self.ints("end", None)
        person = self.ints("person", -1)
        self.finish()
        sizes = np.diff(p.job_ptr)
        inside = job < p.jobs
        inside &= step < sizes[np.where(inside, job, 0)] if p.jobs else inside
        if len(job) and not inside.any():
            raise refuse("formats.other_plan", self.name, found=f"{job[0]} · {step[0]}")
        for i in np.flatnonzero(~inside).tolist():
            self.fault("formats.plan_operation", i, "step", found=f"{job[i]} · {step[i]}")
        for i in np.flatnonzero(machine >= p.machines).tolist():
            self.fault("formats.plan_machine", i, "machine", found=int(machine[i]))
        self.finish()
        return Schedule(
            op=freeze(p.job_ptr[job] + step, np.int32),
            machine=freeze(machine, np.int32),
            start=freeze(start, np.int32),
            end=freeze(end, np.int32),
            person=_unless(person, -1),
        )


def _unless(column: I32, default: int) -> I32:
    """A column, zero-length where it only holds its default."""
    return freeze(column if (column != default).any() else column[:0], np.int32)
