"""How much of a machine a stranger's file may take."""

from __future__ import annotations

from dataclasses import dataclass

from fong.errors import Limit
from fong.model import Param, message

MEGABYTE = 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Limits on reading one input.

    Parameters
    ----------
    seconds
        Time that reading may take.
    memory_mb
        Memory beyond what the reader itself needs (kept by the system on Linux only).
    file_mb
        Size of a file, or of all files of a folder.
    unpacked_mb
        Size after unpacking.
    cells
        Cells of one sheet, from its first corner to its last used cell.
    columns
        Columns of one sheet; a spreadsheet has no more.
    """

    seconds: float = 60.0
    memory_mb: int = 2048
    file_mb: int = 200
    unpacked_mb: int = 400
    cells: int = 2_000_000
    columns: int = 16_384


def too_much(code: str, **params: Param) -> Limit:
    """The exception for a limit that was met."""
    return Limit(message(code, **params))


def refuse_wide(sheet: str, columns: int, limits: Limits) -> None:
    """Give up a sheet that is wider than any spreadsheet.

    Raises
    ------
    Limit
        It is.
    """
    if columns > limits.columns:
        raise too_much("formats.too_many_columns", sheet=sheet, found=f"{columns:,}", limit=limits.columns)
