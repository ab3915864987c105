"""Tables → :class:`fong.model.Workshop`, or every fault at once: of form, of cells, and of what the tables say together."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from fong.errors import InputFault
from fong.formats.cells import Context, read_text, reader
from fong.formats.matrix import LINE_FREE, QUANTITY_FREE, order_lines
from fong.formats.raw import Bad, Raw, empty, shown
from fong.formats.rows import MOST_ALIKE, Reporter, Rows, convert
from fong.formats.sheets import Findings, Sheet, Tables, nearest
from fong.formats.tables import SETTINGS, TABLES
from fong.formats.words import ALWAYS, plain, setting_index
from fong.model import (
    Calendar,
    Factory,
    Fault,
    OrderLine,
    Place,
    Settings,
    Span,
    State,
    Step,
    WorkInProgress,
    Workshop,
    message,
)
from fong.model.faults import each_fault

_DEFAULT_NOW = datetime(2026, 1, 1, tzinfo=UTC)
"""Stands in for a ``now`` that cannot be read, so that the rest can be checked; such a workshop is never returned."""
_NAMED_IN: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "no_such_machine": ("machines",),
        "no_such_group": ("machines",),
        "no_such_zone": ("machines",),
        "no_such_tender": ("people",),
        "no_such_skill": ("people",),
        "no_such_calendar": ("calendars",),
        "no_such_item": ("items",),
        "no_such_tool": ("tools",),
        "no_such_place": ("places",),
        "no_such_order": ("orders",),
        "no_such_sequence": ("routing",),
        "no_routing": ("routing",),
        "material_short": ("orders",),
        "longer_than_window_of": ("orders",),
        "nobody": ("routing",),
    }
)
"""Faults that only follow from another table, where not all of its names could be read, or which may name what stands in for one."""
_FROM_CELLS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "other_machine": ("routing", "machines"),
        "no_same_machine": ("machines",),
        "mixed_batch": ("machines",),
        "calls_without_zone": ("machines",),
        "piece_above_batch": ("machines",),
        "loading_above_batch": ("machines",),
        "no_cycle": ("speeds", "machines"),
        "no_hours": ("calendars",),
        "never_tended": ("calendars", "people"),
        "never_together": ("calendars", "people"),
        "two_places": ("calendars", "people"),
        "two_places_always": ("calendars", "people"),
        "material_short": ("items", "receipts", "bom", "routing", "wip"),
        "longer_than_window": ("routing", "speeds", "calendars", "people", "machines"),
        "longer_than_window_of": ("routing", "speeds", "calendars", "people", "machines"),
        "wait_never_fits": ("routing", "speeds", "calendars", "people", "machines"),
        "more_than_ordered": ("routing", "orders"),
    }
)
"""Faults that may only follow from a cell of these tables that could not be read."""
_OF_NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        **{f"no_such_{what}": () for what in ("machine", "group", "zone", "tender", "skill", "calendar", "item")},
        **{f"no_such_{what}": () for what in ("tool", "place")},
        "no_such_order": ("line",),
        "no_routing": (),
        "twice": ("line",),
    }
)
"""Faults that hold in a row with a bad cell, too, unless it is the fault's own cell or one of these columns."""
_FROM_NOW = frozenset(("far_moment", "released_too_late", "ended_before_now", "starts_after_now", "no_hours"))


def to_workshop(tables: Tables, *, now: datetime | None = None) -> Workshop:
    """The workshop that the tables describe.

    Parameters
    ----------
    tables
        What was read.
    now
        Plan from this moment instead of the input's own; naive: local time of the workshop.

    Raises
    ------
    InputFault
        With all faults, in the order of tables and rows.
    """
    assembly = _Assembly(tables, now)
    workshop = assembly.workshop()
    faults = list(assembly.findings.faults)
    faults += assembly.of_meaning(workshop)
    if faults:
        raise InputFault(_sorted(faults, tables))
    return workshop


def _sorted(faults: Iterable[Fault], tables: Tables) -> list[Fault]:
    order = {t: i for i, t in enumerate(TABLES)}
    names = {s.source: s.table for s in tables.sheets.values()}

    def key(fault: Fault) -> tuple[int, int]:
        table = fault.place.table or names.get(fault.place.source, "")
        return order.get(table, -1), fault.place.row or 0

    return sorted(faults, key=key)


