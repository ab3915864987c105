"""Into how many sub-lots each operation is split before it is decoded (semantics.md: lot larger than a machine-day, sub-lots)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fong.model.problem import I32, Problem

_RUNS_PER_SETUP = 3
"""A lot is only split further than it must be while each part still runs so many times longer than its set-up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lots:
    """Lots of all operations that are planned: operation t has the lots ``pointer[t]`` to ``pointer[t + 1]``.

    ``pointer`` [T+1], ``op`` [L], ``pieces`` [L], all int32.
    """

    pointer: I32
    op: I32
    pieces: I32


def step_of(problem: Problem) -> NDArray[np.int64]:
    """Step of each operation."""
    return problem.op_step.astype(np.int64) if len(problem.op_step) else np.arange(problem.operations)


def planned(problem: Problem, variant: NDArray[np.int8] | None) -> NDArray[np.bool_]:
    """Which operations a plan holds, given each job's variant (None: the first)."""
    out = np.ones(problem.operations, bool)
    if len(problem.op_variant):
        chosen = np.zeros(problem.jobs, np.int8) if variant is None else variant
        out &= problem.op_variant == np.repeat(chosen, np.diff(problem.job_ptr))
    if len(problem.op_pieces):
        out &= problem.op_pieces > 0
    if len(problem.wip_op):
        out[problem.wip_op] = False
    return out


def split(problem: Problem, *, wide: bool, variant: NDArray[np.int8] | None = None) -> Lots:
    """Cut operations into sub-lots of about equal size.

    Parameters
    ----------
    wide
        False: as few as ``max_lot`` and batch machines ask for. True: over as many machines as the step allows, as long as the parts
        stay long against their set-up.
    variant
        [J] routing variant of each job; None: the first.
    """
    least, most = counts(problem, variant)
    return cut(problem, most if wide else least)


def counts(problem: Problem, variant: NDArray[np.int8] | None = None) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Into how few and how many sub-lots each operation is cut [T]; 0: it is not planned."""
    there = planned(problem, variant)
    count = there.astype(np.int64)
    pieces = problem.op_pieces.astype(np.int64) if len(problem.op_pieces) else np.ones(problem.operations, np.int64)
    step = step_of(problem)
    limit, most = _limits(problem)
    if limit is not None:
        count = np.where(there, -(-pieces // limit[step]), 0)
    if most is None:
        return count, count
    worth = _worth(problem, step, pieces)
    return count, np.where(there, np.maximum(count, np.minimum(most[step], worth)), 0)


def cut(problem: Problem, count: NDArray[np.int64]) -> Lots:
    """Each operation cut into so many sub-lots that differ by one piece at most."""
    pieces = problem.op_pieces.astype(np.int64) if len(problem.op_pieces) else np.ones(problem.operations, np.int64)
    pointer = np.concatenate([[0], np.cumsum(count)])
    op = np.repeat(np.arange(len(count)), count)
    rank = np.arange(len(op)) - pointer[op]
    base, extra = pieces[op] // count[op], pieces[op] % count[op]
    return Lots(
        pointer=pointer.astype(np.int32), op=op.astype(np.int32), pieces=(base + (rank < extra)).astype(np.int32)
    )


def _limits(problem: Problem) -> tuple[NDArray[np.int64] | None, NDArray[np.int64] | None]:
    """Per step: pieces that one lot may have at most; machines that a lot may be split over."""
    limit: NDArray[np.int64] | None = None
    if len(problem.step_max_lot):
        limit = np.where(problem.step_max_lot > 0, problem.step_max_lot, 2**31 - 1).astype(np.int64)
    if len(problem.machine_batch_milli):
        fits = _batch_pieces(problem)
        limit = fits if limit is None else np.minimum(limit, fits)
    most = problem.step_split_over.astype(np.int64) if len(problem.step_split_over) else None
    return limit, most


def _batch_pieces(problem: Problem) -> NDArray[np.int64]:
    """Pieces that fit the smallest batch machine of each step."""
    steps = len(problem.mode_ptr) - 1 if len(problem.mode_ptr) else len(problem.mode_machine)
    out = np.full(steps, 2**31 - 1, np.int64)
    pointer = problem.mode_ptr if len(problem.mode_ptr) else np.arange(steps + 1)
    capacity = problem.machine_batch_milli[problem.mode_machine]
    each = problem.step_batch_milli if len(problem.step_batch_milli) else np.full(steps, 1000, np.int64)
    for s in np.flatnonzero(np.diff(pointer)):
        c = capacity[pointer[s] : pointer[s + 1]]
        if (c > 0).any():
            out[s] = max(1, int(c[c > 0].min() // max(1, each[s])))
    return out


def _worth(problem: Problem, step: NDArray[np.int64], pieces: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many parts of an operation stay long against their set-up, each with at least one cycle."""
    steps = len(problem.mode_ptr) - 1 if len(problem.mode_ptr) else len(problem.mode_machine)
    first = problem.mode_ptr[:-1] if len(problem.mode_ptr) else np.arange(steps)
    there = np.diff(problem.mode_ptr) > 0 if len(problem.mode_ptr) else np.ones(steps, bool)
    cycle, setup = np.ones(steps, np.int64), np.zeros(steps, np.int64)
    cycle[there] = problem.mode_cycle_s[first[there]]
    if len(problem.mode_setup_s):
        setup[there] = problem.mode_setup_s[first[there]]
    each = problem.step_pieces_per_cycle if len(problem.step_pieces_per_cycle) else np.ones(steps, np.int64)
    cycles = -(-pieces // each[step])
    parts = np.where(setup[step] > 0, cycles * cycle[step] // np.maximum(1, _RUNS_PER_SETUP * setup[step]), cycles)
    out: NDArray[np.int64] = np.maximum(1, np.minimum(parts, cycles))
    return out
