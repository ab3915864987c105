"""Stretches of time against sets of seconds."""

from hypothesis import given
from hypothesis import strategies as st

from fong.model.calendars import intersection, union
from fong.plan.explain.spans import (
    FAR,
    Holds,
    Spans,
    latest,
    length,
    level_at_least,
    reach,
    within,
    without,
)

SPANS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 8)).map(lambda s: (s[0], s[0] + s[1])), max_size=8)


def seconds(spans: Spans) -> set[int]:
    """All seconds of the spans."""
    return {t for a, b in spans for t in range(a, b)}


@given(SPANS, SPANS, st.integers(0, 50), st.integers(0, 50))
def test_algebra_is_that_of_sets(some: Spans, others: Spans, low: int, high: int) -> None:
    """Union, intersection, difference, cut and length."""
    a, b = union(some), union(others)
    assert seconds(a) == seconds(some)
    assert seconds(intersection(a, b)) == seconds(a) & seconds(b)
    assert seconds(without(a, b)) == seconds(a) - seconds(b)
    assert seconds(within(a, low, high)) == seconds(a) & set(range(low, high))
    assert length(a) == len(seconds(a))


@given(SPANS, st.integers(1, 4))
def test_levels_are_counted(some: Spans, level: int) -> None:
    """When at least so many overlap."""
    count = {t: sum(a <= t < b for a, b in some) for t in range(60)}
    found = level_at_least([a for a, _ in some], [b for _, b in some], level)
    assert seconds(found) == {t for t, n in count.items() if n >= level}


@given(SPANS, st.integers(0, 50), st.integers(1, 12))
def test_work_is_done_in_open_seconds(some: Spans, at: int, work: int) -> None:
    """From a moment on, and back from one."""
    spans = union(some)
    later = sorted(t for t in seconds(spans) if t >= at)
    assert reach(spans, at, work) == (later[work - 1] + 1 if len(later) >= work else FAR)
    before = sorted((t for t in seconds(spans) if t < at), reverse=True)
    assert latest(spans, at, work) == (before[work - 1] if len(before) >= work else -FAR)


@given(SPANS, st.integers(0, 40), st.integers(1, 20), st.integers(0, 6))
def test_gaps_leave_time_enough(some: Spans, low: int, lasts: int, need: int) -> None:
    """Free now, and free for so long, or until the end."""
    held = sorted(s for s in some if s[1] > s[0])
    holds = Holds(begin=[a for a, _ in held], end=[b for _, b in held], op=[0] * len(held))
    busy, high = seconds(held), low + lasts
    expected = {t for t in range(low, high) if not busy & set(range(t, min(high, t + max(1, need))))}
    assert seconds(holds.gaps(low, high, need)) == expected
