"""A problem taken apart into those that share nothing: no machine, person, tool, place, material or order line."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fong._kernels import freeze
from fong.model.problem import I32, I64, Problem
from fong.model.schedule import Schedule

_MOST_STEPS = 200_000
"""A problem with more steps is left whole: instances in which each operation is a step of its own share their machines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Some jobs of a problem with all that they need, as a problem of its own.

    Calendars, skills, tools, places, materials and set-up families keep their numbers.

    Parameters
    ----------
    problem
        The part.
    op, machine, person
        [T'], [K'], [N']: which operation, machine and person of the whole each of the part's is.
    """

    problem: Problem
    op: I64
    machine: I64
    person: I64


def parts(problem: Problem, *, by_order: bool = False) -> tuple[Part, ...]:
    """The problem's parts; one, which is the problem itself, where all hangs together.

    Parameters
    ----------
    by_order
        Lines of one order hang together too.
    """
    owner = _owners(problem, by_order=by_order)
    numbers = np.unique(owner)
    if len(numbers) <= 1:
        identity = [np.arange(n) for n in (problem.operations, problem.machines, problem.people)]
        return (Part(problem=problem, op=identity[0], machine=identity[1], person=identity[2]),)
    return tuple(_part(problem, np.flatnonzero(owner == number)) for number in numbers)


def within(part: Part, schedule: Schedule, problem: Problem) -> Schedule:
    """The part's rows of a plan of the whole."""
    at_op, at_machine = _numbers(part.op, problem.operations), _numbers(part.machine, problem.machines)
    at_person = _numbers(part.person, problem.people)
    rows = np.flatnonzero(at_op[schedule.op] >= 0)
    out: dict[str, NDArray[np.int64]] = {}
    for name in (f.name for f in fields(Schedule) if len(getattr(schedule, f.name))):
        column = getattr(schedule, name)[rows].astype(np.int64)
        at = {"op": at_op, "machine": at_machine, "person": at_person, "setup_person": at_person}.get(name)
        out[name] = column if at is None else _mapped(column, at)
    return Schedule(**{name: freeze(column, np.int32) for name, column in out.items()})


def joined(problem: Problem, plans: Sequence[tuple[Part, Schedule]]) -> Schedule:
    """The plan of the whole that is made of its parts' plans, rows by operation and sub-lot."""
    pieces = _pieces(problem)
    rows: list[dict[str, NDArray[np.int64]]] = []
    batches = 0
    for part, plan in plans:
        row = {f.name: plan.filled(f.name, _ABSENT.get(f.name, -1)).astype(np.int64) for f in fields(Schedule)}
        row["op"] = part.op[row["op"]]
        row["machine"] = _mapped(row["machine"], part.machine)
        row["person"], row["setup_person"] = (_mapped(row[n], part.person) for n in ("person", "setup_person"))
        row["pieces"] = row["pieces"] if len(plan.pieces) else pieces[row["op"]]
        row["batch"] = np.where(row["batch"] >= 0, row["batch"] + batches, -1)
        batches = max(batches, int(row["batch"].max(initial=-1)) + 1)
        rows.append(row)
    used = {f.name for f in fields(Schedule) if any(len(getattr(plan, f.name)) for _, plan in plans)}
    whole = {name: np.concatenate([row[name] for row in rows]) for name in used}
    order = np.lexsort((whole.get("sublot", np.zeros(len(whole["op"]), np.int64)), whole["op"]))
    return Schedule(**{name: freeze(column[order], np.int32) for name, column in whole.items()})


_ABSENT = {"sublot": 0}
"""What a row says by leaving a column out, where that is not -1."""


def _pieces(problem: Problem) -> I64:
    return problem.op_pieces.astype(np.int64) if len(problem.op_pieces) else np.ones(problem.operations, np.int64)


# ------------------------------------------------------------ what hangs together
class _Ties:
    """Disjoint sets of numbers."""

    def __init__(self, count: int) -> None:
        self.up = list(range(count))

    def find(self, x: int) -> int:
        while self.up[x] != x:
            self.up[x] = self.up[self.up[x]]
            x = self.up[x]
        return x

    def tie(self, a: int, b: int) -> None:
        a, b = self.find(a), self.find(b)
        self.up[max(a, b)] = min(a, b)


def _owners(p: Problem, *, by_order: bool) -> NDArray[np.int64]:
    """[J] a number for each job; those of jobs that share something, if only by way of others, are equal."""
    steps = len(p.mode_ptr) - 1 if len(p.mode_ptr) else len(p.mode_machine)
    if p.jobs <= 1 or not p.operations or not len(p.op_step) or steps > _MOST_STEPS:
        return np.zeros(p.jobs, np.int64)
    skills, zones = max(0, len(p.skill_ptr) - 1), p.zones
    counts = (steps, p.machines, p.people, skills, zones, len(p.tool_quantity), len(p.place_lots), len(p.stock_micro))
    base = np.concatenate([[0], np.cumsum(counts)]).tolist()
    ties = _Ties(base[-1])
    for (kind, number), (other, its) in itertools.chain(_ties_of_steps(p), _ties_of_things(p)):
        ties.tie(base[kind] + number, base[other] + its)
    first = p.op_step[np.minimum(p.job_ptr[:-1], p.operations - 1)].tolist()
    if by_order:
        seen: dict[str, int] = {}
        for (order, _), step in zip(p.names.orders, first, strict=False):
            ties.tie(step, seen.setdefault(order, step))
    return np.array([ties.find(step) for step in first], np.int64)


_STEP, _MACHINE, _PERSON, _SKILL, _ZONE, _TOOL, _PLACE, _MATERIAL = range(8)
_Thing = tuple[int, int]
"""Its kind and its number."""


def _ties_of_things(p: Problem) -> Iterator[tuple[_Thing, _Thing]]:
    """People to skills and zones, machines to zones, running work to its machine, steps of a job to one another."""
    for kind, pointer, values in ((_SKILL, p.skill_ptr, p.skill_person), (_ZONE, p.tender_ptr, p.tender_person)):
        for row in range(len(pointer) - 1):
            for value in values[pointer[row] : pointer[row + 1]].tolist():
                yield (kind, row), (_PERSON, value)
    for machine in np.flatnonzero(p.machine_zone >= 0).tolist():
        yield (_MACHINE, machine), (_ZONE, int(p.machine_zone[machine]))
    for op, machine in zip(p.wip_op.tolist(), p.wip_machine.tolist(), strict=True):
        if machine >= 0:
            yield (_STEP, int(p.op_step[op])), (_MACHINE, machine)
    job = np.repeat(np.arange(p.jobs), np.diff(p.job_ptr))
    within = job[1:] == job[:-1]
    for a, b in np.unique(np.stack([p.op_step[:-1][within], p.op_step[1:][within]], axis=1), axis=0).tolist():
        yield (_STEP, a), (_STEP, b)


def _ties_of_steps(p: Problem) -> Iterator[tuple[_Thing, _Thing]]:
    """Steps to the machines, skills, tools, places and materials that they need."""
    steps = len(p.mode_ptr) - 1 if len(p.mode_ptr) else len(p.mode_machine)
    modes = p.mode_ptr.tolist() if len(p.mode_ptr) else range(steps + 1)
    machine = p.mode_machine.tolist()
    for step in range(steps):
        for m in machine[modes[step] : modes[step + 1]]:
            yield (_STEP, step), (_MACHINE, m)
    columns = ((_SKILL, p.step_setup_skill), (_SKILL, p.step_run_skill), (_TOOL, p.step_tool), (_PLACE, p.step_place))
    for kind, column in columns:
        for step in np.flatnonzero(column >= 0).tolist():
            yield (_STEP, step), (kind, int(column[step]))
    for step in range(len(p.use_ptr) - 1):
        for item in p.use_item[p.use_ptr[step] : p.use_ptr[step + 1]].tolist():
            yield (_STEP, step), (_MATERIAL, item)


# ------------------------------------------------------------ a part as a problem
def _part(p: Problem, jobs: NDArray[np.int64]) -> Part:
    """Some jobs with the operations, steps, machines, people and zones that are theirs."""
    op = _spread(p.job_ptr, jobs)
    step = np.unique(p.op_step[op])
    mode = _spread(p.mode_ptr, step) if len(p.mode_ptr) else step.astype(np.int64)
    wip = np.flatnonzero(np.isin(p.wip_op, op))
    on = p.wip_machine[wip]
    machine = np.unique(np.concatenate([p.mode_machine[mode], on[on >= 0]]))
    zone = np.unique(p.machine_zone[machine]) if len(p.machine_zone) else np.zeros(0, np.int32)
    zone = zone[zone >= 0]
    skills = np.unique(np.concatenate([c[step] for c in (p.step_setup_skill, p.step_run_skill) if len(c)] or [zone]))
    able = [_spread(p.skill_ptr, skills[skills >= 0])] if len(p.skill_ptr) else []
    tends = [_spread(p.tender_ptr, zone)] if len(p.tender_ptr) else []
    person = np.unique(
        np.concatenate(
            [*(p.skill_person[a] for a in able), *(p.tender_person[t] for t in tends), np.zeros(0, np.int32)]
        )
    )
    if len(p.person_zone):  # who tends a zone without work here does nothing else
        person = person[(p.person_zone[person] < 0) | np.isin(p.person_zone[person], zone)]
    columns = _cut(
        p, {"job": jobs, "op": op, "step": step, "mode": mode, "wip": wip, "machine": machine, "person": person}
    )
    columns |= _renumbered(p, jobs, op, step, machine, person, zone)
    names = p.names
    picked = {
        name: tuple(getattr(names, name)[i] for i in which.tolist())
        for name, which in (
            ("orders", jobs), ("items", jobs), ("sequences", step), ("steps", step), ("machines", machine), ("people", person), ("zones", zone),
        )
        if getattr(names, name)
    }  # fmt: skip
    frozen: dict[str, Any] = {name: freeze(value, getattr(p, name).dtype) for name, value in columns.items()}
    problem = replace(
        p, names=replace(names, **picked), machines=len(machine), people=len(person), zones=len(zone), **frozen
    )
    return Part(problem=problem, op=op, machine=machine.astype(np.int64), person=person.astype(np.int64))


def _cut(p: Problem, rows: dict[str, NDArray[np.generic]]) -> dict[str, NDArray[np.generic]]:
    """Rows of the columns that are named after jobs, operations, steps ... and hold one value for each."""
    out = {}
    for name, column in p.columns():
        kind = name.partition("_")[0]
        if kind in rows and len(column) and not name.endswith("_ptr"):
            out[name] = column[rows[kind]]
    return out


def _renumbered(
    p: Problem,
    jobs: NDArray[np.int64],
    op: NDArray[np.int64],
    step: I32,
    machine: I32,
    person: I32,
    zone: I32,
) -> dict[str, NDArray[np.generic]]:
    """Pointers, and columns that hold numbers of what is renumbered."""
    at_op, at_step = _numbers(op, p.operations), _numbers(step, max(1, int(p.op_step.max(initial=0)) + 1))
    at_machine, at_person, at_zone = _numbers(machine, p.machines), _numbers(person, p.people), _numbers(zone, p.zones)
    mode = _spread(p.mode_ptr, step) if len(p.mode_ptr) else step
    wip = np.isin(p.wip_op, op)
    out: dict[str, NDArray[np.generic]] = {
        "job_ptr": _pointer(p.job_ptr, jobs),
        "op_step": at_step[p.op_step[op]],
        "mode_machine": at_machine[p.mode_machine[mode]],
        "wip_op": at_op[p.wip_op[wip]],
        "wip_machine": np.where(
            p.wip_machine[wip] >= 0, at_machine[np.maximum(p.wip_machine[wip], 0)] if p.machines else -1, -1
        ),
    }
    if len(p.mode_ptr):
        out["mode_ptr"] = _pointer(p.mode_ptr, step)
    if len(p.pred_ptr):
        out["pred_ptr"] = _pointer(p.pred_ptr, op)
        out["pred_op"] = at_op[p.pred_op[_spread(p.pred_ptr, op)]]
    if len(p.use_ptr):
        use = _spread(p.use_ptr, step)
        out |= {"use_ptr": _pointer(p.use_ptr, step), "use_item": p.use_item[use], "use_micro": p.use_micro[use]}
    if len(p.machine_zone):
        out["machine_zone"] = _mapped(p.machine_zone[machine], at_zone)
    if len(p.person_zone):
        out["person_zone"] = _mapped(p.person_zone[person], at_zone)
    if len(p.skill_ptr):
        out |= _kept("skill_ptr", "skill_person", p.skill_ptr, p.skill_person, at_person)
    if len(p.tender_ptr):
        out["tender_ptr"] = _pointer(p.tender_ptr, zone)
        out["tender_person"] = at_person[p.tender_person[_spread(p.tender_ptr, zone)]]
    return out


def _mapped(column: NDArray[np.integer[Any]], at: NDArray[np.int64]) -> NDArray[np.int64]:
    """New numbers, -1 stays."""
    return np.where(column >= 0, at[np.maximum(column, 0)] if len(at) else -1, -1)


def _kept(
    pointer_name: str, value_name: str, pointer: I32, values: I32, at: NDArray[np.int64]
) -> dict[str, NDArray[np.generic]]:
    """Lists without the members that the part does not have."""
    new = at[values]
    row = np.repeat(np.arange(len(pointer) - 1), np.diff(pointer))
    there = new >= 0
    counts = np.bincount(row[there], minlength=len(pointer) - 1)
    return {pointer_name: np.concatenate([[0], np.cumsum(counts)]), value_name: new[there]}


def _numbers(kept: NDArray[np.generic], count: int) -> NDArray[np.int64]:
    """The new number of each, -1: not kept."""
    out = np.full(count, -1, np.int64)
    out[kept] = np.arange(len(kept))
    return out


def _spread(pointer: I32, rows: NDArray[np.generic] | Sequence[int]) -> NDArray[np.int64]:
    """The places of all members of some rows, row by row."""
    begin, end = pointer[:-1][rows].astype(np.int64), pointer[1:][rows].astype(np.int64)
    count = end - begin
    out: NDArray[np.int64] = np.repeat(begin - np.concatenate([[0], np.cumsum(count)[:-1]]), count) + np.arange(
        count.sum()
    )
    return out


def _pointer(pointer: I32, rows: NDArray[np.generic]) -> NDArray[np.int64]:
    """The pointer of some rows alone."""
    return np.concatenate([[0], np.cumsum(np.diff(pointer)[rows])])
