"""`fong plan`, `explain`, `demo`, `day-list` and `tonight` as people run them."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.cli.conftest import COMMAND, Run

from fong.cli import planning as door
from fong.cli import run
from fong.cli.asking import cores
from fong.cli.speaking import Voice
from fong.model.objective import OBJECTIVES
from fong.plan.result import Result
from fong.workshop import planning
from fong.workshop.loading import Ask

WEDNESDAY = ("--now", "2026-03-04T10:20+08:00")


@pytest.fixture
def figures(shop: Path, fong: Run) -> dict[str, Any]:
    """What `--json` says of the small workshop."""
    done = fong("plan", "shop", "--json")
    assert done.returncode == 0, done.stderr
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def test_json_holds_the_figures_by_type(figures: dict[str, Any]) -> None:
    """One object with integers for values, seconds as floats, and `checked` true."""
    types = {
        "objective": int,
        "objective_name": str,
        "bound": int,
        "gap_pct": float,
        "status": str,
        "tasks": int,
        "orders": int,
        "order_lines": int,
        "late_orders": int,
        "late_order_names": list,
        "read_s": float,
        "first_solution_s": float,
        "elapsed_s": float,
        "peak_rss_mb": float,
        "checked": bool,
        "seed": int,
        "workers": int,
        "iterations": int,
        "rule": str,
        "messages": list,
        "facts": list,
        "faults": list,
    }
    assert {key: type(figures[key]) for key in types} == types
    assert figures["checked"] is True
    assert figures["status"] in {"feasible", "optimal"}
    assert (figures["orders"], figures["order_lines"]) == (3, 4)
    assert (figures["late_orders"], figures["late_order_names"], figures["tasks"]) == (1, ["1002"], 6)
    assert (figures["seed"], figures["workers"]) == (0, cores())
    assert figures["objective"] >= figures["bound"] > 0
    assert 0 < figures["read_s"] <= figures["first_solution_s"] <= figures["elapsed_s"]
    assert 50 < figures["peak_rss_mb"] < 4000


def test_json_has_all_objectives(figures: dict[str, Any]) -> None:
    """Every objective's value is there, as an integer, and the one that was planned for is the plan's."""
    assert tuple(figures["values"]) == OBJECTIVES
    assert {type(value) for value in figures["values"].values()} == {int}
    assert figures["values"][figures["objective_name"]] == figures["objective"]
    assert figures["values"]["makespan"] > 0


def test_gap_is_null_without_meaning(fong: Run, shop: Path) -> None:
    """Where the value is 0 and the bound is 0 the gap is 0; null only where the value says nothing; never NaN."""
    late = shop / "orders.csv"
    late.write_text(late.read_text().replace("2026-03-02", "2026-03-20"))
    said = json.loads(fong("plan", "shop", "--json").stdout)
    assert (said["objective"], said["bound"], said["gap_pct"], said["status"]) == (0, 0, 0.0, "optimal")


def test_plan_speaks_first_of_what_matters(installed: Run, shop: Path) -> None:
    """The truth, the value with its bound, the late order by name with its cause."""
    done = installed("plan", "shop")
    assert done.returncode == 0
    assert "Checked: the plan breaks no rule" in done.stdout
    assert "Late orders: 1" in done.stdout
    assert "  1002: " in done.stdout


@pytest.mark.parametrize(("language", "said"), [("zh-Hant", "遲到的訂單：1"), ("zh-Hans", "迟到的订单：1")])
def test_plan_speaks_chinese(fong: Run, shop: Path, language: str, said: str) -> None:
    """The same in Chinese, with no English sentence left."""
    done = fong("plan", "shop", "--lang", language)
    assert said in done.stdout
    assert "Checked" not in done.stdout


def test_files_of_all_kinds(fong: Run, shop: Path, tmp_path: Path) -> None:
    """Each ending gives its kind of file, all from one run, and each is named."""
    names = ("plan.html", "plan.xlsx", "plan.csv", "plan.ics", "plan.json")
    done = fong("plan", "shop", *(part for name in names for part in ("--out", name)))
    assert done.returncode == 0, done.stderr
    begins = {
        "plan.html": b"<!doctype html>",
        "plan.xlsx": b"PK",
        "plan.csv": b"\xef\xbb\xbf",
        "plan.ics": b"BEGIN:VCALENDAR",
    }
    for name, begin in begins.items():
        assert (tmp_path / name).read_bytes()[: len(begin)].lower() == begin.lower()
    assert len(json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))["tasks"]) == 6
    assert all(f"Wrote {name}" in done.stdout for name in names)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*names, "shop"])


@pytest.mark.parametrize(("name", "others"), [("Bo", ["Ann"]), ("M1", ["M2"])])
def test_calendar_of_one(fong: Run, shop: Path, tmp_path: Path, name: str, others: list[str]) -> None:
    """`--only` picks a person's holds, or a machine's jobs, and nothing of anybody else; other files have the whole plan."""
    done = fong("plan", "shop", "--out", "one.ics", "--out", "all.csv", "--only", name)
    assert done.returncode == 0, done.stderr
    calendar = (tmp_path / "one.ics").read_text(encoding="utf-8")
    titles = [line for line in calendar.splitlines() if line.startswith("SUMMARY:")]
    assert titles
    assert not any(word in title for word in (name, *others) for title in titles)
    assert f"X-WR-CALNAME:{name}" in calendar
    table = (tmp_path / "all.csv").read_text(encoding="utf-8-sig")
    assert all(machine in table for machine in ("M1", "M2"))


def test_calendar_of_nobody(fong: Run, shop: Path, tmp_path: Path) -> None:
    """Who is not in the plan is not known, and whose names are; who has nothing to do has no calendar. Nothing is written."""
    done = fong("plan", "shop", "--out", "one.ics", "--only", "Cy")
    assert done.returncode == 2
    assert "is called “Cy”.\n→ names in the plan: " in done.stderr
    assert "Bo" in done.stderr
    people = shop / "people.csv"
    people.write_text(people.read_text() + "Di,day,polisher\n")
    done = fong("plan", "shop", "--out", "one.ics", "--only", "Di")
    assert done.returncode == 2
    assert "“Di” has no work" in done.stderr
    assert not (tmp_path / "one.ics").exists()


def test_calendar_of_one_by_any_case(fong: Run, shop: Path, tmp_path: Path) -> None:
    """Upper and lower case do not matter; the calendar has the name as the workshop writes it."""
    done = fong("plan", "shop", "--out", "one.ics", "--only", "bO")
    assert done.returncode == 0, done.stderr
    assert "X-WR-CALNAME:Bo" in (tmp_path / "one.ics").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("language", "some"),
    [("en", "“M7”, “Ann”, “Bo”, "), ("zh-Hant", "「M7」、「Ann」、「Bo」、"), ("zh-Hans", "“M7”、“Ann”、")],
)
def test_names_that_look_alike_come_first(here: Run, shop: Path, language: str, some: str) -> None:
    """Of many names a dozen is told, each in quotation marks: first what looks most like the wrong one."""
    machines = "".join(f"M{n},mill\n" for n in range(1, 21))
    (shop / "machines.csv").write_text(f"machine,group\n{machines}")
    orders = "".join(f"{n},1,Au,A,20,2026-03-03\n" for n in range(1001, 1021))
    (shop / "orders.csv").write_text(f"order,line,customer,item,quantity,due\n{orders}")
    done = here("plan", "shop", "--out", "one.ics", "--only", "m-7", "--lang", language)
    assert done.returncode == 2
    assert some in done.stderr
    assert len(re.findall("“|「", done.stderr)) == 1 + 12


def test_written_plan_is_judged_by_check(fong: Run, shop: Path, tmp_path: Path) -> None:
    """`check --plan` passes what `plan` wrote, and refuses it after an edit, naming the order."""
    fong("plan", "shop", "--out", "plan.json")
    good = fong("check", "shop", "--plan", "plan.json")
    assert (good.returncode, good.stdout) == (0, "The plan breaks no rule: 6 jobs, 4 order lines.\n")
    whole = json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))
    whole["tasks"][0]["end"] -= 60
    (tmp_path / "plan.json").write_text(json.dumps(whole))
    bad = fong("check", "shop", "--plan", "plan.json")
    assert bad.returncode == 1
    assert "The plan breaks rules" in bad.stderr
    assert whole["tasks"][0]["order"] in bad.stderr
    assert "Traceback" not in bad.stderr


def test_an_unknown_person_and_a_broken_rule(fong: Run, shop: Path, tmp_path: Path) -> None:
    """One list has both, counted together."""
    fong("plan", "shop", "--out", "plan.json")
    whole = json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))
    run = next(task for task in whole["tasks"] if task["person"])
    run |= {"person": "Nobody", "end": run["end"] - 60}
    (tmp_path / "plan.json").write_text(json.dumps(whole), encoding="utf-8")
    done = fong("check", "shop", "--plan", "plan.json")
    assert (done.returncode, done.stdout) == (1, "")
    assert "There is no person “Nobody”." in done.stderr
    assert "\n2. " in done.stderr
    assert "nobody is planned" not in done.stderr


def test_benchmark_instance(fong: Run, tmp_path: Path) -> None:
    """An instance is planned for its makespan, and its plan file has the instance's own numbers."""
    (tmp_path / "two.txt").write_text("2 2\n0 3 1 2\n1 2 0 4\n")
    done = fong("plan", "two.txt", "--json", "--out", "plan.json", "--out", "plan.html")
    said = json.loads(done.stdout)
    assert (said["objective_name"], said["objective"], said["bound"], said["status"]) == ("makespan", 7, 7, "optimal")
    tasks = json.loads((tmp_path / "plan.json").read_text())["tasks"]
    assert {(task["job"], task["step"], task["machine"]) for task in tasks} == {
        (0, 0, 0),
        (0, 1, 1),
        (1, 0, 1),
        (1, 1, 0),
    }
    assert (tmp_path / "plan.html").is_file()


