"""One cell → what the nouns keep: text, whole seconds, cents, aware datetimes. One function per kind of column.

A reader of a kind takes a raw cell that is not empty and returns its value, or raises :class:`fong.formats.raw.Bad`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from fong.formats.headers import SIZE_OF_UNIT, unit_of
from fong.formats.moments import read_clock, read_days, read_moment
from fong.formats.numerals import DASHES, number, refuse_odd, rounded
from fong.formats.raw import Bad, Odd, Raw
from fong.formats.tables import Column, Kind
from fong.formats.words import NO, YES, choice_index, plain
from fong.model import AtGap

Read = Callable[[Raw], object]

_SAFE_INTEGER = 10**15  # a double holds no more digits than these
_LOST = re.compile(r"[0-9](?:\.[0-9]+)?[eE]\+[0-9]{2,3}")
_TAIL = re.compile(r"(.*?[0-9.])\s*([^0-9.,\s+-][^0-9]*)")
_PIECES = frozenset(map(plain, "pcs|pc|piece|pieces|ea|set|sets|件|個|个|只|套|條|条|支|pair|pairs".split("|")))
_MONEY = re.compile(
    r"^(?:hk\$|nt\$|us\$|rmb|hkd|twd|cny|usd|eur|gbp|mop|[$¥€£])\s*|\s*(?:元|円|hkd|twd|ntd|rmb|cny|usd|eur|gbp|mop)$"
)
_ASCII_NAMES = {
    ord("　"): " ",
    **{c: c - 0xFEE0 for c in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B), 0xFF0D, 0xFF3F)},
}
"""Full-width letters, digits, ``－`` and ``＿`` of names; Chinese marks stay as they are."""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_GAPS = re.compile(r"[\s\u200b\ufeff]+")


@dataclass(frozen=True, slots=True)
class Context:
    """What the readers must know of the file. ``comma``: numbers may have a decimal comma (a file with ``;`` between cells)."""

    zone: ZoneInfo | None = None
    comma: bool = False


def reader(column: Column, unit: str, context: Context) -> Read:
    """The reader of a column's cells. ``unit``: the one that its header states, empty: the column's own."""
    return _Cells(column, unit or column.unit, context).reader()


class _Cells:
    """The readers of one column, by kind."""

    def __init__(self, column: Column, unit: str, context: Context) -> None:
        self.column, self.unit, self.context = column, unit, context

    def reader(self) -> Read:
        """The one for the column's kind."""
        plain_readers: dict[Kind, Read] = {
            Kind.NAME: read_name,
            Kind.TEXT: read_text,
            Kind.NAMES: read_names,
            Kind.SEQUENCES: read_sequences,
            Kind.YES_NO: read_yes_no,
            Kind.DAY: read_days,
            Kind.CLOCK: read_clock,
            Kind.ZONE: read_zone,
            Kind.NOTE: lambda _: None,
        }
        own: dict[Kind, Read] = {
            Kind.INT: self.whole,
            Kind.DECIMAL: self.decimal,
            Kind.MILLI: self.milli,
            Kind.FLOAT: self.floating,
            Kind.PERCENT: self.percent,
            Kind.DURATION: self.duration,
            Kind.MONEY: self.money,
            Kind.CHOICE: self.choice,
            Kind.GAP: self.gap,
            Kind.START: self.moment_start,
            Kind.END: self.moment_end,
        }
        return (plain_readers | own)[self.column.kind]

    def number(self, raw: Raw) -> Decimal:
        return number(raw, comma=self.context.comma)

    def in_range(self, value: Decimal, raw: Raw) -> Decimal:
        c = self.column
        if c.above is not None and value <= c.above:
            raise self.out_of_range("must_exceed", raw, c.above)
        if c.low is not None and value < c.low:
            raise self.out_of_range("too_small", raw, c.low)
        if c.high is not None and value > c.high:
            raise self.out_of_range("too_large", raw, c.high)
        return value

    def out_of_range(self, code: str, raw: Raw, wanted: int) -> Bad:
        if self.column.unit:
            return Bad(f"formats.{code}_in", raw, wanted=wanted, unit=self.column.unit)
        return Bad(f"formats.{code}", raw, wanted=wanted)

    def with_unit(self, raw: Raw) -> tuple[Decimal, str]:
        """A number, and the unit written behind it, else the header's."""
        if isinstance(raw, str):
            m = _TAIL.fullmatch(unicodedata.normalize("NFKC", raw).casefold().strip())
            unit = unit_of(self.column, m[2]) if m else ""
            if m is not None and unit:
                return self.number(m[1]), unit
        return self.number(raw), self.unit

    def whole(self, raw: Raw) -> int:
        if isinstance(raw, str):
            m = _TAIL.fullmatch(raw.strip())
            raw = m[1] if m is not None and plain(m[2]) in _PIECES else raw
        value = self.in_range(self.number(raw), raw)
        if value != value.to_integral_value():
            raise Bad("formats.not_whole", raw)
        return int(value)

    def decimal(self, raw: Raw) -> Decimal:
        if not self.unit:
            return rounded(self.in_range(self.number(raw), raw))
        value, unit = self.with_unit(raw)
        exact = (
            Fraction(value) * SIZE_OF_UNIT[unit] / SIZE_OF_UNIT[self.column.unit]
            if abs(value) <= _SAFE_INTEGER
            else value
        )
        return rounded(self.in_range(_decimal(exact), raw))

    def milli(self, raw: Raw) -> int:
        return int((self.in_range(self.number(raw), raw) * 1000).to_integral_value())

    def floating(self, raw: Raw) -> float:
        if not self.unit:
            return float(self.in_range(self.number(raw), raw))
        value, unit = self.with_unit(raw)
        if unit == self.column.unit:
            return float(self.in_range(value, raw))
        value = self.in_range(value, raw)
        return float(Fraction(value) * SIZE_OF_UNIT[unit] / SIZE_OF_UNIT[self.column.unit])

    def percent(self, raw: Raw) -> Decimal:
        if isinstance(raw, Odd) and raw.kind == "percent":
            return rounded(self.in_range(self.number(raw) * 100, raw))
        text = raw
        if isinstance(raw, str):
            text = unicodedata.normalize("NFKC", raw).strip().removesuffix("%")
        return rounded(self.in_range(self.number(text), raw))

    def duration(self, raw: Raw) -> int:
        """Whole seconds, rounded half up. A cell formatted as a time is hours, minutes, seconds."""
        c = self.column
        if isinstance(raw, time):
            return raw.hour * 3600 + raw.minute * 60 + raw.second
        if isinstance(raw, timedelta):
            value = Decimal(round(raw.total_seconds())) / int(SIZE_OF_UNIT[c.unit])
            return round(self.in_range(value, raw) * int(SIZE_OF_UNIT[c.unit]))
        if isinstance(raw, str) and re.fullmatch(r"\s*\d+\s*[:：]\s*\d+\s*", raw):
            raise Bad("formats.ambiguous_time", raw, wanted=c.unit)
        value, unit = self.with_unit(raw)
        if abs(value) > _SAFE_INTEGER:
            raise self.out_of_range("too_large", raw, c.high or 0)
        seconds = Fraction(value) * SIZE_OF_UNIT[unit]
        own = seconds / SIZE_OF_UNIT[c.unit]
        self.in_range(_decimal(own), raw)
        return int(seconds + Fraction(1, 2))

    def money(self, raw: Raw) -> int:
        text = raw
        if isinstance(raw, str):
            text = _MONEY.sub("", unicodedata.normalize("NFKC", raw).strip().casefold()).strip()
        value = self.in_range(self.number(text), raw)
        return int(value * 100 + Decimal("0.5"))

    def choice(self, raw: Raw) -> str:
        word = choice_index(self.column.name).get(plain(raw)) if isinstance(raw, str) else None
        if word is None:
            refuse_odd(raw)
            raise Bad("formats.not_choice", raw, wanted=", ".join(self.column.words))
        return word

    def gap(self, raw: Raw) -> tuple[AtGap, int]:
        wanted = "resume, fit, run_on, overtime:30"
        if not isinstance(raw, str):
            refuse_odd(raw)
            raise Bad("formats.not_choice", raw, wanted=wanted)
        words = choice_index("at_gap")
        m = re.fullmatch(r"(\D+?)\s*[:：]?\s*(\d+(?:\.\d+)?)\s*(?:min|分|分鐘|分钟)?", raw.strip())
        name = words.get(plain(m[1] if m else raw))
        if name is None or (name == "overtime") != (m is not None):
            raise Bad("formats.not_choice", raw, wanted=wanted)
        seconds = int(Decimal(m[2]) * 60 + Decimal("0.5")) if m else 0
        if seconds > 86_400:  # noqa: PLR2004 - a day
            raise Bad("formats.too_large_in", raw, wanted=1440, unit="min")
        return AtGap[name.upper()], seconds

    def moment_start(self, raw: Raw) -> datetime:
        return self.aware(*_at(raw))

    def moment_end(self, raw: Raw) -> datetime:
        at, only_date = _at(raw)
        return self.aware(at + timedelta(days=1) if only_date else at, only_date)

    def aware(self, at: datetime, _only_date: bool) -> datetime:  # noqa: FBT001 - the pair that _at returns
        """The moment in the workshop's zone; a clock time that the change of clocks leaves out is moved to one that is."""
        zone = self.context.zone or ZoneInfo("UTC")
        if at.tzinfo is None:
            at = at.replace(tzinfo=zone)
        return at.astimezone(UTC).astimezone(zone)


