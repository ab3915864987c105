"""The race itself: it repeats itself, ends when it is told to, keeps to its threads, and says honestly how it ended."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import numpy as np
import pytest
from tests.model.made import plan, problem, row

from fong.model import Problem, Schedule
from fong.model.check import check
from fong.model.objective import OBJECTIVES, evaluate
from fong.plan.bounds import lower_bound
from fong.plan.cpsat import RULES, Cover, covers, prove, size

if TYPE_CHECKING:
    from collections.abc import Iterator


def shop(jobs: int, machines: int, seed: int = 1) -> Problem:
    """A job shop: every job visits every machine once, in an order of its own; dates are tight."""
    rng = np.random.default_rng(seed)
    route = np.array([rng.permutation(machines) for _ in range(jobs)])
    work = rng.integers(1, 100, route.shape)
    return problem(
        jobs=[machines] * jobs,
        machines=machines,
        mode_machine=route.reshape(-1),
        mode_cycle_s=work.reshape(-1),
        job_due_s=work.sum(axis=1) * 3 // 2,
        job_weight_milli=rng.integers(1, 5, jobs) * 500,
        job_late_cents_day=rng.integers(0, 900_000, jobs),
    )


def columns(schedule: Schedule | None) -> list[list[int]]:
    assert schedule is not None
    return [schedule.op.tolist(), schedule.machine.tolist(), schedule.start.tolist(), schedule.end.tolist()]


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_one_worker_repeats_itself(objective: str) -> None:
    """With a limit of effort the same seed gives the same plan and bound."""
    p = shop(6, 6)
    first, second = (prove(p, objective, seconds=60, seed=3, effort=0.3, clock=time.monotonic) for _ in range(2))
    assert (first.value, first.bound, first.status) == (second.value, second.bound, second.status)
    assert columns(first.schedule) == columns(second.schedule)


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_two_workers_find_the_same_best(objective: str) -> None:
    """Provers of several threads agree with one, and what they return is lawful and worth what they say."""
    p = shop(4, 4)
    one, two = (prove(p, objective, seconds=30, workers=w, clock=time.monotonic) for w in (1, 2))
    assert one.status == two.status == "optimal"
    assert one.value == two.value == one.bound == two.bound
    assert two.schedule is not None
    assert not check(p, two.schedule).faults
    assert evaluate(p, two.schedule, objective) == two.value


def test_stop_ends_it() -> None:
    """A race that would take minutes ends soon after `stop` says so, with what it has."""
    asked: list[float] = []

    def stop() -> bool:
        asked.append(time.monotonic())
        return time.monotonic() > begun + 0.5

    p = shop(30, 15)
    begun = time.monotonic()
    proof = prove(p, "makespan", seconds=600, workers=2, stop=stop, clock=time.monotonic)
    assert time.monotonic() - begun < 30
    assert asked
    assert proof.status in {"open", "better"}
    assert proof.bound >= lower_bound(p, "makespan")


def test_no_more_threads_than_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each worker is one thread with a solver of one thread."""
    from ortools.sat.python import cp_model

    seen: set[int] = set()
    widths: list[int] = []
    real = cp_model.CpSolver.solve

    def noted(self: cp_model.CpSolver, *more: object) -> object:
        seen.add(threading.get_ident())
        widths.append(self.parameters.num_workers)
        return real(self, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(cp_model.CpSolver, "solve", noted)
    prove(shop(5, 5), "makespan", seconds=10, workers=2, clock=time.monotonic)
    assert len(seen) <= 2
    assert threading.get_ident() not in seen
    assert set(widths) == {1}


def test_time_is_kept() -> None:
    """The clock ends the race."""

    def ticks() -> Iterator[float]:
        yield from (float(x) for x in range(10**6))

    moments = ticks()
    proof = prove(shop(30, 15), "makespan", seconds=3, clock=lambda: next(moments))
    assert proof.status in {"open", "better"}


# ------------------------------------------------------------ how it ends


def test_nothing_beats_the_best() -> None:
    """The best value as the one to beat: nothing is better, and no plan is returned."""
    p = shop(4, 4)
    best = prove(p, "makespan", seconds=30, clock=time.monotonic)
    again = prove(p, "makespan", schedule=best.schedule, seconds=30, clock=time.monotonic)
    assert (again.schedule, again.status, again.bound) == (None, "closed", best.value)
    above = prove(p, "makespan", upper=(best.value or 0) + 1, seconds=30, clock=time.monotonic)
    assert (above.value, above.status) == (best.value, "optimal")


def test_what_runs_is_not_late_anew() -> None:
    """Work in progress ends when it ends: a job that only waits for it costs what it costs."""
    p = problem(
        jobs=[1, 1],
        machines=1,
        modes=[[(0, 10)], [(0, 10)]],
        op_pieces=[0, 1],
        job_due_s=[30, 45],
        wip_op=[0],
        wip_machine=[0],
        wip_start_s=[-5],
        wip_end_s=[40],
    )
    proof = prove(p, "tardiness", seconds=10, clock=time.monotonic)
    assert (proof.value, proof.bound, proof.status) == (15, 15, "optimal")


def test_no_plan_at_all() -> None:
    """Work that fits in no window has no plan."""
    p = problem(
        jobs=[1],
        machines=1,
        modes=[[(0, 50)]],
        calendars=[[(0, 20), (30, 60)]],
        machine_calendar=[0],
        step_gap=[1],
        horizon_s=60,
    )
    assert prove(p, "makespan", seconds=10, clock=time.monotonic).status == "impossible"


def test_nothing_to_plan() -> None:
    """A workshop without work has an empty plan."""
    proof = prove(problem(jobs=[]), "makespan", seconds=10, clock=time.monotonic)
    assert (proof.value, proof.bound, proof.status) == (0, 0, "optimal")


def test_large_models_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """What would take more memory than is stated is not even tried."""
    monkeypatch.setattr(size, "MOST_LINES", 50)
    p = shop(6, 6)
    proof = prove(p, "makespan", seconds=10, clock=time.monotonic)
    assert (proof.schedule, proof.status, proof.bound) == (None, "refused", lower_bound(p, "makespan"))


def test_absurd_numbers_are_refused() -> None:
    """A mistyped penalty that no solver can add up is refused, not a crash; the bound still holds."""
    p = problem(
        jobs=[1, 1],
        machines=1,
        modes=[[(0, 2**30)], [(0, 2**29)]],
        job_due_s=[1, 1],
        job_late_cents_day=[2**52, 2**52],
    )
    proof = prove(p, "late_cost", seconds=10, clock=time.monotonic)
    assert proof.status == "refused"
    assert proof.bound == lower_bound(p, "late_cost")


@pytest.mark.parametrize("wrong", [{"seconds": -1.0}, {"workers": 0}, {"objective": "beauty"}])
def test_nonsense_is_refused(wrong: dict[str, object]) -> None:
    """Unknown objectives, negative time and no worker are refused."""
    asked: dict[str, object] = {"objective": "makespan", "seconds": 1.0, "clock": time.monotonic} | wrong
    objective = str(asked.pop("objective"))
    with pytest.raises(ValueError, match="wanted"):
        prove(shop(2, 2), objective, **asked)  # type: ignore[arg-type]


# ------------------------------------------------------------ what is covered


def test_a_plain_shop_is_covered() -> None:
    """All rules of a job shop are in the model, for every objective."""
    for objective in OBJECTIVES:
        told = covers(shop(2, 2), objective)
        assert told.legal
        assert tuple(told.rules) == RULES
        assert not told.relaxed


def test_places_are_not_covered() -> None:
    """Places are left out, and said to be."""
    p = problem(jobs=[2], machines=2, modes=[[(0, 5)], [(1, 5)]], step_place=[0, -1], place_lots=[1])
    assert covers(p, "makespan").relaxed == ("places",)
    assert covers(p, "makespan").rules["places"] is Cover.RELAXED


def test_people_on_some_machines_only_are_not_covered() -> None:
    """Somebody is held for a run on the bench but not in the oven: the model leaves it open, and says so."""
    p = problem(
        jobs=[1],
        machines=2,
        modes=[[(0, 5), (1, 5)]],
        machine_batch_milli=[1000, 0],
        people=1,
        skills=[[0]],
        step_run_skill=[0],
    )
    assert covers(p, "makespan").relaxed == ("people",)


def test_a_plan_beyond_the_model_is_no_plan() -> None:
    """Where the judge finds a fault that the model does not know, only the bound is returned."""
    p = problem(
        jobs=[2, 2, 2],
        machines=2,
        modes=[[(0, 5)], [(1, 50)]] * 3,
        step_place=[0, -1] * 3,
        place_lots=[0],
    )
    schedule = plan(
        [r for j in range(3) for r in (row(2 * j, 0, 50 * j, 50 * j + 5), row(2 * j + 1, 1, 50 * j + 5, 50 * j + 55))]
    )
    assert not check(p, schedule).faults
    proof = prove(p, "flow_time", seconds=10, clock=time.monotonic)
    assert proof.bound <= evaluate(p, schedule, "flow_time")
    assert proof.schedule is None or not check(p, proof.schedule).faults
