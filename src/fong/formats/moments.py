"""Moments, days and clock times as people write them in a table: ISO, 2026/3/6, 6.3.2026, 6 Mar 2026, 民國115年3月6日, 115/3/6.

What two people would read differently is refused, not guessed.
"""

from __future__ import annotations

import contextlib
import math
import re
import unicodedata
from datetime import date, datetime, time, timedelta, timezone

from fong.formats.raw import Bad, Odd, Raw
from fong.formats.words import DAYS, EVERY_DAY, WEEKDAY, plain

DAY_S = 86_400
ROC = 1911
"""Years between the calendar of the Republic of China (民國) and the common one."""
_YEARS = range(2000, 2100)
_SERIALS = range(36_526, 73_051)  # 2000 … 2099 as a spreadsheet's day numbers
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_CLOCK_TEXT = (
    r"(?P<half1>上午|下午|[ap]\.?m\.?)?\s*(?P<h>\d{1,2})\s*(?:[:時时點点]\s*(?:(?P<m>\d{1,2})\s*分?)?)?"
    r"(?:\s*:?\s*(?P<s>\d{1,2})(?:\.\d+)?\s*秒?)?\s*(?P<half2>上午|下午|[ap]\.?m\.?)?"
)
_CLOCK = re.compile(_CLOCK_TEXT)
_DATE = re.compile(
    r"(?P<roc>民國|民国)?\s*(?P<a>\d{1,4}|[a-z]{3,9}\.?)\s*(?P<sep>[./\-年\s,])\s*(?P<b>\d{1,2}|[a-z]{3,9}\.?)\s*[./\-月\s,]\s*(?P<c>\d{1,4})\s*[日號号]?"
    r"\s*(?:\([^)]*\)|星期.|週.|周.)?"
    rf"(?:[t\s,]\s*{_CLOCK_TEXT}\s*(?P<offset>z|[+-]\d{{2}}:?\d{{2}})?)?"
)
_NO_YEAR = re.compile(r"(\d{1,2})\s*[/\-月]\s*(\d{1,2})\s*[日號号]?|(\d{1,2})[\s-][a-z]{3,9}|[a-z]{3,9}[\s-](\d{1,2})")
_ISO = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?)?")

Moment = tuple[datetime, bool]
"""A moment, naive where no offset was written, and whether only a date was."""


def read_moment(raw: Raw) -> Moment:
    """The moment that a cell names.

    Raises
    ------
    Bad
        No date, one that can be read in two ways, or one without a year.
    """
    if isinstance(raw, str):
        found = _from_text(raw)
    elif isinstance(raw, datetime):
        found = raw, False
    elif isinstance(raw, date):
        found = datetime(raw.year, raw.month, raw.day), True  # noqa: DTZ001 - a wall clock's; its zone comes later
    elif isinstance(raw, Odd) and isinstance(raw.value, datetime):
        found = raw.value, False
    elif isinstance(raw, int | float):
        found = _from_number(raw)
    else:
        raise Bad("formats.not_date", raw)
    if found[0].year not in _YEARS:
        raise Bad("formats.far_date", raw)
    if found[0].microsecond:
        return (found[0] + timedelta(microseconds=500_000)).replace(microsecond=0), found[1]
    return found


def _from_number(raw: float) -> Moment:
    """Eight digits are year, month, day; seven are the same in the ROC calendar; a bare serial number lost its format."""
    if float(raw).is_integer() and len(str(int(raw))) in {7, 8}:
        return _compact(str(int(raw)), raw)
    raise Bad("formats.date_serial" if math.isfinite(raw) and int(raw) in _SERIALS else "formats.not_date", raw)


