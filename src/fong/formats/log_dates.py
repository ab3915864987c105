"""Moments as people write them, read over a whole column: day first or month first is decided by evidence, never guessed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import lru_cache

ORDERS = ("ymd", "dmy", "mdy")
DAY_S = 86_400
_LONGEST = 60  # characters of any moment
ROC = 1911  # years between the calendar of the Republic of China and the common one
_SERIAL_DAYS = (20_000.0, 80_000.0)  # 1954 … 2119 as a spreadsheet's day numbers
_SERIAL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a log's own clock
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_TIME = (
    r"(?P<half1>上午|下午|[ap]\.?m\.?)?\s*(?P<h>\d{1,2})\s*[:時时点點]\s*(?P<m>\d{1,2})"
    r"(?:\s*[:分]\s*(?P<s>\d{1,2})(?:[.,]\d+)?)?\s*[分秒]?\s*(?P<half2>上午|下午|[ap]\.?m\.?)?\s*(?P<zone>z|[+-]\d{2}:?\d{2})?"
)
_DATE = re.compile(
    r"(?P<roc>民國|民国)?\s*(?P<a>\d{1,4}|[a-z]{3,9})(?P<sep>[./\-年\s]+)(?P<b>\d{1,2}|[a-z]{3,9})[./\-月,\s]+(?P<c>\d{1,4})\s*日?"
    rf"(?:(?:\([^)]*\))?[t\s,]*{_TIME})?"
)
_COMPACT = re.compile(r"(?P<y>\d{4})(?P<mo>\d{2})(?P<d>\d{2})(?:[t\s]?(?P<h>\d{2})(?P<m>\d{2})(?P<s>\d{2})?)?")
_CLOCK = re.compile(_TIME)
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment as written: three numbers of a date in an order not yet known, or a clock time alone.

    ``month_at``: position of a month given by name, -1: all are numbers. ``whole``: an order-free date, already a datetime.
    """

    numbers: tuple[int, int, int] | None = None
    digits: tuple[int, int, int] = (0, 0, 0)
    month_at: int = -1
    dotted: bool = False
    roc: bool = False
    clock_s: int | None = None
    offset_s: int | None = None
    whole: datetime | None = None

    def at(self, order: str) -> datetime | None:
        """The moment if its numbers stand in ``order``; None where that makes no date."""
        if self.whole is not None:
            return self.whole
        if self.numbers is None:
            return None
        order = _named_month(order, self.month_at, self.digits)
        year, month, day = (self.numbers[order.index(k)] for k in "ymd")
        width = self.digits[order.index("y")]
        return self._made(year, month, day, width) if self._year_fits(order, width) else None

    def _year_fits(self, order: str, width: int) -> bool:
        """A number of three or four digits is the year; a year after 民國 stands first."""
        return (max(self.digits) <= 2 or width == max(self.digits)) and (not self.roc or order == "ymd")  # noqa: PLR2004 - days have two digits

    def _made(self, year: int, month: int, day: int, width: int) -> datetime | None:
        if self.roc or width == 3:  # noqa: PLR2004 - 民國 101
            year += ROC
        elif width == 2:  # noqa: PLR2004 - 24 is 2024
            year += 2000
        try:
            out = datetime(year, month, day) + timedelta(seconds=self.clock_s or 0)  # noqa: DTZ001 - a log's own clock
        except (ValueError, OverflowError):
            return None
        return out if self.offset_s is None else out.replace(tzinfo=timezone(timedelta(seconds=self.offset_s)))


def _named_month(order: str, month_at: int, digits: tuple[int, int, int]) -> str:
    """The order of a date whose month is a word: it does not depend on the column's."""
    if month_at < 0:
        return order
    if month_at == 0:
        return "mdy"
    return "ymd" if digits[0] == 4 else "dmy"  # noqa: PLR2004 - a year of four digits


def plain(cell: str) -> str:
    """A cell with full-width letters, digits and signs made plain, and without outer blanks."""
    return unicodedata.normalize("NFKC", cell).strip()


