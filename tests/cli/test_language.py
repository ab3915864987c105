"""Which language the door speaks."""

import json
import string
from pathlib import Path

import pytest

from fong.cli.language import chosen_language, language_of, locale_in
from fong.errors import UsageError
from fong.lang import LANGUAGES, catalogue


@pytest.mark.parametrize(
    ("locale_name", "language"),
    [
        ("zh_HK.UTF-8", "zh-Hant"),
        ("zh_TW", "zh-Hant"),
        ("zh_MO.UTF-8", "zh-Hant"),
        ("zh-Hant_HK.UTF-8", "zh-Hant"),
        ("Chinese (Traditional)_Hong Kong SAR", "zh-Hant"),
        ("zh_CN.UTF-8", "zh-Hans"),
        ("zh_SG", "zh-Hans"),
        ("Chinese (Simplified)_China", "zh-Hans"),
        ("en_GB.UTF-8", "en"),
        ("de_DE", "en"),
        ("C", "en"),
        ("", "en"),
    ],
)
def test_locale_names_a_language(locale_name: str, language: str) -> None:
    """Locales of Hong Kong, Taiwan and Macao read 繁體, other Chinese ones 简体, all others English."""
    assert language_of(locale_name) == language


def test_environment_is_asked_in_order() -> None:
    """LC_ALL stands above LC_MESSAGES, that above LANG; an empty variable counts as none."""
    both = {"LC_ALL": "", "LC_MESSAGES": "zh_HK", "LANG": "en_GB"}
    assert locale_in(both) == "zh_HK"
    assert locale_in(both | {"LC_ALL": "C"}) == "C"
    assert locale_in({"LANG": "zh_CN"}) == "zh_CN"
    assert locale_in({}) == ""


@pytest.mark.parametrize(
    ("arguments", "language"),
    [
        ([], "en"),
        (["--lang", "zh-Hant", "plan", "x"], "zh-Hant"),
        (["plan", "x", "--lang=zh-Hans"], "zh-Hans"),
        (["plan", "--lang", "zh-Hant", "--lang", "zh_hans"], "zh-Hans"),
        (["plan", "--", "--lang", "zh-Hant"], "en"),
        (["plan", "--language", "zh-Hant"], "en"),
    ],
)
def test_language_may_stand_anywhere(arguments: list[str], language: str) -> None:
    """`--lang` counts before and after the command, the last one wins, after `--` it is a name."""
    assert chosen_language(arguments, "en") == language


@pytest.mark.parametrize("arguments", [["--lang", "fr"], ["--lang"], ["--lang="]])
def test_unknown_language_is_refused(arguments: list[str]) -> None:
    """A language that Fong does not speak is a wrong call."""
    with pytest.raises(UsageError, match=r"cli\.unknown_language"):
        chosen_language(arguments, "en")


def places(sentence: str) -> set[str]:
    """Names and formats of the places of a sentence; which form of a plural is used is the language's own affair."""
    fields = ((name, spec or "") for _, name, spec, _ in string.Formatter().parse(sentence) if name)
    return {f"{name}:{spec}" if spec and "|" not in spec else name for name, spec in fields}


@pytest.mark.parametrize("language", [name for name in LANGUAGES if name != "en"])
def test_door_speaks_every_language_fully(language: str) -> None:
    """Every sentence of the door is there in every language, with the same places."""
    english = {k: v for k, v in catalogue("en").items() if k.startswith("cli.")}
    other = {k: v for k, v in catalogue(language).items() if k.startswith("cli.")}
    assert other.keys() == english.keys()
    assert {k: places(v) for k, v in other.items()} == {k: places(v) for k, v in english.items()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalogue_names_each_sentence_once(language: str) -> None:
    """No key stands twice in the file, where the later one would hide the earlier."""
    file = Path(__file__).parents[2] / "src" / "fong" / "lang" / language / "cli.json"
    keys: list[str] = []
    json.loads(file.read_text(encoding="utf-8"), object_pairs_hook=lambda pairs: keys.extend(k for k, _ in pairs))
    assert len(keys) == len(set(keys))
