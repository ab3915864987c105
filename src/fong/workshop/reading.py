"""The use case *read*: an input of any kind becomes a workshop or a benchmark instance, in a child process with limits."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import cast

from fong.formats.limits import Limits
from fong.model import Message, Problem, Workshop
from fong.workshop.child import ask

FORMATS = ("xlsx", "csv", "json", "jsp", "fjsp")
"""Names of the formats that can be asked for."""
DEFAULT_LIMITS = Limits()

Given = Workshop | Problem


def read(
    path: Path,
    *,
    limits: Limits = DEFAULT_LIMITS,
    format: str | None = None,  # noqa: A002 - as it is called on the command line
    now: datetime | None = None,
) -> Given:
    """Read an input, whatever its kind: a workshop (workbook, CSV folder, JSON) or a benchmark instance.

    Parameters
    ----------
    path
        A file or a folder.
    limits
        What it may cost.
    format
        One of :data:`FORMATS`; None: by name and content.
    now
        Plan from this moment instead of the input's own; naive: local time of the workshop.

    Raises
    ------
    InputFault
        With every fault of the input.
    Limit
        It is too large, or takes too long.
    """
    return read_with_notes(path, limits=limits, format=format, now=now)[0]


def read_with_notes(
    path: Path,
    *,
    limits: Limits = DEFAULT_LIMITS,
    format: str | None = None,  # noqa: A002 - as it is called on the command line
    now: datetime | None = None,
) -> tuple[Given, tuple[Message, ...]]:
    """As :func:`read`; also what was left out on purpose, such as hidden rows."""
    value, notes = ask("given", Path(path), limits, format=format, now=None if now is None else now.isoformat())
    return cast("Given", value), notes
