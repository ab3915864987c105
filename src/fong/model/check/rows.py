"""The plan's rows with all that the problem says of them beside them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fong._kernels import freeze
from fong.model.check import _kernels as kernels
from fong.model.problem import Problem
from fong.model.schedule import Schedule

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
Mask = NDArray[np.bool_]


def gather(column: NDArray[np.generic], index: I64, default: int) -> I64:
    """``column[index]``; ``default`` where the column is absent or the index is -1."""
    if len(column) == 0:
        return np.broadcast_to(np.int64(default), index.shape)
    values = column[np.maximum(index, 0)].astype(np.int64)
    missing = index < 0
    if missing.any():
        values[missing] = default
    return values


def per_row(starts: NDArray[np.generic]) -> I64:
    """Numbers of the groups that a pointer column cuts its elements into: ``[0, 2, 3]`` → ``[0, 0, 1]``."""
    return np.repeat(np.arange(len(starts) - 1, dtype=np.int64), np.diff(starts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """The L rows of a plan as wide integers, absent columns filled, and what the problem says of each.

    ``unit`` numbers the rows so that the lots of one batch share a number (the number is a row); ``lead`` marks the one row that
    stands for all of its unit. ``begin`` and ``end`` are when the row takes its machine and when the run ends.
    """

    problem: Problem
    op: I64
    machine: I64  # -1: by hand or outside
    start: I64
    end: I64
    sublot: I64
    pieces: I64
    batch: I64
    setup_start: I64  # -1: no set-up
    setup_end: I64
    setup_person: I64
    person: I64
    set_up: Mask  # has a set-up
    begin: I64  # set-up start, or run start
    job: I64
    step: I64
    mode: I64  # -1: no mode fits, or the step has none
    cycle_s: I64
    cycles: I64  # 1 on a batch machine
    gap: I64
    overtime_s: I64
    run_skill: I64
    setup_skill: I64
    hours: I64  # calendar of the machine, -1: always open
    zone: I64  # zone of the machine
    on_batch: Mask
    outside: Mask
    calls: Mask  # runs in a zone and calls for its tenders
    paced: Mask  # a person is held for the whole run
    unit: I64
    lead: Mask

    def __len__(self) -> int:
        return len(self.op)


def known(problem: Problem, schedule: Schedule) -> Rows:
    """Look up all that the rules want to know of each row. The schedule's indices are in range (:mod:`fong.model.check.form`)."""
    column = _columns(problem, schedule)
    op, machine = column["op"], column["machine"]
    step = gather(problem.op_step, op, 0) if len(problem.op_step) else op
    mode = find_modes(problem, step, machine)
    on_batch = gather(problem.machine_batch_milli, machine, 0) > 0
    zone = gather(problem.machine_zone, machine, -1)
    outside = gather(problem.step_outside_s, step, -1) >= 0
    run_skill = gather(problem.step_run_skill, step, -1)
    paced = (run_skill >= 0) & ~on_batch & ~outside
    unit = _units(column, on_batch)
    set_up = column["setup_start"] != -1
    return Rows(
        problem=problem,
        **column,
        set_up=set_up,
        begin=np.where(set_up, column["setup_start"], column["start"]),
        job=per_row(problem.job_ptr)[op],
        step=step,
        mode=mode,
        cycle_s=_cycle(problem, step, mode),
        cycles=_cycles(problem, step, column["pieces"], on_batch),
        gap=gather(problem.step_gap, step, 0),
        overtime_s=gather(problem.step_overtime_s, step, 0),
        run_skill=run_skill,
        setup_skill=gather(problem.step_setup_skill, step, -1),
        hours=gather(problem.machine_calendar, machine, -1),
        zone=zone,
        on_batch=on_batch,
        outside=outside,
        calls=(zone >= 0) & ~on_batch & ~paced & _calling(problem, step),
        paced=paced,
        unit=unit,
        lead=unit == np.arange(len(op)),
    )


def _columns(problem: Problem, schedule: Schedule) -> dict[str, I64]:
    n = len(schedule)
    out = {name: getattr(schedule, name).astype(np.int64) for name in ("op", "machine", "start", "end")}
    for name, default in (
        ("sublot", 0),
        ("batch", -1),
        ("setup_start", -1),
        ("setup_end", -1),
        ("setup_person", -1),
        ("person", -1),
    ):
        given = getattr(schedule, name)
        out[name] = given.astype(np.int64) if len(given) else np.broadcast_to(np.int64(default), (n,))
    out["pieces"] = (
        schedule.pieces.astype(np.int64) if len(schedule.pieces) else gather(problem.op_pieces, out["op"], 1)
    )
    return out


def find_modes(problem: Problem, step: I64, machine: I64) -> I64:
    """The mode of each step that is the machine beside it; -1: none."""
    if len(problem.mode_machine) == 0:
        return np.broadcast_to(np.int64(-1), step.shape)
    if len(problem.mode_ptr) == 0:
        return np.where(problem.mode_machine[step] == machine, step, -1)
    return kernels.find_modes(
        freeze(step, np.int64),
        freeze(machine, np.int64),
        freeze(problem.mode_ptr, np.int32),
        freeze(problem.mode_machine, np.int32),
    )


def _cycle(problem: Problem, step: I64, mode: I64) -> I64:
    """The mode's cycle; the step's own where it has no modes; 0 where no mode fits, so that only that is a fault."""
    by_mode = gather(problem.mode_cycle_s, mode, 0)
    if len(problem.mode_ptr) == 0 and len(problem.mode_machine):
        return by_mode
    without = (
        problem.mode_ptr[step] == problem.mode_ptr[step + 1] if len(problem.mode_ptr) else np.ones(len(step), bool)
    )
    return np.where(without, gather(problem.step_cycle_s, step, 0), by_mode)


def _cycles(problem: Problem, step: I64, pieces: I64, on_batch: Mask) -> I64:
    each = gather(problem.step_pieces_per_cycle, step, 1)
    count = -(-pieces // np.maximum(each, 1))
    return np.where(on_batch, 1, count) if len(problem.machine_batch_milli) else count


def _calling(problem: Problem, step: I64) -> Mask:
    """Whether the step calls for tenders: for attendance, or at stops that take time."""
    stops = (gather(problem.step_stops_micro, step, 0) > 0) & (gather(problem.step_stop_s, step, 0) > 0)
    return (gather(problem.step_attend_s, step, 0) > 0) | stops


def _units(column: dict[str, I64], on_batch: Mask) -> I64:
    unit = np.arange(len(on_batch), dtype=np.int64)
    rows = np.flatnonzero(on_batch & (column["batch"] >= 0))
    if len(rows):
        pairs = np.stack((column["machine"][rows], column["batch"][rows]))
        _, first, group = np.unique(pairs, axis=1, return_index=True, return_inverse=True)
        unit[rows] = rows[first][group.reshape(-1)]
    return unit
