"""A header as its owner wrote it → the column it means, and the unit it states ("setup (hr)", "cycle sec", "min/件")."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType

from fong.formats.tables import TABLES, Column, Kind
from fong.formats.words import column_index, plain

_TIME = {
    "s": "s|sec|secs|second|seconds|秒|秒鐘|秒钟",
    "min": "min|mins|minute|minutes|分|分鐘|分钟",
    "h": "h|hr|hrs|hour|hours|小時|小时|時|时|鐘頭|钟头",
    "d": "d|day|days|日|天|工作天|工作日",
}
_MASS = {"kg": "kg|kgs|公斤|千克", "g": "g|gram|grams|克", "lb": "lb|lbs|磅"}
_LENGTH = {"m": "m|metre|meter|metres|meters|米|公尺", "cm": "cm|厘米|公分", "mm": "mm|毫米|公釐"}
_POWER = {"kW": "kw|千瓦", "W": "w|watt|watts|瓦"}


def _words(units: Mapping[str, str]) -> Mapping[str, str]:
    return MappingProxyType({plain(w): unit for unit, words in units.items() for w in words.split("|")})


_FAMILY: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {"min": _words(_TIME), "d": _words(_TIME), "h": _words(_TIME)}
    | {"kg": _words(_MASS), "m": _words(_LENGTH), "kW": _words(_POWER)}
)
"""Words of units by the column's own unit."""
_ANY_UNIT = frozenset(w for words in _FAMILY.values() for w in words) | frozenset(
    plain(w)
    for w in "week|weeks|wk|週|周|month|months|月|year|years|年|dozen|dz|doz|打|ft|feet|呎|尺|ft2|sqft|平方呎|ton|tons|噸|吨|%|fraction|ms".split(
        "|"
    )
)
"""Words that state a unit: where the column does not know it, the header is not understood, rather than misread."""

SIZE_OF_UNIT: Mapping[str, Fraction] = MappingProxyType(
    {
        "s": Fraction(1),
        "min": Fraction(60),
        "h": Fraction(3600),
        "d": Fraction(86_400),
        "kg": Fraction(1),
        "g": Fraction(1, 1000),
        "lb": Fraction(45_359_237, 100_000_000),
        "m": Fraction(1),
        "cm": Fraction(1, 100),
        "mm": Fraction(1, 1000),
        "kW": Fraction(1),
        "W": Fraction(1, 1000),
    }
)
"""Units in seconds, kilograms, metres and kilowatts."""

_BRACKETS = re.compile(r"[(\[{<【（]([^)\]}>】）]*)[)\]}>】）]?")
_PER_PIECE = re.compile(
    r"\s*(?:/|per|每)\s*(?:one\s+)?(?:pcs|pc|piece|pieces|unit|part|cycle|件|個|个|只|pair|batch|批|模|次)\s*$"
)
_LAST_WORD = re.compile(
    r"^(.*?)[\s_\-./、,]*((?:[a-z]+|秒鐘?|秒钟|分鐘?|分钟|小時|小时|時|时|鐘頭|钟头|日|天|工作天|公斤|千克|克|米|毫米|厘米|公分|千瓦|瓦))$"
)
_RUNS = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]+|[^\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]+")


@dataclass(frozen=True, slots=True)
class Meaning:
    """A header's column and, where it states one, its unit."""

    column: str
    unit: str = ""


def unit_of(column: Column, text: str) -> str:
    """The unit that a word names in a column's family (``hr`` → ``h``), empty if it names none."""
    words = _FAMILY.get(column.unit)
    if words is None:
        return ""
    return words.get(plain(_PER_PIECE.sub("", text.strip())), "")


@lru_cache(maxsize=4096)
def meaning(table: str, text: str) -> Meaning | None:
    """What a header means in a table, or None if nobody knows it."""
    shown = unicodedata.normalize("NFKC", text).casefold().strip()
    direct = column_index(table).get(plain(shown))
    if direct is not None:
        return Meaning(direct)
    return _with_unit(table, shown) or _two_languages(table, shown) or _unit_alone(table, shown)


def _with_unit(table: str, shown: str) -> Meaning | None:
    """``setup (hr)``, ``setup [min/件]``, ``cycle sec``, ``單件工時秒``; a bracket without a unit is a remark."""
    bracket = _BRACKETS.search(shown)
    if bracket is not None:
        base = _BRACKETS.sub(" ", shown)
        name = column_index(table).get(plain(base)) or column_index(table).get(plain(_PER_PIECE.sub("", base)))
        if name is not None:
            return _stated(table, name, bracket[1])
    without = _PER_PIECE.sub("", shown)
    last = _LAST_WORD.match(without)
    for base, word in ((without, ""), *(((last[1], last[2]),) if last else ())):
        name = column_index(table).get(plain(base))
        if name is None:
            continue
        unit = unit_of(TABLES[table].column(name), word) if word else ""
        if unit or not word:
            return Meaning(name, unit)
    return None


def _stated(table: str, name: str, text: str) -> Meaning | None:
    """A column and what a bracket says about it; None if that is a unit which the column does not know."""
    column = TABLES[table].column(name)
    unit = unit_of(column, text)
    word = plain(_PER_PIECE.sub("", text.strip()))
    if unit and (column.kind is not Kind.INT or unit == column.unit):
        return Meaning(name, unit)
    if word in _ANY_UNIT and not (column.kind is Kind.PERCENT and word == "%"):
        return None
    return Meaning(name)


def _two_languages(table: str, shown: str) -> Meaning | None:
    """``order 訂單編號``, ``數量/Qty``: every part must be known, and all must mean the same."""
    for parts in (_RUNS.findall(shown), shown.split("\n"), shown.split("/"), re.split(r"[()\[\]]", shown)):
        names = {column_index(table).get(plain(p)) for p in parts if plain(p)}
        if len(names) == 1 and None not in names:
            return Meaning(names.pop() or "")
    return None


def _unit_alone(table: str, shown: str) -> Meaning | None:
    """``min/件`` or ``秒/pc``: the time of one piece."""
    if table not in {"routing", "speeds"} or not _PER_PIECE.search(shown):
        return None
    unit = unit_of(TABLES[table].column("cycle_min"), shown)
    return Meaning("cycle_min", unit) if unit else None
