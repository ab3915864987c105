"""One story for each reason to wait, worked out by hand."""

from typing import Any

from tests.model.made import plan, problem, row
from tests.plan.stories import story, told

from fong.model import Problem
from fong.model.problem import NEVER
from fong.plan.explain import Explainer

DAY = [(100, 200), (300, 400), (500, 900)]


def shop(jobs: int = 2, machines: int = 1, work: int = 20, **more: Any) -> Problem:
    """Jobs of one step each, which any machine can do in ``work`` seconds."""
    modes = [[(m, work) for m in range(machines)] for _ in range(jobs)]
    return problem(**{"jobs": [1] * jobs, "machines": machines, "modes": modes, **more})


# ------------------------------------------------------------ machines
def test_several_orders_on_the_machine_are_one_reason() -> None:
    """Orders 0 (20 s) and 1 (40 s) come first: the longer one is named."""
    made = shop(3)
    said = story(made, [row(0, 0, 0, 20), row(1, 0, 20, 60), row(2, 0, 60, 80)], 2)
    assert [m.code for m in said] == ["plan.waits_machine_more", "plan.runs"]
    assert (said[0].params["wait_s"], said[0].params["order"], said[0].params["more"]) == (60, "1", 1)


def test_all_machines_of_the_group_are_busy() -> None:
    """Both machines run until 20 and 30; the first one is taken."""
    made = shop(3, 2)
    rows = [row(0, 0, 0, 20), row(1, 1, 0, 30), row(2, 0, 20, 40)]
    said = story(made, rows, 2)
    assert [m.code for m in said] == ["plan.waits_group", "plan.runs"]
    assert (said[0].params["wait_s"], said[0].params["machine"], said[0].params["count"]) == (20, "0", 2)


def test_another_machine_of_the_group_was_idle() -> None:
    """Machine 1 is idle all the time: waiting for machine 0 is the plan's choice."""
    made = shop(2, 2)
    said = story(made, [row(0, 0, 0, 20), row(1, 0, 20, 40)], 1)
    assert [m.code for m in said] == ["plan.waits_choice_machine", "plan.runs"]
    assert (said[0].params["machine"], said[0].params["other"]) == ("0", "1")


def test_a_machine_that_is_closed_is_no_choice() -> None:
    """Machine 1 opens at 10 and is busy until 20 then; before that only machine 0 is there, and busy."""
    made = shop(3, 2, machine_calendar=[-1, 0], calendars=[[(10, 900)]])
    said = story(made, [row(0, 0, 0, 20), row(1, 1, 10, 30), row(2, 0, 20, 40)], 2)
    assert [m.code for m in said] == ["plan.waits_queue_group", "plan.runs"]
    assert (said[0].params["wait_s"], said[0].params["all_s"]) == (20, 10)


def test_a_line_bound_to_one_machine_has_no_choice() -> None:
    """The line must stay on machine 0, so the idle machine 1 is nothing to it."""
    made = problem(
        jobs=[2, 1], machines=2, modes=[[(0, 20), (1, 20)], [(0, 20), (1, 20)], [(0, 20)]], op_same=[0, 0, -1]
    )
    rows = [row(0, 0, 0, 20), row(2, 0, 20, 40), row(1, 0, 40, 60)]
    assert told(made, rows) == [("runs", 20), ("waits_machine", 20), ("runs", 20)]


def test_a_gap_is_too_short() -> None:
    """The machine is free for 10 s before order 0; 20 s are needed. The two are one reason in the story."""
    rows = [row(0, 0, 10, 30), row(1, 0, 30, 50)]
    pieces = Explainer(shop(), plan(rows)).pieces(1)
    assert [(p.code, p.since, p.until) for p in pieces[:2]] == [
        ("plan.waits_gap", 0, 10),
        ("plan.waits_machine", 10, 30),
    ]
    assert told(shop(), rows, 1) == [("waits_queue", 30), ("runs", 20)]


