"""Lower bounds: no plan is better, whatever the rules; and on simple workshops they are the truth."""

from __future__ import annotations

import csv
import lzma
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from tests.counts import examples
from tests.model.made import plan, problem, row
from tests.naive.brute import Brute
from tests.plan.tiny import ADDITIONS, HORIZON, workshops
from tests.strategies import workshops as everything

from fong._kernels import freeze
from fong.model import NEVER, Names, Problem, Workshop
from fong.model.build import build
from fong.model.check import check
from fong.model.objective import OBJECTIVES, evaluate, job_completion_s
from fong.plan.bounds import _kernels_bounds, _kernels_least, earliest_ends, lower_bound
from fong.plan.bounds._kernels_least import Hours
from fong.plan.bounds.least import mode_setups
from fong.plan.bounds.one_resource import Relaxation
from fong.plan.decode import decode
from fong.plan.decode.floor import Floor
from fong.plan.decode.rule import KINDS, Rule, weights
from fong.plan.lots import split
from fong.plan.routes import variants

H = 3600
QUIET = settings(deadline=None, suppress_health_check=list(HealthCheck))


# ------------------------------------------------------------ against every plan there is


def held_by_all_plans(p: Problem) -> None:
    """Try every plan of a tiny workshop: none beats a bound, and those found are legal."""
    brute = Brute(p, horizon=HORIZON, budget=150)
    assume(brute.best)
    for objective in OBJECTIVES:
        assert lower_bound(p, objective) <= brute.best[objective], objective
        schedule = plan(brute.plans[objective])
        assert not check(p, schedule).faults
        assert evaluate(p, schedule, objective) == brute.best[objective]


@settings(QUIET, max_examples=examples(40))
@given(p=workshops())
def test_no_plan_beats_a_bound(p: Problem) -> None:
    """No plan of a tiny workshop is better than the bound, for every objective."""
    held_by_all_plans(p)


@pytest.mark.slow
@pytest.mark.parametrize("rule", ADDITIONS)
@settings(QUIET, max_examples=25)
@given(data=st.data())
def test_no_plan_beats_a_bound_under_each_rule(rule: str, data: st.DataObject) -> None:
    """The same, with each kind of rule in turn always there."""
    held_by_all_plans(data.draw(workshops(rule)))


RULES = st.builds(Rule, name=st.sampled_from(sorted(KINDS)), look_s=st.sampled_from((0, 7200)), wide=st.booleans())


@settings(QUIET, max_examples=examples(60))
@given(everything(), RULES)
def test_no_decoded_plan_beats_a_bound(workshop: Workshop, rule: Rule) -> None:
    """Whatever a workshop has, a plan that passes the check is not better than any bound."""
    p = build(workshop)
    lots = split(p, wide=rule.wide, variant=variants(p))
    decoded = decode(Floor(p).prepared(lots), rule, weights(p))
    assume(decoded.complete)
    schedule = decoded.schedule()
    assume(not check(p, schedule).faults)
    ends = job_completion_s(p, schedule)
    assert (earliest_ends(p) <= ends).all()
    for objective in OBJECTIVES:
        assert lower_bound(p, objective) <= evaluate(p, schedule, objective), objective


def test_plain_shops_reach_their_bounds_mostly() -> None:
    """Bounds are not merely valid: on 60 random shops of three jobs the makespan reaches it in at least 45."""
    rng = np.random.default_rng(5)
    reached = 0
    for _ in range(60):
        modes = [[(int(rng.integers(0, 2)), int(rng.integers(1, 9)))] for _ in range(5)]
        p = problem(jobs=[2, 2, 1], machines=2, modes=modes, horizon_s=HORIZON)
        reached += lower_bound(p, "makespan") == Brute(p, horizon=HORIZON, budget=2000).best["makespan"]
    assert reached >= 45


# ------------------------------------------------------------ stories whose bound is the best plan


