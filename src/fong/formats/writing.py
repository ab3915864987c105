"""Workshops → bytes: an annotated workbook, CSV files, a JSON object. What is written is read back as the same workshop."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.worksheet.datavalidation import DataValidation

from fong import lang
from fong.formats.listing import Cell, Listing, listings, widths
from fong.formats.tables import SETTINGS, TABLES, Column, Kind
from fong.formats.words import DAYS
from fong.model import Workshop

_UNSAFE = ("=", "+", "-", "@", "\t", "\r")
_QUOTED = re.compile(r"'+[=+\-@\t\r]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_DATE, _MOMENT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm"
_WIDEST = 40
_REPEATED = 2000
_EPOCH = (1980, 1, 1, 0, 0, 0)


# ---------------------------------------------------------------- CSV
def write_csv(workshop: Workshop) -> dict[str, bytes]:
    """One CSV file for each table with rows or that must be there, by file name; UTF-8, ``,`` between cells."""
    out: dict[str, bytes] = {}
    for listing in listings(workshop):
        if listing.rows or TABLES[listing.table].required:
            text = io.StringIO(newline="")
            writer = csv.writer(text, lineterminator="\n")
            writer.writerow(listing.columns)
            writer.writerows([_csv_cell(c) for c in row] for row in listing.rows)
            out[f"{listing.table}.csv"] = text.getvalue().encode()
    return out


def _csv_cell(cell: Cell) -> str:
    if isinstance(cell, str):
        return safe(cell)
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    return "" if cell is None else _iso(cell) if isinstance(cell, date) else str(cell)


def _iso(at: date) -> str:
    return at.isoformat(timespec="seconds" if at.second else "minutes") if isinstance(at, datetime) else at.isoformat()


def safe(text: str) -> str:
    """Text that no spreadsheet takes for a formula: an apostrophe before ``= + - @`` and tab; the reader takes it off."""
    text = _CONTROL.sub("", text)
    if text != "-" and (text.startswith(_UNSAFE) or _QUOTED.match(text)):
        return f"'{text}"
    return text


# ---------------------------------------------------------------- JSON
def write_json(workshop: Workshop) -> bytes:
    """One JSON object of tables: arrays of objects without empty cells; ``settings`` is an object. UTF-8."""
    parts = []
    for listing in listings(workshop):
        if listing.table == "settings":
            parts.append(f'"settings": {_object((str(k), v) for k, v in listing.rows)}')
        elif listing.rows or TABLES[listing.table].required:
            rows = ",\n".join(_object(zip(listing.columns, row, strict=True)) for row in listing.rows)
            parts.append(f'"{listing.table}": [{rows and chr(10)}{rows}]')
    return ("{" + ",\n".join(parts) + "}\n").encode()


def _object(cells: Iterable[tuple[str, Cell]]) -> str:
    return json.dumps({k: _json_cell(v) for k, v in cells if v is not None}, ensure_ascii=False)


def _json_cell(cell: Cell) -> str | int | float:
    if isinstance(cell, date):
        return _iso(cell)
    if isinstance(cell, Decimal):
        number = float(cell)
        return number if Decimal(repr(number)) == cell else f"{cell:f}"
    assert cell is not None  # noqa: S101 - empty cells are left out
    return _CONTROL.sub("", cell) if isinstance(cell, str) else cell


# ---------------------------------------------------------------- workbook
def write_workbook(workshop: Workshop, *, language: str = "en", preface: Sequence[str] = ()) -> bytes:
    """An annotated workbook: one sheet a table, a comment at each header with meaning, unit and default, choices as lists.

    Parameters
    ----------
    workshop
        What it holds.
    language
        Language of the comments; names of tables and columns are the canonical ones.
    preface
        Lines of a first sheet ``readme``; none: no such sheet.
    """
    book = Workbook(write_only=True)
    if preface:
        sheet = book.create_sheet("readme")
        sheet.column_dimensions["A"].width = 110
        for line in preface:
            sheet.append([_text_cell(sheet, line)])
    for listing in listings(workshop):
        _sheet(book.create_sheet(listing.table), listing, language)
    out = io.BytesIO()
    book.save(out)
    return _timeless(out.getvalue())


def _sheet(sheet: WriteOnlyWorksheet, listing: Listing, language: str) -> None:
    sheet.freeze_panes = "A2"
    columns = [TABLES[listing.table].column(n) for n in listing.columns]
    for i, (name, width) in enumerate(widths(listing).items()):
        sheet.column_dimensions[get_column_letter(i + 1)].width = min(_WIDEST, max(8, width + 2))
        _choices(sheet, TABLES[listing.table].column(name), get_column_letter(i + 1))
    sheet.append([_header(sheet, listing.table, c, language) for c in columns])
    for row in listing.rows:
        cells = [_cell(sheet, c) for c in row]
        if listing.table == "settings":
            cells[0].comment = _comment(describe("settings", SETTINGS_BY_NAME[str(row[0])], language))
        sheet.append(cells)


SETTINGS_BY_NAME = {c.name: c for c in SETTINGS.columns}


def _header(sheet: WriteOnlyWorksheet, table: str, column: Column, language: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, column.name)
    needed = column.required or table == "settings"
    cell.font = Font(bold=True, color="FFFFFF")
    cell.fill = PatternFill("solid", fgColor="1F4E79" if needed else "5B7F9E")
    cell.alignment = Alignment(vertical="top")
    cell.comment = _comment(describe(table, column, language))
    return cell


def _comment(text: str) -> Comment:
    comment = Comment(text, "Fong")
    comment.width, comment.height = 320, 40 + 18 * (1 + len(text) // 34)
    return comment


def _choices(sheet: WriteOnlyWorksheet, column: Column, letter: str) -> None:
    """A list to choose from, which does not forbid other words: readers know more of them."""
    words = column.words if column.kind is Kind.CHOICE else DAYS if column.kind is Kind.DAY else ()
    if words:
        rule = DataValidation(type="list", formula1=f'"{",".join(words)}"', allow_blank=True, showErrorMessage=False)
        rule.add(f"{letter}2:{letter}{_REPEATED}")
        sheet.data_validations.append(rule)


def _cell(sheet: WriteOnlyWorksheet, value: Cell) -> WriteOnlyCell:
    if isinstance(value, str):
        return _text_cell(sheet, value)
    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, date):
        cell.number_format = _MOMENT if isinstance(value, datetime) else _DATE
    return cell


def _text_cell(sheet: WriteOnlyWorksheet, text: str) -> WriteOnlyCell:
    """Text that stays text: ``=1+1`` is no formula, ``#N/A`` no error, ``007`` keeps its zeros."""
    text = _CONTROL.sub("", text)
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    if text.startswith((*_UNSAFE, "'")):
        cell.quotePrefix = True
    return cell


