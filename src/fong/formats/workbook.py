"""Workbooks (.xlsx) → grids: values by calamine, and one pass over the XML for what values hide.

That pass finds hidden rows and columns, errors, formulas without a cached value, and number formats that change what a
value means (000123, 1E+05, 3 %, a midnight shown with its time). Nothing is calculated, no link is followed, no macro is kept.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Literal, cast
from xml.parsers import expat

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from fong.formats.archive import Archive, refuse
from fong.formats.limits import Limits, too_much
from fong.formats.raw import Odd, Raw
from fong.formats.sheets import Findings, Grid, nearest
from fong.formats.tables import TABLES
from fong.formats.words import NOT_TABLES, plain, table_index
from fong.model import Place, message

_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""Begins .xls files, and workbooks with a password."""
_LITERALS = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_PADDED = re.compile(r'^((?:"[^"]*"|\\.|[A-Za-z]-?)*)(0{2,})((?:"[^"]*"|\\.)*)$')
_VALUES = frozenset(("v", "is"))

Style = Literal["padded", "scientific", "percent", "moment", ""]


@dataclass(slots=True)
class _Marks:
    """What the pass over one sheet's XML found; rows and columns from 0."""

    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    styled: dict[tuple[int, int], int] = field(default_factory=dict)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    formulas: dict[tuple[int, int], bool] = field(
        default_factory=dict
    )  # True: its value is a text, perhaps an empty one
    booleans: int = 0
    last_row: int = -1
    last_column: int = -1


def is_workbook(data: bytes) -> bool:
    """Whether the bytes begin like a workbook, new or old."""
    return data[:4] == b"PK\x03\x04" or data[:8] == _OLD


def read_workbook(name: str, data: bytes, limits: Limits, findings: Findings) -> Iterator[Grid]:
    """The tables of a workbook, sheet by sheet.

    Raises
    ------
    InputFault
        It is no workbook that can be read.
    Limit
        It is too large.
    """
    if data[:8] == _OLD or name.lower().endswith((".xls", ".xlsb", ".ods")):
        raise refuse("formats.old_workbook", name)
    archive = Archive(name, data, limits)
    if "xl/workbook.bin" in archive.parts or "mimetype" in archive.parts:
        raise refuse("formats.old_workbook", name)
    if "xl/workbook.xml" not in archive.parts:
        raise refuse("formats.not_a_workbook", name)
    if name.lower().endswith(".xlsm") or any(p.lower().endswith("vbaproject.bin") for p in archive.names()):
        raise refuse("formats.macros", name)
    yield from _Workbook(name, data, archive, findings).grids()