def test_job_length_through_a_shift() -> None:
    """Five hours in a shift of four, then two days outside from the next collection: 4 h + 1 h after the night, van at noon."""
    p = problem(
        jobs=[2],
        machines=1,
        modes=[[(0, 5 * H)], []],
        calendars=[[(0, 4 * H), (24 * H, 28 * H)], [(28 * H, 29 * H)]],
        machine_calendar=[0],
        step_outside_s=[-1, 48 * H],
        step_collect=[-1, 1],
    )
    assert earliest_ends(p).tolist() == [76 * H]
    assert lower_bound(p, "makespan") == 76 * H


@pytest.mark.parametrize(("gap", "end"), [(0, 25), (1, 26), (2, 16), (3, 16)])
def test_words_on_gaps(gap: int, end: int) -> None:
    """Six hours at 10 in hours 8-14 and 20-30: resumed 10-14 + 20-22 … by the word of the step, with two hours of overtime."""
    p = problem(
        jobs=[1],
        machines=1,
        modes=[[(0, 6 * H)]],
        job_release_s=[10 * H],
        calendars=[[(8 * H, 13 * H), (20 * H + H * 2, 30 * H)]] if gap == 0 else [[(8 * H, 14 * H), (20 * H, 30 * H)]],
        machine_calendar=[0],
        step_gap=[gap],
        step_overtime_s=[2 * H if gap == 3 else 0],
    )
    assert earliest_ends(p).tolist() == [end * H]


def test_heads_and_tails_of_one_machine() -> None:
    """Carlier's seven jobs (1982): the second to fourth give 11 + (6 + 7 + 4) + 21 = 49, the best plan takes 50."""
    head, work, tail = [10, 13, 11, 20, 30, 0, 30], [5, 6, 7, 4, 3, 6, 2], [7, 26, 24, 21, 8, 17, 0]
    always = _kernels_bounds.Capacity(*(freeze([x], np.int64) for x in (0, 0, 1)))
    columns = [np.array(c, np.int64) for c in (range(7), head, work, tail)]
    r = Relaxation(
        capacity=always,
        job=columns[0],
        head=columns[1],
        energy=columns[2],
        tail=columns[3],
        variant=np.zeros(0, np.int8),
    )
    assert r.longest(NEVER) == 49


def test_people_are_counted_not_only_machines() -> None:
    """Two linkers, four benches: 24 hours of linking take twelve."""
    p = problem(
        jobs=[1] * 6,
        machines=4,
        modes=[[(m, 4 * H) for m in range(4)]] * 6,
        people=2,
        skills=[[0, 1]],
        step_run_skill=[0] * 6,
    )
    assert lower_bound(p, "makespan") == 12 * H


def test_two_skills_of_the_same_people_add_up() -> None:
    """Ann and Bea both link and mend: six hours of each take six hours together, though each skill alone would take three."""
    p = problem(
        jobs=[1] * 4,
        modes=[[]] * 4,
        people=2,
        skills=[[0, 1], [0, 1]],
        step_run_skill=[0, 0, 1, 1],
        step_cycle_s=[3 * H] * 4,
    )
    assert lower_bound(p, "makespan") == 6 * H


def test_only_in_their_hours() -> None:
    """One linker on duty two hours a day: five hours of work in lots end on the third day at one."""
    days = [(d * 24 * H, d * 24 * H + 2 * H) for d in range(5)]
    p = problem(
        jobs=[1] * 5,
        modes=[[]] * 5,
        people=1,
        skills=[[0]],
        step_run_skill=[0] * 5,
        step_cycle_s=[H] * 5,
        calendars=[days],
        person_calendar=[0],
        horizon_s=5 * 24 * H,
    )
    assert lower_bound(p, "makespan") == 49 * H
    assert lower_bound(p, "flow_time") == (1 + 2 + 25 + 26 + 49) * H


def test_tenders_may_have_so_many_machines() -> None:
    """Four machines, but one tender who may have two: eight hours of running for each of four lots take sixteen."""
    p = problem(
        jobs=[1] * 4,
        machines=4,
        modes=[[(m, H) for m in range(4)]] * 4,
        op_pieces=[8] * 4,
        step_attend_s=[1] * 4,
        step_cycles_per_call=[8] * 4,
        machine_zone=[0] * 4,
        zones=1,
        people=1,
        skills=[],
        person_zone=[0],
        person_max=[2],
        tenders=[[0]],
    )
    assert 16 * H <= lower_bound(p, "makespan") <= 16 * H + 2


