"""The drawn workshops are what they say: without a fault in the input, and with every feature."""

from hypothesis import Phase, given, settings
from tests.model.made import plan
from tests.strategies import FEATURES, workshops

from fong.model import Feature, Workshop
from fong.model.build import build
from fong.model.check import check
from fong.model.check.coverage import to_plan
from fong.model.faults import find_faults


@given(workshops())
def test_drawn_workshops_have_no_fault_and_can_be_built(workshop: Workshop) -> None:
    """Their faults would be those of the strategy; an empty plan of them leaves out just what is to be planned."""
    assert find_faults(workshop) == ()
    problem = build(workshop)
    found = check(problem, plan([]))
    assert set(found.codes) <= {"missing"}
    if not len(problem.op_variant):
        assert found.counts.get("missing", 0) == to_plan(problem).sum()


def test_every_feature_is_drawn() -> None:
    """No feature of a problem is left out of the tests of solvers."""
    drawn = Feature(0)

    @settings(max_examples=150, derandomize=True, database=None, phases=[Phase.generate])
    @given(workshops())
    def draw(workshop: Workshop) -> None:
        nonlocal drawn
        drawn |= build(workshop).features

    draw()
    assert drawn == Feature(-1) & ~Feature(0)


@given(workshops(features=()))
def test_no_feature_is_needed(workshop: Workshop) -> None:
    """Without features a workshop is a plain shop."""
    assert build(workshop).features in (Feature(0), Feature.GRAPH)
    assert len(FEATURES) == len(set(FEATURES))
