"""Plays that go on from a mark are the plays from the start; a play is worth what the objective says."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.counts import examples
from tests.plan.test_decode import RULES
from tests.strategies import workshops

from fong._kernels import freeze
from fong.model import Problem, Workshop
from fong.model.build import build
from fong.model.check import check
from fong.model.objective import OBJECTIVES, evaluate
from fong.plan.decode import decode
from fong.plan.decode.floor import Floor, Prepared
from fong.plan.decode.rule import Guidance, Rule, weights
from fong.plan.lots import split
from fong.plan.routes import variants
from fong.plan.search.player import Player
from fong.plan.search.worth import Judge


def prepared_for(problem: Problem, rule: Rule) -> Prepared:
    """The floor with lots as the rule has them cut."""
    return Floor(problem).prepared(split(problem, wide=rule.wide, variant=variants(problem)))


def changed(player: Player, random: np.random.Generator) -> int:
    """Change what some lots are told, at random; when the first of them was shown."""
    count = len(player.key)
    lots = random.integers(count, size=int(random.integers(1, 4)))
    player.key[lots] += random.integers(-4, 5, len(lots)) / 2.0
    modes = player.prepared.fields["mode_ptr"][player.prepared.fields["op_step"][player.prepared.lots.op[lots]]]
    if random.integers(2) and len(player.prepared.floor.problem.mode_machine):
        machine = player.prepared.floor.problem.mode_machine[
            np.minimum(modes, len(player.prepared.floor.problem.mode_machine) - 1)
        ]
        there = (
            player.prepared.fields["op_queue"].astype(np.int64)[player.prepared.lots.op[lots]]
            < player.prepared.floor.classes
        )
        player.machine[lots] = np.where(there & (random.integers(2, size=len(lots)) > 0), machine, -1)
    return int(player.shown[lots].min())


@settings(max_examples=examples(60))
@given(workshops(), RULES, st.sampled_from((None, "sequence")), st.integers(0, 2**16))
def test_going_on_from_a_mark_is_playing_from_the_start(
    workshop: Workshop, rule: Rule, order: str | None, seed: int
) -> None:
    """After each of some changes, kept or not, the play is what a fresh decode makes of the same guidance, and breaks no rule."""
    problem = build(workshop)
    if not problem.operations:
        return
    rule = replace(rule, name=order or rule.name)
    prepared = prepared_for(problem, rule)
    if not len(prepared.lots.op):
        return
    random = np.random.default_rng(seed)
    player = Player(prepared, rule)
    for _ in range(6):
        key, machine = player.key.copy(), player.machine.copy()
        since = changed(player, random)
        complete = player.play(since)
        guidance = Guidance(key=player.key.copy(), machine=freeze(player.machine, np.int32))
        fresh = decode(prepared, rule, weights(problem), guidance)
        assert np.array_equal(player.lot, fresh.lot)
        assert complete == fresh.complete
        if complete:
            assert not check(problem, player.schedule()).faults
        if random.integers(2):
            player.accept(since)
        else:
            player.key[:], player.machine[:] = key, machine


@settings(max_examples=examples(40))
@given(workshops(), RULES, st.sampled_from(OBJECTIVES))
def test_a_play_is_worth_its_plan(workshop: Workshop, rule: Rule, objective: str) -> None:
    """The judge's value is the objective's; no job is blamed with less than nothing."""
    problem = build(workshop)
    prepared = prepared_for(problem, rule)
    player = Player(prepared, rule)
    if not player.complete:
        return
    worth = Judge(problem, objective).worth(player.op)
    assert worth.value == evaluate(problem, player.schedule(), objective)
    assert (worth.blame >= 0).all()


def test_absurd_weights_do_not_overflow() -> None:
    """Weights and costs whose sums exceed 64 bits are added up exactly."""
    from tests.model.made import problem as made

    problem = made(
        jobs=[1] * 4, machines=1, modes=[[(0, 10**8)]] * 4, job_due_s=[0] * 4, job_weight_milli=[2**53] * 4,
        job_late_cents_day=[2**53] * 4,
    )  # fmt: skip
    player = Player(prepared_for(problem, Rule(name="edd")), Rule(name="edd"))
    for objective in ("weighted_tardiness", "late_cost"):
        assert Judge(problem, objective).worth(player.op).value == evaluate(problem, player.schedule(), objective)
