"""Numbers as people write them: thousands separators, decimal commas, full-width digits; and cells that hold no value at all."""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import date, time, timedelta
from decimal import Decimal

from fong.formats.raw import Bad, Odd, Raw

PLACES = Decimal("0.000001")
"""Decimals are kept to six places."""
_ERRORS = frozenset("#N/A #REF! #VALUE! #DIV/0! #NAME? #NUM! #NULL! #SPILL! #CALC! #FIELD! #GETTING_DATA #N/A!".split())
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:e[+-]?[0-9]{1,3})?")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?")
_COMMA = re.compile(r"[+-]?(?:[0-9]+|[0-9]{1,3}(?:\.[0-9]{3})+),[0-9]+")
DASHES = frozenset("-–—―－")
NOTHING = DASHES | {"none", "n/a", "nil", "無", "无"}
_LONGEST_NOTHING = 12


def rounded(value: Decimal) -> Decimal:
    """A decimal to six places."""
    return value if value == value.to_integral_value() else value.quantize(PLACES).normalize()


def refuse_odd(raw: Raw) -> None:
    """Errors and formulas without a value are named as what they are, in any column."""
    if isinstance(raw, Odd) and raw.kind == "error":
        raise Bad("formats.error_cell", raw)
    if isinstance(raw, Odd) and raw.kind == "formula":
        raise Bad("formats.formula", raw)
    if isinstance(raw, str) and raw[:1] == "#":
        word = raw.strip().upper()
        if word in _ERRORS:
            raise Bad("formats.error_cell", raw)
        if set(word) == {"#"}:
            raise Bad("formats.hashes", raw)


def number(raw: Raw, *, comma: bool = False) -> Decimal:
    """The number that a cell holds: thousands separators and full-width digits are understood.

    Raises
    ------
    Bad
        No number, or one that can be read in two ways.
    """
    if isinstance(raw, bool) or (isinstance(raw, float) and not math.isfinite(raw)):
        raise Bad("formats.not_number", raw)
    if isinstance(raw, int | Decimal):
        return Decimal(raw)
    if isinstance(raw, float):
        return Decimal(repr(raw))
    if isinstance(raw, str):
        return _number_from_text(raw, comma=comma)
    refuse_odd(raw)
    if isinstance(raw, Odd) and isinstance(raw.value, float) and raw.kind != "boolean":
        return Decimal(repr(raw.value))
    if isinstance(raw, date | time | timedelta) or (isinstance(raw, Odd) and raw.kind == "moment"):
        raise Bad("formats.date_for_number", raw)
    raise Bad("formats.not_number", raw)


def _number_from_text(raw: str, *, comma: bool) -> Decimal:
    text = raw
    if not _NUMBER.fullmatch(text):
        text = unicodedata.normalize("NFKC", raw).strip().casefold().replace("−", "-").replace("'", "")
    if _NUMBER.fullmatch(text):
        return Decimal(text)
    grouped = _GROUPED.fullmatch(text) is not None
    decimal_comma = _COMMA.fullmatch(text) is not None
    if grouped and comma and decimal_comma:
        raise Bad("formats.ambiguous_number", raw)
    if grouped:
        return Decimal(text.replace(",", ""))
    if decimal_comma and comma:
        return Decimal(text.replace(".", "").replace(",", "."))
    refuse_odd(raw)
    raise Bad("formats.decimal_comma" if decimal_comma else "formats.not_number", raw)


def says_nothing(raw: Raw) -> bool:
    """Whether a cell holds just a dash, "none" or the like, as many people write where there is nothing."""
    return isinstance(raw, str) and len(raw) < _LONGEST_NOTHING and raw.strip().casefold() in NOTHING
