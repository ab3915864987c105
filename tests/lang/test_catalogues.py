"""The catalogues say the same in three languages, and every code that is used has its sentence."""

import re
from pathlib import Path

import pytest

from fong.lang import LANGUAGES, catalogue

SOURCE = Path(__file__).parents[2] / "src" / "fong"
PLACE = re.compile(r"{(\w+)(?::[^}]*)?}")


def test_every_language_has_every_sentence() -> None:
    """No code stands in one catalogue and lacks in another."""
    english = set(catalogue("en"))
    for language in LANGUAGES:
        assert set(catalogue(language)) == english


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_a_sentence_has_the_same_places_in_every_language(language: str) -> None:
    """A translation may leave out a plural, but names nothing that the English sentence does not have."""
    for code, sentence in catalogue("en").items():
        assert set(PLACE.findall(catalogue(language)[code])) <= set(PLACE.findall(sentence)), code


def test_every_code_in_the_source_has_a_sentence() -> None:
    """A message of a pure room can always be said."""
    rooms = {code.split(".")[0] for code in catalogue("en")}
    used = {
        code
        for file in SOURCE.rglob("*.py")
        for code in re.findall(r'"((?:' + "|".join(sorted(rooms)) + r')\.[a-z_]+)(?<!\.md)"', file.read_text("utf-8"))
    }
    assert used
    assert sorted(used - set(catalogue("en"))) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_for_no_plan_has_a_way_out(language: str) -> None:
    """Where nothing can be planned, people are told what to change."""
    known = {k for k in catalogue(language) if k.startswith("solve.")}
    assert {f"{k}.how" for k in known if not k.endswith(".how")} <= known