def _from_text(raw: str) -> Moment:
    text = raw.strip()
    if _ISO.fullmatch(text):
        with contextlib.suppress(ValueError):  # 24:00 is read below
            return datetime.fromisoformat(text), len(text) == 10  # noqa: PLR2004 - YYYY-MM-DD
    text = unicodedata.normalize("NFKC", text).casefold()
    if text.isdigit() and len(text) in {7, 8}:
        return _compact(text, raw)
    m = _DATE.fullmatch(text)
    if m is None:
        if _NO_YEAR.fullmatch(text):
            raise Bad("formats.no_year", raw)
        if text.isdigit() and int(text) in _SERIALS:
            raise Bad("formats.date_serial", raw)
        raise Bad("formats.not_date", raw)
    day = _day(m, raw)
    if m["h"] is None:
        return datetime(day.year, day.month, day.day), True  # noqa: DTZ001 - a wall clock's; its zone comes later
    if not _says_time(m, text):
        raise Bad("formats.not_date", raw)
    seconds = _clock_s(m, raw, "formats.not_date")
    at = datetime(day.year, day.month, day.day) + timedelta(seconds=seconds)  # noqa: DTZ001 - as above
    return at.replace(tzinfo=_offset(m["offset"])), False


def _compact(digits: str, raw: Raw) -> Moment:
    year = int(digits[:-4]) + (ROC if len(digits) == 7 else 0)  # noqa: PLR2004 - 1150306
    try:
        return datetime(year, int(digits[-4:-2]), int(digits[-2:])), True  # noqa: DTZ001 - a wall clock's
    except ValueError:
        raise Bad("formats.not_date", raw) from None


def _day(m: re.Match[str], raw: Raw) -> date:
    year, month, day = _year_month_day(m, raw)
    try:
        return date(year, month, day)
    except ValueError:
        raise Bad("formats.not_date", raw) from None


def _year_month_day(m: re.Match[str], raw: Raw) -> tuple[int, int, int]:
    a, b, c = (w.rstrip(".") for w in (m["a"], m["b"], m["c"]))
    named = [i for i, w in enumerate((a, b)) if not w.isdigit()]
    if named:
        word = (a, b)[named[0]]
        if len(named) > 1 or word[:3] not in _MONTHS or m["roc"]:
            raise Bad("formats.not_date", raw)
        month, other = _MONTHS.index(word[:3]) + 1, (b, a)[named[0]]
        year, day = (other, c) if len(other) == 4 else (c, other)  # noqa: PLR2004 - a year of four digits
        if len(year) != 4:  # noqa: PLR2004 - as above
            raise Bad("formats.short_year", raw)
        return int(year), month, int(day)
    if m["roc"] or len(a) == 3:  # noqa: PLR2004 - 115/3/6
        return int(a) + ROC, int(b), int(c)
    if len(a) == 4:  # noqa: PLR2004 - a year of four digits
        return int(a), int(b), int(c)
    if len(c) != 4:  # noqa: PLR2004 - as above
        raise Bad("formats.short_year", raw)
    return _day_or_month_first(int(a), int(b), int(c), m["sep"], raw)


def _day_or_month_first(a: int, b: int, year: int, sep: str, raw: Raw) -> tuple[int, int, int]:
    """Dots put the day first everywhere; with other marks only a number above 12, or twice the same, tells."""
    if sep == "." or a == b or a > 12:  # noqa: PLR2004 - months
        return year, b, a
    if b > 12:  # noqa: PLR2004 - months
        return year, a, b
    raise Bad("formats.ambiguous_date", raw, one=f"{year}-{b:02}-{a:02}", other=f"{year}-{a:02}-{b:02}")


def _offset(text: str | None) -> timezone | None:
    if text is None:
        return None
    if text == "z":
        return timezone.utc  # noqa: UP017 - beside timezone(...) below
    sign = -1 if text[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(text[1:3]), minutes=int(text[-2:])))


def _says_time(m: re.Match[str], text: str) -> bool:
    """Whether a clock time has more than an hour's bare number."""
    return bool(m["m"] or m["half1"] or m["half2"] or any(c in text for c in "时時點点"))


