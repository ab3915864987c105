"""Whether the disjunctive graph says all that a problem says."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fong.model import Problem
from fong.model.objective import OBJECTIVES
from fong.model.problem import NEVER

_UNKNOWN = (
    ("machine_calendar", -1), ("machine_zone", -1), ("machine_slots", 1), ("machine_batch_milli", 0),
    ("step_setup_skill", -1), ("step_run_skill", -1), ("step_box", 0), ("step_max_wait_s", NEVER), ("step_split_over", 1),
    ("step_max_lot", 0), ("step_outside_s", -1), ("step_tool", -1), ("step_place", -1), ("op_variant", 0), ("op_same", -1),
)  # fmt: skip
"""Columns of rules that the graph does not know, with the value that says nothing."""
_EMPTY = ("wip_op", "use_item")
_LONGEST = 2**29
"""Seconds that all work and set-ups may take one after another, so that all paths fit into 32 bits."""
_CELLS = 2**22
"""Most cells of the dense set-up table, and of the table of tails by job."""


def serves(problem: Problem, objective: str) -> bool:
    """Whether this room can plan the problem for the objective exactly as all rules have it.

    It knows machines that take one task at a time, modes, precedence of any form with least lags, releases, set-ups by matrix, family
    or mode, and due dates with weights; nothing else. Sums over jobs need a table of operations × jobs and are refused where
    that is too large; so are problems without operations.
    """
    if objective not in OBJECTIVES or not problem.operations or not problem.machines:
        return False
    if any(_says(getattr(problem, name), nothing) for name, nothing in _UNKNOWN):
        return False
    if any(len(getattr(problem, name)) for name in _EMPTY):
        return False
    if objective != "makespan" and (problem.operations + 1) * problem.jobs > _CELLS:
        return False
    return _one_mode_a_machine(problem) and _countable(problem) and _setups(problem) and _weights(problem)


def _says(column: NDArray[np.generic], nothing: int) -> bool:
    return bool(len(column) and (column != nothing).any())


def _one_mode_a_machine(problem: Problem) -> bool:
    """Each step has modes, no machine twice, and each operation something to make."""
    if len(problem.op_pieces) and (problem.op_pieces <= 0).any():
        return False
    if not len(problem.mode_machine):
        return False
    if not len(problem.mode_ptr):
        return True
    counts = np.diff(problem.mode_ptr)
    if (counts < 1).any():
        return False
    pairs = np.repeat(np.arange(len(counts), dtype=np.int64), counts) * problem.machines + problem.mode_machine
    return len(np.unique(pairs)) == len(pairs)


def _countable(problem: Problem) -> bool:
    """All work and all set-ups one after another, after the last release, end before time runs out."""
    p = problem
    cycles = int(p.op_pieces.max()) if len(p.op_pieces) else 1
    longest = int(p.mode_cycle_s.max(initial=0)) * cycles
    for column in (p.step_lag_s, p.mode_setup_s, p.setup_s):
        longest += int(column.max(initial=0))
    release = int(p.job_release_s.max(initial=0))
    if max(release, 0) + longest * p.operations < _LONGEST:
        return True
    return max(release, 0) + _total(p) < _LONGEST


def _total(p: Problem) -> int:
    """The longest modes, set-ups and lags of all operations, added up."""
    step = p.op_step if len(p.op_step) else np.arange(p.operations)
    pieces = p.op_pieces.astype(np.int64) if len(p.op_pieces) else np.ones(p.operations, np.int64)
    each = p.step_pieces_per_cycle[step] if len(p.step_pieces_per_cycle) else np.ones(p.operations, np.int64)
    cycle = p.mode_cycle_s if not len(p.mode_ptr) else np.maximum.reduceat(p.mode_cycle_s, p.mode_ptr[:-1])
    total = int((-(-pieces // each) * cycle[step].astype(np.int64)).sum())
    if len(p.step_lag_s):
        total += int(p.step_lag_s[step].astype(np.int64).sum())
    setup = max(int(p.mode_setup_s.max(initial=0)), int(p.setup_s.max(initial=0)))
    return total + setup * p.operations


def _setups(problem: Problem) -> bool:
    """A set-up table that is small enough, and no work of no length where set-ups depend on what came before."""
    if not len(problem.setup_s) and not problem.mode_setup_s.any():
        return True
    groups = int(problem.machine_group.max()) + 1 if len(problem.machine_group) else 1
    if groups * (problem.families + 1) ** 2 > _CELLS:
        return False
    return bool((problem.mode_cycle_s > 0).all())


def _weights(problem: Problem) -> bool:
    """Sums of weight × seconds fit into 64 bits."""
    most = max(int(problem.job_weight_milli.max(initial=1000)), int(problem.job_late_cents_day.max(initial=0)))
    return most * max(1, problem.jobs) * _LONGEST < 2**60
