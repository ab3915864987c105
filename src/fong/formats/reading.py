"""Bytes → :class:`Tables`: a workbook, a folder of CSV files or a JSON object, with every fault of form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from fong.formats.delimited import read_folder
from fong.formats.limits import Limits
from fong.formats.objects import read_json
from fong.formats.sheets import Findings, Grid, Sheet, Tables, sheet_of
from fong.formats.workbook import is_workbook, read_workbook
from fong.model import Place

DEFAULT_LIMITS = Limits()


def read_tables(name: str, data: bytes | Mapping[str, bytes], *, limits: Limits = DEFAULT_LIMITS) -> Tables:
    """Read the tables of one input, whatever they mean.

    Parameters
    ----------
    name
        The file's or folder's name, for faults and for the kind of file.
    data
        The file's bytes; of a folder, those of each CSV file by its name.
    limits
        How large it may be.

    Raises
    ------
    InputFault
        Nothing of it can be read. Faults of single tables are in the result.
    Limit
        It is too large.
    """
    findings = Findings()
    if isinstance(data, Mapping):
        grids: Iterable[Grid] = read_folder(sorted(data.items()), limits, findings)
    elif is_workbook(data) or name.lower().endswith((".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")):
        grids = read_workbook(name, data, limits, findings)
    else:
        grids = read_json(name, data, limits, findings)
    sheets: dict[str, Sheet] = {}
    for grid in grids:
        sheet = sheet_of(grid, findings)
        if sheet.table in sheets:
            place = Place(table=sheet.table, source=sheet.source)
            findings.fault("formats.two_tables", place, found=sheets[sheet.table].source, wanted=sheet.table)
        else:
            sheets[sheet.table] = sheet
    return Tables(
        MappingProxyType(sheets), tuple(findings.faults), tuple(findings.notes), frozenset(findings.unreadable)
    )
