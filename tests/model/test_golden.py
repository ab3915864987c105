"""The golden cases: worked by hand in the definition of a plan, accepted as they are, refused with one rule broken."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.model.golden_reader import Golden, read
from tests.model.made import plan, problem, row

from fong.model import Problem
from fong.model.check import check
from fong.model.zones import exact_wait

CASES = (
    "01",
    "02a",
    "02b",
    "03a",
    "03b",
    "03c",
    "03d",
    "03e",
    "04a",
    "04b",
    "05",
    "06",
    "07",
    "08",
    "09",
    "11a",
    "11b",
)

REFUSED = {
    "01": ({"run_short"}, {"setup_short"}, {"setup_person"}),
    "02a": ({"setup_hours"},),
    "02b": ({"setup_fit"},),
    "03a": ({"zone_run"},),
    "03b": ({"zone_run"},),
    "03c": ({"zone_run"},),
    "03d": ({"zone_run"},),
    "03e": ({"zone_run"},),
    "04a": ({"zone_run"},),
    "04b": ({"zone_run"},),
    "05": ({"person_overlap"},),
    "06": ({"setup_pace"},),
    "07": ({"transfer"}, {"transfer"}, {"transfer"}),
    "08": ({"pieces"},),
    "09": ({"batch_capacity"}, {"batch_apart"}, {"release"}),
    "11a": ({"max_wait"},),
    "11b": ({"run_fit"}, {"max_wait"}),
}
"""What each faulty plan of a case breaks, in the order of its file, and nothing else."""


@pytest.fixture
def golden(shared: Path, request: pytest.FixtureRequest) -> Golden:
    return read(shared / "tools" / "golden" / f"case{request.param}")


@pytest.mark.may_skip("needs the sample data")
@pytest.mark.parametrize("golden", CASES, indirect=True)
def test_the_plan_of_a_golden_case_is_lawful(golden: Golden) -> None:
    """The plan that the definition asks for has no fault."""
    found = check(golden.problem, golden.schedule(golden.expected["tasks"]))
    assert found.faults == ()
    assert found.facts == ()


@pytest.mark.may_skip("needs the sample data")
@pytest.mark.parametrize(("golden", "codes"), REFUSED.items(), indirect=["golden"], ids=REFUSED)
def test_faulty_plans_of_a_golden_case_are_refused(golden: Golden, codes: tuple[set[str], ...]) -> None:
    """Each faulty plan breaks the one rule that it is meant to break."""
    faulty = golden.expected["faulty"]
    assert tuple(set(check(golden.problem, golden.schedule(f["tasks"])).codes) for f in faulty) == codes


@pytest.mark.may_skip("needs the sample data")
@pytest.mark.parametrize("golden", CASES, indirect=True)
def test_one_second_less_is_too_little(golden: Golden) -> None:
    """Beyond the tolerance of its case no run of the last task may be shorter: the check is exact."""
    tasks: list[dict[str, Any]] = [dict(t) for t in golden.expected["tasks"]]
    last = max(range(len(tasks)), key=lambda i: tasks[i]["end"])
    tasks[last]["end"] -= 1 + max(1, int(golden.expected["tolerance_s"])) * _calls(golden)
    found = check(golden.problem, golden.schedule(tasks))
    assert found.codes in ({"run_short"}, {"run_fit"}, {"zone_run"}, {"batch_apart", "run_short"})


def _calls(golden: Golden) -> int:
    """The zone table may be off by 0.1 s a call, or 0.1 %: seconds at the end of a task of that many calls."""
    return 2 if len(golden.problem.wait_log) else 0


@pytest.mark.may_skip("needs the sample data")
@pytest.mark.parametrize("golden", ["03a", "03b", "03c", "03d", "03e"], indirect=True)
def test_figures_of_the_zones(golden: Golden) -> None:
    """E, U and w of case 3, to the digits that the definition prints."""
    values, problem = golden.expected["values"], golden.problem
    k = len(golden.expected["tasks"])
    run, attend = float(problem.mode_cycle_s[0]), float(problem.step_attend_s[0])
    cv = float(problem.step_service_cv_milli[0]) / 1000 if len(problem.step_service_cv_milli) else 0.5
    figures = exact_wait(1, [run] * k, [attend] * k, [cv] * k)
    assert figures.efficiency == pytest.approx(values["E"], abs=6e-6)
    assert figures.use == pytest.approx(values["U"], abs=6e-6)
    assert figures.wait_s == pytest.approx(values["w_s"], abs=6e-4)


@pytest.mark.may_skip("needs the sample data")
@pytest.mark.parametrize("golden", ["08"], indirect=True)
def test_scrap_is_counted_backwards(golden: Golden) -> None:
    """Case 8: second step starts 103, first 107."""
    assert golden.problem.op_pieces.tolist() == [107, 103]
    assert np.array_equal(golden.problem.job_pieces, [100])


# ------------------------------------------------------------ cases 10 and 12, which the tables cannot say


NOON, NIGHT = 4 * 3600, 14 * 3600
RUN_S, SERVE_S = 1200, 60


def two_tenders(machines: int) -> Problem:
    """Case 10: three machines a tender; two tend until noon, one goes on. A task is 20 cycles of 1,200 s with 60 s of attendance."""
    return problem(
        jobs=[1] * machines,
        machines=machines,
        modes=[[(m, RUN_S)] for m in range(machines)],
        op_pieces=[20] * machines,
        machine_zone=[0] * machines,
        zones=1,
        step_attend_s=[SERVE_S] * machines,
        people=2,
        person_zone=[0, 0],
        person_max=[3, 3],
        person_calendar=[0, 1],
        calendars=[[(0, NOON)], [(0, NIGHT)]],
        tenders=[[0, 1]],
    )


def cycle_s(running: int, tenders: int) -> float:
    """What a cycle takes with so many machines running."""
    return RUN_S + SERVE_S + exact_wait(tenders, [RUN_S] * running, [SERVE_S] * running, [0.5] * running).wait_s


def case_10_ends() -> tuple[int, int]:
    """The three first on until they are done; then the three others, who stood since noon, have places again."""
    left = 20 - NOON / cycle_s(6, 2)
    first = NOON + left * cycle_s(3, 1)
    return math.ceil(first) + 1, math.ceil(first + left * cycle_s(3, 1)) + 2


def test_case_10_six_run_before_noon_and_three_after() -> None:
    """Three stand from noon until the others are done and there are places again."""
    first, second = case_10_ends()
    rows = [row(m, m, 0, first if m < 3 else second, pieces=20) for m in range(6)]
    assert check(two_tenders(6), plan(rows)).codes == set()


def test_case_10_who_stands_cannot_be_done_earlier() -> None:
    """The latest started stand at noon: ends as if they ran are refused."""
    first, second = case_10_ends()
    rows = [row(m, m, 0, first if m < 3 else second, pieces=20) for m in range(6)]
    rows[5]["end"] = second - 100
    assert check(two_tenders(6), plan(rows)).codes == {"zone_run"}
    rows = [row(m, m, 0, math.ceil(20 * cycle_s(6, 2)) + 1, pieces=20) for m in range(6)]
    assert check(two_tenders(6), plan(rows)).codes == {"zone_run"}


@pytest.mark.parametrize("start", [0, NOON - 1, NOON])
def test_case_10_a_seventh_task_has_no_place(start: int) -> None:
    """Neither before noon, when six run, nor after, when three of them stand."""
    first, second = case_10_ends()
    rows = [row(m, m, 0, first if m < 3 else second, pieces=20) for m in range(6)]
    late = row(6, 6, start, NIGHT, pieces=20)
    found = check(two_tenders(7), plan([*rows, late]))
    assert "max_machines" in found.codes
    assert {f.task[0] for f in found.faults if f.code == "max_machines"} == {"6"}


def test_case_12_a_fixture_held_beyond_its_plan_is_a_fact() -> None:
    """One operation started late and still holds the only fixture, another one has it by plan: a fact, and no fault of the new plan."""
    made = problem(
        jobs=[1, 1, 1],
        machines=3,
        modes=[[(0, 3600)], [(1, 3600)], [(2, 3600)]],
        op_pieces=[0, 0, 1],
        op_total=[1, 1, 1],
        step_tool=[0, 0, 0],
        tool_quantity=[1],
        wip_op=[0, 1],
        wip_machine=[0, 1],
        wip_start_s=[-7200, -600],
        wip_end_s=[1800, 3000],
    )
    found = check(made, plan([row(2, 2, 3000, 6600)]))
    assert found.ok
    assert [(f.code, f.task, f.resource, f.row) for f in found.facts] == [("fact_tool", ("1", 1, 0, 0), "0", -1)]
    early = check(made, plan([row(2, 2, 2999, 6600)]))
    assert early.codes == {"tools"}
    assert early.facts == found.facts