def test_service_of_calls_fills_the_tender() -> None:
    """Ten machines that each want ten minutes an hour of one tender: he is the neck, and the bound comes within 5 % of it."""
    p = problem(
        jobs=[1] * 10,
        machines=10,
        modes=[[(m, 50 * 60)] for m in range(10)],
        op_pieces=[24] * 10,
        step_attend_s=[600] * 10,
        machine_zone=[0] * 10,
        zones=1,
        people=1,
        skills=[],
        person_zone=[0],
        tenders=[[0]],
    )
    assert 0.95 * 40 * H < lower_bound(p, "makespan") <= 40 * H


def test_the_night_of_a_zone() -> None:
    """Golden case 4: m = 10, cycle 2,400 s, loaded at 17:00, duty ends at 18:00: in the night it makes ten cycles and stands."""
    p = problem(
        jobs=[1],
        machines=1,
        modes=[[(0, 2400)]],
        op_pieces=[20],
        step_attend_s=[60],
        step_cycles_per_call=[10],
        machine_zone=[0],
        zones=1,
        people=1,
        skills=[],
        person_zone=[0],
        tenders=[[0]],
        calendars=[[(0, H), (15 * H, 24 * H)]],
        person_calendar=[0],
        horizon_s=24 * H,
    )
    # Two calls of 24,060 s: 3,600 s until 18:00, one whole run of a call in the dark, the rest from 08:00 on.
    assert earliest_ends(p).tolist() == [15 * H + 2 * 24_060 - 3600 - 24_060]


def test_batches_share_the_machine() -> None:
    """Five lots of half a washer: three batches of an hour, less the half batch that rounding leaves open."""
    p = problem(jobs=[1] * 5, machines=1, modes=[[(0, H)]] * 5, machine_batch_milli=[2000], step_batch_milli=[1000] * 5)
    assert lower_bound(p, "makespan") == 2.5 * H


def test_material_that_comes_later() -> None:
    """Yarn for two of three lots is there, the rest comes at noon: somebody ends an hour after noon, whoever it is."""
    p = problem(
        jobs=[1] * 3,
        machines=3,
        modes=[[(m, H)] for m in range(3)],
        use_ptr=[0, 1, 2, 3],
        use_item=[0] * 3,
        use_micro=[5] * 3,
        stock_micro=[10],
        receipt_ptr=[0, 1],
        receipt_at_s=[12 * H],
        receipt_micro=[5],
        job_due_s=[2 * H] * 3,
    )
    assert earliest_ends(p).tolist() == [H] * 3
    assert lower_bound(p, "makespan") == 13 * H
    assert lower_bound(p, "late_orders") == 1
    assert lower_bound(p, "tardiness") == 11 * H


def test_material_for_one_batch_after_the_other() -> None:
    """Three pieces, one in a batch of 3 s: two are washed while the yarn of the third is awaited, which ends at 16 + 3, packed at 23."""
    p = problem(
        jobs=[2],
        machines=2,
        modes=[[(0, 3)], [(1, 4)]],
        op_pieces=[3, 1],
        machine_batch_milli=[1000, 0],
        use_ptr=[0, 1, 1],
        use_item=[0],
        use_micro=[4],
        stock_micro=[8],
        receipt_ptr=[0, 1],
        receipt_at_s=[16],
        receipt_micro=[4],
    )
    batch = [row(0, 0, 3 * i + 10 * (i == 2), 3 * i + 10 * (i == 2) + 3, sublot=i, batch=i) for i in range(3)]
    best = plan([*batch, row(1, 1, 19, 23)])
    assert not check(p, best).faults
    assert lower_bound(p, "makespan") <= evaluate(p, best, "makespan") == 23


def test_a_batch_fills_its_box_at_once() -> None:
    """Two pieces in one batch of 1,200 s: boxes or not, they come out together."""
    p = problem(
        jobs=[2],
        machines=2,
        modes=[[(0, 1200)], [(1, 60)]],
        op_pieces=[2, 2],
        machine_batch_milli=[4000, 0],
        step_box=[3, 0],
    )
    assert earliest_ends(p).tolist() == [1320]


