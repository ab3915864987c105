"""`fong learn`: the main points on one screen, every line of it in a report beside the tables."""

from pathlib import Path

import pytest
from tests.cli.conftest import Run

from fong.cli.learning import FIRST, at_once
from fong.cli.speaking import Voice
from fong.lang import LANGUAGES, catalogue

REPORTS = {"shop": "shop/_report.txt", "shop.xlsx": "shop_report.txt"}


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Forty steps, each at a machine of its own, each done once by each of two people."""
    rows = [
        f"{n},step {s:02},machine {s:02},{who},2026-03-{2 + n:02} {8 + s % 9:02}:00,2026-03-{2 + n:02} {8 + s % 9:02}:40"
        for n, who in enumerate(("Ann", "Bo"))
        for s in range(40)
    ]
    path = tmp_path / "log.csv"
    path.write_text("\n".join(["order,step,machine,person,start,end", *rows]) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("out", REPORTS)
def test_one_screen_and_a_report(fong: Run, log: Path, tmp_path: Path, out: str) -> None:
    """Of forty statements of a kind one is shown, with how many more there are; the report has them all, and is named."""
    done = fong("learn", log.name, "--out", out)
    assert done.returncode == 0, done.stderr
    shown = done.stdout.splitlines()
    assert len(shown) <= 41
    report = (tmp_path / REPORTS[out]).read_text(encoding="utf-8")
    assert len(report.splitlines()) > 80
    assert f"Every line of it: {Path(REPORTS[out])}" in shown
    assert sum("can run on machine" in line for line in shown) == 1
    assert any("“step 00” can run on machine 00. (and 39 more like it)" in line for line in shown)
    assert all(f"“step {s:02}” can run on machine {s:02}." in report for s in range(40))
    assert shown[0] == report.splitlines()[0]


@pytest.mark.parametrize(("language", "said"), [("zh-Hant", "同類還有 39 項"), ("zh-Hans", "同类还有 39 项")])
def test_the_report_speaks_the_language(fong: Run, log: Path, tmp_path: Path, language: str, said: str) -> None:
    """What is left out is told in the language, in which the report is written, too."""
    done = fong("learn", log.name, "--out", "shop", "--lang", language)
    assert said in done.stdout
    assert "Assumed" not in (tmp_path / "shop" / "_report.txt").read_text(encoding="utf-8")


def test_a_report_that_is_there_stays(fong: Run, log: Path, tmp_path: Path) -> None:
    """Beside a workbook nothing is written over; a folder that was learned is learned anew with its report."""
    (tmp_path / "shop_report.txt").write_text("mine", encoding="utf-8")
    done = fong("learn", log.name, "--out", "shop.xlsx")
    assert done.returncode == 2
    assert "shop_report.txt" in done.stderr
    assert not (tmp_path / "shop.xlsx").exists()
    assert fong("learn", log.name, "--out", "shop").returncode == 0
    assert fong("learn", log.name, "--out", "shop").returncode == 0


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "1 machine: 9,027 h · 2: 1,770 h · 3: 0.5 h · 4 or more: 43 h"),
        ("zh-Hant", "1 台機：9,027 小時 · 2 台：1,770 小時 · 3 台：0.5 小時 · 4 台或以上：43 小時"),
        ("zh-Hans", "1 台机：9,027 小时 · 2 台：1,770 小时 · 3 台：0.5 小时 · 4 台或以上：43 小时"),
    ],
)
def test_machines_at_once_in_one_line(language: str, said: str) -> None:
    """Every number of machines that one person had at once is told, from four on together."""
    tending = {1: 9027 * 3600 + 900, 2: 1770 * 3600, 3: 1800, 4: 40 * 3600, 5: 3 * 3600}
    assert at_once(tending, Voice(language)) == [said]


@pytest.mark.parametrize(("tending", "said"), [({}, []), ({2: 3600, 4: 7200}, ["2 machines: 1 h · 4: 2 h"])])
def test_few_machines_at_once(tending: dict[int, int], said: list[str]) -> None:
    """What never happened is not told, nor that four might be more."""
    assert at_once(tending, Voice("en")) == said


def test_machines_at_once_on_the_screen(fong: Run, tmp_path: Path) -> None:
    """An hour with one machine and one with two: both are on the screen, and in the report."""
    rows = ["1,a,A,Ann,2026-03-02 08:00,2026-03-02 10:00", "2,b,B,Ann,2026-03-02 09:00,2026-03-02 10:00"]
    (tmp_path / "log.csv").write_text("\n".join(["order,step,machine,person,start,end", *rows]), encoding="utf-8")
    done = fong("learn", "log.csv", "--out", "shop")
    assert "  – 1 machine: 1 h · 2: 1 h" in done.stdout.splitlines()
    report = (tmp_path / "shop" / "_report.txt").read_text(encoding="utf-8").splitlines()
    assert "  – 1.0 h with 2 machines at once" in report


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("", "At least 2 orders are needed to compare; the log has 1.\n   → leave --compare out"),
        ("2,a,A,Bo,2026-03-02 09:00,2026-03-02 11:00\n", "before Mon 2 Mar 09:00, when the first of the last orders"),
    ],
)
def test_too_few_orders_to_compare(fong: Run, tmp_path: Path, more: str, said: str) -> None:
    """It is told before anything is written; likewise where the first orders have nothing to teach yet."""
    row = "1,a,A,Ann,2026-03-02 08:00,2026-03-02 10:00"
    (tmp_path / "log.csv").write_text(f"order,step,machine,person,start,end\n{row}\n{more}", encoding="utf-8")
    done = fong("learn", "log.csv", "--out", "shop", "--compare", "page.html")
    assert (done.returncode, done.stdout) == (1, "")
    assert said in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["log.csv"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_comes_first_is_known(language: str) -> None:
    """Each kind of statement that is shown before others exists."""
    assert catalogue(language).keys() >= FIRST
