"""Columns of raw cells → columns of values: one pass a column, equal cells read once, every fault kept with its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from types import MappingProxyType

from fong.formats.cells import Context, Read, reader
from fong.formats.numerals import says_nothing
from fong.formats.raw import Bad, Raw, empty
from fong.formats.sheets import Findings, Found, Sheet
from fong.formats.tables import TABLES, Column, Kind
from fong.model import Param, Place

MOST_ALIKE = 500
"""Faults of one kind in one column that are told one by one; the rest is counted."""
_NUMBERS = frozenset((Kind.INT, Kind.DECIMAL, Kind.MILLI, Kind.FLOAT, Kind.PERCENT, Kind.DURATION, Kind.MONEY))
_MAY_SAY_NOTHING = _NUMBERS | {
    *(Kind.NAME, Kind.NAMES, Kind.START, Kind.END),
    *(Kind.CLOCK, Kind.CHOICE, Kind.YES_NO, Kind.GAP),
}


class Reporter:
    """Remembers faults of a sheet's cells and which rows they are in."""

    def __init__(self, sheet: Sheet, findings: Findings) -> None:
        self.sheet, self.findings = sheet, findings
        self.rows: set[int] = set()
        self._alike: dict[tuple[str, str], int] = {}

    def fault(self, code: str, column: str, row: int | None, **params: Param) -> None:
        """A fault of a cell; ``column``: its header or canonical name; ``row``: position in the sheet."""
        if row is not None:
            self.rows.add(row)
        count = self._alike[code, column] = self._alike.get((code, column), 0) + 1
        if count <= MOST_ALIKE:
            number = None if row is None else self.sheet.numbers[row]
            place = Place(table=self.sheet.table, source=self.sheet.source, row=number, column=column)
            self.findings.fault(code, place, **params)

    def close(self) -> None:
        """Say how many faults were only counted."""
        for (_, column), count in self._alike.items():
            if count > MOST_ALIKE:
                place = Place(table=self.sheet.table, source=self.sheet.source, column=column)
                self.findings.fault("formats.more_like_these", place, n=count - MOST_ALIKE)


@dataclass(slots=True)
class Rows:
    """A table's values. ``doubtful``: names may be missing that the owner has written."""

    table: str
    sheet: Sheet | None
    columns: dict[str, list[object]]
    positions: list[int]
    """Position in the sheet by row."""
    headers: list[str] | None = None
    """Header by row, where rows come from different columns of one sheet row (a size matrix)."""
    tainted: set[int] = field(default_factory=set)
    """Positions in the sheet with a faulty cell."""
    bad: set[tuple[int, str]] = field(default_factory=set)
    """Faulty cells: position in the sheet and canonical column."""
    doubtful: bool = False

    def __len__(self) -> int:
        return len(self.positions)


def convert(sheet: Sheet, context: Context, findings: Findings, optional: Mapping[str, object]) -> Rows:
    """Read every cell of a sheet.

    Where a needed value cannot be read something stands in for it that no other row holds, so that the row's other cells can be
    judged; such a workshop is never returned.

    Parameters
    ----------
    sheet
        The table as found.
    context
        What the readers must know.
    findings
        Where faults go.
    optional
        Columns whose empty cell is no fault here and means the value given.
    """
    report = Reporter(sheet, findings)
    table = TABLES[sheet.table]
    columns: dict[str, list[object]] = {}
    bad: set[tuple[int, str]] = set()
    for column in table.columns:
        found = sheet.columns.get(column.name)
        if column.kind is Kind.NOTE:
            continue
        default = optional[column.name] if column.name in optional else table.default(column)
        needed = column.required and column.name not in optional
        if found is None:
            faulty = list(range(len(sheet.numbers))) if needed else []
            values = [default] * len(sheet.numbers)
        else:
            values, faulty = _column(column, found, context, report, default, needed=needed)
        for i in faulty:
            bad.add((i, column.name))
            values[i] = stand_in(column, i) if needed else default
        columns[column.name] = values
    report.close()
    names = NAMES.get(sheet.table, frozenset())
    return Rows(
        sheet.table,
        sheet,
        columns,
        list(range(len(sheet.numbers))),
        tainted=report.rows | {i for i, _ in bad},
        bad=bad,
        doubtful=sheet.broken or any(name in names for _, name in bad),
    )


NAMES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "machines": frozenset(("machine", "group", "zone")),
        "people": frozenset(("skills", "tends")),
        "calendars": frozenset(("calendar",)),
        "items": frozenset(("item",)),
        "routing": frozenset(("item", "sequence")),
        "tools": frozenset(("tool",)),
        "places": frozenset(("place",)),
        "orders": frozenset(("order", "line")),
    }
)
"""Columns whose cells other tables refer to."""
_FAR = 2 * 10**9
_SOME_DAY = datetime(2026, 1, 1, tzinfo=UTC)


def stand_in(column: Column, row: int) -> object:
    """What stands in for a needed value that cannot be read: keys that nobody else has, and numbers that ask for little."""
    if column.kind is Kind.NAME:
        return f"????{row}"
    if column.kind is Kind.DAY:
        return ()
    if column.kind is Kind.START:
        return _SOME_DAY
    if column.name in {"sequence", "line"}:
        return _FAR + row
    if column.kind is Kind.DECIMAL:
        return Decimal(1)
    return 0


def _column(
    column: Column, found: Found, context: Context, report: Reporter, default: object, *, needed: bool
) -> tuple[list[object], list[int]]:
    """The values of one column, and the rows whose cell is bad, or empty though needed."""
    read = reader(column, found.unit, context)
    nothing = column.kind in _MAY_SAY_NOTHING
    values = {raw: _read(read, raw, nothing=nothing) for raw in dict.fromkeys(found.values)}
    faulty = {raw: v for raw, v in values.items() if isinstance(v, Bad) or (v is None and needed)}
    good = {raw: default if v is None or isinstance(v, Bad) else v for raw, v in values.items()}
    rows = [i for i, raw in enumerate(found.values) if raw in faulty] if faulty else []
    for i in rows:
        bad = faulty[found.values[i]]
        if isinstance(bad, Bad):
            report.fault(bad.code, found.header, i, **bad.params)
        else:
            report.fault("formats.required", found.header, i, wanted=column.name)
    return [good[raw] for raw in found.values], rows


def _read(read: Read, raw: Raw, *, nothing: bool) -> object:
    """A cell's value, None if it is empty, or what is wrong with it."""
    if empty(raw) or (nothing and says_nothing(raw)):
        return None
    try:
        value = read(raw)
    except Bad as bad:
        return bad
    return None if value == "" else value
