"""Files go out whole or not at all."""

import errno
import os
import stat
from pathlib import Path

import pytest

from fong.errors import InputFault, UsageError
from fong.model.message import Fault
from fong.workshop.writing import ready, write


def test_all_files_are_written(tmp_path: Path) -> None:
    """What was given stands in the files, and nothing lies beside them."""
    files = {tmp_path / "a.json": b"{}", tmp_path / "b.csv": b"x" * 100_000}
    write(files)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == files


def test_new_files_can_be_read_as_any_other(tmp_path: Path) -> None:
    """A temporary file is private; what comes of it has the rights of an ordinary new file."""
    write({tmp_path / "a": b""})
    (tmp_path / "plain").write_bytes(b"")
    assert (tmp_path / "a").stat().st_mode == (tmp_path / "plain").stat().st_mode
    assert stat.S_ISREG((tmp_path / "a").stat().st_mode)


def test_failure_leaves_everything_as_it_was(tmp_path: Path) -> None:
    """If the second of two files cannot be written, the first keeps its old content and nothing new lies about."""
    old = tmp_path / "a.html"
    old.write_bytes(b"old")
    with pytest.raises(InputFault) as caught:
        write({old: b"new", tmp_path / "missing" / "b.html": b"new"})
    assert [path.name for path in tmp_path.iterdir()] == ["a.html"]
    assert old.read_bytes() == b"old"
    (fault,) = caught.value.faults
    assert isinstance(fault, Fault)
    assert fault.message.code == "cli.not_written"
    assert str(fault.message.params["path"]).endswith("b.html")


def test_full_disk_leaves_nothing_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the disk fills up while a file is written, the old one stays."""
    old = tmp_path / "plan.json"
    old.write_bytes(b"old")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(InputFault, match="No space left"):
        write({old: b"new" * 1000})
    assert old.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["plan.json"]


def test_interruption_leaves_nothing_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C in the midst of writing leaves no scrap behind."""

    def stopped(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("os.fsync", stopped)
    with pytest.raises(KeyboardInterrupt):
        write({tmp_path / "plan.json": b"{}"})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (["plan.pdf"], "unknown_ending"),
        (["plan"], "unknown_ending"),
        (["folder.html"], "is_folder"),
        (["missing/plan.html"], "no_folder"),
        (["plan.html", "plan.html"], "same_file"),
    ],
)
def test_what_cannot_be_written_is_refused_before_work(tmp_path: Path, names: list[str], code: str) -> None:
    """A wrong name is told before anything is planned."""
    (tmp_path / "folder.html").mkdir()
    with pytest.raises(UsageError, match=rf"cli\.{code}"):
        ready([tmp_path / name for name in names], (".html", ".json"))


def test_endings_count_in_any_case(tmp_path: Path) -> None:
    """`PLAN.HTML` is a page too."""
    ready([tmp_path / "PLAN.HTML"], (".html",))
