"""`fong check` and `fong new` as people run them."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.conftest import TABLES, Run, write_tables

from fong.cli import run
from fong.lang import catalogue


def test_good_input_is_counted(installed: Run, shop: Path) -> None:
    """A workshop without fault is said to be so, with what is in it."""
    done = installed("check", "shop")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == ("No fault in shop: 2 machines, 2 people, 2 items, 3 routing steps, 4 order lines.\n")


@pytest.mark.parametrize(
    ("language", "said"), [("zh-Hant", "沒有錯誤：2 台機，2 人"), ("zh-Hans", "没有错误：2 台机，2 人")]
)
def test_good_input_in_chinese(fong: Run, shop: Path, language: str, said: str) -> None:
    """The same in Chinese."""
    assert said in fong("check", "shop", "--lang", language).stdout


@pytest.mark.parametrize("name", ["knit", "cnc"])
def test_examples_have_no_fault(fong: Run, name: str) -> None:
    """Both examples can be named like an input."""
    assert fong("check", name).returncode == 0


def test_every_fault_is_told_with_its_place(fong: Run, tmp_path: Path) -> None:
    """Five mistakes in three tables are five faults, each with table, row, column and a way out."""
    tables = {name: list(lines) for name, lines in TABLES.items()}
    tables["routing"][1] = "A,10,mill,mill,30,setter,-6,"  # negative time
    tables["routing"][3] = "B,10,mill,press,15,setter,2,"  # no such group
    tables["people"][2] = "Bo,nights,fitter;setter"  # no such calendar
    tables["orders"][3] = "1002,1,Bai,C,80,2026-03-02"  # no such item
    tables["orders"][4] = "1003,1,Au,B,many,2026-03-06"  # no number
    write_tables(tmp_path / "bad", tables)
    done = fong("check", "bad")
    assert done.returncode == 1
    assert done.stdout == ""
    for words in (
        "routing.csv",
        "row 2",
        "people.csv",
        "row 3",
        "orders.csv",
        "row 4",
        "cycle_min",
        "press",
        "nights",
        "many",
    ):
        assert words in done.stderr
    assert "Traceback" not in done.stderr
    advice = done.stderr.count("→")
    faults = int(done.stderr.split()[0])
    assert faults >= 5
    assert advice == faults


def zip_bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("[Content_Types].xml", "<Types/>")
        book.writestr("xl/workbook.xml", b" " * 420_000_000)


def entity(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("[Content_Types].xml", '<!DOCTYPE t [<!ENTITY a "aaaa">]><Types>&a;</Types>')
        book.writestr("xl/workbook.xml", '<!DOCTYPE t [<!ENTITY a "aaaa">]><workbook>&a;</workbook>')


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("empty.xlsx", lambda path: path.write_bytes(b"")),
        ("noise.xlsx", lambda path: path.write_bytes(bytes(range(256)) * 40)),
        pytest.param("bomb.xlsx", zip_bomb, marks=pytest.mark.slow),
        ("entity.xlsx", entity),
        ("cut.txt", lambda path: path.write_text("3 3\n0 1 1 2 2 3\n0 1 1")),
        ("words.txt", lambda path: path.write_text("to be or not to be")),
        ("list.json", lambda path: path.write_text("[1, 2")),
        ("deep.json", lambda path: path.write_text("[" * 100_000)),
        ("empty folder", lambda path: path.mkdir()),
        ("other.pdf", lambda path: path.write_bytes(b"%PDF-1.7")),
        ("not there", lambda _: None),
    ],
)
def test_bad_files_are_refused(fong: Run, tmp_path: Path, name: str, make: Callable[[Path], None]) -> None:
    """Files that are none are refused in a sentence with the file's name and a way out; exit code 1, no traceback."""
    make(tmp_path / name)
    done = fong("check", name)
    assert done.returncode == 1
    assert name.split(".", maxsplit=1)[0] in done.stderr
    assert "Traceback" not in done.stderr
    assert "→" in done.stderr
    assert done.stdout == ""


