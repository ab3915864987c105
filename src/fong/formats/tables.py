"""The input's tables and columns as data. Reader, writer, template, JSON and the reference page all derive from this page.

A column belongs to a field of a noun of :mod:`fong.model`; an empty cell is that field's own default, so no default stands twice.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from types import MappingProxyType

from fong.model import (
    BillLine,
    Item,
    Machine,
    OrderLine,
    Person,
    Receipt,
    Settings,
    Setup,
    Speed,
    Step,
    Store,
    Tool,
    WorkInProgress,
)


class Kind(enum.Enum):
    """What a cell of a column holds, and as what the nouns keep it."""

    NAME = "name"  # a key or a reference to one: str
    TEXT = "text"  # free words: str
    NAMES = "names"  # several names with ; between: tuple of str
    SEQUENCES = "sequences"  # several whole numbers with ; between, or - for none: tuple of int
    INT = "int"
    DECIMAL = "decimal"  # kept to six places: Decimal
    MILLI = "milli"  # a decimal kept in thousandths: int
    FLOAT = "float"
    PERCENT = "percent"  # 3 or 3 % is three per cent: Decimal
    DURATION = "duration"  # a number of the column's unit: whole seconds
    MONEY = "money"  # cents: int
    YES_NO = "yes_no"
    CHOICE = "choice"  # one of the column's words: str
    GAP = "gap"  # resume, fit, run_on, overtime:<min>: (AtGap, seconds)
    START = "start"  # a moment; a date means its first moment: aware datetime
    END = "end"  # a moment; a date means the end of that day: aware datetime
    DAY = "day"  # weekdays (Mon, Mon-Fri) or a date
    CLOCK = "clock"  # HH:MM: seconds after midnight
    ZONE = "zone"  # an IANA time zone: str
    NOTE = "note"  # words for people; not read


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column.

    Parameters
    ----------
    name
        Canonical name.
    kind
        What its cells hold.
    field
        Field of the table's noun; empty: see the reader.
    required
        A row without it is a fault.
    low, high
        Range of the number as written in the column's unit, ends included; None: no end.
    above
        The number must be larger than this.
    unit
        Unit of a bare number (``min``, ``d``, ``h``, ``kg``, ``m``, ``kW``).
    words
        The words of a choice.
    """

    name: str
    kind: Kind
    field: str = ""
    required: bool = False
    low: int | None = None
    high: int | None = None
    above: int | None = None
    unit: str = ""
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table. ``noun``: the class of its rows; None: see the reader. ``required``: an input without it is a fault."""

    name: str
    columns: tuple[Column, ...]
    noun: type | None = None
    required: bool = False

    def column(self, name: str) -> Column:
        """The column of that name.

        Raises
        ------
        KeyError
            The table has no such column.
        """
        return _COLUMNS[self.name][name]

    def default(self, column: Column) -> object:
        """What an empty cell means: the default of the noun's field; None where there is none."""
        if self.noun is None or not column.field:
            return None
        value = next(f.default for f in fields(self.noun) if f.name == column.field)
        return None if value is MISSING else value


def _name(name: str, field: str | None = None, *, required: bool = False) -> Column:
    return Column(name=name, kind=Kind.NAME, field=name if field is None else field, required=required)


def _text(name: str, field: str | None = None) -> Column:
    return Column(name=name, kind=Kind.TEXT, field=name if field is None else field)


def _int(name: str, low: int, field: str | None = None, *, high: int = 10**9, required: bool = False) -> Column:
    return Column(
        name=name, kind=Kind.INT, field=name if field is None else field, low=low, high=high, required=required
    )


def _minutes(name: str, field: str, *, high_days: int = 31, required: bool = False) -> Column:
    return Column(
        name=name, kind=Kind.DURATION, field=field, low=0, high=high_days * 1440, unit="min", required=required
    )


def _money(name: str, field: str) -> Column:
    return Column(name=name, kind=Kind.MONEY, field=field, low=0, high=10**12)


