"""Order lines: numbers for lines that have none, and style × colour × size matrices, one line for each colour and size.

The layout that is understood: columns whose headers are sizes (S, M, L …, 36, 38 …, or anything under a merged header "size
尺碼"), pieces in their cells, the rest of the row as usual. Lines are numbered in the order of rows and, within a row, of sizes,
after the row's own ``line`` if it has one. A ``quantity`` beside sizes is their total; late cost is shared out by pieces.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from fong.formats.cells import Context, reader
from fong.formats.raw import Bad, Raw, empty
from fong.formats.rows import Reporter, Rows
from fong.formats.sheets import Findings, Sheet
from fong.formats.tables import Column, Kind

_CELL = Column(name="quantity", kind=Kind.INT, low=0, high=10**9)
_SHARED = "late_cost_per_day"
_UNREAD = 2 * 10**9


def order_lines(rows: Rows, sheet: Sheet, context: Context, findings: Findings) -> Rows:
    """The rows of the order sheet as order lines."""
    report = Reporter(sheet, findings)
    if sheet.sizes:
        rows = _expanded(rows, sheet, context, report)
    _number(rows, report)
    report.close()
    rows.tainted |= report.rows
    return rows


def _expanded(rows: Rows, sheet: Sheet, context: Context, report: Reporter) -> Rows:
    names = list(rows.columns)
    out: dict[str, list[object]] = {n: [] for n in names}
    positions: list[int] = []
    headers: list[str] = []
    read = reader(_CELL, "", context)
    quantity_header = sheet.columns["quantity"].header if "quantity" in sheet.columns else "quantity"
    for i, position in enumerate(rows.positions):
        row = {n: rows.columns[n][i] for n in names}
        cells = list(_cells(sheet, position, read, report))
        if not cells:
            if row["quantity"] is None and position not in report.rows and position not in rows.tainted:
                report.fault("formats.required", quantity_header, position, wanted="quantity")
            cells = [("", quantity_header, int(str(row["quantity"] or 0)))]
        elif row["size"]:
            report.fault("formats.size_and_sizes", sheet.columns["size"].header, position, found=str(row["size"]))
        total = sum(q for _, _, q in cells)
        if row["quantity"] is not None and cells and row["quantity"] != total and position not in report.rows:
            found = str(row["quantity"])
            report.fault("formats.other_total", quantity_header, position, found=found, wanted=total)
        costs = _shares(int(str(row[_SHARED])), [q for _, _, q in cells])
        for k, (size, header, quantity) in enumerate(cells):
            own = {"quantity": quantity, _SHARED: costs[k], "size": size or row["size"]}
            own["line"] = None if row["line"] is None else int(str(row["line"])) + k
            for n in names:
                out[n].append(own.get(n, row[n]))
            positions.append(position)
            headers.append(header)
    return replace(rows, columns=out, positions=positions, headers=headers)


def _cells(sheet: Sheet, position: int, read: object, report: Reporter) -> Iterator[tuple[str, str, int]]:
    """Size, header and pieces of the filled size cells of a row."""
    for size in sheet.sizes:
        raw: Raw = size.values[position]
        if empty(raw) or (isinstance(raw, str) and raw.strip() in {"-", "–", "—"}):
            continue
        try:
            pieces = read(raw)  # type: ignore[operator]
        except Bad as bad:
            report.fault(bad.code, size.header, position, **bad.params)
            continue
        if pieces:
            yield size.header, size.header, pieces


def _shares(cents: int, pieces: list[int]) -> list[int]:
    """An amount shared out by pieces, to the cent."""
    total, done, given = sum(pieces), 0, 0
    out = []
    for n in pieces:
        done += n
        upto = cents * done // total if total else 0
        out.append(upto - given)
        given = upto
    return out


def _number(rows: Rows, report: Reporter) -> None:
    """Give each line without a number the next one of its order; a line that says just the same as one before is a fault."""
    columns = rows.columns
    highest: dict[object, int] = {}
    seen: dict[tuple[object, ...], int] = {}
    lines = columns["line"]
    keys = ("order", "item", "colour", "size", "due", "quantity")
    for i, key in enumerate(zip(*(columns[k] for k in keys), strict=True)):
        position = rows.positions[i]
        if (position, "line") in rows.bad:
            lines[i] = _UNREAD + i  # a number that no other line has
            continue
        if lines[i] is None:
            lines[i] = highest.get(key[0], 0) + 1
            first = i if position in rows.tainted else seen.setdefault(key, i)
            if first != i:
                sheet = report.sheet
                found = sheet.numbers[rows.positions[first]]
                report.fault(
                    "formats.repeated_line",
                    sheet.columns["order"].header,
                    position,
                    found=str(key[0]),
                    wanted=found,
                )
        number = int(str(lines[i]))
        highest[key[0]] = max(highest.get(key[0], 0), number)


QUANTITY_FREE = {"quantity": None, "line": None}
"""Columns of the order sheet that may be empty in a row: see :func:`order_lines`."""
LINE_FREE = {"line": None}
