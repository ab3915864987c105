"""The decoder keeps every rule: what it makes of random workshops and of the golden cases passes the independent check."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.model.golden_reader import read
from tests.model.made import problem
from tests.strategies import FEATURES, workshops

from fong._kernels import freeze
from fong.model import NEVER, Problem, Workshop
from fong.model.build import build
from fong.model.check import check
from fong.plan.decode import Decoded, decode
from fong.plan.decode import _kernels_layout as lay
from fong.plan.decode.floor import Floor
from fong.plan.decode.rule import KINDS, Rule, weights
from fong.plan.lots import split
from fong.plan.routes import variants

RULES = st.builds(
    Rule,
    name=st.sampled_from(sorted(KINDS)),
    k=st.floats(0.5, 5),
    look_s=st.sampled_from((0, 600, 7200)),
    loss=st.sampled_from((0.02, 1.0)),
    batch_wait=st.sampled_from((0.0, 0.5, 1.0)),
    wide=st.booleans(),
)
GOLDEN = ("01", "02a", "02b", "03a", "03b", "03c", "03d", "03e", "04a", "04b", "05", "06", "07", "08", "11a", "11b")


def decoded(workshop: Workshop, rule: Rule) -> tuple[Decoded, set[str]]:
    """The decode of a workshop by a rule, and the codes of what its plan breaks."""
    problem = build(workshop)
    lots = split(problem, wide=rule.wide, variant=variants(problem))
    out = decode(Floor(problem).prepared(lots), rule, weights(problem))
    return out, set(check(problem, out.schedule()).codes) if out.complete else set()


@given(workshops(), RULES)
def test_what_is_decoded_breaks_no_rule(workshop: Workshop, rule: Rule) -> None:
    """Whatever the workshop has and whatever the rule: a complete decode is a legal plan."""
    _, broken = decoded(workshop, rule)
    assert broken == set()


@given(workshops(features=[f for f in FEATURES if f not in {"max_wait", "places"}]), RULES)
def test_a_workshop_without_tight_waits_gets_a_plan(workshop: Workshop, rule: Rule) -> None:
    """Without longest waits and limited places, which may make a greedy rule fail, every lot finds its place."""
    out, _ = decoded(workshop, rule)
    assert out.complete, out.unfinished()


@pytest.mark.parametrize("case", GOLDEN)
def test_a_golden_case_ends_when_it_should(shared: Path, case: str) -> None:
    """The plan of a case ends within its tolerance of the end worked out by hand."""
    golden = read(shared / "tools" / "golden" / f"case{case}")
    problem = golden.problem
    out = decode(Floor(problem).prepared(split(problem, wide=False)), Rule(name="edd"), weights(problem))
    assert out.complete
    wanted = max(t["end"] for t in golden.expected["tasks"])
    assert abs(int(out.schedule().end.max()) - wanted) <= golden.expected["tolerance_s"]
    assert not check(problem, out.schedule()).codes


@pytest.mark.parametrize(("share", "end"), [(1.0, 9000), (0.0, 7200)])
def test_the_waiting_limit_of_a_batch_is_a_matter_of_the_rule(shared: Path, share: float, end: int) -> None:
    """Case 9: {8, 9} at 08:30 and {7} by the waiting limit, two hours in all without it."""
    problem = read(shared / "tools" / "golden" / "case09").problem
    rule = Rule(name="fifo", batch_wait=share)
    out = decode(Floor(problem).prepared(split(problem, wide=False)), rule, weights(problem))
    assert int(out.schedule().end.max()) == end


@given(workshops(), RULES)
def test_a_decode_repeats(workshop: Workshop, rule: Rule) -> None:
    """The same rule gives the same plan."""
    first, second = decoded(workshop, rule)[0], decoded(workshop, rule)[0]
    assert np.array_equal(first.lot, second.lot)


def test_reserved_sublots_keep_to_their_machines() -> None:
    """What must follow soon is reserved at once: its second sub-lot is not let on to a machine more than the lot may have."""
    made = problem(
        jobs=[2],
        modes=[[(0, 60)], [(1, 60), (2, 60)]],
        machines=3,
        op_pieces=[10, 10],
        step_max_lot=[0, 5],
        step_max_wait_s=[7200, NEVER],
    )
    lots = split(made, wide=False)
    assert np.diff(lots.pointer).tolist() == [1, 2]
    out = decode(Floor(made).prepared(lots), Rule(name="edd"), weights(made))
    machines = out.lot[lots.op == 1, lay.UNIT]
    assert out.complete
    assert len(set(machines.tolist())) == 1
    assert not check(made, out.schedule()).faults


def test_what_can_never_start_ends_the_decode() -> None:
    """Two sub-lots of an hour, one machine, half an hour to start both: no plan, and no trying for ever."""
    made = problem(
        jobs=[2],
        modes=[[(0, 60)], [(1, 3600)]],
        machines=2,
        op_pieces=[2, 2],
        step_max_lot=[0, 1],
        step_max_wait_s=[7200, NEVER],
    )
    tight = replace(made, step_max_wait_s=freeze([1800, NEVER], np.int32))
    plans = [decode(Floor(p).prepared(split(p, wide=False)), Rule(name="edd"), weights(p)) for p in (made, tight)]
    assert [p.complete for p in plans] == [True, False]


def test_running_work_keeps_its_machines_own_pace() -> None:
    """What runs already calls as often as its machine's own cycle says, which slows a tender's set-up beside it."""
    made = problem(
        jobs=[1, 1],
        modes=[[(1, 2000), (0, 100)], [(1, 600, 900)]],
        machines=2,
        op_pieces=[0, 4],
        op_total=[40, 4],
        step_cycle_s=[2000, 600],
        step_attend_s=[60, 30],
        step_cycles_per_call=[1, 1],
        step_setup_skill=[-1, 0],
        machine_zone=[0, 0],
        people=1,
        person_zone=[0],
        skills=[[0]],
        zones=1,
        tenders=[[0]],
        wip_op=[0],
        wip_machine=[0],
        wip_start_s=[-1000],
        wip_end_s=[4000],
    )
    out = decode(Floor(made).prepared(split(made, wide=False)), Rule(name="edd"), weights(made))
    assert out.complete
    assert not check(made, out.schedule()).faults
    assert out.schedule().setup_end.tolist() == [1440]  # 900 s at 1 - U, U = 60/160


@pytest.mark.parametrize("top_up", [True, False])
@pytest.mark.parametrize(("attend", "stops"), [(20, 0), (0, 1_000_000)])
@pytest.mark.parametrize("hall", [[(0, 100), (1000, 5000)], [(0, 150), (400, 600), (990, 5000)]])
def test_a_closed_machine_makes_nothing_at_night(
    hall: list[tuple[int, int]],
    attend: int,
    stops: int,
    top_up: bool,  # noqa: FBT001
) -> None:
    """Nobody is on duty from 100 to 1,000 s, and the hall is closed for most of that time: only its open seconds count."""
    made = problem(
        jobs=[1],
        machines=1,
        modes=[[(0, 300)]],
        op_pieces=[2],
        step_attend_s=[attend],
        step_stops_micro=[stops],
        step_stop_s=[30 if stops else 0],
        machine_zone=[0],
        zones=1,
        people=1,
        skills=[],
        person_zone=[0],
        tenders=[[0]],
        calendars=[[(0, 100), (1000, 5000)], hall],
        person_calendar=[0],
        machine_calendar=[1],
        horizon_s=5000,
        top_up=top_up,
    )
    out = decode(Floor(made).prepared(split(made, wide=False)), Rule(name="edd"), weights(made))
    assert out.complete
    assert not check(made, out.schedule()).codes


def sent_out(**columns: Any) -> Problem:
    """Two lots that are sent out for an hour, and packed after it."""
    base: dict[str, Any] = {
        "jobs": [2, 2],
        "machines": 1,
        "modes": [[], [(0, 60)], [], [(0, 60)]],
        "step_outside_s": [3600, -1, 3600, -1],
    }
    return problem(**base | columns)


OUTSIDE: dict[str, dict[str, Any]] = {
    "tool": {"step_tool": [0, -1, 0, -1], "tool_quantity": [1]},
    "material": {
        "use_ptr": [0, 1, 1, 2, 2],
        "use_item": [0, 0],
        "use_micro": [1, 1],
        "stock_micro": [1],
        "receipt_ptr": [0, 2],
        "receipt_at_s": [1800, 3000],
        "receipt_micro": [0, 1],
    },
    "longest wait": {"step_max_wait_s": [0, NEVER, 0, NEVER]},
    "place": {"step_place": [0, -1, 0, -1], "place_lots": [1]},
    "collection": {
        "step_collect": [0, -1, 0, -1],
        "calendars": [[(600, 700), (5000, 5100)]],
        "step_tool": [0, -1, 0, -1],
        "tool_quantity": [1],
    },
}


@pytest.mark.parametrize("columns", OUTSIDE.values(), ids=OUTSIDE)
def test_what_is_sent_out_takes_what_it_needs(columns: dict[str, Any]) -> None:
    """A subcontracted lot waits for its tool, material and place, for its collection, and for who must follow it at once."""
    made = sent_out(**columns)
    out = decode(Floor(made).prepared(split(made, wide=False)), Rule(name="edd"), weights(made))
    assert out.complete
    assert not check(made, out.schedule()).codes


WAITS: dict[str, dict[str, Any]] = {
    "set-up on the same machine": {
        "jobs": [2],
        "machines": 1,
        "modes": [[(0, 100)], [(0, 60, 80)]],
        "step_max_wait_s": [100, NEVER],
    },
    "machine that still runs": {
        "jobs": [1, 2],
        "machines": 2,
        "modes": [[(0, 100)], [(1, 100)], [(0, 50, 60)]],
        "op_pieces": [0, 1, 1],
        "op_total": [1, 1, 1],
        "step_max_wait_s": [NEVER, 300, NEVER],
        "wip_op": [0],
        "wip_machine": [0],
        "wip_start_s": [-50],
        "wip_end_s": [300],
    },
    "after running work": {
        "jobs": [2, 1],
        "machines": 2,
        "modes": [[(0, 100)], [(1, 50)], [(1, 1000)]],
        "op_pieces": [0, 1, 1],
        "op_total": [1, 1, 1],
        "step_max_wait_s": [100, NEVER, NEVER],
        "wip_op": [0],
        "wip_machine": [0],
        "wip_start_s": [-50],
        "wip_end_s": [300],
    },
    "material for both": {
        "jobs": [2],
        "machines": 2,
        "modes": [[(0, 100)], [(1, 50)]],
        "step_max_wait_s": [0, NEVER],
        "use_ptr": [0, 1, 2],
        "use_item": [0, 0],
        "use_micro": [1, 1],
        "stock_micro": [1],
        "receipt_ptr": [0, 1],
        "receipt_at_s": [500],
        "receipt_micro": [1],
    },
}


@pytest.mark.parametrize("columns", WAITS.values(), ids=WAITS)
def test_what_must_follow_is_reserved(columns: dict[str, Any]) -> None:
    """Behind the run on its own machine, behind running work, before other work, with material that is not promised twice."""
    made = problem(**columns)
    out = decode(Floor(made).prepared(split(made, wide=False)), Rule(name="spt"), weights(made))
    assert out.complete
    assert not check(made, out.schedule()).codes


@pytest.mark.parametrize(("other_s", "complete"), [(100, True), (1000, False)])
def test_what_must_follow_a_tended_task(other_s: int, complete: bool) -> None:  # noqa: FBT001
    """The end of a tended task is known when it comes: what follows is reserved then, and where it is too late there is no plan."""
    made = problem(
        jobs=[2, 1],
        machines=2,
        modes=[[(0, 100)], [(1, 50)], [(1, other_s)]],
        step_attend_s=[20, 0, 0],
        step_max_wait_s=[50, NEVER, NEVER],
        machine_zone=[0, -1],
        zones=1,
        people=1,
        skills=[],
        person_zone=[0],
        tenders=[[0]],
        calendars=[[(0, 10_000)]],
        person_calendar=[0],
        horizon_s=10_000,
    )
    out = decode(Floor(made).prepared(split(made, wide=False)), Rule(name="edd"), weights(made))
    assert out.complete == complete
    assert not complete or not check(made, out.schedule()).codes


def test_no_reservation_behind_a_lot_that_may_stay() -> None:
    """Three sub-lots must follow at once, and the rack behind them takes one: they are not reserved on each other's heels."""
    made = problem(
        jobs=[3],
        machines=2,
        modes=[[(0, 60)], [(0, 60)], [(1, 60)]],
        op_pieces=[5, 5, 5],
        step_max_lot=[0, 2, 0],
        step_max_wait_s=[28_800, NEVER, NEVER],
        step_place=[-1, 0, -1],
        place_lots=[1],
    )
    out = decode(Floor(made).prepared(split(made, wide=False)), Rule(name="edd"), weights(made))
    assert not out.complete or not check(made, out.schedule()).faults