@pytest.mark.parametrize(
    ("language", "objective", "said"),
    [
        ("en", "makespan", "Makespan 7, proven the best."),
        ("zh-Hant", "makespan", "總完工時間 7，已證明最佳。"),
        ("zh-Hans", "makespan", "总完工时间 7，已证明最佳。"),
        ("en", "late_cost", "No order has a due date, so none is late."),
    ],
)
def test_an_instance_is_told_by_its_length(fong: Run, tmp_path: Path, language: str, objective: str, said: str) -> None:
    """It has no due dates, so nothing is called on time; objectives are told in words, and the plan in jobs and operations."""
    (tmp_path / "two.jsp").write_text("2 2\n0 3 1 2\n1 2 0 4\n")
    done = fong("plan", "two.jsp", "--lang", language, "--objective", objective, "--out", "plan.json")
    assert done.stdout.splitlines()[0] == said
    assert said in done.stdout
    if language == "en":
        assert "4 operations of 2 jobs; read in" in done.stdout
        judged = fong("check", "two.jsp", "--plan", "plan.json").stdout
        assert judged == "The plan breaks no rule: 4 operations of 2 jobs.\n"
        assert ("\nlate cost 0, proven the best\n" in done.stdout) == (objective == "late_cost")
    assert not any(
        word in done.stdout for word in ("late_cost", "order line", "on time", "準時", "准时", "訂單行", "订单行")
    )