def _timeless(data: bytes) -> bytes:
    """The same workbook without the moments of its making, so that equal input gives equal bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            content = old.read(info)
            if info.filename == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"1980-01-01T00:00:00Z", content)
            part = zipfile.ZipInfo(info.filename, _EPOCH)
            part.external_attr = info.external_attr
            new.writestr(part, content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


# ---------------------------------------------------------------- words
def describe(table: str, column: Column, language: str) -> str:
    """What a column holds: its meaning, what to write, its default."""
    said = [lang.text(f"formats.column.{table}.{column.name}", {}, language), kind_text(column, language)]
    default = default_text(table, column)
    if column.required:
        said.append(lang.text("formats.needed", {}, language))
    elif default:
        said.append(lang.text("formats.default", {"default": default}, language))
    return " ".join(s for s in said if s)


def kind_text(column: Column, language: str) -> str:
    """How to write the cells of a column."""
    code = f"formats.kind.{column.kind.value}" + ("_unit" if column.unit else "")
    return lang.text(code, {"unit": column.unit, "words": " / ".join(column.words)}, language)


def default_text(table: str, column: Column) -> str:
    """The default of an empty cell as one would write it; empty where it means nothing."""
    noun = SETTINGS if table == "settings" else TABLES[table]
    value = noun.default(column)
    if value is None or value in ((), "", frozenset()):
        return ""
    if isinstance(value, bool):
        return ("make" if value else "buy") if column.name == "type" else "yes" if value else "no"
    if column.kind is Kind.MILLI and isinstance(value, int):
        return f"{value / 1000:g}"
    if column.kind is Kind.GAP:
        return "resume"
    return str(value)
