"""The plan as an Excel workbook: jobs, the days of machines and people, late orders. The same plan gives the same bytes."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from fong.render.plantable import Cell, Table, job_table, late_table, machine_days, people_days
from fong.render.view import PlanView

_EPOCH = (1980, 1, 1, 0, 0, 0)
_WRITTEN = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
_HEAD = PatternFill("solid", fgColor="EDEAE3")
_WIDEST = 48


def plan_xlsx(view: PlanView, language: str) -> bytes:
    """Four sheets with real dates, headings that stay in sight, and filters. Texts are never formulas."""
    book = Workbook(write_only=True)
    for make in (job_table, machine_days, people_days, late_table):
        _sheet(book, make(view, language))
    out = io.BytesIO()
    book.save(out)
    return _timeless(out.getvalue())


def _sheet(book: Any, table: Table) -> None:  # noqa: ANN401 - openpyxl has no types
    sheet = book.create_sheet(table.name)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(table.heads))}{len(table.rows) + 1}"
    for i, width in enumerate(_widths(table), start=1):
        sheet.column_dimensions[get_column_letter(i)].width = width
    sheet.append([_head(sheet, head) for head in table.heads])
    for row in table.rows:
        sheet.append(row)  # texts are safe already: none begins with "=", which openpyxl would take for a formula


def _widths(table: Table) -> list[int]:
    """Widths by the longest cell; a Chinese character is two letters wide."""
    sample = table.rows[:500]
    return [
        min(_WIDEST, max([_letters(head) + 4, *(_letters(row[i]) + 1 for row in sample)]))
        for i, head in enumerate(table.heads)
    ]


def _letters(cell: Cell) -> int:
    if isinstance(cell, datetime):
        return len("2026-03-04 08:00:00")
    return sum(2 if ord(letter) > 0x2E80 else 1 for letter in str(cell)) if cell is not None else 0  # noqa: PLR2004 - CJK begins


def _head(sheet: object, words: str) -> object:
    cell = WriteOnlyCell(sheet, value=words)
    cell.font, cell.fill, cell.alignment = Font(bold=True), _HEAD, Alignment(vertical="top")
    return cell


def _timeless(content: bytes) -> bytes:
    """The same archive without the hour at which it was written."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "docProps/core.xml":
                part = _WRITTEN.sub(rb"\g<1>2000-01-01T00:00:00Z", part)
            new.writestr(zipfile.ZipInfo(name, _EPOCH), part, zipfile.ZIP_DEFLATED)
    return out.getvalue()