def test_a_reserved_run_waits_for_its_tenders() -> None:
    """Two lots must follow at once, each on its machine; the only tender may have one task: the second waits for the first."""
    made = problem(
        jobs=[2, 2],
        machines=2,
        modes=[[], [(0, 60)], [], [(1, 60)]],
        step_outside_s=[3600, -1, 3600, -1],
        step_attend_s=[0, 60, 0, 60],
        step_max_wait_s=[28_800, NEVER, 28_800, NEVER],
        machine_zone=[0, 0],
        zones=1,
        people=1,
        skills=[],
        person_zone=[0],
        person_max=[1],
        tenders=[[0]],
    )
    out = decode(Floor(made).prepared(split(made, wide=False)), Rule(name="edd"), weights(made))
    assert out.complete
    assert not check(made, out.schedule()).faults


def test_boxes_come_at_the_pace_of_their_machine() -> None:
    """The slow machine takes 900 s for what the fast one does in 60 s: the next step waits for the box that is really coming."""
    made = problem(
        jobs=[2, 2],
        machines=2,
        modes=[[(0, 900), (1, 60)], [(0, 60), (1, 60)]] * 2,
        step_box=[1, 0, 1, 0],
    )
    for name in ("fifo", "atc", "spt"):
        out = decode(Floor(made).prepared(split(made, wide=False)), Rule(name=name), weights(made))
        assert out.complete
        assert not check(made, out.schedule()).faults


