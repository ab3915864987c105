"""The search on the disjunctive graph: lawful plans, the best ones of tiny problems, and the same ones each time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.plan.graph.served import Told, ended, problems

from fong.formats.benchmark import read_benchmark
from fong.model import Problem, Schedule
from fong.model.check import check
from fong.model.objective import OBJECTIVES, evaluate
from fong.plan.graph import GraphSearch, forward_backward, serves

objectives = st.sampled_from(OBJECTIVES)
seeds = st.integers(0, 2**32)


def same(a: Schedule, b: Schedule) -> bool:
    return all(np.array_equal(getattr(a, name), getattr(b, name)) for name in Schedule.__slots__)


@given(problems(operations=9), objectives, seeds, st.integers(0, 300))
def test_plans_are_lawful_and_worth_what_is_said(p: Problem, objective: str, seed: int, iterations: int) -> None:
    """The judge finds no fault, the value is that of the objective, and never worse than the plan that was given."""
    first = Told(p).first()
    search = GraphSearch(p, objective, first, seed)
    search.run(iterations)
    plan = search.schedule()
    assert check(p, plan).faults == ()
    assert search.value == evaluate(p, plan, objective) <= evaluate(p, first, objective)


def finds_the_best(p: Problem, seed: int, iterations: int) -> None:
    told = Told(p)
    ends = [ended(p, e) for e in told.all_ends()]
    for objective in OBJECTIVES:
        search = GraphSearch(p, objective, told.first(), seed)
        search.run(iterations)
        assert search.value == min(evaluate(p, e, objective) for e in ends)


@given(problems(operations=4), seeds)
def test_finds_the_best_of_all_plans(p: Problem, seed: int) -> None:
    """On problems whose plans can all be tried, it finds the best for each objective."""
    finds_the_best(p, seed, 4000)


@pytest.mark.slow
@given(problems(operations=5), seeds)
def test_finds_the_best_of_many_plans(p: Problem, seed: int) -> None:
    """As above, of thousands of plans."""
    finds_the_best(p, seed, 40_000)


@given(problems(operations=9), objectives, seeds, st.integers(0, 200), st.integers(0, 200))
def test_goes_on_where_it_stopped(p: Problem, objective: str, seed: int, a: int, b: int) -> None:
    """Runs of a and of b iterations are one of a + b, and the same seed gives the same plan."""
    first = Told(p).first()
    whole, parts = GraphSearch(p, objective, first, seed), GraphSearch(p, objective, first, seed)
    whole.run(a + b)
    parts.run(a)
    parts.run(b)
    assert same(whole.schedule(), parts.schedule())
    for x, y in zip(whole._memory, parts._memory, strict=True):
        np.testing.assert_array_equal(x, y)


@given(problems(operations=9), objectives, seeds)
def test_adopts_another_plan(p: Problem, objective: str, seed: int) -> None:
    """What is adopted counts at once if it is better; what was found before is never lost."""
    told = Told(p)
    one, other = GraphSearch(p, objective, told.first(), seed), GraphSearch(p, objective, told.first(), seed + 1)
    one.run(50)
    other.run(120)
    best = min(one.value, other.value)
    one.adopt(other.schedule())
    assert one.value == best
    one.run(50)
    assert one.value <= best
    assert check(p, one.schedule()).faults == ()


def test_refuses_what_it_does_not_serve() -> None:
    """A problem beyond the graph, and a plan that leaves something out, are refused in words."""
    p = Problem(job_ptr=np.array([0, 1], np.int32), machines=1)
    nothing = np.zeros(0, np.int32)
    empty = Schedule(op=nothing, machine=nothing, start=nothing, end=nothing)
    assert not serves(p, "makespan")
    with pytest.raises(ValueError, match="ask serves"):
        GraphSearch(p, "makespan", empty, 0)


@given(problems(), objectives)
def test_refuses_a_plan_with_a_hole(p: Problem, objective: str) -> None:
    """Each operation must be planned once."""
    nothing = np.zeros(0, np.int32)
    with pytest.raises(ValueError, match="found 0 rows"):
        GraphSearch(p, objective, Schedule(op=nothing, machine=nothing, start=nothing, end=nothing), 0)


@pytest.mark.parametrize(
    ("file", "best", "iterations"),
    [
        ("jsp/la/la01.txt", 666, 20_000),
        ("fjsp/hurink_vdata/la40.fjs", 955, 40_000),
        pytest.param("jsp/ft/ft10.txt", 930, 2_000_000, marks=pytest.mark.slow),
        pytest.param("fjsp/behnke/behnke60.fjs", 440, 100_000, marks=pytest.mark.slow),
    ],
)
def test_instances_of_the_literature(shared: Path, file: str, best: int, iterations: int) -> None:
    """Known optima, and on a hard one a good plan, in a time that people wait for."""
    path = next((shared / "data" / "plan").glob(file + "*"))
    p = read_benchmark(path.name, path.read_bytes())
    search = GraphSearch(p, "makespan", forward_backward(p, 10, 1), 1)
    search.run(iterations)
    assert search.value <= best
    assert check(p, search.schedule()).faults == ()
