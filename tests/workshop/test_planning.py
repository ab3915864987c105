"""From an input to a plan that `check` has judged."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.cli.conftest import TABLES, write_tables

from fong.errors import InputFault
from fong.examples import EXAMPLES as KNOWN
from fong.model.check import check
from fong.model.problem import Problem
from fong.plan.result import Result
from fong.workshop import planning
from fong.workshop.checking import judge
from fong.workshop.explaining import view
from fong.workshop.exporting import plan_file
from fong.workshop.loading import EXAMPLES, Ask, input_at, load
from fong.workshop.planning import Planned, plan

EXAMPLES_NOW = datetime(2026, 11, 21, 22, 0, tzinfo=ZoneInfo("Asia/Hong_Kong"))
SOLVE: Callable[..., Result] = planning.solve  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tables(tmp_path_factory.mktemp("planning") / "shop", TABLES)


@pytest.fixture(scope="module")
def planned(folder: Path) -> Planned:
    return plan(Ask(source=str(folder)))


def test_plan_obeys_every_rule(planned: Planned) -> None:
    """What comes out was judged, and is judged so again."""
    assert planned.schedule is not None
    assert check(planned.problem, planned.schedule).ok
    assert planned.faults == ()
    assert planned.result.value is not None
    assert planned.result.value >= planned.result.bound > 0  # order 1002 cannot be in time


def test_times_follow_each_other(planned: Planned) -> None:
    """Reading comes before the first plan, that before the end."""
    assert planned.first_s is not None
    assert 0 < planned.read_s <= planned.first_s <= planned.elapsed_s


def test_objective_by_default(planned: Planned, tmp_path: Path) -> None:
    """Workshops are planned for little weighted tardiness, benchmark instances for a short makespan."""
    instance = tmp_path / "two.txt"
    instance.write_text("2 2\n0 3 1 2\n1 2 0 4\n")
    assert planned.result.objective == "weighted_tardiness"
    short = plan(Ask(source=str(instance)))
    assert (short.result.objective, short.result.value, short.result.status) == ("makespan", 7, "optimal")
    assert short.workshop is None


def test_same_seed_gives_the_same_plan(folder: Path, planned: Planned) -> None:
    """The plan file is the same byte for byte, however many workers there are."""
    assert plan_file(plan(Ask(source=str(folder)))) == plan_file(planned)
    two = json.loads(plan_file(plan(Ask(source=str(folder), workers=2))))
    assert two["tasks"] == json.loads(plan_file(planned))["tasks"]


def test_reports_come_while_it_works(folder: Path) -> None:
    """Progress is told with stage, share and value."""
    told: list[tuple[str, float, int | None]] = []
    plan(Ask(source=str(folder)), report=lambda *what: told.append(what))
    assert told
    assert all(0 <= share <= 1 for _, share, _ in told)
    assert told[-1][2] is not None


def test_work_beyond_the_horizon_lengthens_it(tmp_path: Path) -> None:
    """Work for three weeks does not fit into the two days of the settings: they are doubled, and that is said."""
    long = [TABLES["orders"][0], "1,1,Au,A,900,2026-03-20"]
    short = [line.replace("horizon_days,60", "horizon_days,2") for line in TABLES["settings"]]
    folder = write_tables(tmp_path / "long", TABLES | {"orders": long, "settings": short})
    planned = plan(Ask(source=str(folder)))
    assert planned.schedule is not None
    assert planned.schedule.end.max() > 2 * 86_400
    (note,) = planned.notes
    assert note.code == "cli.longer_horizon"
    assert note.params["days"] == 2
    assert int(str(note.params["more"])) * 86_400 >= planned.schedule.end.max()


def test_what_never_fits_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A planner that never finds a place is asked up to the longest horizon, then its reasons are given."""
    days: list[int] = []

    def nothing(problem: Problem, **wish: Any) -> Result:
        days.append(problem.horizon_s // 86_400)
        return replace(SOLVE(problem, **wish), schedule=None, value=None, status="none", reasons=())

    monkeypatch.setattr(planning, "solve", nothing)
    planned = plan(Ask(source=str(write_tables(tmp_path / "shop", TABLES))))
    assert planned.schedule is None
    assert days == [60, 120, 240, 480, 960, 1920, 3650]


def test_plan_that_breaks_a_rule_is_none(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the planner says of it, a plan with a fault is not given out, and the faults are told."""

    def hasty(problem: Problem, **wish: Any) -> Result:
        found = SOLVE(problem, **wish)
        assert found.schedule is not None
        return replace(found, schedule=replace(found.schedule, end=found.schedule.end - 60))

    monkeypatch.setattr(planning, "solve", hasty)
    planned = plan(Ask(source=str(folder)))
    assert planned.schedule is None
    assert planned.faults


@pytest.mark.parametrize(
    ("now", "wanted"),
    [
        (datetime(2026, 3, 2, 12, 0), datetime(2026, 3, 2, 12, 0, tzinfo=ZoneInfo("Asia/Hong_Kong"))),  # noqa: DTZ001
        (datetime(2026, 3, 2, 1, 0, tzinfo=UTC), datetime(2026, 3, 2, 9, 0, tzinfo=ZoneInfo("Asia/Hong_Kong"))),
    ],
)
def test_moment_may_be_given(folder: Path, now: datetime, wanted: datetime) -> None:
    """A naive moment is the workshop's local time, an aware one is what it is; nothing starts before it."""
    planned = plan(Ask(source=str(folder), now=now))
    assert planned.problem.epoch == wanted
    assert planned.schedule is not None
    assert planned.schedule.start.min() >= 0


def test_examples_are_those_of_the_room() -> None:
    """The names that are taken for examples are just those that can be made."""
    assert tuple(KNOWN) == EXAMPLES


def test_example_begins_in_the_week_asked_for() -> None:
    """`knit` of a Friday begins on Wednesday of that week, 10:20 in Hong Kong."""
    given = load(Ask(source="knit", now=datetime(2026, 3, 6, 9, 0, tzinfo=UTC))).given
    assert not isinstance(given, Problem)
    assert given.factory.settings.now.isoformat() == "2026-03-04T10:20:00+08:00"


def test_folder_with_one_workbook_means_the_workbook(tmp_path: Path) -> None:
    """What `fong new DIR` makes can be named by its folder; tables beside it, or a second workbook, leave the folder meant."""
    book = tmp_path / "workshop.xlsx"
    book.touch()
    (tmp_path / "~$workshop.xlsx").touch()  # a lock file of the spreadsheet program
    assert input_at(tmp_path) == book
    assert input_at(book) == book
    (tmp_path / "orders.csv").touch()
    assert input_at(tmp_path) == tmp_path
    (tmp_path / "orders.csv").unlink()
    (tmp_path / "old.xlsx").touch()
    assert input_at(tmp_path) == tmp_path


# A plan file comes back.


def test_own_plan_file_is_judged_lawful(folder: Path, planned: Planned, tmp_path: Path) -> None:
    """What was written is read back as the same plan, and breaks no rule."""
    file = tmp_path / "plan.json"
    file.write_bytes(plan_file(planned))
    judged = judge(Ask(source=str(folder)), file)
    assert judged.findings.ok
    assert planned.schedule is not None
    assert (judged.tasks, judged.orders) == (len(planned.schedule), 4)


def test_edited_plan_file_is_judged_anew(folder: Path, planned: Planned, tmp_path: Path) -> None:
    """A run that was shortened by hand is found, with its task."""
    whole = json.loads(plan_file(planned))
    whole["tasks"][0]["end"] -= 60
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(whole))
    findings = judge(Ask(source=str(folder)), file).findings
    assert {finding.task[0] for finding in findings.faults} >= {whole["tasks"][0]["order"]}


def test_plan_beyond_the_horizon_is_judged_by_all_its_days(folder: Path, planned: Planned, tmp_path: Path) -> None:
    """A plan that was moved by ten weeks, to the same weekday and hour, breaks nothing, although the settings look 60 days ahead."""
    whole = json.loads(plan_file(planned))
    for task in whole["tasks"]:
        for key in ("setup_start", "setup_end", "start", "end"):
            if task[key] is not None:
                task[key] += 70 * 86_400
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(whole))
    assert judge(Ask(source=str(folder)), file).findings.ok


