"""For each rule a mutation that breaks only it, and is caught by its own code."""

from collections.abc import Callable

import pytest
from tests.model.check import stories
from tests.model.check.mutations import MUTATIONS, Mutation
from tests.model.check.stories import Story
from tests.model.made import changed, plan

from fong.model.check import check

STORIES = [
    stories.lots,
    stories.variants,
    stories.chain,
    stories.after_running,
    stories.boxes,
    stories.pair,
    stories.changeover,
    stories.crew,
    stories.washer,
    stories.washing_now,
    stories.mixed_loads,
    stories.zone,
    stories.tended_setup,
    stories.outside,
    stories.stock,
    stories.fixture,
    stories.rack,
]


@pytest.mark.parametrize("story", STORIES, ids=lambda s: s.__name__)
def test_a_lawful_plan_has_no_fault(story: Callable[[], Story]) -> None:
    """The plans that the mutations start from are accepted."""
    made = story()
    assert check(made.problem, plan(made.rows)).faults == ()


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda m: m.code or "lawful")
def test_a_broken_rule_is_caught_by_its_own_code(mutation: Mutation) -> None:
    """One change breaks one rule, and the check says which, and no other."""
    story = mutation.story()
    rows = [r for i, r in enumerate(changed(story.rows, mutation.changes)) if i not in mutation.drop]
    found = check(story.problem, plan(rows))
    assert found.codes == ({mutation.code} if mutation.code else set()), [str(f.message) for f in found.faults]
