"""A wrong call: exit code 2, a sentence, no traceback, nothing done."""

import subprocess
from pathlib import Path

import pytest
from tests.cli.conftest import COMMAND, Run

from fong.cli import run


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["plan"], "Missing argument"),
        (["plan", "shop", "--sekonds", "3"], "No such option: --sekonds"),
        (["plan", "shop", "--seconds", "soon"], "--seconds"),
        (["plan", "shop", "--seconds", "-1"], "--seconds"),
        (["plan", "shop", "--seconds", "nan"], "--seconds"),
        (["plan", "shop", "--seconds", "inf"], "--seconds cannot be inf"),
        (["plan", "shop", "--workers", "0"], "--workers"),
        (["plan", "shop", "--seed", "-1"], "--seed"),
        (["plan", "shop", "--objective", "profit"], "--objective"),
        (["plan", "shop", "--now", "tomorrow"], "“tomorrow” is no moment"),
        (["plan", "shop", "--format", "pdf"], "--format cannot be “pdf”"),
        (["plan", "shop", "--out", "plan.pdf"], "No idea how to write “plan.pdf”"),
        (["plan", "shop", "--out", "nowhere/plan.html"], "no folder “nowhere”"),
        (["plan", "shop", "--out", "a.csv", "--out", "a.csv"], "“a.csv” was given twice"),
        (["explain", "shop"], "--order"),
        (["day-list", "shop", "--day", "someday"], "“someday” is no date"),
        (["day-list", "shop", "--by", "zone"], "--by cannot be “zone”"),
        (["tonight", "shop", "--out", "list.pdf"], "list.pdf"),
        (["learn", "log.csv"], "--out"),
        (["learn", "log.csv", "--out", "x", "--column", "order"], "“order” is not NAME=VALUE"),
        (["learn", "log.csv", "--out", "x", "--column", "colour=Farbe"], "--column"),
        (["new"], "Missing argument"),
        (["plna"], "No such command 'plna'"),
        (["plan", "shop", "--lang", "fr"], "No language “fr”"),
    ],
)
def test_wrong_call(
    shop: Path, arguments: list[str], said: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """What is wrong is named, and nothing is written."""
    monkeypatch.chdir(shop.parent)
    monkeypatch.setenv("LC_ALL", "C")
    assert run(arguments) == 2
    out, err = capfd.readouterr()
    assert said in err
    assert out == ""
    assert [path.name for path in shop.parent.iterdir()] == ["shop"]


@pytest.mark.parametrize(
    ("language", "said"), [("zh-Hant", "不是時間。\n→ 請寫成"), ("zh-Hans", "不是时间。\n→ 请写成")]
)
def test_wrong_call_is_told_in_the_language(language: str, said: str, capfd: pytest.CaptureFixture[str]) -> None:
    """The door's own words are translated."""
    assert run(["plan", "knit", "--now", "x", "--lang", language]) == 2
    assert said in capfd.readouterr().err


def test_wrong_call_as_people_see_it(installed: Run) -> None:
    """The process ends with code 2, and no traceback."""
    done = installed("plan", "shop", "--sekonds", "3")
    assert done.returncode == 2
    assert done.stderr.startswith("The call is not right. No such option: --sekonds")
    assert done.stderr.endswith("→ see `fong plan --help`\n")


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
