"""Solving: the best of the rules, the same plan for the same seed, and an honest word where there is none."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.strategies import FEATURES, workshops

from fong.model import Workshop
from fong.model.build import build
from fong.model.check import check
from fong.model.objective import OBJECTIVES, evaluate
from fong.plan.portfolio import rules
from fong.plan.solve import solve

EASY = [f for f in FEATURES if f not in {"max_wait", "places"}]


@settings(max_examples=25)
@given(workshops(), st.sampled_from(OBJECTIVES))
def test_a_result_is_what_it_says(workshop: Workshop, objective: str) -> None:
    """The plan breaks no rule, its value is the objective's, no trial was better, and the bound lies below."""
    problem = build(workshop)
    result = solve(problem, objective=objective)
    if result.schedule is None:
        assert result.status == "none"
        assert result.reasons
        return
    assert not check(problem, result.schedule).faults
    assert result.value == evaluate(problem, result.schedule, objective)
    assert result.bound <= result.value
    assert (result.status == "optimal") == (result.value == result.bound)
    assert result.iterations == len(result.trace) >= 1


@settings(max_examples=10)
@given(workshops(features=EASY))
def test_workers_change_the_time_not_the_plan(workshop: Workshop) -> None:
    """One thread and two make the same plan of the same seed."""
    problem = build(workshop)
    one = solve(problem, objective="flow_time", workers=1, seed=3)
    two = solve(problem, objective="flow_time", workers=2, seed=3)
    assert one.schedule is not None
    assert two.schedule is not None
    assert np.array_equal(one.schedule.start, two.schedule.start)
    assert one.value == two.value


@settings(max_examples=5)
@given(workshops(features=EASY))
def test_more_time_never_makes_it_worse(workshop: Workshop) -> None:
    """After the rules their urgencies are varied; the best so far is kept. The clock is a counter here."""
    problem = build(workshop)
    ticks = iter(range(10**6))
    short = solve(problem, objective="flow_time")
    long = solve(problem, objective="flow_time", seconds=12, seed=1, clock=lambda: float(next(ticks)))
    assert short.value is not None
    assert long.value is not None
    assert long.value <= short.value
    assert long.iterations >= short.iterations


@settings(max_examples=5)
@given(workshops(features=["paced", "hand"]))
def test_a_plan_that_does_not_fit_says_why(workshop: Workshop) -> None:
    """With a horizon of one second nothing fits: no schedule, and reasons."""
    problem = replace(build(workshop), horizon_s=1)
    result = solve(problem, objective="makespan")
    if result.schedule is None:
        assert result.status == "none"
        assert result.reasons
    else:
        assert not check(problem, result.schedule).faults


def test_nothing_to_plan_is_an_empty_plan() -> None:
    """No open order: the empty plan is optimal."""
    from tests.model.made import problem

    result = solve(problem(), objective="makespan")
    assert result.status == "optimal"
    assert result.schedule is not None
    assert len(result.schedule) == 0


@pytest.mark.parametrize("bad", [{"objective": "speed"}, {"seconds": -1.0}, {"workers": 0}])
def test_a_wrong_call_is_refused(bad: dict[str, object]) -> None:
    """Unknown objective, negative time, no worker."""
    from tests.model.made import problem

    with pytest.raises(ValueError, match="wanted"):
        solve(problem(), **{"objective": "makespan", **bad})  # type: ignore[arg-type]


def test_a_large_problem_gets_fewer_rules() -> None:
    """Two at least, so that there is a choice; a small one gets the whole portfolio."""
    from tests.model.made import problem

    large = problem(jobs=[60_000], modes=[[(0, 60)]] * 60_000, machines=1)
    assert len(rules(large, "weighted_tardiness")) == 2

    small = problem(jobs=[1], modes=[[(0, 60)]], machines=1)
    assert len(rules(small, "weighted_tardiness")) > 2