def test_a_machine_of_two_slots_is_busy_with_two() -> None:
    """Two run from 0 and 10 until 30 and 40; until 10 there was a slot, but not for 20 s."""
    made = shop(3, machine_slots=[2])
    rows = [row(0, 0, 0, 30), row(1, 0, 10, 40), row(2, 0, 30, 50)]
    pieces = Explainer(made, plan(rows)).pieces(2)
    assert (pieces[0].code, pieces[0].since, pieces[0].until) == ("plan.waits_gap", 0, 10)
    assert {p.code for p in pieces[1:-1]} == {"plan.waits_machine"}


def test_running_work_holds_the_machine() -> None:
    """Order 0 runs since before now and ends at 25."""
    made = shop(op_pieces=[0, 1], op_total=[1, 1], wip_op=[0], wip_machine=[0], wip_start_s=[-5], wip_end_s=[25])
    said = story(made, [row(1, 0, 25, 45)], 1)
    assert [m.code for m in said] == ["plan.waits_machine", "plan.runs"]
    assert (said[0].params["order"], said[0].params["wait_s"]) == ("0", 25)
    assert told(made, [row(1, 0, 25, 45)], 0) == [("running", 25)]


def test_running_work_by_hand_comes_first_in_the_chain() -> None:
    """The first step is done by hand or outside until 40."""
    made = problem(
        jobs=[2],
        machines=1,
        modes=[[], [(0, 20)]],
        op_pieces=[0, 1],
        op_total=[1, 1],
        wip_op=[0],
        wip_machine=[-1],
        wip_start_s=[-5],
        wip_end_s=[40],
    )
    assert told(made, [row(1, 0, 40, 60)]) == [("running_by_hand", 40), ("runs", 20)]


def test_the_machine_is_closed() -> None:
    """It opens at 100."""
    made = shop(1, machine_calendar=[0], calendars=[DAY])
    assert told(made, [row(0, 0, 100, 120)]) == [("waits_closed", 100), ("runs", 20)]


# ------------------------------------------------------------ material, tools, places
def test_material_lacks_until_its_receipt() -> None:
    """Nothing in stock, five come at 50."""
    made = shop(
        1,
        use_ptr=[0, 1],
        use_item=[0],
        use_micro=[5],
        stock_micro=[0],
        receipt_ptr=[0, 1],
        receipt_at_s=[50],
        receipt_micro=[5],
    )
    said = story(made, [row(0, 0, 60, 80)])
    assert [(m.code, m.params.get("wait_s")) for m in said][:2] == [
        ("plan.waits_material", 50),
        ("plan.waits_turn", 10),
    ]
    assert (said[0].params["item"], said[0].params["until_at"]) == ("0", 50)


def test_material_is_kept_for_another_order() -> None:
    """Five in stock go to order 0 at 30; until then they are there, but promised."""
    made = shop(
        2,
        2,
        use_ptr=[0, 1, 2],
        use_item=[0, 0],
        use_micro=[5, 5],
        stock_micro=[5],
        receipt_ptr=[0, 1],
        receipt_at_s=[50],
        receipt_micro=[5],
    )
    rows = [row(0, 0, 30, 50), row(1, 1, 50, 70)]
    assert told(made, rows, 1) == [("waits_material_kept", 30), ("waits_material", 20), ("runs", 20)]


def test_the_tool_is_in_use() -> None:
    """The only jig is on the other machine until 20."""
    made = problem(jobs=[1, 1], machines=2, modes=[[(0, 20)], [(1, 20)]], step_tool=[0, 0], tool_quantity=[1])
    said = story(made, [row(0, 0, 0, 20), row(1, 1, 20, 40)], 1)
    assert [m.code for m in said] == ["plan.waits_tool", "plan.runs"]
    assert (said[0].params["tool"], said[0].params["order"]) == ("0", "0")


