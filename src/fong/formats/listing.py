"""A workshop as rows of cells, table by table: what every writer writes, and what the readers read back unchanged.

A cell is text, a number, a moment (naive, in the workshop's own time) or a date; None is empty and means the default. Text that a
list column joins with ``;`` must not itself hold ``;`` or ``、``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from fong.formats.headers import SIZE_OF_UNIT
from fong.formats.tables import SETTINGS, TABLES, Column, Kind
from fong.formats.words import DAYS
from fong.model import AtGap, Calendar, Factory, Workshop

Cell = str | int | float | Decimal | date | datetime | None

_ALWAYS = frozenset((("orders", "line"), ("wip", "line"), ("items", "type"), ("items", "unit")))
"""Columns that are written even where they hold the default."""
_DAY_S = 86_400
_FOUR = Decimal("0.0001")
_SIX = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Listing:
    """One table: its columns' names, and its rows."""

    table: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def listings(workshop: Workshop) -> Iterator[Listing]:
    """All tables of a workshop, empty ones too, in the order of the reference page."""
    factory = workshop.factory
    nouns: dict[str, Sequence[object]] = {
        "machines": factory.machines,
        "people": factory.people,
        "items": factory.items,
        "receipts": factory.receipts,
        "bom": factory.bill,
        "routing": factory.routing,
        "speeds": factory.speeds,
        "setups": factory.setups,
        "tools": factory.tools,
        "places": factory.places,
        "orders": workshop.orders,
        "wip": workshop.state.work,
    }
    writer = _Lister(factory)
    for table in TABLES.values():
        if table.name == "settings":
            yield Listing("settings", ("key", "value"), tuple(writer.settings()))
        elif table.name == "calendars":
            rows = tuple(r for c in factory.calendars for r in writer.calendar(c))
            yield Listing("calendars", ("calendar", "day", "start", "end"), rows)
        else:
            columns = tuple(c for c in table.columns if c.kind is not Kind.NOTE)
            rows = tuple(tuple(writer.cell(table.name, c, n) for c in columns) for n in nouns[table.name])
            yield Listing(table.name, tuple(c.name for c in columns), rows)


class _Lister:
    """Turns values into cells."""

    def __init__(self, factory: Factory) -> None:
        self.factory = factory
        self.zone = ZoneInfo(factory.settings.time_zone)
        groups: dict[str, list[str]] = defaultdict(list)
        for m in factory.machines:
            groups[m.group].append(m.name)
        self.group_of = {tuple(ms): g for g, ms in groups.items()}
        self.calendar_names = {c.name for c in factory.calendars}

    def settings(self) -> Iterator[tuple[Cell, Cell]]:
        for column in SETTINGS.columns:
            yield column.name, self.shown(column, getattr(self.factory.settings, column.field))

    def calendar(self, calendar: Calendar) -> Iterator[tuple[Cell, ...]]:
        """Rows of one calendar; one that is never open has a closed Monday."""
        for name, spans in zip(DAYS, calendar.week, strict=True):
            for start, end in spans:
                yield calendar.name, name, _clock(start), _clock(end)
        for day, spans in sorted(calendar.dates.items()):
            for start, end in spans:
                yield calendar.name, day, _clock(start), _clock(end)
            if not spans:
                yield calendar.name, day, None, None
        if not any(calendar.week) and not calendar.dates:
            yield calendar.name, DAYS[0], None, None

    def cell(self, table: str, column: Column, noun: object) -> Cell:
        """The cell of one noun in one column."""
        value = getattr(noun, column.field)
        if column.name == "at_gap":
            return _gap(value, getattr(noun, "overtime_s", 0))
        if column.name == "calendar" and table == "people" and value is None:
            return None
        if value is None or (value == TABLES[table].default(column) and (table, column.name) not in _ALWAYS):
            return None
        return self.shown(column, value)

    def shown(self, column: Column, value: object) -> Cell:  # noqa: PLR0911 - one answer a kind
        """A value as its column's cells show it."""
        kind = column.kind
        if isinstance(value, datetime):
            return self.moment(value, end=kind is Kind.END)
        if isinstance(value, bool):
            return ("make" if value else "buy") if column.name == "type" else "yes" if value else "no"
        if kind is Kind.NAMES and isinstance(value, frozenset):
            return ";".join(sorted(value))
        if kind is Kind.NAMES and isinstance(value, tuple):
            return self.group_of.get(value) or ";".join(value)
        if kind is Kind.SEQUENCES and isinstance(value, tuple):
            return ";".join(map(str, value)) or "-"
        if kind is Kind.DURATION and isinstance(value, int):
            return _short(Decimal(value) / int(SIZE_OF_UNIT[column.unit]), _SIX if column.unit == "d" else _FOUR)
        if kind is Kind.MONEY and isinstance(value, int):
            return _short(Decimal(value) / 100, _FOUR)
        if kind is Kind.MILLI and isinstance(value, int):
            return _short(Decimal(value) / 1000, _FOUR)
        if isinstance(value, Decimal):
            return _short(value, _SIX)
        assert isinstance(value, str | int | float)  # noqa: S101 - no noun holds anything else
        return value or None if isinstance(value, str) else value

    def moment(self, at: datetime, *, end: bool) -> Cell:
        """A date where that says it all, else the local time; with its offset where the clocks make it ambiguous."""
        local = at.astimezone(self.zone)
        if local.replace(fold=1 - local.fold).astimezone(UTC) != local.astimezone(UTC):
            return local.isoformat()
        if (local.hour, local.minute, local.second) == (0, 0, 0):
            return (local - timedelta(days=1)).date() if end else local.date()
        return local.replace(tzinfo=None, microsecond=0)


def _clock(seconds: int) -> str:
    hours, rest = divmod(seconds % _DAY_S, 3600)
    return f"{hours:02}:{rest // 60:02}" + (f":{rest % 60:02}" if rest % 60 else "")


def _gap(gap: AtGap, overtime_s: int) -> Cell:
    if gap is AtGap.OVERTIME:
        return f"overtime:{_short(Decimal(overtime_s) / 60, _FOUR)}"
    return None if gap is AtGap.RESUME else gap.name.lower()


def _short(value: Decimal, places: Decimal) -> int | Decimal:
    """A decimal without needless digits."""
    if value == value.to_integral_value():
        return int(value)
    return value.quantize(places).normalize()


def widths(listing: Listing) -> Mapping[str, int]:
    """How many characters the widest cell of each column has."""
    out = {c: len(c) for c in listing.columns}
    for row in listing.rows[:1000]:
        for name, cell in zip(listing.columns, row, strict=True):
            if cell is not None:
                wide = sum(2 if ord(c) > 0x2E80 else 1 for c in str(cell))  # noqa: PLR2004 - Chinese takes two
                out[name] = max(out[name], wide)
    return out