def test_a_group_stays_on_the_machine_that_runs_it_now() -> None:
    """The first step runs on machine 0; its fellow follows there, though machine 1 is free."""
    made = problem(
        jobs=[2],
        machines=2,
        modes=[[(0, 60), (1, 60)]] * 2,
        op_pieces=[0, 1],
        op_total=[1, 1],
        op_same=[0, 0],
        wip_op=[0],
        wip_machine=[0],
        wip_start_s=[-60],
        wip_end_s=[60],
        machine_calendar=[0, -1],
        calendars=[[(0, 70), (500, 5000)]],
    )
    out = decode(Floor(made).prepared(split(made, wide=False)), Rule(name="edd"), weights(made))
    assert out.complete
    assert not check(made, out.schedule()).faults


@pytest.mark.parametrize("group", [[0, 0, -1], [-1, 0, 0], [0, 0, 0]])
def test_reservations_keep_to_the_machine_of_their_group(group: list[int]) -> None:
    """What must follow at once is reserved on the machine of its fellows; behind one that is only reserved there is no plan yet."""
    made = problem(
        jobs=[3, 1],
        machines=2,
        modes=[[(0, 60), (1, 60)]] * 4,
        op_same=[*group, -1],
        step_max_wait_s=[28_800, 28_800, NEVER, NEVER],
    )
    out = decode(Floor(made).prepared(split(made, wide=False)), Rule(name="edd"), weights(made))
    assert out.complete == (group[2] < 0)
    assert not out.complete or not check(made, out.schedule()).faults