def test_a_full_rack_blocks_the_machine() -> None:
    """Order 0 lies in the rack from 10 until 60; order 1 stands on the machine from 20 on, so order 2 cannot begin before 60."""
    made = problem(
        jobs=[2, 2, 1],
        machines=2,
        modes=[[(0, 10)], [(1, 20)], [(0, 10)], [(1, 20)], [(0, 10)]],
        step_place=[0, -1, 0, -1, -1],
        place_lots=[1],
    )
    rows = [
        row(0, 0, 0, 10),
        row(2, 0, 10, 20),
        row(1, 1, 60, 80),
        row(3, 1, 80, 100),
        row(4, 0, 60, 70),
    ]
    said = story(made, rows, 2)
    assert [(m.code, m.params.get("wait_s")) for m in said][:2] == [
        ("plan.waits_machine_more", 20),
        ("plan.waits_place", 40),
    ]
    assert (said[1].params["order"], said[1].params["machine"], said[1].params["place"]) == ("1", "0", "0")


def test_handwork_waits_until_its_place_will_be_free() -> None:
    """Order 1 takes 20 s by hand and needs the rack then: order 0 lies there from 20 until 60."""
    made = problem(
        jobs=[2, 2],
        machines=1,
        modes=[[], [(0, 10)], [], [(0, 10)]],
        step_cycle_s=[20, 0, 20, 0],
        step_place=[0, -1, 0, -1],
        place_lots=[1],
    )
    rows = [row(0, -1, 0, 20), row(1, 0, 60, 70), row(2, -1, 40, 60), row(3, 0, 70, 80)]
    assert told(made, rows, 1)[:2] == [("waits_place_ahead", 40), ("runs", 20)]


# ------------------------------------------------------------ people
def hand(**more: Any) -> Problem:
    """Two jobs by hand, 20 s each, by one of two people with the skill 0."""
    given = {"people": 1, "skills": [[0]], "step_run_skill": [0, 0], "step_cycle_s": [20, 20], "modes": [[], []]}
    return problem(**{"jobs": [1, 1], "machines": 0, **given, **more})


def test_nobody_is_on_shift() -> None:
    """The shift begins at 100."""
    made = hand(person_calendar=[0], calendars=[DAY])
    assert told(made, [row(0, -1, 100, 120, person=0)]) == [("waits_shift", 100), ("runs", 20)]


def test_everybody_is_busy() -> None:
    """The only one works on order 0 until 20."""
    assert told(hand(), [row(0, -1, 0, 20, person=0), row(1, -1, 20, 40, person=0)], 1) == [
        ("waits_people", 20),
        ("runs", 20),
    ]


def test_nobody_is_free_for_long_enough() -> None:
    """He is free for 10 s before order 0."""
    rows = [row(0, -1, 10, 30, person=0), row(1, -1, 30, 50, person=0)]
    assert [p.code for p in Explainer(hand(), plan(rows)).pieces(1)][:2] == [
        "plan.waits_people_soon",
        "plan.waits_people",
    ]
    assert told(hand(), rows, 1) == [("waits_people_or_soon", 30), ("runs", 20)]


def test_busy_and_off_shift_by_turns_is_one_reason() -> None:
    """Off until 100, busy until 120."""
    made = hand(person_calendar=[0], calendars=[DAY])
    said = story(made, [row(0, -1, 100, 120, person=0), row(1, -1, 120, 140, person=0)], 1)
    assert [m.code for m in said] == ["plan.waits_by_turns", "plan.runs"]
    assert (said[0].params["wait_s"], said[0].params["off_s"]) == (120, 100)


def test_the_setter_is_busy() -> None:
    """He sets up the other machine until 30; then ours for 30 s."""
    made = problem(
        jobs=[1, 1],
        machines=2,
        modes=[[(0, 20, 30)], [(1, 20, 30)]],
        people=1,
        skills=[[0]],
        step_setup_skill=[0, 0],
    )
    rows = [
        row(0, 0, 30, 50, setup_start=0, setup_end=30, setup_person=0),
        row(1, 1, 60, 80, setup_start=30, setup_end=60, setup_person=0),
    ]
    assert told(made, rows, 1) == [("waits_people", 30), ("sets_up", 30), ("runs", 20)]


