"""The use case *new*: a workbook to begin with."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from fong.errors import InputFault
from fong.formats.template import template
from fong.model.message import Fault, message
from fong.workshop.writing import write

NAME = "workshop.xlsx"
"""The workbook's name within its folder."""
HOME_ZONE = "Asia/Hong_Kong"
"""Time zone of the example in it."""


def start(folder: Path, language: str, now: datetime | None = None) -> Path:
    """Write the annotated workbook with its small example into a folder, which is made if need be; return its path.

    Raises
    ------
    InputFault
        The workbook is there already (nothing is overwritten), or it cannot be written.
    """
    path = folder / NAME
    workbook = template(now or datetime.now(ZoneInfo(HOME_ZONE)), language=language)
    try:
        if path.exists():
            raise InputFault([Fault(message=message("cli.exists", path=str(path)))])
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        why = error.strerror or str(error)
        raise InputFault([Fault(message=message("cli.not_written", path=str(folder), why=why))]) from error
    write({path: workbook})
    return path