@pytest.mark.parametrize("racks", [1, 2])
def test_what_runs_now_needs_a_place_too(racks: int) -> None:
    """The lot that runs now goes to the rack at its end, or stays on its machine, until the next step takes it."""
    made = problem(
        jobs=[2, 2, 1],
        machines=3,
        modes=[[(0, 60)], [(1, 60, 200)], [(2, 60)], [(1, 60, 200)], [(0, 60)]],
        op_pieces=[0, 1, 1, 1, 1],
        op_total=[1] * 5,
        step_place=[0, -1, 0, -1, -1],
        place_lots=[racks],
        wip_op=[0],
        wip_machine=[0],
        wip_start_s=[-60],
        wip_end_s=[60],
    )
    out = decode(Floor(made).prepared(split(made, wide=False)), Rule(name="edd"), weights(made))
    assert out.complete
    assert not check(made, out.schedule()).faults


def test_a_running_batch_ends_with_its_last_lot() -> None:
    """The washer is free at 200, not at 100."""
    made = problem(
        jobs=[1, 1, 1],
        machines=1,
        modes=[[(0, 100)]] * 3,
        op_pieces=[0, 0, 1],
        op_total=[1, 1, 1],
        machine_batch_milli=[20_000],
        wip_op=[0, 1],
        wip_machine=[0, 0],
        wip_start_s=[-50, -50],
        wip_end_s=[200, 100],
    )
    out = decode(Floor(made).prepared(split(made, wide=False)), Rule(name="edd"), weights(made))
    assert out.schedule().start.tolist() == [200]