def test_a_tender_of_another_zone_is_no_help() -> None:
    """The tender of the zone has the skill, but may not leave it; the other one comes at 100."""
    made = problem(
        jobs=[1],
        machines=2,
        modes=[[(0, 20, 30)]],
        machine_zone=[-1, 0],
        zones=1,
        tenders=[[0]],
        people=2,
        skills=[[0, 1]],
        person_zone=[0, -1],
        person_calendar=[-1, 0],
        calendars=[DAY],
        step_setup_skill=[0],
    )
    rows = [row(0, 0, 130, 150, setup_start=100, setup_end=130, setup_person=1)]
    assert told(made, rows) == [("waits_shift", 100), ("sets_up", 30), ("runs", 20)]


def zone(**more: Any) -> Problem:
    """Two machines of a zone, a job on each, 100 s and 20 s of attendance a piece, tended from 100 on."""
    given = {
        "people": 1,
        "person_zone": [0],
        "person_calendar": [0],
        "calendars": [[(100, 9000)]],
        "tenders": [[0]],
        "zones": 1,
        "machine_zone": [0, 0],
        "step_attend_s": [20, 20],
    }
    return problem(**{"jobs": [1, 1], "machines": 2, "modes": [[(0, 100)], [(1, 100)]], **given, **more})


def test_nobody_tends_the_zone() -> None:
    """An attended task cannot begin before 100."""
    said = story(zone(), [row(0, 0, 100, 220)])
    assert (said[0].code, said[0].params.get("wait_s")) == ("plan.waits_tender", 100)
    assert said[0].params["zone"] == "0"


def test_the_tenders_have_as_many_machines_as_they_may() -> None:
    """One machine a tender: order 1 begins when order 0 has ended."""
    made = zone(person_max=[1])
    assert told(made, [row(0, 0, 100, 220), row(1, 1, 220, 340)], 1) == [
        ("waits_tender", 100),
        ("waits_limit", 120),
        ("runs", 120),
    ]


# ------------------------------------------------------------ the flow of work
def test_the_lag_is_a_wait_of_its_own() -> None:
    """Dry for 15 s."""
    made = problem(jobs=[2], machines=2, modes=[[(0, 20)], [(1, 20)]], step_lag_s=[15, 0])
    said = story(made, [row(0, 0, 0, 20), row(1, 1, 40, 60)])
    assert [(m.code, m.params.get("wait_s")) for m in said][1:3] == [("plan.waits_lag", 15), ("plan.waits_turn", 5)]
    assert (said[1].params["step"], said[1].params["before"]) == ("1", "0")


def test_boxes_come_too_slowly_to_begin_at_the_first() -> None:
    """Golden case 7: the first box is there at 1,200 s, but B would starve before 3,600 s."""
    made = problem(
        jobs=[2], machines=2, modes=[[(0, 60)], [(1, 30)]], op_pieces=[100, 100], step_box=[20, 0], step_lag_s=[0, 0]
    )
    rows = [row(0, 0, 0, 6000, pieces=100), row(1, 1, 3600, 6600, pieces=100)]
    assert told(made, rows) == [("runs", 1200), ("waits_boxes", 2400), ("runs", 3000)]


def test_the_step_that_came_last_is_in_the_chain() -> None:
    """An assembly waits for the part that is ready at 50, not for the one at 20."""
    made = problem(
        jobs=[3], machines=3, modes=[[(0, 20)], [(1, 50)], [(2, 10)]], preds=[[], [], [0, 1]], step_lag_s=[0, 0, 0]
    )
    assert told(made, [row(0, 0, 0, 20), row(1, 1, 0, 50), row(2, 2, 50, 60)]) == [("runs", 50), ("runs", 10)]


def batch(**more: Any) -> Problem:
    """Three lots of one piece, 1 kg each, for a washer of 3 kg, 40 s."""
    given = {"machine_batch_milli": [3000], "machine_batch_wait_s": [0]}
    return shop(3, work=40, **{**given, **more})


