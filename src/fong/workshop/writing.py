"""How files go out: each whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from fong.errors import InputFault, UsageError
from fong.formats.words import plain, table_index
from fong.model.message import Fault, message
from fong.workshop.loading import TABLES, input_at

PAGE = (".html",)
"""What is to be read or printed from a browser is written as."""


def ready(paths: Sequence[Path], endings: Sequence[str], source: Path | None = None) -> None:
    """Refuse, before any work is done, what could not be written in the end, or would be written over its own input.

    Raises
    ------
    UsageError
        An unknown ending, no such folder, a folder where a file is wanted, a file that was named twice, the input ``source`` itself
        or one of its tables.
    InputFault
        The system knows no such place.
    """
    for number, path in enumerate(paths):
        if path.suffix.lower() not in endings:
            code = "cli.only_page" if tuple(endings) == PAGE else "cli.unknown_ending"
            raise UsageError(message(code, path=str(path), wanted=", ".join(endings)))
        with _said(path):
            if path.is_dir():
                raise UsageError(message("cli.is_folder", path=str(path)))
            if not path.parent.is_dir():
                raise UsageError(message("cli.no_folder", folder=str(path.parent)))
            if source is not None and _part_of(path, source):
                raise UsageError(message("cli.out_is_input", path=str(path)))
        if path in paths[:number]:
            raise UsageError(message("cli.same_file", path=str(path)))


def _part_of(path: Path, source: Path) -> bool:
    """Whether a file that is to be written is the input, or a table in the input's folder."""
    if not path.exists() or not source.exists():
        return False
    source = input_at(source)
    if not source.is_dir():
        return path.samefile(source)
    table = path.suffix.lower() in TABLES and plain(path.stem) in table_index()
    return table and path.parent.samefile(source)


def write(files: Mapping[Path, bytes]) -> None:
    """Write files so that each is there whole or as it was: first all beside their places, then all are renamed.

    Raises
    ------
    InputFault
        A file cannot be written: no such folder, no right, no room.
    """
    beside: dict[Path, Path] = {}
    try:
        for path, data in files.items():
            with _said(path):
                beside[path] = _written_beside(path, data)
        for path, temporary in beside.items():
            with _said(path):
                temporary.replace(path)
    finally:
        for temporary in beside.values():
            temporary.unlink(missing_ok=True)


def _written_beside(path: Path, data: bytes) -> Path:
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o666 & ~_umask())
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name)


def _umask() -> int:
    """What new files of this process may not be; reading it means setting it for a moment."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


@contextlib.contextmanager
def _said(path: Path) -> Iterator[None]:
    """An error of the system becomes a fault that names the file."""
    try:
        yield
    except OSError as error:
        raise InputFault(
            [Fault(message=message("cli.not_written", path=str(path), why=error.strerror or str(error)))]
        ) from error