def _clock_s(m: re.Match[str], raw: Raw, code: str) -> int:
    """Seconds after midnight of a clock time; 24:00 is the end of the day."""
    hour, minute, second = int(m["h"]), int(m["m"] or 0), int(m["s"] or 0)
    half = (m["half1"] or m["half2"] or "").replace(".", "")
    if half:
        if not 1 <= hour <= 12:  # noqa: PLR2004 - a clock of twelve hours
            raise Bad(code, raw)
        hour = hour % 12 + (12 if half in {"pm", "下午"} else 0)
    seconds = hour * 3600 + minute * 60 + second
    if minute > 59 or second > 59 or seconds > DAY_S:  # noqa: PLR2004 - sixty
        raise Bad(code, raw)
    return seconds


def read_clock(raw: Raw) -> int:
    """Seconds after midnight, 0 … 86,400.

    Raises
    ------
    Bad
        No clock time.
    """
    if isinstance(raw, time):
        return raw.hour * 3600 + raw.minute * 60 + raw.second + (raw.microsecond >= 500_000)  # noqa: PLR2004 - half
    if isinstance(raw, timedelta) and timedelta(0) <= raw <= timedelta(days=1):
        return round(raw.total_seconds())
    if isinstance(raw, date) and raw.year <= 1900:  # noqa: PLR2004 - 24:00 is day 1 of a spreadsheet
        at = raw if isinstance(raw, datetime) else datetime(raw.year, raw.month, raw.day)  # noqa: DTZ001 - a wall clock's
        if at.hour == at.minute == 0:
            return DAY_S
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return _clock_from_number(float(raw))
    if isinstance(raw, str):
        return _clock_from_text(raw)
    raise Bad("formats.not_clock", raw)


def _clock_from_number(raw: float) -> int:
    """A share of a day (0.5 is noon), as an unformatted cell holds it; or digits like 830 and 1730."""
    if 0 <= raw < 1:
        return round(raw * DAY_S)
    if raw.is_integer() and 100 <= raw <= 2400:  # noqa: PLR2004 - 1:00 … 24:00
        return _clock_from_text(f"{int(raw):04d}")
    raise Bad("formats.not_clock", raw)


def _clock_from_text(raw: str) -> int:
    text = unicodedata.normalize("NFKC", raw).strip().casefold()
    if text.isdigit() and len(text) == 4:  # noqa: PLR2004 - 0830
        text = f"{text[:2]}:{text[2:]}"
    m = _CLOCK.fullmatch(text)
    if m is None or not (m["m"] or m["half1"] or m["half2"] or text[-1] in "時时點点"):
        raise Bad("formats.not_clock", raw)
    return _clock_s(m, raw, "formats.not_clock")


Days = tuple[int, ...] | date
"""Weekdays, Monday 0, or one date."""


def read_days(raw: Raw) -> Days:
    """Weekdays (``Mon``, ``Mon-Fri``, ``星期一至星期五``, ``Mon;Wed``) or a date.

    Raises
    ------
    Bad
        Neither.
    """
    if isinstance(raw, str):
        days = _weekdays(raw)
        if days:
            return days
        if not any(c.isdigit() for c in raw):
            raise Bad("formats.not_day", raw, wanted=" ".join(DAYS))
    elif not isinstance(raw, date):
        raise Bad("formats.not_day", raw, wanted=" ".join(DAYS))
    at, _ = read_moment(raw)
    return at.date()


def _weekdays(raw: str) -> tuple[int, ...]:
    """Weekdays named by a text, empty if it names none."""
    whole = plain(raw)
    if whole in WEEKDAY:
        return (WEEKDAY[whole],)
    if whole in EVERY_DAY:
        return EVERY_DAY[whole]
    out: list[int] = []
    for part in re.split(r"[;；、,，]", raw):
        ends = [plain(p) for p in re.split(r"\s*(?:-|–|—|~|～|至|到|\bto\b)\s*", part.strip())]
        if not all(e in WEEKDAY for e in ends) or len(ends) > 2:  # noqa: PLR2004 - from, to
            return ()
        first, last = WEEKDAY[ends[0]], WEEKDAY[ends[-1]]
        out += [(first + i) % 7 for i in range((last - first) % 7 + 1)]
    return tuple(dict.fromkeys(out))
