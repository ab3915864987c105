"""List scheduling forwards and backwards: lawful plans, no idle machine while work waits, never worse with more rounds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.model.made import problem
from tests.plan.graph.served import Told, problems

from fong.formats.benchmark import read_benchmark
from fong.model import Problem
from fong.model.check import check
from fong.model.objective import evaluate
from fong.plan.graph import forward_backward


@given(problems(operations=12), st.integers(1, 30), st.integers(0, 2**32))
def test_plans_are_lawful_and_no_worse_with_more_rounds(p: Problem, rounds: int, seed: int) -> None:
    """The judge finds no fault, and further rounds lose nothing; the same seed gives the same plan."""
    some, more = forward_backward(p, rounds, seed), forward_backward(p, rounds + 7, seed)
    assert check(p, some).faults == ()
    assert check(p, more).faults == ()
    assert evaluate(p, more, "makespan") <= evaluate(p, some, "makespan")
    np.testing.assert_array_equal(some.start, forward_backward(p, rounds, seed).start)


@given(problems(operations=12))
def test_no_machine_idles_while_work_waits(p: Problem) -> None:
    """In the first pass an operation that could start, and does not, sees its machine at work until it does."""
    none = np.zeros(0, np.int32)
    plain = replace(p, mode_setup_s=none, setup_s=none, setup_ptr=none, setup_to=none)
    plan, told = forward_backward(plain, 1, 0), Told(plain)
    start, end = plan.start.tolist(), plan.end.tolist()
    for o in range(told.n):
        arrival = max([told.release[o], *(end[b] + told.lag[b] for b in told.preds[o])])
        others = [u for u in range(told.n) if u != o and plan.machine[u] == plan.machine[o]]
        for second in range(arrival, start[o]):
            assert any(start[u] <= second < end[u] for u in others)


def test_turning_round_helps(shared: Path) -> None:
    """On ft06 most work remaining first gives 61; forwards and backwards by turns find the best there is, 55."""
    file = shared / "data" / "plan" / "jsp" / "ft" / "ft06.txt"
    p = read_benchmark(file.name, file.read_bytes())
    assert evaluate(p, forward_backward(p, 1, 1), "makespan") == 61
    assert evaluate(p, forward_backward(p, 50, 1), "makespan") == 55


@pytest.mark.parametrize("rounds", [0, -1])
def test_refuses_no_rounds(rounds: int) -> None:
    """Without a pass there is no plan."""
    with pytest.raises(ValueError, match="at least one round"):
        forward_backward(problem(jobs=[1], machines=1, modes=[[(0, 1)]]), rounds, 0)