def test_no_dates_no_calendar(fong: Run, tmp_path: Path) -> None:
    """A calendar or a day's list of an instance without dates is refused in a sentence, and nothing is written."""
    (tmp_path / "two.txt").write_text("2 2\n0 3 1 2\n1 2 0 4\n")
    for arguments in (
        ["plan", "two.txt", "--out", "a.json", "--out", "a.ics"],
        ["day-list", "two.txt"],
        ["tonight", "two.txt"],
    ):
        done = fong(*arguments)
        assert done.returncode == 2
        assert "Traceback" not in done.stderr
        assert done.stderr.strip()
    assert [path.name for path in tmp_path.iterdir()] == ["two.txt"]


def test_explain_tells_every_line(fong: Run, shop: Path) -> None:
    """Each line of the order has its name and its story."""
    done = fong("explain", "shop", "--order", "1001")
    assert done.returncode == 0
    assert "Order 1001, line 1\n  " in done.stdout
    assert "Order 1001, line 2\n  " in done.stdout
    assert "1003" not in done.stdout.split("\n")[0]


def test_explain_names_orders_where_it_finds_none(fong: Run, shop: Path) -> None:
    """An order that is not there is a wrong call; those that are there are named."""
    done = fong("explain", "shop", "--order", "9999")
    assert done.returncode == 2
    assert "“9999”" in done.stderr
    assert "“1001”, “1002”, “1003”" in done.stderr


def test_day_lists_and_tonight(fong: Run, shop: Path, tmp_path: Path) -> None:
    """Lists for machines and people of one day, and what to load tonight, are pages that name what is to be done."""
    done = fong("day-list", "shop", "--day", "2026-03-02")
    assert done.returncode == 0, done.stderr
    assert "M1" in (tmp_path / "day-list-machine.html").read_text(encoding="utf-8")
    assert "Ann" in (tmp_path / "day-list-person.html").read_text(encoding="utf-8")
    assert fong("day-list", "shop", "--by", "machine", "--out", "today.html").returncode == 0
    assert (tmp_path / "today.html").is_file()
    assert fong("tonight", "shop").returncode == 0
    assert (tmp_path / "tonight.html").is_file()


