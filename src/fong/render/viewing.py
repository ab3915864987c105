"""Problem + Schedule → :class:`~fong.render.view.PlanView`: indices become rows and bars, and what follows from both is worked out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from fong._kernels import freeze
from fong.model import NEVER, Message, OrderLine, Problem, Schedule
from fong.model.factory import AtGap
from fong.render.hours import (
    ALWAYS,
    Windows,
    common,
    duty_hours,
    limit_steps,
    machine_hours,
    person_hours,
    window_at,
    zone_of,
)
from fong.render.standing import Lot, calls_for_tenders, is_batch, standing_of, value
from fong.render.view import BarColumns, MachineRow, OrderRow, PersonRow, PlanView, RowKind, ZoneRow
from fong.render.wallclock import WallClock

Ints = NDArray[np.int64]
Reasons = Mapping[int, tuple[Message, ...]]


def view_of(  # noqa: PLR0913 - one for each thing that is shown
    problem: Problem,
    schedule: Schedule,
    *,
    title: str,
    causes: Reasons | None = None,
    summary: Iterable[Message] = (),
    explanations: Reasons | None = None,
    lines: Sequence[OrderLine] = (),
    descriptions: Mapping[str, str] | None = None,
    now_s: int = 0,
) -> PlanView:
    """Make a plan ready to be shown.

    Parameters
    ----------
    problem, schedule
        The plan. Work in progress that the problem fixes is shown as well.
    title
        Name of the workshop or of the plan.
    causes
        By job: why it is late, in a sentence or two.
    summary
        What is true of the whole plan, the most important sentence first.
    explanations
        By job: what it waits for, step by step.
    lines
        Order lines, for customer, colour and size; those that the problem does not hold are ignored.
    descriptions
        By item: what it is called.
    now_s
        Seconds after the problem's epoch at which the page shall open.
    """
    builder = _Rows(problem)
    bars, lots = builder.bars(schedule)
    end_by_job = np.full(problem.jobs, -NEVER, np.int64)
    np.maximum.at(end_by_job, bars.order, bars.end)
    return PlanView(
        title=title,
        clock=WallClock(epoch=problem.epoch) if problem.epoch else None,
        now_s=now_s,
        begin_s=int(min(now_s, bars.start.min(initial=now_s), _least(bars.setup_start, now_s))),
        end_s=int(max(now_s + 1, bars.end.max(initial=now_s + 1))),
        machines=tuple(builder.machine_rows),
        people=builder.person_rows(),
        zones=builder.zone_rows(),
        hours=tuple(builder.hours),
        orders=tuple(_order_rows(problem, end_by_job, causes or {}, explanations or {}, lines, descriptions or {})),
        steps=tuple(builder.steps),
        bars=bars,
        standing=standing_of(problem, bars, lots),
        before=_before(problem),
        summary=tuple(summary),
    )


def _least(column: NDArray[np.int32], otherwise: int) -> int:
    there = column[column >= 0]
    return int(there.min()) if len(there) else otherwise


def _full(column: NDArray[np.generic], length: int, default: int) -> Ints:
    """A column that may be absent, at full length."""
    return column.astype(np.int64) if len(column) else np.full(length, default, np.int64)


def _name(names: Sequence[str], index: int) -> str:
    return names[index] if index < len(names) else str(index)


class _Rows:
    """The rows of one view, as they are found."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.hours: dict[Windows, int] = {}
        self.steps: dict[str, int] = {}
        self.machine_rows = [self._machine_row(m) for m in range(problem.machines)]
        self._elsewhere: dict[tuple[RowKind, str], int] = {}

    # ------------------------------------------------------------ rows
    def _hours(self, windows: Windows) -> int:
        return -1 if windows == ALWAYS else self.hours.setdefault(windows, len(self.hours))

    def _machine_row(self, machine: int) -> MachineRow:
        p, zone = self.problem, zone_of(self.problem, machine)
        group = _name(p.names.groups, int(p.machine_group[machine]) if len(p.machine_group) else 0)
        return MachineRow(
            name=_name(p.names.machines, machine),
            group=group if p.names.groups else "",
            zone=zone,
            hours=self._hours(common(machine_hours(p, machine), duty_hours(p, zone))),
        )

    def _elsewhere_row(self, kind: RowKind, step: str) -> int:
        """The row of a step that no machine does."""
        if (kind, step) not in self._elsewhere:
            self._elsewhere[kind, step] = len(self.machine_rows)
            self.machine_rows.append(MachineRow(name=step, kind=kind))
        return self._elsewhere[kind, step]

    def person_rows(self) -> tuple[PersonRow, ...]:
        p = self.problem
        zones = _full(p.person_zone, p.people, -1).tolist()
        return tuple(
            PersonRow(name=_name(p.names.people, n), zone=zones[n], hours=self._hours(person_hours(p, n)))
            for n in range(p.people)
        )

    def zone_rows(self) -> tuple[ZoneRow, ...]:
        p = self.problem
        return tuple(
            ZoneRow(name=_name(p.names.zones, z), hours=self._hours(duty_hours(p, z)), limit=limit_steps(p, z))
            for z in range(p.zones)
        )

    # ------------------------------------------------------------ bars
    def bars(self, schedule: Schedule) -> tuple[BarColumns, list[Lot]]:
        """All bars of a schedule and of the work in progress, sorted, and what each is in the problem."""
        p = self.problem
        planned, running = len(schedule), len(p.wip_op)
        ops = np.concatenate([schedule.op, p.wip_op]).astype(np.int64)
        jobs = np.searchsorted(p.job_ptr, ops, side="right") - 1
        op_steps = p.op_step.astype(np.int64)[ops] if len(p.op_step) else ops
        machines = np.concatenate([schedule.machine, p.wip_machine]).astype(np.int64)

        def column(name: str, default: int) -> Ints:
            return np.concatenate([schedule.filled(name, default), np.full(running, default)]).astype(np.int64)

        # Absent columns: the whole operation is one lot. Work in progress is shown with all its pieces.
        whole = _full(p.op_total, p.operations, 1) if len(p.op_total) else _full(p.op_pieces, p.operations, 1)
        pieces = schedule.pieces if len(schedule.pieces) else _full(p.op_pieces, p.operations, 1)[schedule.op]
        columns = {
            "order": jobs,
            "operation": ops - p.job_ptr[jobs],
            "row": self._row_column(machines, op_steps),
            "person": column("person", -1),
            "setup_start": column("setup_start", -1),
            "setup_end": column("setup_end", -1),
            "setup_person": column("setup_person", -1),
            "start": np.concatenate([schedule.start, p.wip_start_s]),
            "end": np.concatenate([schedule.end, p.wip_end_s]),
            "pieces": np.concatenate([pieces, whole[p.wip_op]]),
            "sublot": column("sublot", 0),
            "batch": column("batch", -1),
            "step": self._step_column(op_steps, ops - p.job_ptr[jobs]),
            "sequence": self._sequence_column(op_steps, ops - p.job_ptr[jobs]),
            "running": np.repeat([0, 1], [planned, running]),
        }
        # A set-up of no length is none.
        none = columns["setup_end"] <= columns["setup_start"]
        for name in ("setup_start", "setup_end", "setup_person"):
            columns[name] = np.where(none, -1, columns[name])
        columns["wait_s"] = self._waits(ops, columns)
        rank = np.lexsort((columns["sublot"], ops, columns["start"]))
        lots = [self._lot(columns, machines, op_steps, i) for i in rank.tolist()]
        columns = {name: column[rank] for name, column in columns.items()}
        columns["tended"] = np.array([calls_for_tenders(p, lot) for lot in lots], np.int64)
        lets_go = [_lets_go(p, lot, start) for lot, start in zip(lots, columns["start"].tolist(), strict=True)]
        columns["held_until"] = np.minimum(columns["end"], np.array(lets_go, np.int64))
        return BarColumns(**{name: freeze(column, np.int32) for name, column in columns.items()}), lots

    @staticmethod
    def _lot(columns: Mapping[str, Ints], machines: Ints, op_steps: Ints, i: int) -> Lot:
        return Lot(
            step=int(op_steps[i]),
            machine=int(machines[i]),
            person=int(columns["person"][i]),
            setup_person=int(columns["setup_person"][i]),
            pieces=int(columns["pieces"][i]),
        )

    def _row_column(self, machines: Ints, op_steps: Ints) -> Ints:
        p, rows = self.problem, machines.copy()
        for i in np.flatnonzero(machines < 0).tolist():
            step = int(op_steps[i])
            outside = len(p.step_outside_s) > 0 and p.step_outside_s[step] >= 0
            rows[i] = self._elsewhere_row(RowKind.OUTSIDE if outside else RowKind.HAND, _name(p.names.steps, step))
        return rows

    def _step_column(self, op_steps: Ints, operation: Ints) -> Ints:
        """Steps by name; an instance without names numbers them within the order."""
        names = self.problem.names.steps
        shown = [names[s] for s in op_steps.tolist()] if names else [str(k) for k in operation.tolist()]
        return np.array([self.steps.setdefault(name, len(self.steps)) for name in shown], np.int64)

    def _sequence_column(self, op_steps: Ints, operation: Ints) -> Ints:
        sequences = self.problem.names.sequences
        return np.array(sequences, np.int64)[op_steps] if sequences else operation

    def _waits(self, ops: Ints, columns: Mapping[str, NDArray[np.int64]]) -> Ints:
        """How long each lot was ready (released, steps before it ended, lags over) and its set-up or run did not begin."""
        p = self.problem
        ended = np.full(p.operations, -NEVER, np.int64)
        np.maximum.at(ended, ops, columns["end"])
        jobs = np.repeat(np.arange(p.jobs), np.diff(p.job_ptr))
        ready = np.maximum(_full(p.job_release_s, p.jobs, 0), 0)[jobs]
        first, then = _edges(p)
        lag = _full(p.step_lag_s, p.operations, 0)
        if len(p.step_lag_s) and len(p.op_step):
            lag = lag[p.op_step]
        np.maximum.at(ready, then, (ended + lag)[first])
        begin = np.where(columns["setup_start"] >= 0, columns["setup_start"], columns["start"])
        waits: Ints = np.maximum(0, begin - ready[ops])
        return waits


