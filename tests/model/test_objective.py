"""What a plan is worth: completion of each job, and the six objectives as exact integers."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.model.made import plan, problem, row

from fong.model import Names
from fong.model.objective import OBJECTIVES, evaluate, job_completion_s, job_tardiness_s

DAY = 86_400
MADE = problem(
    jobs=[2, 1, 1, 1],
    machines=2,
    modes=[[(0, 10)]] * 5,
    job_release_s=[0, 100, 0, 0],
    job_due_s=[50, 400, 2**31 - 1, -30],
    job_weight_milli=[1500, 333, 1000, 1000],
    job_late_cents_day=[1000, 70_000, 500, 0],
    op_pieces=[0, 1, 1, 1, 0],
    wip_op=[0],
    wip_machine=[0],
    wip_start_s=[-5],
    wip_end_s=[20],
)
PLAN = plan([row(1, 0, 40, 60), row(2, 1, 300, 443), row(2, 1, 443, 450, sublot=1), row(3, 0, 500, 900)])
# Completion 60, 450, 900 and 0 (all is done); late by 10, 50, none (no date) and 30.


def test_a_job_is_done_when_its_last_row_ends() -> None:
    """Over all sub-lots, with what runs now; 0 where all is done."""
    assert job_completion_s(MADE, PLAN).tolist() == [60, 450, 900, 0]
    assert job_completion_s(MADE, plan([])).tolist() == [20, 0, 0, 0]
    assert job_tardiness_s(MADE, PLAN).tolist() == [10, 50, 0, 30]


@pytest.mark.parametrize(
    ("objective", "value"),
    [
        ("makespan", 900),
        ("tardiness", 90),
        ("weighted_tardiness", (1500 * 10 + 333 * 50 + 1000 * 30) // 1000),
        ("late_orders", 3),
        ("late_cost", 0 + 41),  # 0.116 and 40.509 cents
        ("flow_time", 60 + 350 + 900),
    ],
)
def test_value_of_each_objective(objective: str, value: int) -> None:
    """By hand."""
    assert evaluate(MADE, PLAN, objective) == value
    assert objective in OBJECTIVES


def test_an_order_is_late_once() -> None:
    """However many of its lines are."""
    names = Names(orders=(("A", 1), ("A", 2), ("B", 1), ("C", 1)))
    assert evaluate(replace(MADE, names=names), PLAN, "late_orders") == 2


@pytest.mark.parametrize(("late_s", "cents"), [(DAY // 2, 1), (DAY // 2 - 1, 0), (DAY, 1), (3 * DAY // 2, 2), (0, 0)])
def test_half_a_cent_is_rounded_upwards(late_s: int, cents: int) -> None:
    """One cent a day, in proportion."""
    made = problem(jobs=[1], machines=1, modes=[[(0, 1)]], job_due_s=[10], job_late_cents_day=[1])
    assert evaluate(made, plan([row(0, 0, 0, 10 + late_s)]), "late_cost") == cents


def test_without_dates_nothing_is_late() -> None:
    """A plain job shop has a makespan and a flow time, and no tardiness; every job weighs the same."""
    made = problem(jobs=[1, 1], machines=1, modes=[[(0, 10)]] * 2)
    schedule = plan([row(0, 0, 0, 10), row(1, 0, 10, 20)])
    values = {o: evaluate(made, schedule, o) for o in OBJECTIVES}
    nothing = dict.fromkeys(("tardiness", "weighted_tardiness", "late_orders", "late_cost"), 0)
    assert values == {"makespan": 20, "flow_time": 30} | nothing
    assert evaluate(problem(jobs=[1, 1], machines=1, job_due_s=[5, 5]), schedule, "weighted_tardiness") == 20


def test_an_unknown_objective_is_refused() -> None:
    """By name."""
    with pytest.raises(ValueError, match="no such objective: 'speed'"):
        evaluate(MADE, PLAN, "speed")


@given(
    st.lists(st.tuples(st.integers(0, 2**30), st.integers(0, 2**30), st.integers(0, 10**12)), min_size=1, max_size=8)
)
def test_sums_do_not_overflow(jobs: list[tuple[int, int, int]]) -> None:
    """Money, weights and times of any size add up as in exact arithmetic."""
    made = problem(
        jobs=[1] * len(jobs),
        machines=1,
        job_due_s=[due for _, due, _ in jobs],
        job_weight_milli=[w for *_, w in jobs],
        job_late_cents_day=[w for *_, w in jobs],
    )
    schedule = plan([row(i, 0, 0, end) for i, (end, *_) in enumerate(jobs)])
    late = [max(0, end - due) for end, due, _ in jobs]
    assert (
        evaluate(made, schedule, "weighted_tardiness")
        == sum(w * t for t, (*_, w) in zip(late, jobs, strict=True)) // 1000
    )
    cents = sum((2 * w * t + DAY) // (2 * DAY) for t, (*_, w) in zip(late, jobs, strict=True))
    assert evaluate(made, schedule, "late_cost") == cents