def test_an_unknown_person_hides_no_broken_rule(folder: Path, planned: Planned, tmp_path: Path) -> None:
    """Both are told; that nobody is planned where the unknown one stands is not."""
    whole = json.loads(plan_file(planned))
    tasks = whole["tasks"]
    run = next(t for t in tasks if t["person"])
    setup = next(t for t in tasks if t["setup_person"])
    run["person"] = setup["setup_person"] = "Nobody"
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(whole))
    judged = judge(Ask(source=str(folder)), file)
    assert {f.message.code for f in judged.strangers} == {"formats.plan_person"}
    assert [f.place.row for f in judged.strangers] == [tasks.index(setup) + 1, tasks.index(run) + 1]
    assert judged.findings.ok
    run["end"] -= 60
    file.write_text(json.dumps(whole))
    findings = judge(Ask(source=str(folder)), file).findings
    assert not findings.ok
    assert {f.row for f in findings.faults} == {tasks.index(run)}


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"tasks": 3}', b"\xff\xfe"])
def test_what_is_no_plan_file_is_refused(folder: Path, tmp_path: Path, content: bytes) -> None:
    """A file that holds no plan is an input fault."""
    file = tmp_path / "plan.json"
    file.write_bytes(content)
    with pytest.raises(InputFault):
        judge(Ask(source=str(folder)), file)


