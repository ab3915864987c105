"""Solving: the best of the rules, the same plan for the same seed, and an honest word where there is none."""

import contextlib
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.counts import examples
from tests.model.made import problem as made
from tests.model.test_part import beside
from tests.plan.graph.served import problems as served_problems
from tests.strategies import FEATURES, workshops

from fong.model import Problem, Workshop
from fong.model.build import build
from fong.model.check import check
from fong.model.objective import OBJECTIVES, evaluate
from fong.model.problem import Feature
from fong.plan.decode.rule import KINDS, Rule
from fong.plan.portfolio import rounds
from fong.plan.solve import solve

EASY = [f for f in FEATURES if f not in {"max_wait", "places"}]


@settings(max_examples=examples(25))
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
    assert result.iterations == 0
    assert result.trace


@settings(max_examples=examples(10))
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


@settings(max_examples=examples(5))
@given(workshops(features=EASY))
def test_more_time_never_makes_it_worse(workshop: Workshop) -> None:
    """After the rules comes the search; the best so far is kept. The clock is a counter here."""
    problem = build(workshop)
    ticks = iter(range(10**6))
    short = solve(problem, objective="flow_time")
    long = solve(problem, objective="flow_time", seconds=12, seed=1, clock=lambda: float(next(ticks)))
    assert short.value is not None
    assert long.value is not None
    assert long.value <= short.value
    assert long.iterations >= short.iterations


@settings(max_examples=examples(5))
@given(workshops(features=EASY), st.integers(1, 2), st.sampled_from(OBJECTIVES))
def test_seed_workers_and_moves_repeat_a_plan(workshop: Workshop, workers: int, objective: str) -> None:
    """Whatever the time: the same number of moves makes the same plan, and no more are tried than asked for."""
    problem = build(workshop)
    one, two = (solve(problem, objective=objective, iterations=30, workers=workers, seed=4) for _ in range(2))
    assert one.iterations == two.iterations <= 30
    assert one.value == two.value
    assert one.schedule is not None
    assert two.schedule is not None
    assert np.array_equal(one.schedule.start, two.schedule.start)
    assert not check(problem, one.schedule).faults


@settings(max_examples=examples(8))
@given(workshops(features=EASY), workshops(features=EASY), st.sampled_from(OBJECTIVES))
def test_parts_that_share_nothing_are_searched_alone(first: Workshop, second: Workshop, objective: str) -> None:
    """Two workshops under one roof: the joined plan is lawful, no worse than the rules', and of the value that is said."""
    problem = build(beside(first, second))
    rules = solve(problem, objective=objective)
    result = solve(problem, objective=objective, iterations=40, workers=2, seed=1)
    assert result.schedule is not None
    assert rules.value is not None
    assert result.value == evaluate(problem, result.schedule, objective)
    assert result.bound <= result.value <= rules.value
    assert not check(problem, result.schedule).faults


@settings(max_examples=examples(5))
@given(workshops(features=EASY), st.integers(1, 60))
def test_who_interrupts_gets_the_best_so_far(workshop: Workshop, after: int) -> None:
    """Stopped at the n-th time that it looks: a lawful plan."""
    problem = build(workshop)
    looks = iter(range(10**6))
    result = solve(problem, objective="flow_time", iterations=1000, seed=1, stop=lambda: next(looks) >= after)
    assert result.schedule is not None
    assert not check(problem, result.schedule).faults
    assert result.iterations <= after


@settings(max_examples=examples(5))
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
    result = solve(made(), objective="makespan")
    assert result.status == "optimal"
    assert result.schedule is not None
    assert len(result.schedule) == 0


@pytest.mark.parametrize("bad", [{"objective": "speed"}, {"seconds": -1.0}, {"workers": 0}, {"iterations": -1}])
def test_a_wrong_call_is_refused(bad: dict[str, object]) -> None:
    """Unknown objective, negative time, no worker."""
    with pytest.raises(ValueError, match="wanted"):
        solve(made(), **{"objective": "makespan", **bad})  # type: ignore[arg-type]


def asked(problem: Problem, objective: str) -> list[list[Rule]]:
    """The rounds of a portfolio in which the last rule of each round is the best so far."""
    out: list[list[Rule]] = []
    portfolio = rounds(problem, objective)
    some = next(portfolio)
    with contextlib.suppress(StopIteration):
        while True:
            out.append(list(some))
            some = portfolio.send(some[-1])
    return out


def test_a_large_problem_gets_fewer_rules() -> None:
    """One at least; a small one gets the whole portfolio."""
    large = made(jobs=[60_000], modes=[[(0, 60)]] * 60_000, machines=1)
    assert [len(some) for some in asked(large, "weighted_tardiness")] == [1]
    huge = made(jobs=[200_000], modes=[[(0, 60)]] * 200_000, machines=1)
    assert [len(some) for some in asked(huge, "weighted_tardiness")] == [1]
    small = made(jobs=[1], modes=[[(0, 60)]], machines=1)
    assert {rule.name for some in asked(small, "weighted_tardiness") for rule in some} == set(KINDS) - {"mwkr"}


@pytest.mark.parametrize("objective", OBJECTIVES)
@given(workshop=workshops())
@settings(max_examples=examples(5))
def test_no_rule_is_played_twice(workshop: Workshop, objective: str) -> None:
    """Whatever comes out best, each rule with its settings is asked for once, and each round has one."""
    some = [rule for few in asked(build(workshop), objective) for rule in few]
    assert len(some) == len(set(some))


def test_splitting_is_decided_first() -> None:
    """Where lots may be split, both ways are compared; the rules after that keep to the better one."""
    p = made(
        jobs=[1], modes=[[(0, 60), (1, 60)]], machines=2, op_pieces=[4], step_split_over=[2], features=Feature.SPLITTING
    )
    first, *others = asked(p, "flow_time")
    assert [rule.wide for rule in first] == [False, True]
    assert {rule.wide for few in others for rule in few} == {True}


@settings(max_examples=examples(10))
@given(served_problems(), st.sampled_from(OBJECTIVES), st.integers(1, 2))
def test_plain_shops_are_searched_on_their_graph(problem: Problem, objective: str, workers: int) -> None:
    """A lawful plan, no worse than the rules', the same again."""
    rules = solve(problem, objective=objective)
    one, two = (solve(problem, objective=objective, iterations=400, workers=workers, seed=1) for _ in range(2))
    assert one.schedule is not None
    assert rules.value is not None
    assert one.value == evaluate(problem, one.schedule, objective)
    assert one.bound <= one.value <= rules.value
    assert one.value == two.value
    assert not check(problem, one.schedule).faults
