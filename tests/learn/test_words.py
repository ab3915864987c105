"""The room's sentences: each code has one in every language, with the same places, and none is left over."""

import re
import string
from pathlib import Path

import pytest

from fong.lang import LANGUAGES, catalogue

SOURCE = Path(__file__).resolve().parent.parent.parent / "src" / "fong"
FILES = [
    *(SOURCE / "learn").glob("*.py"),
    *(SOURCE / "formats").glob("log*.py"),
    SOURCE / "workshop" / "learning.py",
    SOURCE / "workshop" / "logs.py",
    SOURCE / "render" / "comparison.py",
]
MADE = re.compile(
    r"log_no_(order|step|start|end)|unknown_(machine|person|kind|pieces|setup_matrix|materials|tools|waits|due|holidays|idle)|tending"
)


def sentences(language: str) -> dict[str, str]:
    return {k.removeprefix("learn."): v for k, v in catalogue(language).items() if k.startswith("learn.")}


def places(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_languages_say_the_same(language: str) -> None:
    """The same codes, the same places."""
    english = sentences("en")
    assert {k: places(v) for k, v in sentences(language).items()} == {k: places(v) for k, v in english.items()}


def test_codes_and_sentences_match() -> None:
    """Every code in the source has a sentence; every sentence has a code in the source."""
    text = "\n".join(f.read_text("utf-8") for f in FILES)
    codes = set(re.findall(r'"learn\.([a-z_]+)"', text))
    known = sentences("en").keys()
    assert codes <= known
    reasons = set(re.findall(r'_SetAside\(\s*"([a-z_]+)"', text)) | {"no_order", "no_step", "no_start", "no_end"}
    page = {f"page.{word}" for word in re.findall(r"[\"']([a-z_]+)[\"']", FILES[-1].read_text("utf-8"))}
    faults = set(re.findall(r'_fault\(\s*"([a-z_]+)"', text))
    made = {f"{kind}_{reason}" for kind in ("row", "aside") for reason in reasons}
    plain = {k for k in known if not k.endswith(".how") and not k.startswith(("page.objective_", "page.status_"))}
    assert {k for k in plain - codes - page - made - faults if not MADE.fullmatch(k)} == set()
