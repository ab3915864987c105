"""Any input's bytes → a workshop or a problem: which reader is asked is decided here, by name and content."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from fong.formats.archive import refuse
from fong.formats.benchmark import FORMATS as BENCHMARKS
from fong.formats.benchmark import is_benchmark, read_benchmark
from fong.formats.limits import Limits
from fong.formats.nouns import to_workshop
from fong.formats.reading import DEFAULT_LIMITS, read_tables
from fong.formats.workbook import is_workbook
from fong.model import Message, Problem, Workshop

_BOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")


def given(
    name: str,
    data: bytes | Mapping[str, bytes],
    *,
    format: str | None = None,  # noqa: A002 - as it is called on the command line
    now: datetime | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> tuple[Workshop | Problem, tuple[Message, ...]]:
    """A workshop or a benchmark instance, and notes on what was left out on purpose.

    Parameters
    ----------
    name
        The file's or folder's name.
    data
        The file's bytes; of a folder, those of each CSV file by its name.
    format
        ``xlsx``, ``csv``, ``json``, ``jsp`` or ``fjsp``; None: by name and content.
    now
        Plan from this moment instead of the input's own.
    limits
        How large it may be.

    Raises
    ------
    InputFault
        With every fault of the input.
    Limit
        It is too large.
    """
    kind = format or _kind(name, data)
    if kind in BENCHMARKS and isinstance(data, bytes):
        return read_benchmark(name, data, kind=kind if format else "", limits=limits), ()
    if kind not in {"xlsx", "csv", "json"}:
        raise refuse(
            "formats.unknown_file" if format is None else "formats.unknown_format",
            name,
            found=kind or name,
            wanted="xlsx, csv, json, jsp, fjsp",
        )
    if kind == "csv" and isinstance(data, bytes):
        raise refuse("formats.single_table", name)
    tables = read_tables(name, data, limits=limits)
    return to_workshop(tables, now=now), tables.notes


def _kind(name: str, data: bytes | Mapping[str, bytes]) -> str:
    if isinstance(data, Mapping):
        return "csv"
    lower = name.lower()
    if is_workbook(data) or lower.endswith(_BOOKS):
        return "xlsx"
    if lower.endswith((".csv", ".tsv")):
        return "csv"
    if lower.endswith(".json") or data[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
        return "json"
    if is_benchmark(name, data) or lower.endswith(".txt"):
        return "jsp"
    return ""
