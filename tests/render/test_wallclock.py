"""The clock on the wall: time zones, days of 23 and 25 hours."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.render.plans import NOW

from fong.render.wallclock import WallClock

LONDON = WallClock(epoch=datetime(2026, 3, 28, 12, tzinfo=ZoneInfo("Europe/London")))


def test_a_day_is_as_long_as_the_wall_says() -> None:
    """The clocks go forward on 29 March 2026: 23 hours; and back on 25 October: 25."""
    for day, hours in ((date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 6, 1), 24)):
        first, after = LONDON.day(day)
        assert after - first == hours * 3600
        assert LONDON.at(first) == datetime(day.year, day.month, day.day, tzinfo=LONDON.zone)


def test_offsets_change_where_the_clocks_do() -> None:
    """Within three days the offset changes once, at 01:00 UTC on the 29th, 13 hours after the epoch."""
    assert LONDON.offsets(0, 3 * 86_400) == ((0, 0), (13 * 3600, 3600))
    assert WallClock(epoch=NOW).offsets(-100, 10**6) == ((-100, 8 * 3600),)


@given(t=st.integers(-(10**7), 10**8))
@pytest.mark.parametrize("zone", ["Asia/Hong_Kong", "Europe/London", "Australia/Lord_Howe"])
def test_offsets_agree_with_the_clock(zone: str, t: int) -> None:
    """What the list of offsets says is what the clock says, at any moment."""
    clock = WallClock(epoch=datetime(2026, 3, 1, tzinfo=ZoneInfo(zone)))
    listed = [offset for begin, offset in clock.offsets(-(10**7), 10**8) if begin <= t]
    assert listed[-1] == clock.offset_s(t)


def test_names_of_zones() -> None:
    """An IANA name where there is one, else the distance from Greenwich."""
    assert WallClock(epoch=NOW).zone_name == "Asia/Hong_Kong"
    assert WallClock(epoch=datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=8)))).zone_name == "UTC+08:00"


@given(t=st.integers(-(10**8), 10**8))
def test_seconds_lead_back(t: int) -> None:
    """Seconds to a moment and back."""
    clock = WallClock(epoch=NOW)
    assert clock.seconds(clock.at(t)) == t
    assert clock.seconds(clock.at(t).astimezone(UTC)) == t
    assert clock.seconds(clock.naive(t)) == t
