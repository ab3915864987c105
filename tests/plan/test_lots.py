"""Sub-lots: they sum to the lot, keep their limits, and stay whole where they must."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from tests.strategies import workshops

from fong.model import Workshop
from fong.model.build import build
from fong.plan.lots import planned, split, step_of


@given(workshops(), st.booleans())
def test_sublots_sum_to_what_is_to_be_made(workshop: Workshop, wide: bool) -> None:  # noqa: FBT001
    """Every planned operation, and no other, is cut into parts that sum to its pieces and differ by one at most."""
    problem = build(workshop)
    lots = split(problem, wide=wide)
    total = np.zeros(problem.operations, np.int64)
    np.add.at(total, lots.op, lots.pieces)
    wanted = np.where(planned(problem, None), problem.op_pieces, 0)
    assert np.array_equal(total, wanted)
    for op in np.flatnonzero(np.diff(lots.pointer)):
        parts = lots.pieces[lots.pointer[op] : lots.pointer[op + 1]]
        assert parts.min() >= 1
        assert parts.max() - parts.min() <= 1


@given(workshops(), st.booleans())
def test_no_part_is_larger_than_allowed(workshop: Workshop, wide: bool) -> None:  # noqa: FBT001
    """``max_lot`` holds; without it and without ``split_over`` only a batch machine splits a lot."""
    problem = build(workshop)
    lots = split(problem, wide=wide)
    step = step_of(problem)[lots.op]
    most = problem.step_max_lot[step] if len(problem.step_max_lot) else np.zeros(len(step))
    assert (lots.pieces[most > 0] <= most[most > 0]).all()
    over = problem.step_split_over[step] if len(problem.step_split_over) else np.ones(len(step))
    if not len(problem.machine_batch_milli):
        whole = (most == 0) & (over == 1)
        assert (np.diff(lots.pointer)[lots.op[whole]] == 1).all()