def test_a_set_up_waits_for_no_other_lot_s_worker() -> None:
    """The urgent lot's worker is busy elsewhere, and it needs no set-up; the next one's setter is free, so the machine is set up."""
    made = problem(
        jobs=[1, 1, 1],
        machines=2,
        modes=[[(0, 20, 0)], [(1, 5, 0)], [(1, 5, 3)]],
        job_due_s=[1, 2, 30],
        people=2,
        skills=[[0], [1]],
        step_run_skill=[0, 0, -1],
        step_setup_skill=[-1, 1, 1],
    )
    out = decode(Floor(made).prepared(split(made, wide=False)), Rule(name="edd"), weights(made))
    assert out.lot[:, lay.START].tolist() == [0, 20, 3]


def test_what_is_sent_out_tells_what_it_lacks() -> None:
    """Material that never comes is the reason, not the horizon."""
    made = problem(
        jobs=[1],
        machines=0,
        modes=[[]],
        step_outside_s=[60],
        use_ptr=[0, 1],
        use_item=[0],
        use_micro=[1],
        stock_micro=[0],
        receipt_ptr=[0, 0],
        receipt_at_s=[],
        receipt_micro=[],
    )
    out = decode(Floor(made).prepared(split(made, wide=False)), Rule(name="edd"), weights(made))
    assert out.unfinished().tolist() == [[0, lay.W_MATERIAL]]


def test_a_reserved_worker_stays_while_the_hall_is_closed() -> None:
    """What must follow is begun fifty seconds before the hall closes, and goes on after it opens again, with the same worker."""
    made = problem(
        jobs=[2],
        machines=2,
        modes=[[(0, 100)], [(1, 100)]],
        step_max_wait_s=[2000, NEVER],
        step_run_skill=[-1, 0],
        people=1,
        skills=[[0]],
        calendars=[[(0, 150), (400, 10_000)]],
        machine_calendar=[-1, 0],
        horizon_s=10_000,
    )
    out = decode(Floor(made).prepared(split(made, wide=False)), Rule(name="edd"), weights(made))
    assert out.schedule().end.tolist() == [100, 450]
    assert not check(made, out.schedule()).codes
