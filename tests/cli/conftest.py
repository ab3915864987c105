"""The command, called in this process or installed, and a small workshop to try it on."""

import contextlib
import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from fong.cli import run

Run = Callable[..., "subprocess.CompletedProcess[str]"]

COMMAND = Path(sys.executable).parent / ("fong.exe" if os.name == "nt" else "fong")
TABLES = {
    "settings": ["key,value", "now,2026-03-02T08:00", "time_zone,Asia/Hong_Kong", "horizon_days,60"],
    "machines": ["machine,group", "M1,mill", "M2,mill"],
    "people": ["person,calendar,skills", "Ann,day,setter", "Bo,day,fitter;setter"],
    "calendars": ["calendar,day,start,end", *(f"day,{day},08:00,17:00" for day in ("Mon", "Tue", "Wed", "Thu", "Fri"))],
    "items": ["item,description,type", "A,arm,make", "B,bolt,make"],
    "routing": [
        "item,sequence,step,group,setup_min,setup_skill,cycle_min,run_skill",
        "A,10,mill,mill,30,setter,6,",
        "A,20,fit,,0,,3,fitter",
        "B,10,mill,mill,15,setter,2,",
    ],
    "orders": [
        "order,line,customer,item,quantity,due",
        "1001,1,Au,A,20,2026-03-03",
        "1001,2,Au,B,30,2026-03-03",
        "1002,1,Bai,A,80,2026-03-02",
        "1003,1,Au,B,100,2026-03-06",
    ],
}
"""A workshop of two machines and two people; order 1002 is late whatever anybody does."""


def write_tables(folder: Path, tables: dict[str, list[str]]) -> Path:
    """Write tables as a CSV folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, lines in tables.items():
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """The small workshop as a folder."""
    return write_tables(tmp_path / "shop", TABLES)


ENGLISH = {"LANG": "C.UTF-8", "COLUMNS": "80"}
ABOVE_LANG = ("LC_ALL", "LC_MESSAGES", "LANGUAGE")


@pytest.fixture
def installed(tmp_path: Path) -> Run:
    """Run the installed command in a folder of its own, in English unless the test says otherwise."""

    def start(*arguments: str | Path, **environment: str) -> "subprocess.CompletedProcess[str]":
        plain = {k: v for k, v in os.environ.items() if k not in ABOVE_LANG}
        return subprocess.run(
            [COMMAND, *map(str, arguments)],
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            cwd=tmp_path,
            stdin=subprocess.DEVNULL,
            env=plain | ENGLISH | environment,
            timeout=300,
        )

    return start


@pytest.fixture
def here(tmp_path: Path) -> Run:
    """Run what the command runs, in this process: a second sooner, for nothing is loaded anew."""

    def call(*arguments: str | Path, **environment: str) -> "subprocess.CompletedProcess[str]":
        out, err = io.StringIO(), io.StringIO()
        with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            for name in ABOVE_LANG:
                patch.delenv(name, raising=False)
            for name, value in (ENGLISH | environment).items():
                patch.setenv(name, value)
            patch.setattr(sys, "stdin", io.StringIO())
            patch.chdir(tmp_path)
            code = run([str(argument) for argument in arguments])
        return subprocess.CompletedProcess(arguments, code, out.getvalue(), err.getvalue())

    return call


@pytest.fixture(params=["here", pytest.param("installed", marks=pytest.mark.slow)])
def fong(request: pytest.FixtureRequest) -> Run:
    """Run the command both ways; a test whose promise lies in the process itself takes `installed` alone."""
    command: Run = request.getfixturevalue(request.param)
    return command