class _Workbook:
    """One workbook."""

    def __init__(self, name: str, data: bytes, archive: Archive, findings: Findings) -> None:
        self.name, self.data, self.archive, self.findings = name, data, archive, findings
        for part in archive.names():
            if part.endswith((".xml", ".rels", ".vml")) and not part.startswith("xl/worksheets/sheet"):
                archive.xml(part)
        self.formats = _number_formats(archive)
        self.parts = _sheet_parts(archive)

    def grids(self) -> Iterator[Grid]:
        try:
            with CalamineWorkbook.from_filelike(io.BytesIO(self.data)) as book:
                visible = {m.name for m in book.sheets_metadata if m.visible == SheetVisibleEnum.Visible}
                for sheet, part in self.parts.items():
                    if sheet not in visible:
                        self.findings.notes.append(message("formats.note_hidden_sheet", sheet=sheet))
                        continue
                    grid = self.grid(book, sheet, part)
                    if grid is not None:
                        yield grid
        except CalamineError:
            raise refuse("formats.broken_workbook", self.name) from None

    def grid(self, book: CalamineWorkbook, sheet: str, part: str) -> Grid | None:
        table = table_of(sheet)
        if sheet.startswith("_") or (table is None and plain(sheet) in NOT_TABLES):
            return None
        most = 0 if table is None else self.archive.limits.cells
        try:
            marks = self.scan(part, most)
        except _TooManyCellsError as far:
            if table is None:
                unknown_table(self.findings, sheet)
                return None
            raise too_much("formats.too_many_cells", sheet=sheet, found=str(far), limit=most) from None
        return None if table is None else self.filled(book.get_sheet_by_name(sheet), table, marks)

    def scan(self, part: str, most_cells: int) -> _Marks:
        """One pass over a sheet's XML, given up where it spans more cells than allowed."""
        scan = _Scan(frozenset(map(str, self.formats)), most_cells)
        _parse(self.name, self.archive.xml(part), scan.start, scan.characters)
        return scan.marks

    def filled(self, sheet: CalamineSheet, table: str, marks: _Marks) -> Grid:
        rows = cast("list[list[Raw]]", sheet.to_python(skip_empty_area=False))
        self.put_odd(rows, marks)
        self.blank_hidden(sheet.name, rows, marks)
        merges = [(a, b, c, d) for (a, b), (c, d) in sheet.merged_cell_ranges or ()]
        return Grid(table, sheet.name, rows, range(1, len(rows) + 1), merges)

    def put_odd(self, rows: list[list[Raw]], marks: _Marks) -> None:
        """Replace the cells whose value alone misleads."""
        size = len(rows)
        cells: dict[tuple[int, int], Odd] = {at: Odd("error", None, text) for at, text in marks.errors.items()}
        for (r, c), is_text in marks.formulas.items():
            value = rows[r][c] if r < size and c < len(rows[r]) else None
            if value in {"", None} and not is_text and (r, c) not in cells:
                cells[r, c] = Odd("formula", None, "=…")
        for (r, c), style in marks.styled.items():
            value = rows[r][c] if r < size and c < len(rows[r]) else None
            odd = self.styled(value, style)
            if odd is not None:
                cells[r, c] = odd
        if marks.booleans:
            for r, row in enumerate(rows):
                for c, value in enumerate(row):
                    if isinstance(value, bool):
                        cells[r, c] = Odd("boolean", value, str(value).upper())
        for (r, c), odd in cells.items():
            rows.extend([] for _ in range(r + 1 - len(rows)))
            rows[r].extend([None] * (c + 1 - len(rows[r])))
            rows[r][c] = odd

    def styled(self, value: Raw, style: int) -> Odd | None:
        """The cell of an odd number format, if that changes what its value means."""
        code, kind = self.formats.get(style, ("", ""))
        if kind == "moment" and isinstance(value, date) and not isinstance(value, datetime):
            at = datetime(value.year, value.month, value.day)  # noqa: DTZ001 - a wall clock's; its zone comes later
            return Odd("moment", at, f"{at:%Y-%m-%d %H:%M}")
        if not isinstance(value, float):
            return None
        if kind == "percent":
            return Odd("percent", value, f"{value * 100:.10g}%")
        if kind == "scientific":
            return Odd("scientific", value, f"{value:.2E}")
        if kind == "padded" and value.is_integer() and value >= 0:
            return Odd("padded", value, _padded(code, int(value)))
        return None

    def blank_hidden(self, sheet: str, rows: list[list[Raw]], marks: _Marks) -> None:
        """What is hidden is not there; a note says so."""
        hidden = [r for r in marks.hidden_rows if r < len(rows) and any(v not in {"", None} for v in rows[r])]
        for r in hidden:
            rows[r] = []
        if hidden:
            self.findings.notes.append(message("formats.note_hidden_rows", sheet=sheet, n=len(hidden)))
        columns = {c for c in marks.hidden_columns for row in rows if c < len(row) and row[c] not in {"", None}}
        for c in columns:
            for row in rows:
                if c < len(row):
                    row[c] = None
        if columns:
            self.findings.notes.append(message("formats.note_hidden_columns", sheet=sheet, n=len(columns)))


def table_of(name: str) -> str | None:
    """The table that a sheet's or file's name means: ``訂單``, ``2. Orders``, ``orders 訂單``; None if none."""
    bare = re.sub(r"^[\d\s._\-)、]+", "", name)
    known = table_index()
    if plain(bare) in known:
        return known[plain(bare)]
    parts = [p for p in re.split(r"[\s()（）\[\]/_\-]+", bare) if plain(p)]
    parts += re.findall(r"[\u2e80-\u9fff]+|[A-Za-z]+", bare) if len(parts) == 1 else []
    if len(parts) > 1 and plain(parts[0]) == plain(bare):
        parts = parts[1:]
    names = {known.get(plain(p)) for p in parts}
    return names.pop() if len(names) == 1 else None


def unknown_table(findings: Findings, name: str, stem: str = "") -> None:
    """A fault for a sheet or file that is no table; ``stem``: a file's name without its ending."""
    near = nearest(stem or name, table_index())
    code = "formats.unknown_table_near" if near else "formats.unknown_table"
    findings.fault(code, Place(source=name), found=name, wanted=near or ", ".join(TABLES))


# ---------------------------------------------------------------- the XML
def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _parse(
    source: str,
    content: bytes,
    start: Callable[[str, dict[str, str]], None],
    characters: Callable[[str], None] | None = None,
) -> None:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.CharacterDataHandler = characters
    try:
        parser.Parse(content, True)
    except expat.ExpatError:
        raise refuse("formats.broken_xml", source) from None


