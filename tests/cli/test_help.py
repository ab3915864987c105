"""Help: quick, complete, in three languages, and the reference page that is made of it."""

from pathlib import Path

import pytest
from tests.cli.conftest import Run

from fong.cli.commands import tree
from fong.cli.options import Objective
from fong.cli.reference import reference
from fong.lang import LANGUAGES
from fong.model.objective import OBJECTIVES

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = ("plan", "explain", "check", "new", "learn", "demo", "day-list", "tonight")
HEADINGS = {"en": "Options:", "zh-Hant": "選項：", "zh-Hans": "选项："}


def test_reference_is_fresh() -> None:
    """The page of commands says what `--help` says; `python -m fong.cli.reference` writes it anew."""
    page = ROOT / "docs" / "reference" / "cli.md"
    assert page.read_text(encoding="utf-8") == reference()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("command", COMMANDS)
def test_each_option_is_explained(command: str, language: str) -> None:
    """Every command and each of its options has words of its own in every language."""
    found = tree(language).commands[command]
    assert found.help
    assert found.short_help
    assert {param.name: bool(param.help) for param in found.params} == {param.name: True for param in found.params}


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_speaks_the_language(fong: Run, language: str) -> None:
    """The list of commands and a command's page are in the language asked for, headings included."""
    for arguments in (["--help"], ["plan", "--help"]):
        done = fong(*arguments, "--lang", language)
        assert done.returncode == 0
        assert HEADINGS[language] in done.stdout
        assert ("Show this message" in done.stdout) == (language == "en")


def test_all_commands_are_listed(fong: Run) -> None:
    """`fong` alone and `fong --help` list every command."""
    listed = fong("--help").stdout
    assert all(f"\n  {command} " in listed for command in COMMANDS)
    assert fong().stdout == listed


def test_language_comes_from_the_environment(installed: Run) -> None:
    """LANG decides where `--lang` does not."""
    assert "指令：" in installed("--help", LANG="zh_HK.UTF-8").stdout
    assert "Commands:" in installed("--help", "--lang", "en", LANG="zh_HK.UTF-8").stdout


def test_objectives_are_those_of_the_planner() -> None:
    """The door offers just what the planner can minimise."""
    assert tuple(goal.value for goal in Objective) == OBJECTIVES


def test_version(installed: Run) -> None:
    """`fong --version` names the version."""
    from fong import __version__

    assert installed("--version").stdout == f"fong {__version__}\n"