@dataclass(slots=True)
class _SettingRow:
    row: int | None
    raw: Raw


class _Assembly:
    """Builds one workshop."""

    def __init__(self, tables: Tables, now: datetime | None) -> None:
        self.tables, self.now = tables, now
        self.findings = Findings(list(tables.faults))
        self.rows: dict[str, Rows] = {}
        self.calendar_rows: list[int] = []
        self.setting_rows: dict[str, int] = {}
        self.now_known = False

    # ------------------------------------------------------------ the whole
    def workshop(self) -> Workshop:
        for table in TABLES.values():
            if table.required and table.name not in {*self.tables.sheets, *self.tables.unreadable}:
                names = ", ".join(s.source for s in self.tables.sheets.values()) or "–"
                self.findings.fault("formats.missing_table", Place(table=table.name), found=names, wanted=table.name)
        settings = self.settings()
        self.zone = ZoneInfo(settings.time_zone)
        for name in TABLES:
            if name != "settings":
                self.rows[name] = self.read(name)
        calendars = self.calendars()
        factory = Factory(
            settings=settings,
            calendars=calendars,
            machines=self.made("machines", {"calendar": self.calendar_names("machines", calendars)}),
            people=self.made("people", self.people_columns(calendars)),
            items=self.made("items", {"type": [t != "buy" for t in self.rows["items"].columns["type"]]}),
            receipts=self.made("receipts"),
            bill=self.made("bom"),
            routing=self.routing(),
            speeds=self.made("speeds"),
            setups=self.made("setups"),
            tools=self.made("tools"),
            places=self.made("places"),
        )
        orders: tuple[OrderLine, ...] = self.made("orders")
        work: tuple[WorkInProgress, ...] = self.made("wip")
        return Workshop(factory=factory, orders=orders, state=State(work=work))

    def read(self, name: str) -> Rows:
        sheet = self.tables.sheets.get(name) or Sheet(name, name, MappingProxyType({}), ())
        context = Context(self.zone, sheet.comma)
        free = (QUANTITY_FREE if sheet.sizes else LINE_FREE) if name == "orders" else {}
        rows = convert(sheet, context, self.findings, free)
        return order_lines(rows, sheet, context, self.findings) if name == "orders" else rows

    def made(self, name: str, own: Mapping[str, Sequence[object]] = MappingProxyType({})) -> tuple[Any, ...]:
        """The nouns of a table; ``own``: columns that are not just as read."""
        table, rows = TABLES[name], self.rows[name]
        assert table.noun is not None  # noqa: S101 - only settings and calendars have none
        columns = {c.field: own.get(c.name, rows.columns.get(c.name)) for c in table.columns if c.field}
        columns |= {f: v for f, v in own.items() if f not in {c.name for c in table.columns}}
        names = tuple(n for n, v in columns.items() if v is not None)
        values = [v for v in columns.values() if v is not None]
        noun = table.noun
        return tuple(noun(**dict(zip(names, row, strict=True))) for row in zip(*values, strict=True))

    # ------------------------------------------------------------ settings
    def settings(self) -> Settings:
        sheet = self.tables.sheets.get("settings")
        if sheet is None or (sheet.broken and not {"key", "value"} <= sheet.columns.keys()):
            return Settings(now=_DEFAULT_NOW)
        found = self.setting_cells(sheet) if sheet.columns else {}
        report = Reporter(sheet, self.findings)
        values: dict[str, object] = {}
        for column in sorted(SETTINGS.columns, key=lambda c: c.name == "now"):  # the time zone comes before the time
            cell = found.get(column.name)
            if cell is None or empty(cell.raw):
                if column.required and self.now is None:
                    report.fault("formats.missing_setting", column.name, cell.row if cell else None, wanted=column.name)
                continue
            zone = ZoneInfo(str(values.get("time_zone", "Asia/Hong_Kong")))
            try:
                values[column.field] = reader(column, "", Context(zone, sheet.comma))(cell.raw)
            except Bad as bad:
                report.fault(bad.code, column.name, cell.row, **bad.params)
        if self.now is not None:
            zone = ZoneInfo(str(values.get("time_zone", "Asia/Hong_Kong")))
            values["now"] = self.now.astimezone(zone) if self.now.tzinfo else self.now.replace(tzinfo=zone)
        self.now_known = "now" in values
        values.setdefault("now", _DEFAULT_NOW)
        return Settings(**values)  # type: ignore[arg-type]

    def setting_cells(self, sheet: Sheet) -> dict[str, _SettingRow]:
        out: dict[str, _SettingRow] = {}
        report = Reporter(sheet, self.findings)
        for i, raw in enumerate(sheet.columns["key"].values):
            try:
                word = "" if empty(raw) else read_text(raw)
            except Bad as bad:
                report.fault(bad.code, sheet.columns["key"].header, i, **bad.params)
                continue
            name = setting_index().get(plain(word))
            if name is None:
                near = nearest(word, setting_index())
                names = near or ", ".join(c.name for c in SETTINGS.columns)
                report.fault("formats.unknown_setting", sheet.columns["key"].header, i, found=shown(raw), wanted=names)
            elif name in out:
                report.fault("formats.setting_twice", sheet.columns["key"].header, i, found=shown(raw))
            else:
                out[name] = _SettingRow(i, sheet.columns["value"].values[i])
                self.setting_rows[name] = sheet.numbers[i]
        return out

    # ------------------------------------------------------------ calendars
    def calendars(self) -> tuple[Calendar, ...]:
        rows = self.rows["calendars"]
        if rows.sheet is None or not len(rows):
            return ()
        report = Reporter(rows.sheet, self.findings)
        week: dict[str, dict[int, list[Span]]] = defaultdict(lambda: defaultdict(list))
        dates: dict[str, dict[date, list[Span]]] = defaultdict(lambda: defaultdict(list))
        closed: dict[tuple[str, object], int] = {}
        first: dict[str, int] = {}
        columns = (rows.columns[n] for n in ("calendar", "day", "start", "end"))
        for i, (name, day, start, end) in enumerate(zip(*columns, strict=True)):
            first.setdefault(str(name), rows.positions[i])
            span = self.span(report, rows.positions[i], start, end)
            for one in day if isinstance(day, tuple) else (day,):
                spans = dates[str(name)][one] if isinstance(one, date) else week[str(name)][int(str(one))]
                if span is None:
                    closed[str(name), one] = rows.positions[i]
                else:
                    spans.append(span)
        for (name, one), position in closed.items():
            if (
                dates[name].get(one) if isinstance(one, date) else week[name].get(int(str(one)))
            ) and position not in rows.tainted | report.rows:
                report.fault("formats.closed_and_open", rows.sheet.columns["day"].header, position, found=name)
        report.close()
        rows.tainted |= report.rows
        self.calendar_rows = list(first.values())
        return tuple(_calendar(n, week[n], dates[n]) for n in first)

    def span(self, report: Reporter, position: int, start: object, end: object) -> Span | None:
        """Working time of one row; None: closed. An end not after its start is on the next day."""
        if start is None and end is None:
            return None
        if not isinstance(start, int) or not isinstance(end, int):
            if position not in self.rows["calendars"].tainted:
                column = "start" if start is None else "end"
                report.fault("formats.half_hours", column, position, wanted=column)
            return None
        start %= 86_400
        end = end if end > start else end + 86_400
        return start, end

    def calendar_names(self, table: str, calendars: tuple[Calendar, ...]) -> list[object]:
        """The calendar column, in which "always" means none unless a calendar has that name."""
        names = {c.name for c in calendars}
        column = self.rows[table].columns["calendar"]
        return [None if n is not None and n not in names and plain(str(n)) in ALWAYS else n for n in column]

    def people_columns(self, calendars: tuple[Calendar, ...]) -> dict[str, Sequence[object]]:
        skills = self.rows["people"].columns["skills"]
        return {
            "calendar": self.calendar_names("people", calendars),
            "skills": [s if isinstance(s, frozenset) else frozenset(s) for s in skills],  # type: ignore[call-overload]
        }

    # ------------------------------------------------------------ routing
    def routing(self) -> tuple[Step, ...]:
        columns = self.rows["routing"].columns
        gaps = [g if isinstance(g, tuple) else (g, 0) for g in columns["at_gap"]]
        own = {
            "group": self.resolved(columns["group"]),
            "at_gap": [g for g, _ in gaps],
            "overtime_s": [s for _, s in gaps],
        }
        return self.made("routing", own)

    def resolved(self, cells: Sequence[object]) -> list[object]:
        """Machine names for names of groups or machines; a name that is neither stays, and will be found as a fault."""
        machines = self.rows["machines"].columns
        groups: dict[object, list[str]] = defaultdict(list)
        for machine, group in zip(machines["machine"], machines["group"], strict=True):
            groups[group].append(str(machine))
        cache: dict[object, tuple[str, ...]] = {}
        for cell in cells:
            if cell not in cache:
                names = (m for n in cell for m in groups.get(n, [n]))  # type: ignore[attr-defined]
                cache[cell] = tuple(dict.fromkeys(names))
        return [cache[c] for c in cells]

    # ------------------------------------------------------------ faults of meaning
    def of_meaning(self, workshop: Workshop) -> list[Fault]:
        """What the tables say together, in the owner's rows; without what only follows from a fault told already."""
        out = []
        alike: Counter[tuple[str, str, str]] = Counter()
        for fault in each_fault(workshop):
            table = fault.place.table
            position = self.position(table, fault.place.index)
            code = fault.message.code.partition(".")[2].removesuffix("_near")
            if self.follows(code, table) or not self.holds(code, table, position, fault.place.column):
                continue
            alike[code, table, fault.place.column] += 1
            if alike[code, table, fault.place.column] <= MOST_ALIKE:
                out.append(replace(fault, place=self.translated(fault.place, position)))
        for (_, table, column), n in alike.items():
            if n > MOST_ALIKE:
                place = self.translated(Place(table=table, column=column), None)
                out.append(Fault(message=message("formats.more_like_these", n=n - MOST_ALIKE), place=place))
        return out

    def position(self, table: str, index: int | None) -> int | None:
        if index is None or table not in self.rows:
            return None
        return self.calendar_rows[index] if table == "calendars" else self.rows[table].positions[index]

    def holds(self, code: str, table: str, position: int | None, column: str) -> bool:
        """Whether a fault of a row comes from cells that could be read."""
        if position is None or position not in self.rows[table].tainted:
            return True
        needs = _OF_NAMES.get(code)
        return needs is not None and not any((position, name) in self.rows[table].bad for name in (column, *needs))

    def follows(self, code: str, table: str) -> bool:
        """Whether a fault may be only the shadow of another: of a table that could not be read in full, say."""
        if any(self.doubtful(t) for t in _NAMED_IN.get(code, ())):
            return True
        if code in _FROM_NOW and not self.now_known:
            return True
        if table == "wip" and code != "no_such_order" and any(name == "item" for _, name in self.rows["orders"].bad):
            return True  # it asks for the steps of the order's item
        return any(self.rows[t].tainted or self.rows[t].doubtful for t in _FROM_CELLS.get(code, ()))

    def doubtful(self, table: str) -> bool:
        missing = TABLES[table].required and table not in self.tables.sheets
        return missing or self.rows[table].doubtful

    def translated(self, place: Place, position: int | None) -> Place:
        sheet = self.tables.sheets.get(place.table)
        if sheet is None:
            return place
        if place.table == "settings":
            return replace(place, source=sheet.source, row=self.setting_rows.get(place.column))
        found = sheet.columns.get(place.column)
        column = found.header if found is not None else place.column
        rows = self.rows[place.table]
        if rows.headers is not None and place.index is not None and place.column in {"quantity", "line"}:
            column = rows.headers[place.index]
        row = None if position is None else sheet.numbers[position]
        return replace(place, source=sheet.source, row=row, column=column)


def _calendar(name: str, week: Mapping[int, list[Span]], dates: Mapping[date, list[Span]]) -> Calendar:
    return Calendar(
        name=name,
        week=tuple(tuple(sorted(set(week.get(i, ())))) for i in range(7)),
        dates=MappingProxyType({d: tuple(sorted(set(s))) for d, s in dates.items()}),
    )
