"""Working time as windows: laws against sets of seconds, and a zone's limit."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from tests.model.made import problem
from tests.render.plans import ANN, K1, W1, H, knitting

from fong.model import NEVER
from fong.model.calendars import union
from fong.render.hours import (
    ALWAYS,
    Windows,
    calendar_hours,
    common,
    duty_hours,
    gaps,
    limit_steps,
    machine_hours,
    person_hours,
    window_at,
)


def _windows(edges: list[int]) -> Windows:
    ordered = sorted(set(edges))
    return tuple(zip(ordered[::2], ordered[1::2], strict=False))


WINDOWS = st.lists(st.integers(0, 60), max_size=12).map(_windows)


def seconds(windows: Windows) -> set[int]:
    return {t for a, b in windows for t in range(max(a, 0), min(b, 100))}


@given(first=WINDOWS, second=WINDOWS)
def test_union_and_common_are_those_of_sets(first: Windows, second: Windows) -> None:
    """Time in any and time in both, as sets of seconds say it; the union's windows lie apart."""
    joined = union([*first, *second])
    assert seconds(tuple(joined)) == seconds(first) | seconds(second)
    assert seconds(common(first, second)) == seconds(first) & seconds(second)
    assert all(a[1] < b[0] for a, b in pairwise(joined))


@given(windows=WINDOWS, a=st.integers(-10, 80), b=st.integers(-10, 80))
def test_gaps_are_the_rest(windows: Windows, a: int, b: int) -> None:
    """What is not open within a stretch is closed; before now nothing is known."""
    found = set()
    for begin, end in gaps(windows, a, b):
        assert a <= begin < end <= b
        found |= set(range(begin, end))
    assert found == set(range(max(a, 0), b)) - seconds(windows)


@given(windows=WINDOWS, t=st.integers(0, 70))
def test_window_at_holds_the_moment(windows: Windows, t: int) -> None:
    """The window found holds the moment; none is found where it is closed."""
    found = window_at(windows, t)
    assert (found is not None) == (t in seconds(windows))
    assert found is None or found[0] <= t < found[1]


def test_hours_of_the_corner() -> None:
    """Calendars by machine, person and zone; after the horizon nothing counts as closed."""
    p = knitting()
    day = calendar_hours(p, 0)
    assert day[0] == (0, 8 * H)
    assert day[-1] == (240 * H, NEVER)
    assert person_hours(p, ANN) == duty_hours(p, 0) == day
    assert machine_hours(p, K1) == machine_hours(p, W1) == duty_hours(p, -1) == person_hours(p, -1) == ALWAYS


def test_nobody_tends_a_zone_without_tenders() -> None:
    """A zone that nobody tends has no duty hours at all."""
    assert duty_hours(problem(zones=1, tenders=[[]]), 0) == ()


def test_limit_follows_those_on_duty() -> None:
    """Two tenders of three machines each until 4 h, one until 8 h, then none."""
    p = problem(
        horizon_s=NEVER,
        zones=1,
        tenders=[[0, 1]],
        people=2,
        person_calendar=[0, 1],
        person_max=[3, 3],
        calendars=[[(0, 4 * H)], [(0, 8 * H)]],
    )
    assert limit_steps(p, 0) == ((0, 6), (4 * H, 3), (8 * H, 0))


def test_a_tender_without_a_number_lifts_the_limit() -> None:
    """While a tender without `max_machines` is there, there is no limit."""
    p = problem(
        horizon_s=NEVER,
        zones=1,
        tenders=[[0, 1]],
        people=2,
        person_calendar=[0, 1],
        person_max=[NEVER, 3],
        calendars=[[(0, 4 * H)], [(0, 8 * H)]],
    )
    assert limit_steps(p, 0) == ((0, -1), (4 * H, 3), (8 * H, 0))
