"""What the check says: every fault with task, resource and time; facts apart; malformed plans by their form alone."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from importlib import resources
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from tests.model.check import stories
from tests.model.check.mutations import MUTATIONS
from tests.model.made import Row, changed, plan, problem, row

from fong import lang
from fong._kernels import freeze
from fong.model import Names, Problem, Schedule
from fong.model.check import CAP, Finding, check

HONG_KONG = ZoneInfo("Asia/Hong_Kong")


def test_a_fault_names_task_resource_and_time() -> None:
    """By the workshop's own names and clock."""
    story = stories.pair()
    names = Names(
        orders=tuple((f"10{i}", i + 1) for i in range(4)), sequences=(10, 20, 30, 40), machines=("K07", "K08", "K09")
    )
    made = replace(story.problem, names=names, epoch=datetime(2026, 3, 2, 8, tzinfo=HONG_KONG))
    found = check(made, plan(changed(story.rows, {1: {"start": 49, "end": 99}})))
    (fault,) = found.faults
    assert fault.code == "machine_overlap"
    assert fault.task == ("101", 2, 20, 0)
    assert (fault.row, fault.resource, fault.at_s) == (1, "K07", 49)
    assert fault.message.params["at"] == datetime(2026, 3, 2, 8, 0, 49, tzinfo=HONG_KONG)
    assert fault.message.params["other"] == "100"
    assert not found.ok


def test_moments_are_right_over_a_change_of_the_clocks() -> None:
    """Seconds after the epoch are elapsed time, also in the night when clocks go forward."""
    made = replace(stories.pair().problem, epoch=datetime(2026, 3, 29, 0, tzinfo=ZoneInfo("Europe/Berlin")))
    rows = changed(
        stories.pair().rows, {0: {"start": 3600 * 4, "end": 3600 * 5}, 1: {"start": 3600 * 4, "end": 3600 * 5}}
    )
    (fault,) = check(made, plan(rows)).faults
    assert str(fault.message.params["at"]) == "2026-03-29 05:00:00+02:00"


def test_all_faults_are_found_at_once() -> None:
    """Not the first one only: each broken rule has its code."""
    story = stories.chain()
    rows = changed(story.rows, {0: {"start": 99}, 1: {"start": 159, "end": 160}, 2: {"start": 900, "end": 949}})
    assert check(story.problem, plan(rows)).codes == {"release", "lag", "run_short", "max_wait"}


def test_many_faults_are_counted_and_some_are_told() -> None:
    """No more than the cap of each code are told, the earliest first; the count is of all."""
    n = CAP + 500
    made = problem(jobs=[1] * n, machines=n, modes=[[(m, 10)] for m in range(n)], job_release_s=[n] * n)
    found = check(made, plan([row(i, i, n - i, n + 10) for i in range(n)]))
    assert found.counts == {"release": n - 1}
    assert len(found.faults) == CAP
    assert [f.at_s for f in found.faults] == list(range(1, CAP + 1))


def test_an_empty_plan_of_nothing_is_lawful() -> None:
    """Nothing to make, nothing planned."""
    assert check(problem(jobs=[]), plan([])).ok
    assert check(problem(jobs=[1], machines=1, modes=[[(0, 5)]]), plan([])).counts == {"missing": 1}


def test_checking_changes_nothing() -> None:
    """Problem and plan are read-only, and the same again gives the same."""
    story = stories.zone()
    schedule = plan(changed(story.rows, {0: {"end": 24_600}}))
    first = check(story.problem, schedule)
    assert check(story.problem, schedule) == first
    assert not first.ok


MALFORMED: Mapping[str, tuple[Row, str]] = {
    "operation": ({"op": 9}, "bad_operation"),
    "negative operation": ({"op": -1}, "bad_operation"),
    "machine": ({"machine": 9}, "bad_machine"),
    "negative machine": ({"machine": -2}, "bad_machine"),
    "person": ({"person": 9}, "bad_person"),
    "setter": ({"setup_person": -2}, "bad_person"),
    "run backwards": ({"end": -1}, "bad_times"),
    "set-up backwards": ({"setup_start": 5, "setup_end": 4}, "bad_times"),
    "half a set-up": ({"setup_start": 5}, "bad_times"),
}


