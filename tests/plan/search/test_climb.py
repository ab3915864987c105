"""Streams of search: never worse, the same for the same seed, however they are cut into pieces."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.counts import examples
from tests.plan.search.test_player import prepared_for
from tests.strategies import workshops

from fong.model import Problem, Workshop
from fong.model.build import build
from fong.model.check import check
from fong.model.objective import OBJECTIVES, evaluate
from fong.plan.decode import decode
from fong.plan.decode.rule import Rule, weights
from fong.plan.search.climb import NO_PLAN, Climb
from fong.plan.search.rounds import Budget, Field, Watch, improve
from fong.plan.search.worth import Judge

RULE = Rule(name="atcs")


def climb(problem: Problem, objective: str, seed: int, rule: Rule = RULE) -> Climb:
    """A stream at its beginning; it never rests on having reached the best."""
    judge = Judge(problem, objective)
    return Climb(prepared_for(problem, rule), rule, judge, np.random.default_rng(seed), goal=-1)


def opened(problem: Problem, draw: np.random.Generator) -> Climb:
    return Climb(prepared_for(problem, RULE), RULE, Judge(problem, "flow_time"), draw, goal=-1)


def never() -> bool:
    return False


@settings(max_examples=examples(30))
@given(workshops(), st.sampled_from(OBJECTIVES), st.sampled_from(("atc", "edd", "slack", "spt", "mwkr")))
def test_what_is_found_is_no_worse_and_lawful(workshop: Workshop, objective: str, name: str) -> None:
    """The best only gets better, and decoding what was found gives a lawful plan of the value that was said."""
    problem = build(workshop)
    stream = climb(problem, objective, 1, Rule(name=name))
    before = stream.best.rank
    stream.run(25, never)
    found = stream.best
    assert found.rank <= before
    if found.value == NO_PLAN:
        return
    assert found.prepared is not None
    assert found.rule is not None
    decoded = decode(found.prepared, found.rule, weights(problem), found.guidance)
    assert evaluate(problem, decoded.schedule(), objective) == found.value
    assert not check(problem, decoded.schedule()).faults


@settings(max_examples=examples(15))
@given(workshops(), st.sampled_from(OBJECTIVES), st.integers(0, 20))
def test_a_stream_can_be_cut_into_pieces(workshop: Workshop, objective: str, first: int) -> None:
    """So many moves and then the rest are all of them at once."""
    problem = build(workshop)
    whole, parts = climb(problem, objective, 5), climb(problem, objective, 5)
    whole.run(20, never)
    parts.run(first, never)
    parts.run(20 - first, never)
    assert parts.best.rank == whole.best.rank
    assert np.array_equal(parts.player.key, whole.player.key)
    assert np.array_equal(parts.player.lot, whole.player.lot)


@settings(max_examples=examples(10))
@given(st.lists(workshops(), min_size=1, max_size=3), st.integers(1, 3), st.booleans())
def test_rounds_tell_what_they_spend(some: list[Workshop], workers: int, longest: bool) -> None:  # noqa: FBT001
    """On one field or several: as many moves as asked for at most; the same again is found again; values only fall."""
    problems = [problem for problem in map(build, some) if problem.operations]
    if not problems:
        return

    def once() -> tuple[list[int], list[tuple[int, float]], int]:
        heard: list[tuple[int, float]] = []
        spent = 0

        def told(tried: int, used: float) -> None:
            nonlocal spent
            assert 0.0 <= used <= 1.0
            spent += tried

        fields = [
            Field(
                goal=-1, value=NO_PLAN,
                open=lambda draws, p=problem: [opened(p, draw) for draw in draws],  # type: ignore[misc]
                found=lambda best: heard.append(best.rank),
            )
            for problem in problems
        ]  # fmt: skip
        budget = Budget(seconds=0.0, iterations=60, workers=workers, seed=2)
        with ThreadPoolExecutor(workers) as pool:
            improve(fields, budget, Watch(clock=lambda: 0.0, stop=never, told=told), pool, longest=longest)
        return [field.value for field in fields], heard, spent

    (values, one, spent), (others, two, again) = once(), once()
    assert 0 < spent == again <= 60
    assert one == two
    assert values == others