def _at(raw: Raw) -> tuple[datetime, bool]:
    refuse_odd(raw)
    return read_moment(raw)


def _decimal(value: Fraction | Decimal) -> Decimal:
    if isinstance(value, Decimal):
        return value
    return Decimal(value.numerator) / Decimal(value.denominator)


def read_text(raw: Raw) -> str:
    """Words as they stand, in one width, without outer blanks.

    Raises
    ------
    Bad
        The cell holds an error, a formula without a value, or what a spreadsheet has made of the words.
    """
    if isinstance(raw, str):
        if raw[:1] == "#":
            refuse_odd(raw)
        return clean(raw)
    return _text_of_number(raw)


def read_name(raw: Raw) -> str:
    """A name or number of a thing.

    Raises
    ------
    Bad
        As :func:`read_text`; also where digits are lost (1E+05).
    """
    if isinstance(raw, str):
        if raw[:1] == "#":
            refuse_odd(raw)
        if raw[:1] in "0123456789" and _LOST.fullmatch(raw.strip()):
            raise Bad("formats.digits_lost", raw)
        return clean(raw)
    return _text_of_number(raw)


def clean(text: str) -> str:
    """Words in one width, without control characters, outer or repeated blanks."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    return _GAPS.sub(" ", _CONTROL.sub("", text.translate(_ASCII_NAMES))).strip()


def _text_of_number(raw: Raw) -> str:
    refuse_odd(raw)
    if isinstance(raw, Odd):
        if raw.kind == "padded":
            return raw.text
        if raw.kind == "scientific":
            raise Bad("formats.digits_lost", raw)
        if raw.kind in {"moment", "boolean"}:
            raise Bad("formats.turned_into", raw)
        raw = raw.value if isinstance(raw.value, float) else None
    if isinstance(raw, float) and not raw.is_integer():
        return repr(raw)
    if isinstance(raw, int | float):
        if abs(raw) >= _SAFE_INTEGER and isinstance(raw, float):
            raise Bad("formats.digits_lost", raw)
        return str(int(raw))
    if isinstance(raw, Decimal):
        return str(raw)
    raise Bad("formats.turned_into", raw)


def read_names(raw: Raw) -> tuple[str, ...]:
    """Several names with ``;`` (also ；、 or line ends) between.

    Raises
    ------
    Bad
        As :func:`read_name`.
    """
    if not isinstance(raw, str):
        return (read_name(raw),)
    return tuple(dict.fromkeys(read_name(p) for p in re.split(r"[;；、\n]", raw) if p.strip()))


def read_sequences(raw: Raw) -> tuple[int, ...]:
    """Step numbers with ``;`` between; a dash: none.

    Raises
    ------
    Bad
        No whole numbers.
    """
    if isinstance(raw, str):
        if raw.strip() in DASHES:
            return ()
        parts: list[Raw] = [p for p in re.split(r"[;；、,，\n]", raw) if p.strip()]
    else:
        parts = [raw]
    out = []
    for part in parts:
        value = number(part)
        if value != value.to_integral_value() or not 0 <= value <= 10**9:
            raise Bad("formats.not_whole", raw)
        out.append(int(value))
    return tuple(dict.fromkeys(out))


def read_yes_no(raw: Raw) -> bool:
    """Yes or no.

    Raises
    ------
    Bad
        Neither.
    """
    if isinstance(raw, Odd) and raw.kind == "boolean":
        return bool(raw.value)
    refuse_odd(raw)
    word = plain(str(int(raw)) if isinstance(raw, float) and raw.is_integer() else str(raw))
    if word in YES:
        return True
    if word in NO:
        return False
    raise Bad("formats.not_yes_no", raw)


def read_zone(raw: Raw) -> str:
    """The name of a time zone.

    Raises
    ------
    Bad
        No such zone.
    """
    text = read_text(raw)
    text = {"hkt": "Asia/Hong_Kong", "香港": "Asia/Hong_Kong", "台北": "Asia/Taipei", "臺北": "Asia/Taipei"}.get(
        text.casefold(), text
    )
    try:
        return ZoneInfo(text).key
    except (ValueError, KeyError, OSError):  # ZoneInfoNotFoundError is a KeyError; a folder's name gives an OSError
        raise Bad("formats.no_such_zone", raw) from None