@pytest.mark.parametrize(("change", "code"), MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_plan_is_judged_by_its_form(change: Row, code: str) -> None:
    """Numbers that name nothing and times that run backwards are told, not stumbled over."""
    story = stories.crew()
    assert check(story.problem, plan(changed(story.rows, {0: change}))).codes == {code}


def test_columns_of_other_lengths_are_refused() -> None:
    """A column is as long as the plan, or absent."""
    story = stories.pair()
    schedule = replace(plan(story.rows), person=freeze([0], np.int32))
    assert check(story.problem, schedule).codes == {"bad_columns"}


# ------------------------------------------------------------ facts


def running(**columns: object) -> Problem:
    """Two operations run, a third one is to be planned on machine 1."""
    base: dict[str, object] = {
        "jobs": [1, 1, 1],
        "machines": 2,
        "modes": [[(0, 100)], [(0, 100)], [(1, 100)]],
        "op_pieces": [0, 0, 1],
        "op_total": [1, 1, 1],
        "wip_op": [0, 1],
        "wip_machine": [0, 0],
        "wip_start_s": [-50, -20],
        "wip_end_s": [100, 200],
    }
    return problem(**(base | columns))


def facts(made: Problem) -> list[tuple[str, str, str]]:
    found = check(made, plan([row(2, 1, 300, 400)]))
    assert found.ok
    return [(f.code, f.task[0], f.resource) for f in found.facts]


def test_two_running_on_one_machine_are_a_fact() -> None:
    """Nobody can plan that away."""
    assert facts(running()) == [("fact_machine", "1", "0")]
    assert facts(running(machine_slots=[2, 1])) == []


def test_two_lots_of_a_running_batch_are_none() -> None:
    """A batch takes the machine once."""
    assert facts(running(machine_batch_milli=[20_000, 0])) == []


def test_running_where_the_routing_does_not_lead_is_a_fact() -> None:
    """The foreman had his reasons."""
    assert facts(running(wip_machine=[0, 1])) == [("fact_mode", "1", "1")]


def full_zone() -> Problem:
    return running(
        machines=3,
        modes=[[(0, 100)], [(2, 100)], [(1, 100)]],
        wip_machine=[0, 2],
        machine_zone=[0, -1, 0],
        zones=1,
        people=1,
        person_zone=[0],
        person_max=[1],
        tenders=[[0]],
        step_attend_s=[10, 10, 0],
    )


def full_tools() -> Problem:
    return running(machine_slots=[2, 1], step_tool=[0, 0, -1], tool_quantity=[1])


def full_rack() -> tuple[Problem, Schedule]:
    made = problem(
        jobs=[2, 2, 1, 1],
        machines=3,
        modes=[[(0, 100)], [(2, 100)], [(1, 100)], [(2, 100)], [(0, 100)], [(1, 100)]],
        op_pieces=[0, 1, 0, 1, 1, 1],
        op_total=[1] * 6,
        step_place=[0, -1, 0, -1, -1, -1],
        place_lots=[1],
        wip_op=[0, 2],
        wip_machine=[0, 1],
        wip_start_s=[-50, -50],
        wip_end_s=[100, 100],
    )
    return made, plan([row(1, 2, 500, 600), row(3, 2, 600, 700), row(4, 0, 100, 200), row(5, 1, 100, 200)])


def test_a_zone_too_full_by_what_runs_is_a_fact() -> None:
    """The latest stand, but nobody planned it."""
    assert facts(full_zone()) == [("fact_zone", "1", "0")]


def test_tools_too_few_by_what_runs_are_a_fact() -> None:
    """Two hold what there is once."""
    assert facts(full_tools()) == [("fact_tool", "1", "0")]


def test_a_place_too_full_by_what_runs_is_a_fact() -> None:
    """Two lots come off their machines into a rack for one."""
    found = check(*full_rack())
    assert found.ok
    assert [(f.code, f.task[0], f.resource, f.at_s) for f in found.facts] == [("fact_place", "1", "0", 100)]


# ------------------------------------------------------------ sentences


def told() -> list[Finding]:
    """One finding of each code that the other tests bring about."""
    out: dict[str, Finding] = {}
    for mutation in MUTATIONS:
        story = mutation.story()
        rows = [r for i, r in enumerate(changed(story.rows, mutation.changes)) if i not in mutation.drop]
        out |= {f.code: f for f in check(story.problem, plan(rows)).faults}
    for change, _ in MALFORMED.values():
        story = stories.crew()
        out |= {f.code: f for f in check(story.problem, plan(changed(story.rows, {0: change}))).faults}
    schedule = replace(plan(stories.pair().rows), person=freeze([0], np.int32))
    out |= {f.code: f for f in check(stories.pair().problem, schedule).faults}
    past = (running(), running(wip_machine=[0, 1]), full_zone(), full_tools())
    out |= {f.code: f for made in past for f in check(made, plan([row(2, 1, 300, 400)])).facts}
    out |= {f.code: f for f in check(*full_rack()).facts}
    return list(out.values())


@pytest.mark.parametrize("language", lang.LANGUAGES)
def test_every_fault_has_its_sentence_and_advice(language: str) -> None:
    """Each code that can be found has a sentence whose places are filled, and says what to do; no sentence lacks its code."""
    findings = told()
    for f in findings:
        assert lang.text(f.message.code, f.message.params, language)
        assert lang.text(f"{f.message.code}.how", f.message.params, language)
    written = json.loads(resources.files(lang).joinpath(language, "check.json").read_text("utf-8"))
    codes = {k for k in written if not k.endswith(".how")}
    assert codes == {f.code for f in findings}
    assert {k.removesuffix(".how") for k in written if k.endswith(".how")} == {
        k for k in written if not k.endswith(".how")
    }