def _lets_go(problem: Problem, lot: Lot, start: int) -> int:
    """When a run needs its person no more: a batch is loaded, what runs on alone is left at closing time; else never."""
    if is_batch(problem, lot.machine):
        return start + value(problem, "step_attend_s", lot.step, 0)
    if value(problem, "step_gap", lot.step, AtGap.RESUME) != AtGap.RUN_ON:
        return NEVER
    window = window_at(person_hours(problem, lot.person), start)
    return window[1] if window else start


def _edges(problem: Problem) -> tuple[Ints, Ints]:
    """Which operation comes before which: two columns of operation numbers."""
    if len(problem.pred_ptr):
        counts = np.diff(problem.pred_ptr)
        return problem.pred_op.astype(np.int64), np.repeat(np.arange(problem.operations), counts)
    heads = np.zeros(problem.operations + 1, bool)
    heads[problem.job_ptr] = True
    then = np.flatnonzero(~heads[:-1])
    return then - 1, then


def _before(problem: Problem) -> dict[int, tuple[tuple[int, ...], ...]]:
    """For jobs that are no chain: the operations before each of the job's operations, counted within the job."""
    if not len(problem.pred_ptr):
        return {}
    out = {}
    for job in range(problem.jobs):
        first, last = int(problem.job_ptr[job]), int(problem.job_ptr[job + 1])
        rows = tuple(
            tuple((problem.pred_op[problem.pred_ptr[op] : problem.pred_ptr[op + 1]] - first).tolist())
            for op in range(first, last)
        )
        if rows != tuple((k - 1,) if k else () for k in range(last - first)):
            out[job] = rows
    return out


