"""Message catalogues: codes and parameters in, sentences out, in English, 繁體中文 and 简体中文.

A catalogue is a folder ``<language>/`` of JSON files ``<room>.json`` that map a code without its room to a sentence. Places in a
sentence are ``{name}`` or ``{name:spec}``; specs: ``one|many`` (plural by the number), ``duration`` (seconds), ``time`` and ``date``
(aware or naive datetimes), ``money`` (cents), ``quoted``, ``names`` (one a line, each quoted).
"""

from __future__ import annotations

import json
import string
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib import resources

LANGUAGES = ("en", "zh-Hant", "zh-Hans")

_DAYS = {"en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), "zh": ("一", "二", "三", "四", "五", "六", "日")}
_UNITS = {
    "en": ("{} d", "{} h", "{} min", "{} s"),
    "zh-Hant": ("{} 天", "{} 小時", "{} 分鐘", "{} 秒"),
    "zh-Hans": ("{} 天", "{} 小时", "{} 分钟", "{} 秒"),
}


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """All sentences of one language by full code (``room.name``)."""
    out: dict[str, str] = {}
    folder = resources.files(__package__).joinpath(language)
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        if entry.name.endswith(".json"):
            room = entry.name.removesuffix(".json")
            out |= {f"{room}.{k}": v for k, v in json.loads(entry.read_text("utf-8")).items()}
    return out


class _Formatter(string.Formatter):
    def __init__(self, language: str) -> None:
        self.language = language

    def format_field(self, value: object, format_spec: str) -> str:
        if "|" in format_spec:
            one, many = format_spec.split("|", 1)
            return one if value == 1 else many
        if format_spec == "duration":
            return duration(int(str(value)), self.language)
        if format_spec == "money":
            return f"{int(str(value)) / 100:,.0f}"
        if format_spec in {"quoted", "names"}:
            names = str(value).split("\n") if format_spec == "names" else [str(value)]
            return (", " if self.language == "en" else "、").join(quoted(name, self.language) for name in names)
        if isinstance(value, datetime):
            return moment(value, self.language, with_time=format_spec != "date")
        return super().format_field(value, format_spec) if isinstance(value, int | float) else str(value)


def quoted(words: str, language: str) -> str:
    """Words in quotation marks."""
    return f"「{words}」" if language == "zh-Hant" else f"“{words}”"


def duration(seconds: int, language: str) -> str:
    """A length of time as people say it, two units at most: ``6 h 20 min``."""
    sign, s = ("−", -seconds) if seconds < 0 else ("", seconds)
    if s >= 60:  # noqa: PLR2004
        s = (s + 30) // 60 * 60
    parts = (s // 86400, s // 3600 % 24, s // 60 % 60, s % 60)
    words = [u.format(n) for n, u in zip(parts, _UNITS[language], strict=True) if n][:2]
    return sign + (" ".join(words) or _UNITS[language][3].format(0))


def moment(t: datetime, language: str, *, with_time: bool = True) -> str:
    """A moment as people say it: ``Tue 3 Mar 14:30``, ``3月3日(二) 14:30``."""
    clock = f" {t:%H:%M}" if with_time else ""
    if language == "en":
        return f"{_DAYS['en'][t.weekday()]} {t.day} {t:%b}{clock}"
    return f"{t.month}月{t.day}日({_DAYS['zh'][t.weekday()]}){clock}"


def text(code: str, params: Mapping[str, object], language: str = "en") -> str:
    """The sentence of ``code`` in ``language``.

    Raises
    ------
    KeyError
        No such code, or a place of the sentence has no parameter: both are bugs, not input faults.
    """
    return _Formatter(language).vformat(catalogue(language)[code], (), params)
