"""Intervals against a naive twin that counts seconds one by one."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from fong.learn.intervals import length, overlapped, shared, sweep, within
from fong.model.calendars import union

intervals = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 12)).map(lambda p: (p[0], p[0] + p[1])), max_size=8)


def open_at(given: list[tuple[int, int]], second: int) -> list[int]:
    return [i for i, (a, b) in enumerate(given) if a <= second < b]


@given(intervals)
def test_union_covers_the_same_seconds(given: list[tuple[int, int]]) -> None:
    """Merged, ascending, apart, and not a second more or less."""
    merged = union(given)
    assert all(a < b for a, b in merged)
    assert all(x[1] < y[0] for x, y in pairwise(merged))
    assert {s for a, b in merged for s in range(a, b)} == {s for a, b in given for s in range(a, b)}
    assert length(given) == sum(bool(open_at(given, s)) for s in range(50))


@given(intervals)
def test_sweep_knows_who_is_open(given: list[tuple[int, int]]) -> None:
    """At each second just those intervals that cover it."""
    found = {s: set(numbers) for a, b, numbers in sweep(given) for s in range(a, b)}
    assert found == {s: set(open_at(given, s)) for s in range(50) if open_at(given, s)}


@given(intervals)
def test_shared_time_adds_up(given: list[tuple[int, int]]) -> None:
    """A second that n cover counts 1/n to each; all together they make the union."""
    naive = [sum(1 / len(open_at(given, s)) for s in range(a, b)) for a, b in given]
    assert all(abs(x - y) < 1e-9 for x, y in zip(shared(given), naive, strict=True))
    assert abs(sum(shared(given)) - length(given)) < 1e-9


@given(intervals)
def test_overlapped_seconds(given: list[tuple[int, int]]) -> None:
    """Those that at least one other covers."""
    assert overlapped(given) == [sum(len(open_at(given, s)) > 1 for s in range(a, b)) for a, b in given]


@given(intervals, st.integers(0, 40), st.integers(0, 40))
def test_within(given: list[tuple[int, int]], start: int, end: int) -> None:
    """Just the seconds inside."""
    assert sum(b - a for a, b in within(given, start, end)) == sum(len(open_at(given, s)) for s in range(start, end))


def test_gaps_are_bridged() -> None:
    """Up to the gap named, and no more."""
    assert union([(0, 10), (13, 20), (24, 30)], 3) == [(0, 20), (24, 30)]