def test_a_task_may_start_in_the_dark() -> None:
    """Set up from 0 to 1,800 s, run from there in the dark that began at 900, stand after 120 s, be unloaded at dawn, 4,500 s."""
    p = problem(
        jobs=[1],
        machines=1,
        modes=[[(0, 60, 1800)]],
        op_pieces=[2],
        step_attend_s=[60],
        step_cycles_per_call=[3],
        machine_zone=[0],
        zones=1,
        people=1,
        skills=[],
        person_zone=[0],
        tenders=[[0]],
        calendars=[[(0, 900), (4500, 9000)]],
        person_calendar=[0],
        horizon_s=9000,
    )
    best = plan([row(0, 0, 1800, 4500, pieces=2, setup_start=0, setup_end=1800)])
    assert not check(p, best).faults
    assert lower_bound(p, "makespan") == 4500


def test_a_zone_where_all_runs_on() -> None:
    """Nothing that counts is left for its machines: no bound of theirs, and no failure."""
    p = problem(
        jobs=[1],
        machines=1,
        modes=[[(0, 10)]],
        step_gap=[2],
        step_attend_s=[2],
        calendars=[[(0, 50)]],
        machine_calendar=[-1],
        machine_zone=[0],
        zones=1,
        people=1,
        skills=[],
        person_zone=[0],
        tenders=[[0]],
    )
    assert 10 <= lower_bound(p, "makespan") <= 12


def test_setups_that_nobody_can_spare() -> None:
    """Without families each lot is set up: three lots of one hour and ten minutes."""
    p = problem(jobs=[1] * 3, machines=1, modes=[[(0, H, 600)]] * 3)
    assert lower_bound(p, "makespan") == 3 * (H + 600)


def test_least_setup_of_a_matrix() -> None:
    """The least cell that leads to the family, nothing within it unless the matrix says so; a batch machine counts none."""
    modes = [[(0, 1, 900)], [(1, 1, 900)], [(0, 1, 900)], [(2, 1, 900)]]
    p = problem(
        jobs=[1] * 4,
        machines=3,
        modes=modes,
        step_family=[0, 0, 1, 0],
        families=2,
        machine_group=[0, 1, 0],
        machine_batch_milli=[0, 0, 1000],
        setup_ptr=[0, 2, 3, 3, 3],
        setup_to=[0, 1, 0],
        setup_s=[300, 1200, 600],
    )
    assert mode_setups(p).tolist() == [300, 0, 0, 0]


def test_late_orders_count_once() -> None:
    """Two lines of one order, both hopeless: one late order."""
    p = problem(
        jobs=[1, 1],
        machines=2,
        modes=[[(0, 10)], [(1, 10)]],
        job_due_s=[5, 5],
        names=Names(orders=(("1043", 1), ("1043", 2))),
    )
    assert lower_bound(p, "late_orders") == 1
    assert lower_bound(p, "tardiness") == 10


def test_weights_count_in_layers() -> None:
    """Two jobs of 10 due at 10 on one machine, weights 1 and 3: the light one ends 10 late."""
    p = problem(
        jobs=[1, 1],
        machines=1,
        modes=[[(0, 10)], [(0, 10)]],
        job_due_s=[10, 10],
        job_weight_milli=[1000, 3000],
        job_late_cents_day=[8_640_000, 8_640_000],
    )
    assert lower_bound(p, "weighted_tardiness") == 10
    assert lower_bound(p, "late_orders") == 1
    assert 999 <= lower_bound(p, "late_cost") <= 1000


def test_two_halls_add_up() -> None:
    """What two machines force upon their own jobs is summed, not only the worse one taken."""
    p = problem(jobs=[1] * 4, machines=2, modes=[[(0, 10)], [(0, 10)], [(1, 10)], [(1, 10)]], job_due_s=[10] * 4)
    assert lower_bound(p, "tardiness") == 20
    assert lower_bound(p, "late_orders") == 2