def _float(name: str, unit: str, *, low: int | None = 0, high: int = 10**6) -> Column:
    return Column(name=name, kind=Kind.FLOAT, field=name, low=low, high=high, unit=unit)


def _quantity(name: str, field: str, *, above: int | None = None, unit: str = "", required: bool = False) -> Column:
    low = 0 if above is None else None
    return Column(
        name=name, kind=Kind.DECIMAL, field=field, low=low, above=above, high=10**9, unit=unit, required=required
    )


def _choice(name: str, *words: str, field: str | None = None) -> Column:
    return Column(name=name, kind=Kind.CHOICE, field=name if field is None else field, words=words)


_NOTE = Column(name="note", kind=Kind.NOTE)
_YEAR_DAYS = 366

SETTINGS = Table(
    name="settings keys",
    noun=Settings,
    columns=(
        Column(name="now", kind=Kind.START, field="now", required=True),
        Column(name="time_zone", kind=Kind.ZONE, field="time_zone"),
        _text("currency"),
        _int("horizon_days", 1, high=20_000),
        Column(name="top_up", kind=Kind.YES_NO, field="top_up"),
    ),
)
"""The keys of the table ``settings``, each as if it were a column."""

_ALL = (
    Table(name="settings", required=True, columns=(_name("key", ""), _text("value", ""), _NOTE)),
    Table(
        name="machines",
        noun=Machine,
        required=True,
        columns=(
            _name("machine", "name", required=True),
            _name("group", required=True),
            _name("zone"),
            _name("calendar"),
            Column(name="capacity", kind=Kind.DECIMAL, field="capacity", above=0, high=10**9),
            _choice("batch_unit", "kg", "pieces"),
            _minutes("batch_wait_min", "batch_wait_s"),
            _name("present_family"),
            _float("x_m", "m", low=-100_000),
            _float("y_m", "m", low=-100_000),
            _float("area_m2", ""),
            _money("cost_per_hour", "cost_per_hour_cents"),
            _float("kw_run", "kW"),
            _float("kw_idle", "kW"),
            _float("mtbf_h", "h"),
            _float("mttr_h", "h"),
            _NOTE,
        ),
    ),
    Table(
        name="people",
        noun=Person,
        required=True,
        columns=(
            _name("person", "name", required=True),
            _name("calendar"),
            Column(name="skills", kind=Kind.NAMES, field="skills"),
            _name("tends"),
            _int("max_machines", 1),
            _money("cost_per_hour", "cost_per_hour_cents"),
            _NOTE,
        ),
    ),
    Table(
        name="calendars",
        required=True,
        columns=(
            _name("calendar", "", required=True),
            Column(name="day", kind=Kind.DAY, required=True),
            Column(name="start", kind=Kind.CLOCK),
            Column(name="end", kind=Kind.CLOCK),
            _NOTE,
        ),
    ),
    Table(
        name="items",
        noun=Item,
        required=True,
        columns=(
            _name("item", "name", required=True),
            _text("description"),
            _choice("type", "make", "buy", field="make"),
            _text("unit"),
            _quantity("on_hand", "on_hand"),
            Column(name="lead_time_days", kind=Kind.INT, field="lead_time_days", low=0, high=10_000, unit="d"),
            _money("cost", "cost_cents"),
            _quantity("weight_kg", "weight_kg", unit="kg"),
            _money("price", "price_cents"),
            _NOTE,
        ),
    ),
    Table(
        name="receipts",
        noun=Receipt,
        columns=(
            _name("item", required=True),
            _quantity("quantity", "quantity", above=0, required=True),
            Column(name="date", kind=Kind.START, field="at", required=True),
            _NOTE,
        ),
    ),
    Table(
        name="bom",
        noun=BillLine,
        columns=(
            _name("item", required=True),
            _name("component", required=True),
            _quantity("quantity", "quantity", above=0, required=True),
            _int("sequence", 0),
            _NOTE,
        ),
    ),
    Table(
        name="routing",
        noun=Step,
        required=True,
        columns=(
            _name("item", required=True),
            _int("sequence", 0, required=True),
            _text("step", "name"),
            Column(name="group", kind=Kind.NAMES, field="machines"),
            _minutes("setup_min", "setup_s"),
            _name("setup_skill"),
            _name("setup_family"),
            _minutes("cycle_min", "cycle_s"),
            _int("pieces_per_cycle", 1),
            _minutes("attend_min", "attend_s"),
            _int("unattended_cycles", 0, high=10**6),
            Column(name="service_cv", kind=Kind.DECIMAL, field="service_cv", low=0, high=10),
            Column(name="stops_per_hour", kind=Kind.DECIMAL, field="stops_per_hour", low=0, high=1000),
            _minutes("stop_min", "stop_s"),
            _name("run_skill"),
            Column(name="batch_per_piece", kind=Kind.DECIMAL, field="batch_per_piece", above=0, high=10**6),
            Column(name="after", kind=Kind.SEQUENCES, field="after"),
            _int("transfer_batch", 1),
            _minutes("lag_min", "lag_s", high_days=_YEAR_DAYS),
            _minutes("max_wait_min", "max_wait_s", high_days=_YEAR_DAYS),
            Column(name="scrap_pct", kind=Kind.PERCENT, field="scrap_pct", low=0, high=99),
            _int("split_over", 1, high=10**6),
            _int("max_lot", 1),
            Column(name="at_gap", kind=Kind.GAP, field="at_gap", words=("resume", "fit", "run_on", "overtime")),
            Column(name="subcontract_days", kind=Kind.DURATION, field="outside_s", low=0, high=3660, unit="d"),
            _name("collect"),
            _name("tool"),
            _name("place"),
            _name("variant"),
            _name("same_machine"),
            Column(name="note", kind=Kind.TEXT, field="note"),
        ),
    ),
    Table(
        name="speeds",
        noun=Speed,
        columns=(
            _name("item", required=True),
            _int("sequence", 0, required=True),
            _name("machine", required=True),
            _minutes("cycle_min", "cycle_s"),
            _minutes("setup_min", "setup_s"),
            _NOTE,
        ),
    ),
    Table(
        name="setups",
        noun=Setup,
        columns=(
            _name("group", required=True),
            _name("from_family", required=True),
            _name("to_family", required=True),
            _minutes("minutes", "setup_s", required=True),
            _NOTE,
        ),
    ),
    Table(
        name="tools",
        noun=Tool,
        columns=(_name("tool", "name", required=True), _int("quantity", 1, required=True), _NOTE),
    ),
    Table(
        name="places",
        noun=Store,
        columns=(_name("place", "name", required=True), _int("capacity", 1, required=True), _NOTE),
    ),
    Table(
        name="orders",
        noun=OrderLine,
        required=True,
        columns=(
            _name("order", required=True),
            _int("line", 1),
            _text("customer"),
            _name("item", required=True),
            _int("quantity", 1, required=True),
            Column(name="due", kind=Kind.END, field="due"),
            Column(name="release", kind=Kind.START, field="release"),
            Column(name="weight", kind=Kind.MILLI, field="weight_milli", low=0, high=10**6),
            _money("late_cost_per_day", "late_cost_per_day_cents"),
            _money("price", "price_cents"),
            _text("colour"),
            _text("size"),
            _choice("status", "open", "held", "done"),
            _NOTE,
        ),
    ),
    Table(
        name="wip",
        noun=WorkInProgress,
        columns=(
            _name("order", required=True),
            _int("line", 1),
            _int("sequence", 0, required=True),
            _int("done_pieces", 0),
            _name("machine"),
            Column(name="started", kind=Kind.START, field="started"),
            Column(name="ends", kind=Kind.START, field="ends"),
            _NOTE,
        ),
    ),
)

TABLES: Mapping[str, Table] = MappingProxyType({t.name: t for t in _ALL})
"""All tables by canonical name, in the order in which a workbook shows them."""

_COLUMNS = {t.name: {c.name: c for c in t.columns} for t in (*_ALL, SETTINGS)}