@lru_cache(maxsize=200_000)
def read_moment(cell: str) -> Moment | None:
    """What a cell says about a moment, or None if it is none."""
    text = plain(cell).lower()
    if len(text) > _LONGEST:
        return None
    for read in (_read_date, _read_compact, _read_clock, _read_serial):
        found = read(text)
        if found is not None:
            return found
    return None


def is_dated(cell: str) -> bool:
    """Whether a cell names a day, be it with a time or without."""
    moment = read_moment(cell)
    return moment is not None and (moment.numbers is not None or moment.whole is not None)


def _read_date(text: str) -> Moment | None:
    m = _DATE.fullmatch(text)
    if m is None:
        return None
    words = (m["a"], m["b"], m["c"])
    months = [i for i, w in enumerate(words) if not w.isdigit()]
    if len(months) > 1 or any(words[i][:3] not in _MONTHS for i in months):
        return None
    numbers = [int(w) if w.isdigit() else _MONTHS.index(w[:3]) + 1 for w in words]
    clock = _clock_s(m) if m["h"] else 0
    if clock is None:
        return None
    return Moment(
        numbers=(numbers[0], numbers[1], numbers[2]),
        digits=(_width(m["a"]), _width(m["b"]), _width(m["c"])),
        month_at=months[0] if months else -1,
        dotted=m["sep"].strip() == ".",
        roc=m["roc"] is not None,
        clock_s=clock,
        offset_s=_offset_s(m["zone"]),
    )


def _width(word: str) -> int:
    """Digits of a number, but 2 for any day or month; leading zeros count, as 2012 and 012 differ."""
    return max(2, len(word)) if word.isdigit() else 2


def _read_compact(text: str) -> Moment | None:
    m = _COMPACT.fullmatch(text)
    if m is None:
        return None
    parts = [int(m[k] or 0) for k in ("y", "mo", "d", "h", "m", "s")]
    try:
        return Moment(whole=datetime(*parts))  # type: ignore[arg-type]  # noqa: DTZ001 - a log's own clock
    except ValueError:
        return None


def _read_clock(text: str) -> Moment | None:
    m = _CLOCK.fullmatch(text)
    clock = _clock_s(m) if m else None
    return None if clock is None else Moment(clock_s=clock)


def _read_serial(text: str) -> Moment | None:
    if not _SERIAL.fullmatch(text) or not _SERIAL_DAYS[0] <= float(text) <= _SERIAL_DAYS[1]:
        return None
    return Moment(whole=_SERIAL_EPOCH + timedelta(seconds=round(float(text) * DAY_S)))


def _clock_s(m: re.Match[str]) -> int | None:
    """Seconds after midnight; 24:00 is the end of the day."""
    hour, minute, second = int(m["h"]), int(m["m"]), int(m["s"] or 0)
    half = (m["half1"] or m["half2"] or "").replace(".", "")
    if half:
        if not 1 <= hour <= 12:  # noqa: PLR2004 - a clock of twelve hours
            return None
        hour = hour % 12 + (12 if half in {"pm", "下午"} else 0)
    clock = hour * 3600 + minute * 60 + second
    return clock if minute < 60 and second < 60 and clock <= DAY_S else None  # noqa: PLR2004 - 60 minutes, 60 seconds


def _offset_s(zone: str | None) -> int | None:
    if zone is None:
        return None
    if zone == "z":
        return 0
    sign = -1 if zone[0] == "-" else 1
    return sign * (int(zone[1:3]) * 3600 + int(zone[-2:]) * 60)


def date_orders(moments: Iterable[Moment]) -> tuple[str, ...]:
    """The orders of year, month and day that fit the moments best: one, or several where the column cannot decide.

    An order that a few cells contradict wins only if every other order is contradicted more often. Dots say day first (30.01.2012):
    no country writes month, dot, day.
    """
    dated = [m for m in moments if m.numbers is not None and m.month_at < 0]
    if not dated:
        return ("ymd",)
    misses = {order: sum(m.at(order) is None for m in dated) for order in ORDERS}
    least = min(misses.values())
    best = tuple(order for order in ORDERS if misses[order] == least)
    if set(best) == {"dmy", "mdy"} and all(m.dotted for m in dated):
        return ("dmy",)
    return best