def test_variants_take_the_best_of_each() -> None:
    """Three set-ups on a plain machine or one on a five-axis one: only what both have in common is forced."""
    p = problem(
        jobs=[3],
        machines=2,
        modes=[[(0, 10)], [(1, 10)], [(0, 15)]],
        op_variant=[0, 0, 1],
        preds=[[], [0], []],
    )
    assert earliest_ends(p).tolist() == [15]
    assert lower_bound(p, "makespan") == 15


def test_nothing_left_to_plan() -> None:
    """A workshop without work has the bound 0; one that only waits for what runs ends with it."""
    empty = problem(jobs=[])
    running = problem(
        jobs=[1],
        machines=1,
        modes=[[(0, 10)]],
        op_pieces=[0],
        wip_op=[0],
        wip_machine=[0],
        wip_start_s=[-5],
        wip_end_s=[40],
    )
    assert [lower_bound(empty, o) for o in OBJECTIVES] == [0] * 6
    assert lower_bound(running, "makespan") == 40


def test_unknown_objective() -> None:
    """An objective that does not exist is refused by name."""
    with pytest.raises(ValueError, match="'beauty'"):
        lower_bound(problem(jobs=[]), "beauty")


# ------------------------------------------------------------ benchmarks, speed


@pytest.mark.may_skip("needs the sample data")
def test_published_job_shops(shared: Path) -> None:
    """On the small published job shops no bound is above the best plan known, and la01-la10 mostly reach it."""
    closed = 0
    with (shared / "data/plan/bks.csv").open(encoding="utf-8") as table:
        rows = [r for r in csv.DictReader(table) if r["format"] == "jsp" and not r["variant"] and r["ub"]]
    for r in [r for r in rows if int(r["ops"]) <= 400]:
        p = job_shop(shared / "data/plan" / r["file"])
        bound = lower_bound(p, "makespan")
        assert bound <= float(r["ub"]), r["instance"]
        closed += bound == float(r["ub"])
    assert closed >= 10


def job_shop(path: Path) -> Problem:
    """A file of the format jsp."""
    text = lzma.decompress(path.read_bytes()).decode() if path.suffix == ".xz" else path.read_text("utf-8")
    head, *lines = [line.split() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    jobs, machines = int(head[0]), int(head[1])
    rows = [[int(x) for x in line if int(x) >= 0] for line in lines[:jobs]]
    return problem(
        jobs=[len(r) // 2 for r in rows],
        machines=machines,
        mode_machine=[x for r in rows for x in r[::2]],
        mode_cycle_s=[x for r in rows for x in r[1::2]],
    )


def test_kernels_compile_once() -> None:
    """A plain shop and one with all rules use the same compiled code."""
    lower_bound(problem(jobs=[1, 1], machines=1, modes=[[(0, 10)], [(0, 10)]], job_due_s=[1, 1]), "tardiness")
    test_people_are_counted_not_only_machines()
    test_material_that_comes_later()
    for kernel in (_kernels_least.heads, _kernels_least.measure, _kernels_least.tails, _kernels_bounds.preemptive):
        assert len(kernel.signatures) == 1


def test_absurd_work_reads_no_other_calendar(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mistyped quantity makes more than 2³² s of work: its hours are still looked up in its own list of calendars."""
    asked: list[tuple[int, int]] = []
    real = _kernels_least.shortest_span

    def noted(hours: Hours, chosen: int, union: bool, work: int) -> int:  # noqa: FBT001
        asked.append((chosen, work))
        assert 0 <= chosen < len(hours.ptr)
        return real(hours, chosen, union, work)

    monkeypatch.setattr(_kernels_least, "shortest_span", noted)
    p = problem(
        jobs=[1],
        machines=1,
        modes=[[(0, 240_000)]],
        op_pieces=[1_000_000],
        calendars=[[(0, 4 * H), (24 * H, 28 * H)]],
        machine_calendar=[0],
        horizon_s=30 * 24 * H,
    )
    assert lower_bound(p, "makespan") > 0
    assert asked
    assert max(work for _, work in asked) == 2**32 - 1
