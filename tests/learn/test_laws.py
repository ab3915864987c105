"""Whatever a log says, what is learned can be planned."""

from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.counts import examples

from fong.learn import LearnOptions, cut, learn, plan_rest
from fong.model.build import build
from fong.model.faults import find_faults
from fong.model.performance import Performance, WorkEvent

START = datetime.fromisoformat("2026-03-02T00:00")


@st.composite
def events(draw: st.DrawFn) -> WorkEvent:
    start = START + timedelta(minutes=draw(st.integers(0, 40 * 24 * 60)))
    return WorkEvent(
        order=draw(st.sampled_from(["A", "B", "C", "D", "E"])),
        step=draw(st.sampled_from(["Turn", "Mill", "Pack", "M1"])),
        start=start,
        end=start + timedelta(minutes=draw(st.integers(0, 3000))),
        machine=draw(st.sampled_from(["", "M1", "M2", "Turn"])),
        person=draw(st.sampled_from(["", "An", "Bo"])),
        kind=draw(st.sampled_from(["", "run", "setup", "down"])),
        good=draw(st.none() | st.integers(0, 50)),
        scrap=draw(st.none() | st.integers(0, 5)),
        item=draw(st.sampled_from(["", "x", "y", "x #2"])),
        order_quantity=draw(st.none() | st.integers(0, 90)),
    )


logs = st.lists(events(), min_size=1, max_size=25).map(lambda e: Performance(events=tuple(e)))


@settings(max_examples=examples(60))
@given(logs)
def test_every_log_makes_a_factory_without_faults(log: Performance) -> None:
    """All orders open, no fault of the tables, and it compiles; hours are clock times of their own day."""
    learned = learn(log)
    assert find_faults(learned.workshop) == ()
    assert build(learned.workshop).jobs == len({e.order for e in log.events})
    spans = [s for c in learned.factory.calendars for day in (*c.week, *c.dates.values()) for s in day]
    assert all(0 <= a < 86_400 and a < b <= a + 86_400 for a, b in spans)
    assert all(any(c.week) or any(c.dates.values()) for c in learned.factory.calendars)
    assert sum(learned.tending.values()) >= 0


@settings(max_examples=examples(60))
@given(logs, st.integers(0, 45 * 24))
def test_every_moment_has_an_order_book(log: Performance, hour: int) -> None:
    """Done, under way and open at any moment of the log, without faults."""
    learned = learn(log, LearnOptions(now=START + timedelta(hours=hour)))
    assert find_faults(learned.workshop) == ()
    problem = build(learned.workshop)
    assert problem.jobs == sum(o.status == "open" for o in learned.orders)
    assert all(int(p) >= 0 for p in problem.op_pieces)


@settings(max_examples=examples(60))
@given(logs)
def test_every_cut_can_be_planned(log: Performance) -> None:
    """If both parts are there: no fault in what is to be planned."""
    if len({e.order for e in log.events}) < 2:
        return
    parts = cut(log)
    if not parts.known.events:
        return
    rest = plan_rest(learn(parts.known), parts)
    assert find_faults(rest.workshop) == ()
    assert build(rest.workshop).jobs == len(rest.workshop.orders)
    assert parts.rest_orders <= {o.order for o in rest.workshop.orders}