def test_json_says_what_is_wrong(fong: Run, tmp_path: Path) -> None:
    """`--json` gives one object also where the input is at fault, with the same keys as a plan's."""
    write_tables(tmp_path / "bad", TABLES | {"orders": [TABLES["orders"][0], "1,1,Au,Z,5,2026-03-03"]})
    done = fong("plan", "bad", "--json")
    assert done.returncode == 1
    figures = json.loads(done.stdout)
    assert figures["status"] == "fault"
    assert figures["checked"] is False
    assert figures["objective"] is None
    assert figures["faults"][0]["row"] == 2
    assert "Z" in figures["faults"][0]["message"]


def test_pipe_may_close(shop: Path) -> None:
    """A reader that goes away (`| head -1`) brings no traceback."""
    import os
    import subprocess

    from tests.cli.conftest import COMMAND

    read, written = os.pipe()
    os.close(read)
    done = subprocess.run(
        [COMMAND, "check", str(shop)], stdout=written, stderr=subprocess.PIPE, text=True, check=False, timeout=60
    )
    os.close(written)
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr


def test_new_gives_a_workbook_without_fault(fong: Run, tmp_path: Path) -> None:
    """The template is there, named in the output, and its example can be checked as it is, by file and by folder."""
    done = fong("new", "mine")
    assert done.returncode == 0
    assert (tmp_path / "mine" / "workshop.xlsx").is_file()
    assert str(Path("mine", "workshop.xlsx")) in done.stdout
    assert fong("check", "mine").returncode == 0
    assert fong("check", Path("mine", "workshop.xlsx")).returncode == 0


def test_new_overwrites_nothing(fong: Run, tmp_path: Path) -> None:
    """A workbook that is there stays as it is."""
    mine = tmp_path / "mine" / "workshop.xlsx"
    mine.parent.mkdir()
    mine.write_bytes(b"a year of work")
    done = fong("new", "mine")
    assert done.returncode == 1
    assert "workshop.xlsx" in done.stderr
    assert mine.read_bytes() == b"a year of work"


@pytest.mark.parametrize("path", ["x" * 5000, "shop/" + "y" * 300])
def test_impossible_path(fong: Run, shop: Path, path: str) -> None:
    """A name that no system takes is told like a file that cannot be read, coming in or going out."""
    done = fong("check", path)
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    done = fong("plan", "shop", "--out", f"{path}.html")
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    done = fong("new", path)
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)


def test_folder_without_rights(shop: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder that may not be looked into is told with the system's own reason."""

    def no(_: Path) -> None:
        raise PermissionError(13, "Permission denied")

    catalogue("en")  # read before: its files lie in a folder, too
    monkeypatch.setattr(Path, "iterdir", no)
    assert run(["check", str(shop), "--lang", "en"]) == 1
    assert "Permission denied" in capsys.readouterr().err


@pytest.mark.parametrize("moment", ["0001-01-01", "9999-12-31T23:59", "1999-12-31"])
def test_now_out_of_time(fong: Run, shop: Path, moment: str) -> None:
    """A moment outside the years that tables may hold is a wrong call."""
    done = fong("check", "shop", "--now", moment)
    assert done.returncode == 2
    assert "2000" in done.stderr


@pytest.mark.parametrize("out", ["shop/orders.csv", "one.json"])
def test_nothing_is_written_over_the_input(fong: Run, shop: Path, out: str) -> None:
    """A plan may not take the place of the workshop that it was made from."""
    path = shop.parent / out
    if not path.exists():
        path.write_text("{}", encoding="utf-8")
    before = path.read_bytes()
    done = fong("plan", "shop" if "/" in out else out, "--out", out)
    assert done.returncode == 2
    assert path.read_bytes() == before


@pytest.mark.parametrize("plan", ["shop", "/dev/zero"])
def test_plan_that_is_no_file(fong: Run, shop: Path, plan: str) -> None:
    """A folder or an endless device is no plan file; it is told at once."""
    done = fong("check", "shop", "--plan", plan)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
