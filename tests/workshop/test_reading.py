"""Strangers' files are read in a child with limits: what comes back, what is refused, and that nothing else gets out."""

import io
import json
import os
import pickle
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from fong import lang
from fong.errors import InputFault, Limit
from fong.formats.limits import Limits
from fong.formats.template import example, template
from fong.formats.writing import write_csv, write_json
from fong.model import Fault, Message, Problem, Workshop
from fong.workshop.child import _pickled, _Unpickler, restored
from fong.workshop.reading import read, read_with_notes

NOW = datetime(2026, 3, 4, 10, tzinfo=ZoneInfo("Asia/Hong_Kong"))
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="the system holds memory on Linux only")


def refused(path: Path, *, limits: Limits = Limits(), format: str | None = None) -> str:  # noqa: A002, B008 - as read has them
    """The code of the one fault or limit; it can be said in every language."""
    with pytest.raises((InputFault, Limit)) as raised:
        read(path, limits=limits, format=format)
    error = raised.value
    said = error.message if isinstance(error, Limit) else error.faults[0].message  # type: ignore[attr-defined]
    assert isinstance(said, Message)
    for language in lang.LANGUAGES:
        assert lang.text(said.code, said.params, language)
        assert lang.text(f"{said.code}.how", said.params, language)
    return said.code.partition(".")[2]