def _sheet_parts(archive: Archive) -> dict[str, str]:
    """Sheet names in their order, each with its part of the zip; chart sheets are left out."""
    ids: dict[str, str] = {}
    targets: dict[str, str] = {}

    def sheet(name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "sheet":
            ids[attributes.get("name", "")] = next(
                (v for k, v in attributes.items() if _local(k) == "id" and ":" in k), ""
            )

    def relation(name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "Relationship" and attributes.get("Type", "").endswith("/worksheet"):
            target = attributes.get("Target", "")
            targets[attributes.get("Id", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"

    _parse(archive.source, archive.xml("xl/workbook.xml"), sheet)
    if "xl/_rels/workbook.xml.rels" in archive.parts:
        _parse(archive.source, archive.xml("xl/_rels/workbook.xml.rels"), relation)
    return {n: targets[i] for n, i in ids.items() if i in targets and targets[i] in archive.parts}


def _number_formats(archive: Archive) -> dict[int, tuple[str, Style]]:
    """Cell styles whose number format matters: the format's code and what it does."""
    codes = {9: "0%", 10: "0.00%", 11: "0.00E+00", 22: "m/d/yy h:mm", 48: "##0.0E+0"}
    styles: list[int] = []
    inside: list[bool] = [False]

    def start(name: str, attributes: dict[str, str]) -> None:
        local = _local(name)
        if local == "numFmt":
            codes[_int(attributes.get("numFmtId"))] = attributes.get("formatCode", "")
        elif local in {"cellXfs", "cellStyleXfs", "cellStyles", "dxfs"}:
            inside[0] = local == "cellXfs"
        elif local == "xf" and inside[0]:
            styles.append(_int(attributes.get("numFmtId")))

    if "xl/styles.xml" in archive.parts:
        _parse(archive.source, archive.xml("xl/styles.xml"), start)
    kinds = {i: (codes[f], _style(codes[f])) for i, f in enumerate(styles) if f in codes}
    return {i: (code, kind) for i, (code, kind) in kinds.items() if kind}


def _int(text: str | None) -> int:
    return int(text) if text and text.isdigit() and len(text) < 10 else 0  # noqa: PLR2004 - no absurd numbers


def _style(code: str) -> Style:
    first = code.partition(";")[0]
    if _PADDED.match(first):
        return "padded"
    bare = _LITERALS.sub("", first).lower()
    if "e+" in bare or "e-" in bare:
        return "scientific"
    if "%" in bare:
        return "percent"
    if "h" in bare and ("d" in bare or "y" in bare):
        return "moment"
    return ""


def _padded(code: str, value: int) -> str:
    """A whole number as a format such as ``000123`` or ``"K"00`` shows it."""
    m = _PADDED.match(code.partition(";")[0])
    if m is None:
        return str(value)
    before, after = (re.sub(r'"([^"]*)"|\\(.)', lambda x: x[1] or x[2] or "", s) for s in (m[1], m[3]))
    return f"{before}{value:0{len(m[2])}d}{after}"


class _TooManyCellsError(Exception):
    pass


class _Scan:
    """Handlers of the pass; a plain class, for they are called once a cell."""

    def __init__(self, odd_styles: frozenset[str], most_cells: int) -> None:
        self.marks = _Marks()
        self.most_cells = most_cells
        self.odd_styles = odd_styles
        self.row = self.column = -1
        self.type = ""
        self.style = ""
        self.in_value = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name in _VALUES:
            self.value()
        elif name == "c":
            self.cell(attributes)
        elif name == "row":
            self.row = _int(attributes["r"]) - 1 if "r" in attributes else self.row + 1
            self.column = -1
            if attributes.get("hidden") in {"1", "true"}:
                self.marks.hidden_rows.add(self.row)
        elif name == "f":
            self.marks.formulas[self.row, self.column] = self.type == "str"
            self.seen()
        elif name == "col" and attributes.get("hidden") in {"1", "true"}:
            first, last = _int(attributes.get("min")), min(_int(attributes.get("max")), 16_384)
            self.marks.hidden_columns.update(range(first - 1, last))
        elif ":" in name:
            self.start(_local(name), attributes)

    def cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        if reference is None:
            self.column += 1
        else:
            self.column = _column_number(reference.rstrip("0123456789"))
        self.type = attributes.get("t", "")
        self.style = attributes.get("s", "")
        self.in_value = False

    def value(self) -> None:
        self.seen()
        if self.style in self.odd_styles:
            self.marks.styled[self.row, self.column] = int(self.style)
        if self.type == "e":
            self.marks.errors[self.row, self.column] = "#?"
            self.in_value = True
        elif self.type == "b":
            self.marks.booleans += 1

    def seen(self) -> None:
        marks = self.marks
        if self.row > marks.last_row or self.column > marks.last_column:
            marks.last_row = max(marks.last_row, self.row)
            marks.last_column = max(marks.last_column, self.column)
            if (marks.last_row + 1) * (marks.last_column + 1) > self.most_cells:
                raise _TooManyCellsError(f"{marks.last_row + 1:,} × {marks.last_column + 1:,}")

    def characters(self, text: str) -> None:
        if self.in_value:
            self.marks.errors[self.row, self.column] = text[:20]
            self.in_value = False


@lru_cache(maxsize=20_000)
def _column_number(letters: str) -> int:
    """Column from 0: ``A`` is 0, ``AB`` is 27."""
    found = 0
    for letter in letters[:3]:
        found = found * 26 + ord(letter) - 64
    return found - 1
