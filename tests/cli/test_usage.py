"""A wrong call: exit code 2, a sentence, no traceback, nothing done."""

import re
import subprocess
from pathlib import Path

import pytest
from tests.cli.conftest import COMMAND, Run

from fong.cli import run

WRONG = [
    ([], "No command is given"),
    (["plan"], "`fong plan` needs PATH|knit|cnc"),
    (["plan", "shop", "more"], "no place for “more”"),
    (["plan", "shop", "--sekonds", "3"], "no option “--sekonds”.\n→ did you mean --seconds"),
    (["plan", "shop", "-z"], "no option “-z”.\n→ see"),
    (["plan", "shop", "--seconds", "soon"], "--seconds cannot be “soon”.\n→ give a number from 0 on"),
    (["plan", "shop", "--seconds", "-1"], "--seconds cannot be “-1”"),
    (["plan", "shop", "--seconds", "nan"], "--seconds cannot be “nan”"),
    (["plan", "shop", "--seconds", "inf"], "--seconds cannot be “inf”"),
    (["plan", "shop", "--workers", "0"], "--workers cannot be “0”.\n→ give a whole number from 1 to 256"),
    (["plan", "shop", "--workers", "2.5"], "--workers cannot be “2.5”"),
    (["plan", "shop", "--seed", "-1"], "--seed cannot be “-1”"),
    (["plan", "shop", "--objective", "profit"], "--objective cannot be “profit”.\n→ choose one of makespan, "),
    (["plan", "shop", "--now", "tomorrow"], "“tomorrow” is no moment"),
    (["plan", "shop", "--json=3"], "--json takes no value.\n→ see `fong plan --help`"),
    (["plan", "shop", "--out"], "--out needs a value.\n→ see `fong plan --help`"),
    (["plan", "shop", "--format", "pdf"], "--format cannot be “pdf”"),
    (["plan", "shop", "--out", "plan.pdf"], "No idea how to write “plan.pdf”"),
    (["plan", "shop", "--out", "nowhere/plan.html"], "no folder “nowhere”"),
    (["plan", "shop", "--out", "a.csv", "--out", "a.csv"], "“a.csv” was given twice"),
    (["explain", "shop"], "`fong explain` needs --order"),
    (["day-list", "shop", "--day", "someday"], "“someday” is no date"),
    (["day-list", "shop", "--by", "zone"], "--by cannot be “zone”"),
    (["tonight", "shop", "--out", "list.pdf"], "“list.pdf” cannot be written: there are pages only (.html).\n→ let"),
    (["day-list", "shop", "--out", "list.pdf"], "pages only (.html)"),
    (["plan", "shop", "--only", "Ann"], "--only is for a calendar.\n→ add --out"),
    (["plan", "shop", "--only", "Ann", "--out", "a.html"], "--only is for a calendar"),
    (["learn", "log.csv"], "`fong learn` needs --out"),
    (["learn", "log.csv", "--out", "x", "--column", "order"], "“order” is not NAME=VALUE"),
    (["learn", "log.csv", "--out", "x", "--column", "colour=Farbe"], "--column"),
    (["learn", "log.csv", "--out", "x", "--date-order", "dym"], "--date-order cannot be “dym”"),
    (["learn", "log.csv", "--out", "x", "--longest-hours", "99999"], "from 1 to 8784"),
    (["learn", "log.csv", "--out", "x", "--behind-min", "60", "--behind-min", "x"], "--behind-min cannot be “x”"),
    (["learn", "log.csv", "--out", "x", "--behind-min", "60"], "--behind-min is about a second log.\n→ add --enrich"),
    (["learn", "log.csv", "--out", "x", "--enrich-column", "order=A"], "--enrich-column is about a second log"),
    (["learn", "log.csv", "--out", "x", "--objective", "profit"], "--objective cannot be “profit”"),
    (["new"], "`fong new` needs DIR"),
    (["plna"], "no command “plna”.\n→ did you mean plan?"),
    (["frobnicate"], "no command “frobnicate”.\n→ see `fong --help`"),
    (["plan", "shop", "--lang", "fr"], "No language “fr”"),
]


@pytest.mark.parametrize(("arguments", "said"), WRONG)
def test_wrong_call(
    shop: Path, arguments: list[str], said: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """What is wrong is named, and nothing is written."""
    monkeypatch.chdir(shop.parent)
    monkeypatch.setenv("LC_ALL", "C")
    assert run(["--lang", "en", *arguments]) == 2
    out, err = capfd.readouterr()
    assert said in err
    assert out == ""
    assert [path.name for path in shop.parent.iterdir()] == ["shop"]


@pytest.mark.parametrize("arguments", [arguments for arguments, _ in WRONG if "fr" not in arguments])
@pytest.mark.parametrize("language", ["zh-Hant", "zh-Hans"])
def test_wrong_call_is_told_in_the_language(
    language: str, arguments: list[str], shop: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Not one English sentence in a Chinese answer, neither the door's own nor those of what it is made with."""
    monkeypatch.chdir(shop.parent)
    assert run(["--lang", language, *arguments]) == 2
    told, advice = capfd.readouterr().err.split("\n→ ")
    for words in (told, advice):
        assert re.search("[\u4e00-\u9fff]", words)
        assert not re.search("[A-Za-z]{2,} [A-Za-z]{2,}", re.sub("`[^`]*`", "", words))
        assert not re.search("[\u4e00-\u9fff] [「“]|[」”] [\u4e00-\u9fff]", words)


def test_each_chinese_answer_is_in_its_script(capfd: pytest.CaptureFixture[str]) -> None:
    """Each of the two Chinese answers is in its own script."""
    assert run(["--lang", "zh-Hant", "plan", "knit", "--now", "x"]) == 2
    assert "不是時間。\n→ 請寫成" in capfd.readouterr().err
    assert run(["--lang", "zh-Hans", "plan", "knit", "--now", "x"]) == 2
    assert "不是时间。\n→ 请写成" in capfd.readouterr().err


def test_wrong_call_as_people_see_it(installed: Run) -> None:
    """The process ends with code 2, and no traceback."""
    done = installed("plan", "shop", "--sekonds", "3")
    assert done.returncode == 2
    assert done.stderr.startswith("There is no option “--sekonds”.\n")
    assert done.stderr.endswith("See `fong plan --help`\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.may_skip("no device that is always full")
@pytest.mark.parametrize("arguments", [["--help"], ["plan", "--help"]])
def test_no_room_for_the_answer(arguments: list[str]) -> None:
    """A full disk where the answer goes: exit code 1, one sentence, no traceback."""
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [COMMAND, "--lang", "en", *arguments], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 1
    assert done.stderr == "The answer could not be written: no space is left where it goes.\n"
