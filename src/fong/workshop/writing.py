"""How files go out: each whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from fong.errors import InputFault, UsageError
from fong.model.message import Fault, message


def ready(paths: Sequence[Path], endings: Sequence[str]) -> None:
    """Refuse, before any work is done, what could not be written in the end.

    Raises
    ------
    UsageError
        An unknown ending, no such folder, a folder where a file is wanted, a file that was named twice.
    """
    for number, path in enumerate(paths):
        if path.suffix.lower() not in endings:
            raise UsageError(message("cli.unknown_ending", path=str(path), wanted=", ".join(endings)))
        if path.is_dir():
            raise UsageError(message("cli.is_folder", path=str(path)))
        if not path.parent.is_dir():
            raise UsageError(message("cli.no_folder", folder=str(path.parent)))
        if path in paths[:number]:
            raise UsageError(message("cli.same_file", path=str(path)))


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
