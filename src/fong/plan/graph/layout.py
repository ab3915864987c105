"""A problem's columns as the arrays of the graph kernels, and plans as orders of operations."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fong._kernels import freeze
from fong.model import Problem, Schedule
from fong.plan.graph import _kernels_graph as g

I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
Ints = NDArray[np.int32] | NDArray[np.int64]


class Layout:
    """A problem that :func:`fong.plan.graph.serves` accepts, as the constant parts of the arrays."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        n = problem.operations
        self.job: I64 = np.repeat(np.arange(problem.jobs), np.diff(problem.job_ptr))
        self.step: I64 = problem.op_step.astype(np.int64) if len(problem.op_step) else np.arange(n)
        self.mode_ptr, self.mode = _modes(problem, self.step)
        self.mode_op: I64 = np.repeat(np.arange(n), np.diff(self.mode_ptr))
        self.before, self.after = _pairs(problem)
        self.lists: list[I64] = [np.zeros(1, np.int64)]

    def modes(self) -> I32:
        """Array ``b``."""
        p = self.problem
        out = np.zeros((len(self.mode), 3), np.int32)
        out[:, g.ON] = p.mode_machine[self.mode]
        out[:, g.FOR] = p.mode_cycle_s[self.mode].astype(np.int64) * self.cycles()[self.mode_op]
        if len(p.mode_setup_s):
            out[:, g.OWN] = p.mode_setup_s[self.mode]
        return out

    def cycles(self) -> I64:
        """Machine cycles of each operation [N]."""
        p = self.problem
        pieces = p.op_pieces.astype(np.int64) if len(p.op_pieces) else np.ones(p.operations, np.int64)
        each = p.step_pieces_per_cycle[self.step] if len(p.step_pieces_per_cycle) else 1
        return -(-pieces // each)

    def operations(self) -> I32:
        """Array ``v`` without a plan."""
        p, n = self.problem, self.problem.operations
        v = np.zeros((n + 1, g.WIDTH), np.int32)
        last = np.bincount(self.before, minlength=n) == 0
        v[:n, g.JOB] = self.job
        v[:, g.MODES] = self.mode_ptr
        v[:n, g.BEFORE] = _first(self.after, self.before, n)
        v[:n, g.AFTER] = _first(self.before, self.after, n)
        if len(p.step_lag_s):
            v[:n, g.LAG] = np.where(last, 0, p.step_lag_s[self.step])
        if len(p.job_release_s):
            v[:n, g.RELEASE] = np.maximum(p.job_release_s[self.job], 0)
        if len(p.step_family):
            v[:n, g.FAMILY] = p.step_family[self.step] + 1
        v[n, [g.PREV, g.NEXT, g.BEFORE, g.AFTER, g.PLACE]] = n
        return v

    def lookup(self) -> I32:
        """Array ``w`` without a plan; further neighbours go to the lists."""
        p, n = self.problem, self.problem.operations
        w = np.zeros((g.COLUMNS, max(n, p.machines, p.jobs) + 2), np.int32)
        if len(p.machine_family):
            w[g.PRESENT, : p.machines] = p.machine_family + 1
        if len(p.machine_group):
            w[g.GROUP, : p.machines] = p.machine_group
        sinks = np.flatnonzero(np.bincount(self.before, minlength=n) == 0)
        w[g.SINK, : len(sinks)] = sinks
        w[g.SINKS, 1 : p.jobs + 1] = np.cumsum(np.bincount(self.job[sinks], minlength=p.jobs))
        w[g.MORE_BEFORE, : n + 1] = self._more(self.after, self.before)
        w[g.MORE_AFTER, : n + 1] = self._more(self.before, self.after)
        return w

    def _more(self, of: I64, other: I64) -> I64:
        """Put all but the first one beside each operation into the lists; where each operation's begin."""
        n = self.problem.operations
        at = np.argsort(of, kind="stable")
        later = np.zeros(len(of), np.bool_)
        later[1:] = of[at][1:] == of[at][:-1]
        begin = sum(map(len, self.lists))
        self.lists.append(other[at][later])
        return begin + np.concatenate(([0], np.cumsum(np.bincount(of[at][later], minlength=n))))

    def numbers(self, seed: int) -> I64:
        """Array ``h``; the set-up table goes to the lists."""
        p = self.problem
        h = np.zeros(g.NUMBERS, np.int64)
        h[g.RNG] = np.random.default_rng(seed).integers(1, 2**62)
        h[[g.N, g.MACHINES, g.JOBS, g.FAMILIES]] = p.operations, p.machines, p.jobs, p.families + 1
        h[g.GRAPH] = sum(map(len, self.lists)) > 1
        if len(p.setup_s) or p.mode_setup_s.any():
            h[g.TABLE] = sum(map(len, self.lists))
            self.lists.append(_table(p).reshape(-1))
        return h

    def neighbours(self) -> I32:
        """Array ``x``, when all lists are made."""
        return np.array(np.concatenate(self.lists), np.int32)

    def orders_of(self, schedule: Schedule) -> tuple[I32, I32]:
        """A plan as its operations in topological order [N], and the mode of each [N].

        Work of no length stands before what begins at its moment.
        """
        n = self.problem.operations
        order = schedule.op[np.lexsort((schedule.op, schedule.end, schedule.start))]
        machine = np.full(n, -1)
        machine[schedule.op] = schedule.machine
        chosen = np.flatnonzero(self.problem.mode_machine[self.mode] == machine[self.mode_op])
        mode = np.full(n, -1)
        mode[self.mode_op[chosen]] = chosen
        if len(order) != n or (mode < 0).any():
            raise ValueError(f"wanted a plan with one row for each of {n} operations, found {len(order)} rows")
        return np.array(order, np.int32), np.array(mode, np.int32)


def _pairs(problem: Problem) -> tuple[I64, I64]:
    """All operations that follow each other: (before, after)."""
    n = problem.operations
    if len(problem.pred_ptr):
        return problem.pred_op.astype(np.int64), np.repeat(np.arange(n), np.diff(problem.pred_ptr))
    later = np.ones(n, np.bool_)
    later[problem.job_ptr[:-1][np.diff(problem.job_ptr) > 0]] = False
    after = np.flatnonzero(later)
    return after - 1, after


def _first(of: I64, other: I64, n: int) -> I64:
    """The first one beside each operation; n: none."""
    out = np.full(n, n)
    out[of[::-1]] = other[::-1]
    return out


def _modes(problem: Problem, step: I64) -> tuple[I64, I64]:
    """Modes by operation: pointer [N+1], the problem's mode of each [M]."""
    if not len(problem.mode_ptr):
        return np.arange(problem.operations + 1), step
    first = problem.mode_ptr[step].astype(np.int64)
    count = problem.mode_ptr[step + 1] - first
    pointer = np.concatenate(([0], np.cumsum(count)))
    return pointer, np.arange(pointer[-1]) + np.repeat(first - pointer[:-1], count)


def _table(problem: Problem) -> I64:
    """Set-ups [G, F+1, F+1] from and to family + 1 (0: none): the matrix; 0 within a family; -1: the mode's own."""
    groups = int(problem.machine_group.max()) + 1 if len(problem.machine_group) else 1
    f = problem.families
    table = np.full((groups, f + 1, f + 1), -1)
    inside = np.arange(1, f + 1)
    table[:, inside, inside] = 0
    if len(problem.setup_s):
        rows = np.repeat(np.arange(len(problem.setup_ptr) - 1), np.diff(problem.setup_ptr))
        known = rows < groups * f
        table[(rows // f)[known], (rows % f)[known] + 1, problem.setup_to[known] + 1] = problem.setup_s[known]
    return table


def schedule_of(v: I32, *, setups: bool) -> Schedule:
    """The plan that array ``v`` holds."""
    v = v[:-1]
    start, gap = v[:, g.START], v[:, g.GAP]
    columns: dict[str, NDArray[np.generic]] = {
        "op": np.arange(len(v)),
        "machine": v[:, g.MACHINE],
        "start": start,
        "end": start + v[:, g.WORK],
    }
    if setups:
        columns["setup_start"] = np.where(gap > 0, start - gap, -1)
        columns["setup_end"] = np.where(gap > 0, start, -1)
    return Schedule(**{name: freeze(column, np.int32) for name, column in columns.items()})
