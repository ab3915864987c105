"""What steps and operations ask for, read from the columns of a problem, absent ones included."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fong.model import Problem
from fong.plan.lots import step_of

I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
Bools = NDArray[np.bool_]


def runners(problem: Problem, skill: int) -> I32:
    """People who may be held for a run with this skill: those who have it and tend no zone."""
    people = problem.skill_person[problem.skill_ptr[skill] : problem.skill_ptr[skill + 1]]
    return people[problem.person_zone[people] < 0] if len(problem.person_zone) else people


def setters(problem: Problem, skill: int) -> I32:
    """People who may set up with this skill (tenders do so in their own zone)."""
    return problem.skill_person[problem.skill_ptr[skill] : problem.skill_ptr[skill + 1]]


def segment(of: np.ufunc, values: I64, pointer: I32) -> I64:
    """``of`` (minimum, maximum) of each segment, 0 where it is empty; without a pointer each value is its own segment."""
    if not len(pointer):
        return values
    out = np.zeros(len(pointer) - 1, np.int64)
    some = pointer[1:] > pointer[:-1]
    if some.any():
        out[some] = of.reduceat(values, pointer[:-1][some])
    return out


def divisible(p: Problem) -> Bools:
    """Steps whose lots may be cut into sub-lots (for batch machines see the batch energy instead)."""
    n = len(p.mode_ptr) - 1 if len(p.mode_ptr) else max(len(p.mode_machine), p.operations)
    out = np.zeros(n, bool)
    if len(p.step_split_over):
        out |= p.step_split_over > 1
    if len(p.step_max_lot):
        out |= p.step_max_lot > 0
    if len(p.machine_batch_milli):
        out |= segment(np.maximum, (p.machine_batch_milli[p.mode_machine] > 0).astype(np.int64), p.mode_ptr) > 0
    return out


def uses(p: Problem) -> tuple[I64, I64, I64]:
    """All material that operations still take: operation, material, micro-units."""
    if not len(p.use_ptr):
        none = np.zeros(0, np.int64)
        return none, none, none
    step = step_of(p)
    counts = (p.use_ptr[1:] - p.use_ptr[:-1])[step].astype(np.int64)
    op = np.repeat(np.arange(p.operations), counts)
    within = np.arange(len(op)) - np.repeat(np.cumsum(counts) - counts, counts)
    use = p.use_ptr[step[op]] + within
    pieces = p.op_pieces[op].astype(np.int64) if len(p.op_pieces) else np.ones(len(op), np.int64)
    micro = pieces * p.use_micro[use]
    some = micro > 0
    return op[some], p.use_item[use][some].astype(np.int64), micro[some]


def arrival(p: Problem, item: int, micro: int) -> int:
    """When so much of a material will have come in all; 0: it is there, or never comes."""
    first, last = int(p.receipt_ptr[item]), int(p.receipt_ptr[item + 1])
    have = int(p.stock_micro[item])
    if have >= micro:
        return 0
    coming = have + np.cumsum(p.receipt_micro[first:last])
    at = int(np.searchsorted(coming, micro))
    return int(p.receipt_at_s[first + at]) if at < len(coming) else 0
