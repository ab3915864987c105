"""Proofs: no legal plan beats a bound, what is returned breaks no rule, and where the model has all rules it finds the best plan."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from tests.model.made import plan
from tests.naive.brute import Brute
from tests.plan.tiny import ADDITIONS, HORIZON, workshops
from tests.strategies import workshops as everything

from fong.model import Problem, Workshop
from fong.model.build import build
from fong.model.check import check
from fong.model.objective import OBJECTIVES, evaluate
from fong.plan.cpsat import Proof, covers, prove
from fong.plan.decode import decode
from fong.plan.decode.floor import Floor
from fong.plan.decode.rule import KINDS, Rule, weights
from fong.plan.lots import split
from fong.plan.routes import variants

QUIET = settings(deadline=None, suppress_health_check=list(HealthCheck))


def proof(p: Problem, objective: str, **more: object) -> Proof:
    given: dict[str, object] = {"seconds": 10.0, "effort": 2.0, "clock": time.monotonic} | more
    return prove(p, objective, **given)  # type: ignore[arg-type]


def true_to_all_plans(p: Problem, objective: str) -> None:
    """Try every plan of a tiny workshop against the proof."""
    brute = Brute(p, horizon=HORIZON, budget=150)
    assume(brute.best)
    best = brute.best[objective]
    assert not check(p, plan(brute.plans[objective])).faults
    got = proof(p, objective)
    assert got.bound <= best
    if got.schedule is not None:
        assert not check(p, got.schedule).faults
        assert got.value == evaluate(p, got.schedule, objective)
        assert got.value >= got.bound
    if covers(p, objective).legal:
        assert got.status == "optimal"
        assert got.value is not None
        assert got.value <= best
        if brute.complete and not len(p.step_box):
            assert got.value == best
    assert proof(p, objective, upper=best).bound <= best
    assert proof(p, objective, upper=best + 1).bound <= best


@settings(QUIET, max_examples=25)
@given(p=workshops(), objective=st.sampled_from(OBJECTIVES))
def test_no_plan_beats_a_proof(p: Problem, objective: str) -> None:
    """Whatever rules a tiny workshop has, no plan is better than the bound; where the model has them all, its plan is the best."""
    true_to_all_plans(p, objective)


@pytest.mark.slow
@pytest.mark.parametrize("rule", ADDITIONS)
@settings(QUIET, max_examples=60)
@given(data=st.data())
def test_no_plan_beats_a_proof_under_each_rule(rule: str, data: st.DataObject) -> None:
    """The same, with each kind of rule in turn always there."""
    true_to_all_plans(data.draw(workshops(rule)), data.draw(st.sampled_from(OBJECTIVES)))


RULES = st.builds(Rule, name=st.sampled_from(sorted(KINDS)), look_s=st.sampled_from((0, 7200)), wide=st.booleans())


@pytest.mark.slow
@settings(QUIET, max_examples=60)
@given(everything(), RULES, st.sampled_from(OBJECTIVES))
def test_no_decoded_plan_beats_a_proof(workshop: Workshop, rule: Rule, objective: str) -> None:
    """Whatever a workshop has, a plan that passes the check is not better than what is proven."""
    p = build(workshop)
    lots = split(p, wide=rule.wide, variant=variants(p))
    decoded = decode(Floor(p).prepared(lots), rule, weights(p))
    assume(decoded.complete)
    schedule = decoded.schedule()
    assume(not check(p, schedule).faults)
    value = evaluate(p, schedule, objective)
    for got in (proof(p, objective, schedule=schedule), proof(p, objective)):
        assert got.bound <= value
        if got.schedule is not None:
            assert not check(p, got.schedule).faults
            assert got.value == evaluate(p, got.schedule, objective)
