"""Explanations: the parts of a chain touch and sum to the whole, whoever made the plan; each reason can be found in the plan."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.counts import examples
from tests.model.made import plan, problem, row
from tests.plan.reasons import Witness
from tests.strategies import workshops

from fong._kernels import freeze
from fong.lang import LANGUAGES, text
from fong.model import Problem, Schedule, Workshop
from fong.model.build import build
from fong.model.objective import job_completion_s
from fong.model.problem import NEVER
from fong.plan.explain import Explainer, causes, explain, truth
from fong.plan.solve import solve

LENGTHS = ("wait_s", "work_s", "stand_s")


def assert_whole(made: Problem, schedule: Schedule) -> None:
    """Each line's parts touch, keep the order of time, and last from its release (or now) to its end, in words too."""
    told = Explainer(made, schedule)
    done = job_completion_s(made, schedule)
    for job in range(made.jobs):
        since = max(0, int(made.job_release_s[job])) if len(made.job_release_s) else 0
        whole = max(0, int(done[job]) - since)
        at, left = since, 0
        for part in told.parts(job):
            if left == 0:
                assert part.since == at
                at, left = part.until, part.until - part.since
            assert part.until == at
            left -= part.length_s
            assert part.length_s > 0
        assert left == 0
        assert at == since + whole
        story = told.story(job)
        seconds = [m.params[name] for m in story for name in LENGTHS if name in m.params]
        assert sum(s for s in seconds if isinstance(s, int)) == whole
        for language in LANGUAGES:
            assert all(text(m.code, m.params, language) for m in story)


@settings(max_examples=examples(25))
@given(workshops())
def test_the_parts_sum_to_the_whole(workshop: Workshop) -> None:
    """Waits, work and standing of a line last from its release, or now, to its end."""
    made = build(workshop)
    schedule = solve(made, objective="flow_time").schedule
    if schedule is not None:
        assert_whole(made, schedule)


@settings(max_examples=examples(25))
@given(workshops(), st.randoms(use_true_random=False), st.integers(0, 100_000))
def test_a_plan_changed_by_hand_is_told_as_well(workshop: Workshop, random: object, most_s: int) -> None:
    """Tasks that are moved at will, lawful or not, leave no gap in any story."""
    made = build(workshop)
    schedule = solve(made, objective="flow_time").schedule
    if schedule is None:
        return
    n = len(schedule)
    shift = np.array([random.randint(0, most_s) for _ in range(n)], np.int64)  # type: ignore[attr-defined]
    slack = np.array([random.randint(0, most_s) for _ in range(n)], np.int64)  # type: ignore[attr-defined]
    moved = {"start": schedule.start + shift, "end": schedule.end + shift + slack}
    for name in ("setup_start", "setup_end"):
        column = schedule.filled(name, -1).astype(np.int64)
        moved[name] = np.where(column >= 0, column + shift, -1)
    assert_whole(made, replace(schedule, **{name: freeze(c, np.int32) for name, c in moved.items()}))


@settings(max_examples=examples(50))
@given(workshops())
def test_each_reason_is_found_in_the_plan(workshop: Workshop) -> None:
    """At any moment of a stretch what is said of it is so."""
    made = build(workshop)
    schedule = solve(made, objective="flow_time").schedule
    if schedule is None:
        return
    told, witness = Explainer(made, schedule), Witness(made, schedule)
    for job in range(made.jobs):
        for piece in told.pieces(job):
            for at in {piece.since, (piece.since + piece.until) // 2, piece.until - 1}:
                witness.confirm(piece, at)


def test_a_job_waits_for_the_machine_that_another_has() -> None:
    """Two jobs of a minute on one machine: the second waits for the first, and is late for it."""
    made = problem(jobs=[1, 1], modes=[[(0, 60)], [(0, 60)]], machines=1, job_due_s=[60, 60])
    result = solve(made, objective="tardiness")
    assert result.schedule is not None
    late = causes(made, result.schedule)
    assert len(late) == 1
    job, (cause,) = next(iter(late.items()))
    assert cause.code == "plan.waits_machine"
    assert cause.params["order"] == str(1 - job)
    assert cause.params["wait_s"] == 60
    said = truth(made, result.schedule, result)
    assert text(said.code, said.params, "en").startswith("1 of 2 orders on time")


@pytest.mark.parametrize(("epoch", "length"), [(datetime(2026, 3, 4, 10, tzinfo=UTC), "2 min"), (None, "120")])
def test_without_due_dates_the_truth_is_the_length(epoch: datetime | None, length: str) -> None:
    """Nothing can be on time where nothing is due; a length is told in time or, without an epoch, in the instance's own unit."""
    made = problem(jobs=[1, 1], modes=[[(0, 60)], [(0, 60)]], machines=1, epoch=epoch, job_due_s=[NEVER, NEVER])
    result = solve(made, objective="makespan")
    assert result.schedule is not None
    said = truth(made, result.schedule, result)
    assert text(said.code, said.params, "en") == f"Makespan {length}, proven the best."
    apart = truth(made, result.schedule, replace(result, bound=90))
    assert text(apart.code, apart.params, "en").endswith(
        "; as far as is proven, no plan can be more than 25.0 % better."
    )
    other = solve(made, objective="late_orders")
    assert truth(made, result.schedule, other).code == "plan.no_due"


def test_causes_are_the_two_longest_losses() -> None:
    """Waits of 10, 30 and 20 s: the second and the third are told, the longest first."""
    made = problem(jobs=[3], modes=[[(0, 5)], [(0, 5)], [(0, 5)]], machines=1, job_due_s=[20])
    late = causes(made, plan([row(0, 0, 10, 15), row(1, 0, 45, 50), row(2, 0, 70, 75)]))
    assert [m.params["wait_s"] for m in late[0]] == [30, 20]


@pytest.mark.parametrize(("pieces", "code"), [(0, "plan.finished"), (1, "plan.not_planned")])
def test_a_line_without_tasks_is_told_in_a_word(pieces: int, code: str) -> None:
    """What is finished says so; what is left and not planned says that."""
    made = problem(jobs=[1], modes=[[(0, 5)]], machines=1, op_pieces=[pieces], op_total=[1])
    assert [m.code for m in explain(made, plan([]), 0)] == [code]


def test_a_benchmark_instance_has_numbers_for_names() -> None:
    """Without names, jobs, steps and machines are told by their numbers."""
    made = problem(jobs=[1, 1], modes=[[(0, 60)], [(0, 60)]], machines=1)
    story = explain(made, plan([row(0, 0, 0, 60), row(1, 0, 60, 120)]), 1)
    assert [text(m.code, m.params, "en") for m in story] == ["1 waits 1 min for 0, busy with order 0", "1 runs 1 min"]


def test_release_is_where_a_story_begins() -> None:
    """What lies before the release is no wait."""
    made = problem(jobs=[1], modes=[[(0, 60)]], machines=1, job_release_s=[100])
    story = explain(made, plan([row(0, 0, 130, 190)]), 0)
    assert [m.code for m in story] == ["plan.released", "plan.waits_turn", "plan.runs"]
    assert story[0].params["release_at"] == 100


def test_the_gap_is_told_as_what_is_proven() -> None:
    """Value 200, bound 50: no plan can be more than 75 % better. The plan may be 300 % above the best, so that is not said."""
    for language, words in (
        ("en", "no plan can be more than 75.0 % better"),
        ("zh-Hant", "任何排程最多只能再好 75.0 %"),
    ):
        assert words in text("plan.truth_gap", {"on_time": 1, "orders": 2, "gap_pct": 75.0}, language)
