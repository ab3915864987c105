"""What a task's time on its machine is made of, worked out by hand."""

from typing import Any

from tests.model.made import problem, row
from tests.plan.stories import told

from fong.model import Problem

DAY = [(0, 600), (1000, 9000)]


def zone(**more: Any) -> Problem:
    """One machine of a zone, ten pieces of 100 s with 20 s of attendance; the tender is away from 600 to 1,000."""
    given = {
        "jobs": [1],
        "machines": 1,
        "modes": [[(0, 100)]],
        "op_pieces": [10],
        "people": 1,
        "person_zone": [0],
        "person_calendar": [0],
        "calendars": [DAY],
        "tenders": [[0]],
        "zones": 1,
        "machine_zone": [0],
        "step_attend_s": [20],
    }
    return problem(**{**given, **more})


def test_a_night_in_a_zone() -> None:
    """Five pieces by 600, one in the dark, 300 s of standing, 20 s until it is served, four more: 1,500."""
    assert told(zone(), [row(0, 0, 0, 1500, pieces=10)]) == [
        ("runs", 1180),
        ("stands_night", 300),
        ("stands_tender", 20),
    ]


def test_more_time_than_the_clock_of_the_zone_asks_for() -> None:
    """The same with 1,000 s to spare at the end."""
    said = told(zone(), [row(0, 0, 0, 2500, pieces=10)])
    assert said == [("runs", 1180), ("stands_slack", 1000), ("stands_night", 300), ("stands_tender", 20)]


def test_a_set_up_rests_while_the_setter_tends() -> None:
    """One machine keeps the tender busy half of the time (100 s and 100 s of service): 300 s of set-up take 600."""
    made = zone(
        jobs=[1, 1],
        machines=2,
        modes=[[(0, 100)], [(1, 100, 300)]],
        op_pieces=[20, 1],
        machine_zone=[0, 0],
        step_attend_s=[100, 0],
        person_calendar=[-1],
        calendars=[],
        skills=[[0]],
        step_setup_skill=[-1, 0],
    )
    rows = [row(0, 0, 0, 4000, pieces=20), row(1, 1, 600, 700, setup_start=0, setup_end=600, setup_person=0)]
    assert told(made, rows, 1) == [("sets_up", 300), ("stands_setup", 300), ("runs", 100)]


def test_a_set_up_of_an_idle_tender_has_slack() -> None:
    """Nothing runs, so what 300 s of set-up have beyond that is slack of the plan."""
    made = zone(modes=[[(0, 100, 300)]], op_pieces=[1], step_attend_s=[0], skills=[[0]], step_setup_skill=[0])
    rows = [row(0, 0, 400, 500, setup_start=0, setup_end=400, setup_person=0)]
    assert told(made, rows) == [("sets_up", 300), ("stands_slack", 100), ("runs", 100)]


def test_handwork_rests_over_the_break() -> None:
    """800 s from 0 on: 600 before the break of 400 s, 200 after it."""
    made = problem(
        jobs=[1],
        machines=0,
        modes=[[]],
        step_cycle_s=[800],
        step_run_skill=[0],
        people=1,
        skills=[[0]],
        person_calendar=[0],
        calendars=[DAY],
    )
    assert told(made, [row(0, -1, 0, 1200, person=0)]) == [("runs", 800), ("stands_shift", 400)]


def automatic(gap: int) -> Problem:
    """800 s on a machine of those hours."""
    return problem(jobs=[1], machines=1, modes=[[(0, 800)]], machine_calendar=[0], calendars=[DAY], step_gap=[gap])


def test_a_machine_stands_out_of_its_hours() -> None:
    """The same for an automatic machine that resumes."""
    assert told(automatic(0), [row(0, 0, 0, 1200)]) == [("runs", 800), ("stands_closed", 400)]


def test_what_runs_on_does_not_stand() -> None:
    """Under ``run_on`` it needs no open hours once begun."""
    assert told(automatic(2), [row(0, 0, 0, 800)]) == [("runs", 800)]


def test_slack_by_hand_is_told() -> None:
    """A task that was given 50 s too much."""
    made = problem(jobs=[1], machines=1, modes=[[(0, 20)]])
    assert told(made, [row(0, 0, 0, 70)]) == [("runs", 20), ("stands_slack", 50)]


def test_the_longest_of_a_batch_is_its_work() -> None:
    """A lot of 20 s in a batch of 50 s does not wait: the batch works."""
    made = problem(jobs=[1, 1], machines=1, modes=[[(0, 20)], [(0, 50)]], machine_batch_milli=[3000])
    assert told(made, [row(0, 0, 0, 50, batch=0), row(1, 0, 0, 50, batch=0)]) == [("runs", 50)]


def test_work_under_way_when_boxes_are_handed_on() -> None:
    """What follows a first box tells of the first part of a run only."""
    made = problem(jobs=[2], machines=2, modes=[[(0, 10)], [(1, 10)]], op_pieces=[4, 4], step_box=[1, 0])
    rows = [row(0, 0, 0, 40, pieces=4), row(1, 1, 10, 50, pieces=4)]
    assert told(made, rows) == [("runs", 10), ("runs", 40)]
