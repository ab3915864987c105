"""Explanations: the parts of a chain sum to the whole, and a simple story is told as it is."""

from hypothesis import given, settings
from tests.model.made import problem
from tests.strategies import FEATURES, workshops

from fong.lang import LANGUAGES, text
from fong.model import Workshop
from fong.model.build import build
from fong.model.objective import job_completion_s
from fong.plan.explain import causes, explain, truth
from fong.plan.solve import solve


@settings(max_examples=25)
@given(workshops(features=[f for f in FEATURES if f not in {"max_wait", "places", "transfer", "wip", "variants"}]))
def test_the_parts_sum_to_the_whole(workshop: Workshop) -> None:
    """Waits and work of a line last from its release, or now, to its end."""
    made = build(workshop)
    result = solve(made, objective="flow_time")
    assert result.schedule is not None
    done = job_completion_s(made, result.schedule)
    for job in range(made.jobs):
        release = max(0, int(made.job_release_s[job])) if len(made.job_release_s) else 0
        story = explain(made, result.schedule, job)
        parts = [m.params[name] for m in story for name in ("wait_s", "work_s") if name in m.params]
        assert sum(part for part in parts if isinstance(part, int)) == done[job] - release
        for language in LANGUAGES:
            assert all(text(m.code, m.params, language) for m in story)


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


def test_the_gap_is_told_as_what_is_proven() -> None:
    """Value 200, bound 50: no plan can be more than 75 % better. The plan may be 300 % above the best, so that is not said."""
    for language, words in (
        ("en", "no plan can be more than 75.0 % better"),
        ("zh-Hant", "任何排程最多只能再好 75.0 %"),
    ):
        assert words in text("plan.truth_gap", {"on_time": 1, "orders": 2, "gap_pct": 75.0}, language)
