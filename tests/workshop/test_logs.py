"""A time log is a stranger's file too: the child with limits reads it, and nothing of it is parsed beside the owner's work."""

import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from fong import lang
from fong.errors import InputFault, Limit, UsageError
from fong.formats.limits import Limits
from fong.formats.log_columns import LogColumns
from fong.formats.template import template
from fong.learn import LearnOptions
from fong.model import Fault, Message
from fong.workshop import learning
from fong.workshop.learning import LogOptions, compare_log, gather, learn_log

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="the system holds memory on Linux only")
NOW = datetime(2026, 3, 4, 10, tzinfo=ZoneInfo("Asia/Hong_Kong"))
HEAD = b"order,step,start,end\n"
ROW = b"A1,Turn,2026-03-02 08:00,2026-03-02 09:00\n"


def refused(path: Path) -> str:
    """The code of the one fault or limit; it can be said in every language, advice included."""
    with pytest.raises((InputFault, Limit)) as raised:
        gather(path, LogOptions())
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


def test_another_process_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the parser would do to its process, it does not do it here; events, notes and the owner's words all cross."""
    monkeypatch.setattr("fong.workshop.logs.read_log", None)
    path = save(
        tmp_path / "log.csv",
        b"order,step,start,end,flag\nA1,Turn,2026-03-02 08:00,2026-03-02 09:00,Fix\nA2,,x,y,\n" + ROW,
    )
    gathered = gather(path, LogOptions(columns=LogColumns(kind="flag", kinds={"Fix": "setup"})))
    assert [e.kind for e in gathered.performance.events] == ["setup", ""]
    assert [(f.message.code, f.place.row) for f in gathered.notes.aside] == [("learn.row_no_step", 3)]
    assert gathered.messages()[0].params["kept"] == 2


@pytest.mark.parametrize("what", ["learn", "compare"])
def test_another_process_learns(what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a stranger's rows could do to those who reckon with them stays in the child, too."""
    for name in ("read_log", "join_logs", "learn", "cut", "plan_rest"):
        monkeypatch.setattr(f"fong.workshop.logs.{name}", None)
    rows = b"".join(b"A%d,Turn,2026-03-%02d 08:00,2026-03-%02d 09:00\n" % (n, n, n) for n in range(2, 7))
    path = save(tmp_path / "log.csv", HEAD + rows)
    if what == "learn":
        assert learn_log(path, None).assumptions[0].code == "learn.log_read"
    else:
        compared = compare_log(path)
        assert (len(compared.parts.known_orders), len(compared.parts.rest_orders)) == (3, 2)
        assert compared.comparison is not None


def test_learning_has_its_limit_of_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows that are quick to read and slow to reckon with are given up, too."""
    path = save(tmp_path / "log.csv", HEAD + ROW)
    monkeypatch.setattr(learning, "LOG_LIMITS", Limits(seconds=0.05))
    with pytest.raises(Limit, match="took_too_long"):
        learn_log(path, None)
    with pytest.raises(Limit, match="took_too_long"):
        compare_log(path)


def test_a_wrong_wish_crosses(tmp_path: Path) -> None:
    """What the call got wrong is told as that, though another process found it; of the second log, too, the file is looked at first."""
    path = save(tmp_path / "log.csv", HEAD + ROW)
    with pytest.raises(UsageError, match="no_such_zone"):
        learn_log(path, None, LogOptions(learn=LearnOptions(time_zone="Asia/Nowhere")))
    with pytest.raises(InputFault, match="cut_empty"):
        compare_log(path)
    with pytest.raises(InputFault, match="no_such_file"):
        learn_log(path, None, LogOptions(enrich=tmp_path / "none.csv"))


def test_faults_cross_with_their_places(tmp_path: Path) -> None:
    """A fault names the file, the row and the column, though another process found it."""
    with pytest.raises(InputFault) as raised:
        gather(save(tmp_path / "log.csv", HEAD + b"A1,Turn,2026-03-02 08:00,soon\n"), LogOptions())
    (fault,) = raised.value.faults
    assert isinstance(fault, Fault)
    assert (fault.place.source, fault.place.row, fault.place.column) == ("log.csv", 2, "end")


def test_time_is_limited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A log that takes too long is given up."""
    monkeypatch.setattr(learning, "LOG_LIMITS", Limits(seconds=0.05))
    assert refused(save(tmp_path / "log.csv", HEAD + ROW)) == "took_too_long"


def test_size_is_limited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file above the limit is not opened; one with too many cells is not read to its end."""
    path = save(tmp_path / "log.csv", HEAD + ROW * 40_000)
    monkeypatch.setattr(learning, "LOG_LIMITS", Limits(file_mb=1))
    assert refused(path) == "file_too_large"
    monkeypatch.setattr(learning, "LOG_LIMITS", Limits(cells=1000))
    assert refused(path) == "too_many_cells"
    assert refused(save(tmp_path / "wide.csv", b"x," * 2000 + b"\n")) == "too_many_cells"


@LINUX
@pytest.mark.slow
@pytest.mark.may_skip("the system holds memory on Linux only")
def test_memory_is_limited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A log that needs more memory than allowed ends the child, not the owner's work."""
    monkeypatch.setattr(learning, "LOG_LIMITS", Limits(memory_mb=60, cells=10**7))
    assert refused(save(tmp_path / "log.csv", HEAD + ROW * 400_000)) == "took_too_much_memory"


@pytest.mark.parametrize("what", ["workbook", "folder", "nothing", "endless"])
def test_no_log(what: str, tmp_path: Path) -> None:
    """What is no CSV file is refused as what it is."""
    folder = tmp_path / "logs"
    folder.mkdir()
    save(folder / "log.csv", HEAD + ROW)
    paths = {"workbook": save(tmp_path / "log.xlsx", template(NOW)), "folder": folder, "nothing": tmp_path / "none.csv"}
    path = paths.get(what, Path("/dev/zero"))
    codes = {"workbook": "log_no_csv", "folder": "no_file", "nothing": "no_such_file", "endless": "no_file"}
    if what != "endless" or path.exists():
        assert refused(path) == codes[what]