def test_faulty_plan_is_never_written(
    shop: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """A planner that lies is found out: exit code 1, the findings, no file, `checked` false, no value."""
    from dataclasses import replace

    solve: Callable[..., Result] = planning.solve  # type: ignore[attr-defined]

    def lying(*given: Any, **wish: Any) -> Result:
        found = solve(*given, **wish)
        assert found.schedule is not None
        return replace(found, schedule=replace(found.schedule, end=found.schedule.end - 60))

    monkeypatch.setattr(planning, "solve", lying)
    monkeypatch.chdir(shop.parent)
    assert run(["plan", "shop", "--json", "--out", "plan.json", "--out", "plan.html", "--lang", "en"]) == 1
    out, err = capfd.readouterr()
    said = json.loads(out)
    assert (said["checked"], said["status"], said["objective"], said["gap_pct"]) == (False, "refused", None, None)
    assert said["faults"]
    assert "breaks rules" in err
    assert [path.name for path in shop.parent.iterdir()] == ["shop"]


def test_no_plan_gives_reasons(shop: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    """Where there is no plan, the exit code is 1 and the planner's reasons are told."""
    from dataclasses import replace

    from fong.model.message import message

    solve: Callable[..., Result] = planning.solve  # type: ignore[attr-defined]

    def none(*given: Any, **wish: Any) -> Result:
        reasons = (message("solve.no_legal"),)
        return replace(solve(*given, **wish), schedule=None, value=None, status="none", reasons=reasons)

    monkeypatch.setattr(planning, "solve", none)
    assert run(["plan", str(shop), "--lang", "en"]) == 1
    assert capfd.readouterr().err.startswith("No plan was found that obeys all rules.\n1. ")


def test_demo_writes_and_says_where(fong: Run, tmp_path: Path) -> None:
    """`fong demo` plans `knit`, writes the page into a folder in sight, says one sentence, the neck and the path."""
    cache = os.environ.get("XDG_CACHE_HOME") or str(
        Path.home() / ".cache"
    )  # else all would be compiled in the new home
    done = fong("demo", "--no-open", HOME=str(tmp_path), USERPROFILE=str(tmp_path), XDG_CACHE_HOME=cache)
    assert done.returncode == 0, done.stderr
    truth, neck, where = done.stdout.splitlines()
    page = tmp_path / "fong-demo" / "knit.html"
    assert truth
    assert neck.startswith("Busiest until ")
    assert where == f"Gantt page: {page}"
    assert page.read_bytes()[:15].lower() == b"<!doctype html>"


def test_demo_opens_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a desktop the browser is asked to show the page; without one it is not, for it would take over the terminal."""
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    monkeypatch.setattr(sys, "platform", "linux")
    for variable in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
        monkeypatch.delenv(variable, raising=False)
    planned = door.planned_for(Ask(source="knit", language="en"), Voice("en"))
    monkeypatch.setattr(door, "planned_for", lambda *_: planned)
    page = tmp_path / "knit.html"
    assert run(["demo", "--out", str(page)]) == 0
    assert opened == []
    monkeypatch.setenv("DISPLAY", ":0")
    assert run(["demo", "--out", str(page)]) == 0
    assert opened == [page.as_uri()]
    assert run(["demo", "--out", str(page), "--no-open"]) == 0
    assert len(opened) == 1


def test_word_before_compiling(shop: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    """Before the first compilation people are told; afterwards not again."""
    monkeypatch.setattr(door, "cold", lambda: True)
    assert run(["plan", str(shop), "--lang", "en"]) == 0
    assert "Compiling, once" in capfd.readouterr().err
    monkeypatch.setattr(door, "cold", lambda: False)
    assert run(["plan", str(shop), "--lang", "en"]) == 0
    assert "Compiling" not in capfd.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no such signal to one process")
@pytest.mark.may_skip("Windows sends no such signal to one process")
@pytest.mark.parametrize("stderr", ["terminal", pytest.param("pipe", marks=pytest.mark.slow)])
def test_ctrl_c_is_clean(stderr: str, tmp_path: Path) -> None:
    """Ctrl-C ends a long search at once: exit code 130, one sentence, no file, no traceback."""
    random = np.random.default_rng(1)  # 15 jobs on 15 machines: no dispatching rule proves its plan the best
    jobs = [np.column_stack((random.permutation(15), random.integers(1, 100, 15))).ravel() for _ in range(15)]
    lines = ["15 15", *(" ".join(map(str, job)) for job in jobs)]
    (tmp_path / "jobs.txt").write_text("\n".join(lines) + "\n")
    ours, its = os.openpty() if stderr == "terminal" else os.pipe()
    process = subprocess.Popen(
        [COMMAND, "plan", "jobs.txt", "--seconds", "600", "--out", "plan.html", "--lang", "en"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=its,
        text=True,
    )
    os.close(its)
    err = ""
    if stderr == "terminal":
        while "Search" not in err:  # the bar tells when the search has begun
            err += os.read(ours, 4096).decode()
    else:
        time.sleep(4)
    process.send_signal(signal.SIGINT)
    begun = time.perf_counter()
    with contextlib.suppress(OSError):  # the end of a terminal
        while part := os.read(ours, 4096):
            err += part.decode()
    os.close(ours)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 130
    assert time.perf_counter() - begun < 10
    assert err.strip().endswith("Stopped. Nothing was written.")
    assert "Traceback" not in err
    assert out == ""
    assert [path.name for path in tmp_path.iterdir()] == ["jobs.txt"]