def test_the_batch_waits_for_a_later_lot() -> None:
    """Order 1 is released at 30 and goes into the batch of order 0."""
    rows = [row(0, 0, 30, 70, batch=0), row(1, 0, 30, 70, batch=0), row(2, 0, 70, 110, batch=1)]
    said = story(batch(job_release_s=[0, 30, 0]), rows)
    assert [m.code for m in said] == ["plan.waits_mates", "plan.runs"]
    assert (said[0].params["order"], said[0].params["wait_s"]) == ("1", 30)


def test_the_batch_machine_is_busy() -> None:
    """Two orders in one batch until 40."""
    rows = [row(0, 0, 0, 40, batch=0), row(1, 0, 0, 40, batch=0), row(2, 0, 40, 80, batch=1)]
    assert told(batch(), rows, 2) == [("waits_machine", 40), ("runs", 40)]


def test_a_batch_machine_waits_for_more() -> None:
    """It waits 25 s for lots that do not come, then it is the plan's choice."""
    made = batch(machine_batch_wait_s=[25])
    rows = [row(0, 0, 30, 70, batch=0), row(1, 0, 80, 120, batch=1), row(2, 0, 80, 120, batch=1)]
    assert told(made, rows) == [("waits_filling", 25), ("waits_turn", 5), ("runs", 40)]


def test_the_van_comes_in_its_hours_only() -> None:
    """Collected at 100, back after 50."""
    made = problem(
        jobs=[1], machines=0, modes=[[]], step_outside_s=[50], step_collect=[0], calendars=[[(100, 110), (300, 310)]]
    )
    assert told(made, [row(0, -1, 100, 150)]) == [("waits_van", 100), ("outside", 50)]


def test_it_waits_on_purpose_so_as_not_to_lie_too_long() -> None:
    """The next step begins at 100 and may wait 10 s at most: ending before 90 would be too early."""
    made = problem(
        jobs=[2],
        machines=2,
        modes=[[(0, 20)], [(1, 20)]],
        step_max_wait_s=[10, NEVER],
        machine_calendar=[-1, 0],
        calendars=[DAY],
    )
    said = story(made, [row(0, 0, 70, 90), row(1, 1, 100, 120)])
    assert [(m.code, m.params.get("wait_s")) for m in said] == [
        ("plan.waits_chain", 70),
        ("plan.runs", None),
        ("plan.waits_closed", 10),
        ("plan.runs", None),
    ]
    assert said[0].params["after"] == "1"


def test_a_block_is_placed_as_a_whole() -> None:
    """It could begin at once, but what follows soon after is planned together with it."""
    made = problem(jobs=[2], machines=2, modes=[[(0, 20)], [(1, 20)]], step_max_wait_s=[50, NEVER])
    assert told(made, [row(0, 0, 30, 50), row(1, 1, 50, 70)])[0] == ("waits_block", 30)


# ------------------------------------------------------------ working time
def test_it_does_not_fit_into_the_rest_of_the_window() -> None:
    """60 s from 150 on do not end by 200: it begins at 300."""
    made = shop(1, work=60, step_gap=[1], machine_calendar=[0], calendars=[DAY], job_release_s=[130])
    assert told(made, [row(0, 0, 300, 360)]) == [
        ("waits_turn", 11),
        ("waits_in_one_go", 59),
        ("waits_closed", 100),
        ("runs", 60),
    ]


def test_it_does_not_fit_with_overtime_either() -> None:
    """With 20 s of overtime it may begin up to 160."""
    made = shop(
        1,
        work=60,
        step_gap=[3],
        step_overtime_s=[20],
        machine_calendar=[0],
        calendars=[DAY],
        job_release_s=[161],
    )
    assert told(made, [row(0, 0, 300, 360)]) == [("waits_in_one_go", 39), ("waits_closed", 100), ("runs", 60)]


def test_nothing_stands_in_its_way() -> None:
    """A plan may begin a task later than it could."""
    assert told(shop(1), [row(0, 0, 70, 90)]) == [("waits_turn", 70), ("runs", 20)]
