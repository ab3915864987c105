"""The figures of an example, read from its TOML file: each with its mark, words in three languages.

A figure stands as ``{ value = 40, sourced = "…" }`` or ``{ value = 12, assumed = [8, 16] }``; a word as
``{ en = …, "zh-Hant" = …, "zh-Hans" = … }``. Figures in rows have their mark under ``[marks.<table>]``.
"""

from __future__ import annotations

import tomllib
from datetime import time
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any

Tree = dict[str, Any]
"""What a TOML table becomes."""


@cache
def _text(name: str) -> str:
    return resources.files(__package__).joinpath(f"{name}.toml").read_text("utf-8")


def marked(name: str) -> Tree:
    """The file as it stands, with marks and all languages."""
    return tomllib.loads(_text(name), parse_float=Decimal)


def figures(name: str, language: str) -> Tree:
    """The file's values alone, words in ``language``. Numbers with a point are :class:`~decimal.Decimal`."""
    tree: Tree = _plain(marked(name), language)
    return tree


def _plain(node: Any, language: str) -> Any:  # noqa: ANN401 - TOML holds anything
    if isinstance(node, list):
        return [_plain(x, language) for x in node]
    if not isinstance(node, dict):
        return node
    if "value" in node:
        return node["value"]
    if "en" in node:
        return node[language]
    return {k: _plain(v, language) for k, v in node.items() if k not in {"marks", "sources"}}


def seconds(minutes: Decimal | float) -> int:
    """Minutes as whole seconds."""
    return round(minutes * 60)


def cents(money: Decimal | float) -> int:
    """Dollars as whole cents."""
    return round(money * 100)


def of_day(clock: time) -> int:
    """Seconds after midnight."""
    return clock.hour * 3600 + clock.minute * 60 + clock.second