def _order_rows(
    problem: Problem,
    end_by_job: Ints,
    causes: Reasons,
    stories: Reasons,
    lines: Sequence[OrderLine],
    descriptions: Mapping[str, str],
) -> Iterable[OrderRow]:
    names = problem.names.orders or tuple((str(j), 1) for j in range(problem.jobs))
    several = Counter(order for order, _ in names)
    known = {(line.order, line.line): line for line in lines}
    dues = _full(problem.job_due_s, problem.jobs, NEVER).tolist()
    releases = _full(problem.job_release_s, problem.jobs, 0).tolist()
    weights = _full(problem.job_weight_milli, problem.jobs, 1000).tolist()
    pieces = _full(problem.job_pieces, problem.jobs, 1).tolist()
    for job, (order, line) in enumerate(names):
        said = known.get((order, line))
        item = problem.names.items[job] if problem.names.items else ""
        yield OrderRow(
            label=f"{order}/{line}" if several[order] > 1 else order,
            order=order,
            line=line,
            item=item,
            description=descriptions.get(item, ""),
            customer=said.customer if said else "",
            colour=said.colour if said else "",
            size=said.size if said else "",
            pieces=pieces[job],
            release_s=releases[job],
            due_s=None if dues[job] == NEVER else dues[job],
            end_s=None if end_by_job[job] == -NEVER else int(end_by_job[job]),
            weight_milli=weights[job],
            cause=tuple(causes.get(job, ())),
            story=tuple(stories.get(job, ())),
        )
