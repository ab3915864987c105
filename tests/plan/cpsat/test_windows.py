"""A part of a plan planned anew: the rest stays, and the whole is better and lawful."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from tests.model.made import plan, problem, row
from tests.plan.tiny import workshops
from tests.strategies import workshops as everything

from fong.model import Problem, Schedule, Workshop
from fong.model.build import build
from fong.model.check import check
from fong.model.objective import OBJECTIVES, evaluate
from fong.plan.cpsat import covers, prove, window
from fong.plan.decode import decode
from fong.plan.decode.floor import Floor
from fong.plan.decode.rule import KINDS, Rule, weights
from fong.plan.lots import split
from fong.plan.routes import variants

QUIET = settings(deadline=None, suppress_health_check=list(HealthCheck))
RULES = st.builds(Rule, name=st.sampled_from(sorted(KINDS)), look_s=st.sampled_from((0, 7200)), wide=st.booleans())


def decoded(p: Problem, rule: Rule) -> Schedule:
    """A legal plan by a rule; what has none is not looked at."""
    chosen = variants(p) if len(p.op_pieces) else None
    done = decode(Floor(p).prepared(split(p, wide=rule.wide, variant=chosen)), rule, weights(p))
    assume(done.complete)
    schedule = done.schedule()
    assume(not check(p, schedule).faults)
    return schedule


def lies(p: Problem, schedule: Schedule) -> dict[tuple[int, int], tuple[int, ...]]:
    """Where each lot lies, people aside: those who are alike may change places."""
    columns = [schedule.filled(c, -1) for c in ("machine", "start", "end", "setup_start", "setup_end", "pieces")]
    keys = zip(schedule.op.tolist(), schedule.filled("sublot", 0).tolist(), strict=True)
    return dict(zip(keys, zip(*(c.tolist() for c in columns), strict=True), strict=True))


def keeps_its_promise(p: Problem, rule: Rule, objective: str, free: frozenset[int]) -> None:
    schedule = decoded(p, rule)
    better = window(p, schedule, free, objective, 1.0, effort=0.3)
    if better is None:
        return
    assert not check(p, better).faults
    assert evaluate(p, better, objective) < evaluate(p, schedule, objective)
    before, after = lies(p, schedule), lies(p, better)
    assert before.keys() == after.keys()
    assert all(before[key] == after[key] for key in before if key[0] not in free)


@settings(QUIET, max_examples=20)
@given(p=workshops(), rule=RULES, objective=st.sampled_from(OBJECTIVES), data=st.data())
def test_the_rest_stays_in_tiny_workshops(p: Problem, rule: Rule, objective: str, data: st.DataObject) -> None:
    """Under any rules: what is returned is better, lawful, and the same outside the window."""
    keeps_its_promise(p, rule, objective, data.draw(st.frozensets(st.integers(0, p.operations - 1))))


@pytest.mark.slow
@settings(QUIET, max_examples=30)
@given(everything(), RULES, st.sampled_from(OBJECTIVES), st.data())
def test_the_rest_stays(workshop: Workshop, rule: Rule, objective: str, data: st.DataObject) -> None:
    """The same in workshops with all that there is."""
    p = build(workshop)
    keeps_its_promise(p, rule, objective, data.draw(st.frozensets(st.integers(0, max(0, p.operations - 1)))))


@pytest.mark.slow
@settings(QUIET, max_examples=30)
@given(p=workshops(), rule=RULES, objective=st.sampled_from(OBJECTIVES))
def test_a_window_over_all_finds_the_best(p: Problem, rule: Rule, objective: str) -> None:
    """Where the model has all rules and there is no choice of variants, a window over all operations is a proof."""
    assume(covers(p, objective).legal and not len(p.op_variant))
    schedule = decoded(p, rule)
    better = window(p, schedule, range(p.operations), objective, 10.0, effort=2.0)
    best = prove(p, objective, schedule=schedule, seconds=10.0, effort=2.0, clock=time.monotonic)
    found = schedule if better is None else better
    assert evaluate(p, found, objective) == best.bound


def test_two_lots_change_places() -> None:
    """The late one goes first, within the window; the lot after them does not move."""
    p = problem(jobs=[1, 1, 1], machines=1, modes=[[(0, 5)], [(0, 5)], [(0, 5)]], job_due_s=[10, 5, 15], horizon_s=100)
    schedule = plan([row(0, 0, 0, 5), row(1, 0, 5, 10), row(2, 0, 10, 15)])
    better = window(p, schedule, [0, 1], "tardiness", 5.0)
    assert better is not None
    assert dict(zip(better.op.tolist(), better.start.tolist(), strict=True)) == {0: 5, 1: 0, 2: 10}
    assert window(p, better, [0, 1, 2], "tardiness", 5.0) is None
    assert window(p, schedule, [], "tardiness", 5.0) is None


def test_a_window_keeps_variants() -> None:
    """Of two ways to make the first job the plan has the long one: a window moves it, but does not take the other."""
    p = problem(
        jobs=[2, 2],
        machines=2,
        modes=[[(0, 5)], [(0, 1)], [(0, 5)], [(1, 9)]],
        op_variant=[0, 1, 0, 0],
        preds=[[], [], [], [2]],
        horizon_s=100,
    )
    schedule = plan([row(0, 0, 0, 5), row(2, 0, 5, 10), row(3, 1, 10, 19)])
    better = window(p, schedule, range(4), "makespan", 5.0)
    assert better is not None
    assert sorted(better.op.tolist()) == [0, 2, 3]
    assert evaluate(p, better, "makespan") == 14


def test_unknown_objective() -> None:
    """An objective that does not exist is refused by name."""
    p = problem(jobs=[1], machines=1, modes=[[(0, 5)]])
    with pytest.raises(ValueError, match="'beauty'"):
        window(p, plan([row(0, 0, 0, 5)]), [0], "beauty", 1.0)
