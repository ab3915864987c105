"""Working time: when the examples start, and arithmetic on open windows."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fong.examples import midweek
from fong.examples.dates import Collections
from fong.examples.hours import day_after, finish, worked
from fong.model.calendars import union

MOMENTS = st.integers(1_700_000_000, 2_200_000_000).map(lambda s: datetime.fromtimestamp(s, UTC))
WINDOWS = st.lists(st.tuples(st.integers(0, 500), st.integers(1, 60)), min_size=1, max_size=8).map(
    lambda parts: union((a, a + n) for a, n in parts)
)


@given(MOMENTS)
def test_midweek_is_wednesday_of_the_same_week(now: datetime) -> None:
    """Wednesday, 10:20 in Hong Kong, of the week in which `now` lies there."""
    here, start = now + timedelta(hours=8), midweek(now)
    assert (start.weekday(), start.hour, start.minute, start.second, start.microsecond) == (2, 10, 20, 0, 0)
    assert start.isocalendar()[:2] == here.isocalendar()[:2]
    assert start.utcoffset() == timedelta(hours=8)


def test_midweek_wants_an_aware_moment() -> None:
    """A clock time without a zone is no moment."""
    with pytest.raises(ValueError, match="aware"):
        midweek(datetime(2026, 3, 4, 10, 20))  # noqa: DTZ001


@given(WINDOWS, st.integers(0, 400), st.integers(1, 60))
def test_finish_leaves_just_the_work_between(open_: list[tuple[int, int]], start: int, work: int) -> None:
    """Between start and finish lie as many open seconds as there is work."""
    left = worked(open_, open_[-1][1]) - worked(open_, start)
    if left < work:
        with pytest.raises(ValueError, match="do not fit"):
            finish(open_, start, work)
    else:
        end = finish(open_, start, work)
        assert worked(open_, end) - worked(open_, start) == work


@pytest.mark.parametrize(
    ("days", "expected"), [(0, (2026, 3, 4)), (2, (2026, 3, 6)), (3, (2026, 3, 9)), (-3, (2026, 2, 27))]
)
def test_day_after_counts_working_days(days: int, expected: tuple[int, int, int]) -> None:
    """From a Wednesday, in a week of five days, Saturday and Sunday do not count."""
    now = datetime(2026, 3, 4, 10, 20, tzinfo=UTC)
    assert day_after(now, days, 5) == date(*expected)


def test_collections_skip_sunday() -> None:
    """The collection after Saturday 18:00 is Monday's; the one before is Saturday's."""
    now = datetime(2026, 3, 4, 10, 20, tzinfo=UTC)
    collections = Collections(now, 6)
    saturday = datetime(2026, 3, 7, 18, tzinfo=UTC)
    moment = collections.seconds(saturday) + 1
    assert collections.after(moment, 18) == datetime(2026, 3, 9, 18, tzinfo=UTC)
    assert collections.before(moment, 18) == saturday