def test_missing_plan_file_is_refused(folder: Path, tmp_path: Path) -> None:
    """A file that is not there is an input fault that names it."""
    with pytest.raises(InputFault, match=r"none\.json"):
        judge(Ask(source=str(folder)), tmp_path / "none.json")


def test_a_proven_plan_is_not_called_zero_percent_away(planned: Planned) -> None:
    """Where value and bound meet, the sentence of truth says that nothing is better; otherwise it says how much may be."""
    proven = replace(planned, result=replace(planned.result, bound=planned.result.value or 0))
    assert view(proven).summary[0].code == "plan.truth_best"
    open_ = replace(planned, result=replace(planned.result, bound=0))
    assert view(open_).summary[0].code == "plan.truth_gap"


@pytest.mark.slow
def test_the_neck_of_knit_is_finishing() -> None:
    """Not the thirty machines are busiest but those who finish what they make; the sentence stands below the truth."""
    shown = view(plan(Ask(source="knit", now=EXAMPLES_NOW)))
    said = shown.summary[1]
    assert said.code.startswith("plan.neck_")
    assert said.params["name"] in {"linking", "mending", "inspection", "pressing", "packing"}
    assert int(str(said.params["load_pct"])) >= 85
    near = said.code.startswith("plan.neck_both")
    assert near == (int(str(said.params["other_pct"])) > int(str(said.params["load_pct"])) - 10)
    assert str(said.params["other"]).startswith("flat machines") != near


def test_no_machine_is_the_neck_of_cnc() -> None:
    """Nothing there is at work for nearly all of its time: orders are late for nights, material and the plater."""
    shown = view(plan(Ask(source="cnc", now=EXAMPLES_NOW)))
    assert any(order.late_s for order in shown.orders)
    assert [said.code for said in shown.summary if "neck" in said.code and "people" not in said.code] == []


def test_where_nothing_is_late_no_neck_is_told(tmp_path: Path) -> None:
    """Who fits all day what the mill makes in less is not spoken of while every order is in time, unless the length counts."""
    orders = [TABLES["orders"][0], *(f"{n},1,Au,A,300,2026-06-01" for n in range(9))]
    tables = TABLES | {"orders": orders, "machines": ["machine,group", "M1,mill"]}
    folder = write_tables(tmp_path / "shop", tables)
    assert [said.code for said in view(plan(Ask(source=str(folder)))).summary] == ["plan.truth_best"]
    said = view(plan(Ask(source=str(folder), objective="makespan"))).summary[1]
    assert (said.code, said.params["name"], said.params["other"]) == ("plan.neck_people_most", "fitter", "mill")
