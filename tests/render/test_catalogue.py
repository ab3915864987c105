"""The texts of this room: the same keys and places in three languages, and none is missing."""

import re
from pathlib import Path

import pytest

import fong.render
from fong.lang import LANGUAGES, catalogue
from fong.render.phrases import places

SOURCES = Path(fong.render.__file__).parent


def own(language: str) -> dict[str, str]:
    return {k: v for k, v in catalogue(language).items() if k.startswith("render.")}


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_languages_say_the_same_things(language: str) -> None:
    """Each text has its counterpart, with values in the same places (a plural only where the language has one)."""
    english, other = own("en"), own(language)
    assert english.keys() == other.keys()
    for key, text in other.items():
        assert {n for n, _ in places(text)} == {n for n, _ in places(english[key])}, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty(language: str) -> None:
    """Every text says something, and none is a copy of its key."""
    assert all(text.strip() and text != key for key, text in own(language).items())


def test_texts_that_code_asks_for_are_there() -> None:
    """Every fixed key in the room's code is in the catalogue."""
    asked = {
        key
        for file in SOURCES.glob("*.py")
        for key in re.findall(r'say\("([a-z_.]+)"', file.read_text(encoding="utf-8"))
    }
    assert len(asked) > 10
    assert {f"render.{key}" for key in asked} <= own("en").keys()


@pytest.mark.parametrize(("one", "other"), [("zh-Hant", "zh-Hans"), ("zh-Hans", "zh-Hant")])
def test_scripts_are_not_mixed(one: str, other: str) -> None:
    """A character that one script alone uses for these words does not turn up in the other's texts."""
    only = {"zh-Hant": "機單線開關時間員區類點數裝裡這為換顯應", "zh-Hans": "机单线开关时间员区类点数装里这为换显应"}
    shared = set(only[one]) & set(only[other])
    foreign = set(only[other]) - shared
    assert {c for text in own(one).values() for c in text} & foreign == set()