def save(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def folder(path: Path) -> Path:
    path.mkdir()
    for name, data in write_csv(example(NOW)).items():
        (path / name).write_bytes(data)
    (path / "expected.json").write_bytes(b"no table")
    return path


WAYS: dict[str, Callable[[Path], Path]] = {
    "workbook": lambda p: save(p / "w.xlsx", template(NOW)),
    "workbook by content": lambda p: save(p / "w", template(NOW)),
    "CSV folder": lambda p: folder(p / "w"),
    "JSON": lambda p: save(p / "w.json", write_json(example(NOW))),
    "JSON by content": lambda p: save(p / "w.txt", b"\xef\xbb\xbf" + write_json(example(NOW))),
}


@pytest.mark.parametrize("way", WAYS)
def test_workshop_comes_back_whole(way: str, tmp_path: Path) -> None:
    """Whatever the kind of file, the child sends back just the workshop that was written."""
    found = read(WAYS[way](tmp_path))
    assert found == example(NOW)
    assert isinstance(found, Workshop)
    assert hash(found.factory.machines[0]) == hash(example(NOW).factory.machines[0])


@pytest.mark.parametrize(
    ("name", "data", "format"),
    [("x.txt", b"1 2\n0 3 1 4\n", None), ("x.fjs", b"1 2\n1 1 2 4\n", None), ("x.dat", b"1 2\n1 1 2 4\n", "fjsp")],
)
def test_instance_comes_back_read_only(name: str, data: bytes, format: str | None, tmp_path: Path) -> None:  # noqa: A002 - as read has it
    """A benchmark instance is a problem whose columns nobody can change."""
    found = read(save(tmp_path / name, data), format=format)
    assert isinstance(found, Problem)
    assert found.jobs == 1
    assert not any(column.flags.writeable for _, column in found.columns())


def test_notes_come_along(tmp_path: Path) -> None:
    """What was left out on purpose is told."""
    book = openpyxl.load_workbook(io.BytesIO(template(NOW)))
    book["tools"].sheet_state = "hidden"
    book.save(tmp_path / "w.xlsx")
    _, notes = read_with_notes(tmp_path / "w.xlsx")
    assert [(n.code, dict(n.params)) for n in notes] == [("formats.note_hidden_sheet", {"sheet": "tools"})]


def test_another_now(tmp_path: Path) -> None:
    """A moment from outside takes the place of the input's own."""
    found = read(save(tmp_path / "w.json", write_json(example(NOW))), now=NOW.replace(hour=12))
    assert isinstance(found, Workshop)
    assert found.factory.settings.now == NOW.replace(hour=12)


def test_faults_come_back_with_their_places(tmp_path: Path) -> None:
    """All faults of an input cross the pipe."""
    made = example(NOW)
    orders = (replace(made.orders[0], item="skarf"), *made.orders[1:])
    path = save(tmp_path / "w.json", write_json(replace(made, orders=orders)))
    with pytest.raises(InputFault) as raised:
        read(path)
    (fault,) = raised.value.faults
    assert isinstance(fault, Fault)
    assert (fault.message.code, fault.place.row, fault.place.column) == ("model_faults.no_such_item_near", 1, "item")
    assert fault.message.params["wanted"] == "scarf"


REFUSED: dict[str, tuple[str, bytes, str]] = {
    "unknown kind": ("x.pdf", b"%PDF-1.7", "unknown_file"),
    "single table": ("orders.csv", b"order,item,quantity\n", "single_table"),
    "macro workbook": ("x.xlsm", template(NOW), "macros"),
    "old workbook": ("x.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_workbook"),
    "cut workbook": ("x.xlsx", template(NOW)[:3000], "broken_zip"),
    "no workbook": ("x.xlsx", b"hello", "broken_zip"),
    "plan": ("x.json", b'{"tasks": []}', "plan_for_workshop"),
    "cut instance": ("x.txt", b"2 2\n0 1 1 2\n", "instance_jobs"),
    "nothing": ("x.json", b"", "bad_json"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_file_is_refused(case: str, tmp_path: Path) -> None:
    """A file of the wrong kind is refused with a way out."""
    name, data, code = REFUSED[case]
    assert refused(save(tmp_path / name, data)) == code


def test_places_without_files(tmp_path: Path) -> None:
    """What is not there, and a folder without tables, are refused before a child is started."""
    assert refused(tmp_path / "nothing") == "no_such_file"
    assert refused(tmp_path) == "empty_folder"


def test_unknown_format_is_refused(tmp_path: Path) -> None:
    """A format that nobody reads is named."""
    assert refused(save(tmp_path / "x.txt", b"1 1\n0 1\n"), format="rcpsp") == "unknown_format"


# Limits.


def with_orders(rows: str) -> bytes:
    """The template with these rows as its sheet of orders."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(template(NOW))) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            content = old.read(info)
            if b"late_cost_per_day" in content:
                content = content.partition(b"<sheetData>")[0] + f"<sheetData>{rows}</sheetData></worksheet>".encode()
            new.writestr(info.filename, content)
    return out.getvalue()


def test_file_size_is_limited(tmp_path: Path) -> None:
    """A file above the limit is not even opened."""
    path = tmp_path / "x.xlsx"
    with path.open("wb") as file:
        file.truncate(3 << 20)
    assert refused(path, limits=Limits(file_mb=2)) == "file_too_large"


def test_time_is_limited(tmp_path: Path) -> None:
    """A child that takes too long is ended, and no process stays behind."""
    path = save(tmp_path / "w.json", write_json(example(NOW)))
    start = time.monotonic()
    assert refused(path, limits=Limits(seconds=0.05)) == "took_too_long"
    assert time.monotonic() - start < 5


@LINUX
@pytest.mark.slow
@pytest.mark.may_skip("the system holds memory on Linux only")
def test_memory_is_limited(tmp_path: Path) -> None:
    """A file that needs more memory than allowed is refused, whether Python or a library runs out of it."""
    data = b'{"orders": [' + b",".join([b"{}"] * 3_000_000) + b"]}"
    assert refused(save(tmp_path / "w.json", data), limits=Limits(memory_mb=60)) == "took_too_much_memory"


@LINUX
@pytest.mark.slow
@pytest.mark.may_skip("the system holds memory on Linux only")
def test_memory_of_the_workbook_reader_is_limited(tmp_path: Path) -> None:
    """The workbook reader, which ends the process when memory is short, gives the same clear word."""
    cells = "".join(f'<c t="inlineStr"><is><t>{i} {"x" * 2000}</t></is></c>' for i in range(20))
    path = save(tmp_path / "w.xlsx", with_orders(f"<row>{cells}</row>" * 2000))
    assert refused(path, limits=Limits(memory_mb=48)) == "took_too_much_memory"


def test_bomb_meets_the_limit(tmp_path: Path) -> None:
    """A workbook that unpacks to far more than allowed is refused in a moment."""
    with zipfile.ZipFile(tmp_path / "x.xlsx", "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("xl/workbook.xml", b" " * (50 << 20))
    assert refused(tmp_path / "x.xlsx", limits=Limits(unpacked_mb=40)) == "unpacked_too_large"


def test_a_large_workbook_within_limits_or_refused(tmp_path: Path) -> None:
    """A workbook that nothing but size speaks against is refused by its cells, before they are read."""
    path = save(tmp_path / "w.xlsx", with_orders("<row><c><v>1</v></c><c><v>2</v></c></row>" * 30_000))
    assert refused(path, limits=Limits(cells=50_000)) == "too_many_cells"


# What the child may do.


@LINUX
@pytest.mark.may_skip("the system holds memory on Linux only")
def test_child_writes_no_files() -> None:
    """The child's limits forbid to write any file."""
    script = (
        "from fong.formats.limits import Limits; from fong.workshop import child; child._hold_to(Limits());"
        "from pathlib import Path; Path('/dev/shm/fong-test-no-such').write_bytes(b'x' * 10)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    Path("/dev/shm/fong-test-no-such").unlink(missing_ok=True)
    assert done.returncode != 0


def test_child_loads_nothing_heavy(tmp_path: Path) -> None:
    """The child starts without numba, openpyxl, typer or any solver: it is there in a moment."""
    path = save(tmp_path / "w.xlsx", template(NOW))
    request = {
        "path": str(path),
        "limits": {"seconds": 9, "memory_mb": 512, "file_mb": 9, "unpacked_mb": 9, "cells": 10**6},
    }
    script = (
        "import sys; from fong.workshop.child import serve; serve();"
        "print(sorted({'numba', 'openpyxl', 'typer', 'rich', 'ortools', 'pandas'} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        input=json.dumps({**request, "job": "given", "format": None, "now": None}).encode(),
        capture_output=True,
        check=True,
    )
    assert done.stderr.decode().strip() == "[]"
    kind, value, _ = _Unpickler(io.BytesIO(done.stdout)).load()
    assert (kind, value) == ("ok", example(NOW))


def test_parent_does_not_load_the_readers() -> None:
    """Asking costs the parent neither the workbook reader nor numba."""
    script = (
        "import sys, fong.workshop.reading; print(sorted({'numba', 'openpyxl', 'python_calamine'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


class Evil:
    """What a child that has been taken over could send."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, ("true",)


@pytest.mark.parametrize("what", [Evil(), subprocess.Popen, datetime.now, lang.text, json.loads])
def test_answers_name_only_nouns(what: object) -> None:
    """The parent makes nothing of an answer but Fong's own nouns."""
    with pytest.raises(pickle.UnpicklingError):
        _Unpickler(io.BytesIO(pickle.dumps(("ok", what, ())))).load()


def test_restored_makes_only_nouns_of_tables() -> None:
    """The quick way to make a noun makes no other class."""
    out = io.BytesIO()
    pickle.dump((restored, Problem), out)
    with pytest.raises(pickle.UnpicklingError):
        restored(Problem, ())


def test_answers_round_trip() -> None:
    """A workshop with mappings and time zones crosses the pipe unchanged."""
    out = io.BytesIO()
    _pickled(("ok", example(NOW), ()), out)
    assert _Unpickler(io.BytesIO(out.getvalue())).load() == ("ok", example(NOW), ())


@pytest.mark.slow
@pytest.mark.may_skip("sample data may be absent")
@pytest.mark.parametrize("case", ["01", "02a", "03a", "04b", "06", "08", "09", "11a"])
def test_golden_folders(case: str, shared: Path) -> None:
    """The golden cases are read as they lie in their folders, beside other files."""
    assert isinstance(read(shared / "tools" / "golden" / f"case{case}"), Workshop)


@pytest.mark.slow
@pytest.mark.may_skip("sample data may be absent")
def test_a_large_folder_in_seconds(shared: Path, tmp_path: Path) -> None:
    """A workshop of ten thousand tasks is read, checked and back in a few seconds (measured: well below one of computing)."""
    tool = shared / "tools" / "generate_workshop.py"
    subprocess.run([sys.executable, tool, tmp_path / "w", "--tasks", "10000", "--seed", "1"], check=True)
    start = time.process_time()
    found = read(tmp_path / "w")
    assert isinstance(found, Workshop)
    assert len(found.orders) > 1000
    assert time.process_time() - start < 1
