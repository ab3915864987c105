"""Dates and times in the ways of the world."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from fong.formats.moments import read_clock, read_days, read_moment
from fong.formats.raw import Bad, Raw


@pytest.mark.parametrize(
    "raw",
    [
        "2026-03-06",
        "2026/3/6",
        "2026.3.6",
        "6.3.2026",
        "6 Mar 2026",
        "Mar 6, 2026",
        "March 6 2026",
        "2026年3月6日",
        "2026-03-06(五)",
        "115/3/6",
        "115.03.06",
        "民國115年3月6日",
        "民国115年3月6日",
        "1150306",
        "20260306",
        20260306.0,
        1150306,
        "２０２６／３／６",
        "2026年3月6號",
        "06-Mar-2026",
        "06.03.2026",
    ],
)
def test_one_day_in_many_ways(raw: Raw) -> None:
    """All of these are the sixth of March 2026."""
    assert read_moment(raw) == (datetime(2026, 3, 6), True)  # noqa: DTZ001 - the zone comes later


@pytest.mark.parametrize(
    ("raw", "at"),
    [
        ("2026-03-06T14:30", (2026, 3, 6, 14, 30)),
        ("2026/3/6 下午2:30", (2026, 3, 6, 14, 30)),
        ("2026-03-06 2:30 pm", (2026, 3, 6, 14, 30)),
        ("2026年3月6日 14時30分", (2026, 3, 6, 14, 30)),
        ("115/3/6 08:00", (2026, 3, 6, 8, 0)),
        ("2026-03-06T24:00", (2026, 3, 7, 0, 0)),
    ],
)
def test_moments_with_a_time(raw: str, at: tuple[int, int, int, int, int]) -> None:
    """Times of the day in ISO, with am and pm, in Chinese."""
    assert read_moment(raw) == (datetime(*at), False)  # noqa: DTZ001 - the zone comes later


def test_offset_is_kept() -> None:
    """A written offset makes the moment aware."""
    assert read_moment("2026-03-06T14:30Z")[0] == datetime(2026, 3, 6, 14, 30, tzinfo=UTC)


def test_microseconds_are_rounded() -> None:
    """A spreadsheet's 8:59:59.999999 is nine o'clock."""
    assert read_moment(datetime(2026, 3, 6, 8, 59, 59, 999_999))[0] == datetime(2026, 3, 6, 9)  # noqa: DTZ001 - a cell


@pytest.mark.parametrize("raw", ["13/3/2026", "3/13/2026", "3/3/2026"])
def test_slashes_are_clear_when_only_one_reading_is_left(raw: str) -> None:
    """A number above twelve is the day; twice the same is the same."""
    assert read_moment(raw)[0].month == 3


def test_ambiguous_date_shows_both_readings() -> None:
    """The fault of 6/3/2026 names both days that it can be."""
    with pytest.raises(Bad) as bad:
        read_moment("6/3/2026")
    assert (bad.value.params["one"], bad.value.params["other"]) == ("2026-03-06", "2026-06-03")


@pytest.mark.parametrize(
    ("raw", "seconds"),
    [
        ("08:00", 28_800),
        ("8：00", 28_800),
        ("8時", 28_800),
        ("上午8:00", 28_800),
        ("下午5時30分", 63_000),
        ("5:30 PM", 63_000),
        ("0830", 30_600),
        (830, 30_600),
        (0.5, 43_200),
        ("24:00", 86_400),
        (time(8, 0), 28_800),
        (timedelta(hours=24), 86_400),
        (date(1900, 1, 1), 86_400),
        ("07:30:15", 27_015),
    ],
)
def test_clock_times(raw: Raw, seconds: int) -> None:
    """Times of a day, also as a spreadsheet keeps them."""
    assert read_clock(raw) == seconds


@pytest.mark.parametrize(
    "raw", ["8", 8, "25:00", "8:70", "8.30", "13:00 pm", "noon", timedelta(hours=30), date(2026, 3, 6)]
)
def test_what_is_no_clock_time(raw: Raw) -> None:
    """A bare 8, or 25 o'clock, is refused."""
    with pytest.raises(Bad, match="not_clock"):
        read_clock(raw)


@pytest.mark.parametrize(
    ("raw", "days"),
    [
        ("Mon", (0,)),
        ("monday", (0,)),
        ("週日", (6,)),
        ("一", (0,)),
        ("Mon-Fri", (0, 1, 2, 3, 4)),
        ("Sat-Mon", (5, 6, 0)),
        ("一至五", (0, 1, 2, 3, 4)),
        ("Mon; Wed", (0, 2)),
        ("每日", (0, 1, 2, 3, 4, 5, 6)),
        ("weekend", (5, 6)),
        ("2026-03-05", date(2026, 3, 5)),
        ("115/3/5", date(2026, 3, 5)),
    ],
)
def test_days(raw: str, days: object) -> None:
    """Weekdays, ranges of them, and dates."""
    assert read_days(raw) == days
