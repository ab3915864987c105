"""The cut: nothing of the future is known, nothing of the past is lost."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from fong.errors import InputFault
from fong.formats.log import read_log
from fong.learn import Cut, Learned, LearnOptions, RestPlan, cut, join_logs, learn, only, plan_rest
from fong.model.build import build
from fong.model.faults import find_faults
from fong.model.message import Fault
from fong.model.performance import Performance, WorkEvent

Event = Callable[..., WorkEvent]


@pytest.fixture(scope="module")
def parts(log: Performance) -> Cut:
    return cut(log)


@pytest.fixture(scope="module")
def rest(parts: Cut) -> RestPlan:
    return plan_rest(learn(parts.known), parts)


def test_orders_are_parted_by_first_start(log: Performance, parts: Cut) -> None:
    """Two hundred first, one hundred later, none in both, no event lost."""
    first = {e.order: e.start for e in reversed(log.events)}
    assert (len(parts.known_orders), len(parts.rest_orders)) == (200, 100)
    assert max(first[o] for o in parts.known_orders) <= min(first[o] for o in parts.rest_orders) == parts.at
    events = [*parts.known.events, *parts.later.events, *parts.rest.events]
    assert Counter(events) == Counter(log.events)


def test_nothing_of_the_future_is_known(parts: Cut) -> None:
    """What is learned from had ended at the cut."""
    assert all(e.end <= parts.at for e in parts.known.events)
    assert all(e.end > parts.at for e in parts.later.events)


@pytest.mark.parametrize("share", [Fraction(0), Fraction(1), Fraction(3, 2)])
def test_a_share_lies_between(log: Performance, share: Fraction) -> None:
    """All or nothing is no share."""
    with pytest.raises(ValueError, match="between 0 and 1"):
        cut(log, share)


@pytest.mark.parametrize(
    ("share", "orders", "least"), [(Fraction(2, 3), 1, 2), (Fraction(1, 1000), 9, 501), (Fraction(9, 10), 4, 5)]
)
def test_a_cut_must_leave_both(log: Performance, share: Fraction, orders: int, least: int) -> None:
    """Nothing to learn from, or nothing to plan, is refused; how many orders would do is told."""
    few = only(log, sorted({e.order for e in log.events})[:orders])
    with pytest.raises(InputFault) as raised:
        cut(few, share)
    assert [dict(f.message.params) for f in raised.value.faults if isinstance(f, Fault)] == [
        {"orders": orders, "least": least}
    ]


def test_only_some_orders(log: Performance) -> None:
    """Their events, and no other."""
    assert {e.order for e in only(log, ["O001", "O007", "nobody"]).events} == {"O001", "O007"}


def test_the_rest_brings_routes_and_quantities(log: Performance, parts: Cut, rest: RestPlan) -> None:
    """Each order its own way, pieces and first start; no fault, and it compiles."""
    lines = {o.order: o for o in rest.workshop.orders}
    assert parts.rest_orders <= lines.keys()
    routing = rest.workshop.factory.routing
    for order in sorted(parts.rest_orders):
        events = [e for e in log.events if e.order == order]
        assert lines[order].quantity == events[0].order_quantity
        assert lines[order].release is not None
        assert lines[order].release.replace(tzinfo=None) == events[0].start  # type: ignore[union-attr]
        assert [s.name for s in routing if s.item == lines[order].item] == list(dict.fromkeys(e.step for e in events))
    assert not find_faults(rest.workshop)
    assert build(rest.workshop).jobs == len(lines)


def test_times_come_from_the_known_part_alone(parts: Cut) -> None:
    """A rest that works ten times as slowly changes no time of the plan."""
    slow = replace(
        parts, rest=Performance(events=tuple(replace(e, end=e.end + 9 * (e.end - e.start)) for e in parts.rest.events))
    )
    learned = learn(parts.known)
    assert {(s.item, s.name): s.cycle_s for s in plan_rest(learned, slow).workshop.factory.routing} == {
        (s.item, s.name): s.cycle_s for s in plan_rest(learned, parts).workshop.factory.routing
    }


def test_orders_under_way_come_along(parts: Cut, rest: RestPlan) -> None:
    """With what is left of them: they occupy machines and people."""
    assert rest.running == parts.running_orders
    assert rest.running
    assert {w.order for w in rest.workshop.state.work} <= rest.running


def test_new_routes_are_counted(parts: Cut) -> None:
    """An order with a new step, and one whose way only another item went."""
    orders = sorted(o for o in parts.rest_orders)
    plate = next(o for o in orders if next(e for e in parts.rest.events if e.order == o).item == "plate")
    bolt = next(o for o in orders if next(e for e in parts.rest.events if e.order == o).item == "bolt")
    events = [
        replace(e, step="Etch", machine="")
        if e.order == plate and e.step == "Turn"
        else replace(e, item="cover")
        if e.order == bolt
        else e
        for e in parts.rest.events
    ]
    changed = replace(parts, rest=Performance(events=tuple(events)))
    found = plan_rest(learn(parts.known), changed)
    assert found.new_routes == {plate}
    assert found.new_routes_of_item == {plate, bolt}
    assert found.new_steps == {"Etch"}
    assert not find_faults(found.workshop)


@pytest.fixture(scope="module")
def real() -> Callable[[Path], tuple[Cut, Learned, RestPlan]]:
    def run(folder: Path) -> tuple[Cut, Learned, RestPlan]:
        raw, _ = read_log((folder / "production_start_end.csv").read_bytes())
        rich, _ = read_log((folder / "production_enriched.csv").read_bytes())
        joined = join_logs(raw, rich, (420, 480))
        parts = cut(only(joined.performance, joined.orders))
        learned = learn(parts.known)
        return parts, learned, plan_rest(learned, parts)

    return run


def test_a_real_shop(shared: Path, real: Callable[[Path], tuple[Cut, Learned, RestPlan]]) -> None:
    """The cut of a real job shop: 147 orders known, 73 planned, 53 under way; most routes are new, and it is said."""
    parts, learned, rest = real(shared / "data" / "factory" / "production_4tu")
    assert (len(parts.known_orders), len(parts.rest_orders), len(rest.running)) == (147, 73, 53)
    assert f"{parts.at:%Y-%m-%d %H:%M}" == "2012-02-27 21:06"
    assert (len(rest.new_routes), len(rest.new_routes_of_item)) == (55, 64)
    assert not find_faults(learned.workshop)
    assert not find_faults(rest.workshop)
    assert len(learned.factory.calendars) < len(learned.factory.people)


def test_the_order_book_can_stand_anywhere(log: Performance) -> None:
    """At the last moment of the log all orders are done and nothing is left to plan."""
    end = max(e.end for e in log.events)
    assert {o.status for o in learn(log, LearnOptions(now=end)).orders} == {"done"}
