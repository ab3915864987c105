"""A shop's own time log (CSV) → :class:`Performance`. What cannot be used is set aside row by row, with its place and reason."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType

from fong.errors import InputFault
from fong.formats.log_columns import NOBODY, NOTHING, LogColumns, by_content, by_name, key, kind_words
from fong.formats.log_dates import DAY_S, ORDERS, Moment, date_orders, is_dated, plain, read_moment
from fong.formats.log_text import MOST_CELLS, decode, rows_of, separator_of
from fong.model.message import Fault, Message, Param, Place, message
from fong.model.performance import Performance, WorkEvent

_SAMPLE = 500  # rows that decide what a column holds
_SIGNIFICANT = 0.5  # set aside more than this share of all rows, and the log was misread
_LONGEST = 60  # characters of a cell that are worth showing, or that a number may have
_MOST_UNITS = 1e7
_MOST_PIECES = 10**9  # as tables have it
_YEARS = range(2000, 2100)  # as tables have it
_FARTHEST = timedelta(days=3653)  # ten years from the middle of the log
_SHOWN_HEADERS = 40
_LOST = re.compile(r"\d(?:\.\d+)?[eE]\+\d{2,3}")  # what a spreadsheet makes of a long number
_NUMBER = re.compile(r"([+-]?)(\d{1,3}(?:[, ]\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?)\s*[^\d\s.,]*")
_SHOWN = 200  # faults that an InputFault carries at most; the rest is counted
_UNITS = ((("hour", "hr", "(h)", "小時", "小时"), 3600), (("sec", "(s)", "秒"), 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class LogNotes:
    """How a log was read and what was set aside.

    ``columns``: canonical column → header found. ``aside``: one fault a row that was not used, each with its row and column.
    ``reasons``: how many rows by reason. ``duplicates``: rows that repeat an earlier one word for word (they are kept).
    """

    rows: int
    kept: int
    encoding: str
    separator: str
    date_order: str
    columns: Mapping[str, str]
    aside: tuple[Fault, ...] = ()
    reasons: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    duplicates: int = 0
    unknown_kinds: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))

    def messages(self) -> tuple[Message, ...]:
        """What its owner should know about the reading."""
        out = [
            message(
                "learn.log_read",
                rows=self.rows,
                kept=self.kept,
                columns=", ".join(f"{k} = {v}" for k, v in self.columns.items()),
            )
        ]
        out += [message(f"learn.aside_{reason}", rows=n) for reason, n in sorted(self.reasons.items())]
        out += [message("learn.log_kind_unknown", word=w, rows=n) for w, n in sorted(self.unknown_kinds.items())]
        if self.duplicates:
            out.append(message("learn.log_duplicates", rows=self.duplicates))
        return tuple(out)


def read_log(
    data: bytes, columns: LogColumns | None = None, *, name: str = "log", cells: int = MOST_CELLS
) -> tuple[Performance, LogNotes]:
    """Read a time log.

    Parameters
    ----------
    data
        CSV as bytes: UTF-8 (with or without BOM), UTF-16 with BOM, Big5 or GB18030; separated by ``,``, ``;`` or tabs; a header row.
    columns
        What its owner says about it; None: all is found by name and content.
    name
        The file's name, for the word of a limit.
    cells
        So many are read at most.

    Returns
    -------
    tuple[Performance, LogNotes]
        Events in order of start, end, order; and how the log was read. Times are naive (the log's own clock) unless it has offsets.

    Raises
    ------
    InputFault
        The log cannot be read at all: all faults found. Row faults alone raise only when they hit more than half of the rows.
    Limit
        It has too many cells.
    """
    wish = columns or LogColumns()
    text, encoding = decode(data, wish.encoding)
    separator = wish.separator or separator_of(text)
    if text[:4].lower() == "sep=" and text[4:5]:  # Excel's own hint
        separator, text = wish.separator or text[4], text.partition("\n")[2]
    table = rows_of(text, separator, name=name, cells=cells)
    header, start_row = _header(table)
    body = [(n, r) for n, r in table if n >= start_row and any(c.strip() for c in r)]
    if not body:
        raise InputFault([Fault(message=message("learn.log_empty"), place=Place(table="log"))])
    at = _columns(header, [r for _, r in body[:_SAMPLE]], wish)
    order = _date_order(body, at, header, wish)
    reader = _Reader(header=header, at=at, order=order, wish=wish, body=body)
    events = reader.events()
    notes = reader.notes(encoding=encoding, separator=separator, order=order)
    if len(notes.aside) > _SIGNIFICANT * len(body):
        raise InputFault(notes.aside[:_SHOWN])
    return Performance(events=tuple(sorted(events, key=_by_time))), notes


def _by_time(e: WorkEvent) -> tuple[datetime, datetime, str]:
    return e.start, e.end, e.order


# ---------------------------------------------------------------- what the columns hold


def _header(table: Sequence[tuple[int, Sequence[str]]]) -> tuple[list[str], int]:
    """The header, and the number of the first row below it. A log without a header has 1, 2, 3 and so on."""
    for n, row in table[:20]:
        filled = [c for c in row if c.strip()]
        if len(filled) > 1:
            if any(is_dated(c) for c in filled):
                return [str(i) for i in range(1, len(row) + 1)], n
            return [plain(c) for c in row], n + 1
    raise InputFault([Fault(message=message("learn.log_empty"), place=Place(table="log"))])


def _columns(header: Sequence[str], sample: Sequence[Sequence[str]], wish: LogColumns) -> dict[str, int]:
    keys = [key(h) for h in header]
    given, faults = {}, []
    for column, name in wish.named().items():
        if key(name) in keys:
            given[column] = keys.index(key(name))
        elif name.isdigit() and 1 <= int(name) <= len(header):
            given[column] = int(name) - 1
        else:
            faults.append(_fault("log_no_such_column", found=name, wanted=_listed(header), column=name, option=column))
    at = {c: i for c, i in by_name(header).items() if c not in given and i not in given.values()} | given
    at = by_content(at, sample, len(header))
    need = {c for c in ("order", "step", "end") if c not in at}
    if not {"start", "duration"} & at.keys():
        need.add("start")
    if need == {"end"} and "duration" in at:
        need = set()
    seen = _listed(header)
    faults += [_fault(f"log_no_{c}", found=seen, wanted=c) for c in sorted(need)]
    if faults:
        raise InputFault(faults)
    return at


def _listed(header: Sequence[str]) -> str:
    """The headers of a log, the first of them where there are very many."""
    more = len(header) - _SHOWN_HEADERS
    return ", ".join([*header[:_SHOWN_HEADERS], *([f"… (+{more})"] if more > 0 else [])])


def _fault(code: str, *, column: str = "", row: int | None = None, **params: Param) -> Fault:
    return Fault(message=message(f"learn.{code}", **params), place=Place(table="log", row=row, column=column))


def _date_order(
    body: Sequence[tuple[int, Sequence[str]]], at: Mapping[str, int], header: Sequence[str], wish: LogColumns
) -> str:
    if wish.date_order:
        if wish.date_order not in ORDERS:
            raise InputFault([_fault("log_date_order", found=wish.date_order, wanted=", ".join(ORDERS))])
        return wish.date_order
    places = [at[c] for c in ("date", "start", "end") if c in at]
    moments = [m for _, r in body for i in places if i < len(r) and (m := read_moment(r[i])) is not None]
    orders = date_orders(moments)
    if len(orders) > 1:
        first = next(r[i] for _, r in body for i in places if i < len(r) and is_dated(r[i]))
        raise InputFault(
            [_fault("log_date_ambiguous", found=plain(first), wanted=", ".join(orders), column=header[places[0]])]
        )
    return orders[0]


# ---------------------------------------------------------------- rows → events


class _SetAside(Exception):
    def __init__(self, reason: str, column: str, found: str) -> None:
        super().__init__(reason)
        self.reason, self.column, self.found = reason, column, found[:_LONGEST]


class _Reader:
    """One reading of a table whose columns are known."""

    def __init__(
        self,
        *,
        header: Sequence[str],
        at: Mapping[str, int],
        order: str,
        wish: LogColumns,
        body: Sequence[tuple[int, Sequence[str]]],
    ) -> None:
        self.header, self.at, self.order, self.wish, self.body = header, at, order, wish, body
        self.aside: list[Fault] = []
        self.reasons: Counter[str] = Counter()
        words = Counter(plain(self.cell(r, "kind")).lower() for _, r in body) if "kind" in at else Counter()
        self.kinds = kind_words(set(words), wish.kinds)
        self.unknown_kinds = {w: n for w, n in words.items() if w not in self.kinds and w not in NOTHING}
        self.unit_s = _unit(header[at["duration"]]) if "duration" in at else 60
        moments = [m for _, r in body for c in ("start", "end") if (m := read_moment(self.cell(r, c)))]
        self.aware = 2 * sum(m.offset_s is not None for m in moments) > len(moments)

    def cell(self, row: Sequence[str], column: str) -> str:
        i = self.at.get(column, -1)
        return row[i] if 0 <= i < len(row) else ""

    def events(self) -> list[WorkEvent]:
        """The events of the rows that can be used; a row that lies years from most others is a slip of the pen."""
        found = list(self._events())
        middle = sorted(e.start for _, _, e in found)[len(found) // 2] if found else None
        out = []
        for number, row, event in found:
            if middle is not None and abs(event.start - middle) > _FARTHEST:
                self.set_aside(number, _SetAside("far_from_rest", "start", self.cell(row, "start") or str(event.start)))
            else:
                out.append(event)
        return out

    def _events(self) -> Iterator[tuple[int, Sequence[str], WorkEvent]]:
        for number, row in self.body:
            try:
                yield number, row, self.event(row)
            except _SetAside as s:
                self.set_aside(number, s)

    def set_aside(self, number: int, why: _SetAside) -> None:
        header = self.header[self.at[why.column]] if why.column in self.at else ""
        self.reasons[why.reason] += 1
        self.aside.append(_fault(f"row_{why.reason}", row=number, column=header, found=why.found))

    def event(self, row: Sequence[str]) -> WorkEvent:
        if any(c.strip() for c in row[len(self.header) :]):
            raise _SetAside("cells", "", str(len(row)))
        order, step = self.text(row, "order"), self.text(row, "step")
        for column, value in (("order", order), ("step", step)):
            if not value:
                raise _SetAside(f"no_{column}", column, "")
        for column in ("order", "item"):
            if _LOST.fullmatch(plain(self.cell(row, column))):
                raise _SetAside("digits_lost", column, self.cell(row, column))
        start, end = self.stretch(row)
        return WorkEvent(
            order=order,
            step=step,
            start=start,
            end=end,
            machine=self.named(row, "machine"),
            person=self.named(row, "person"),
            kind=self.kinds.get(plain(self.cell(row, "kind")).lower(), ""),
            good=self.count(row, "good"),
            scrap=self.count(row, "scrap"),
            item=self.text(row, "item"),
            order_quantity=self.count(row, "order_quantity"),
        )

    def text(self, row: Sequence[str], column: str) -> str:
        """A name; ``;`` separates names in Fong's tables, so none may hold it."""
        value = re.sub(r"\s+", " ", plain(self.cell(row, column)).replace(";", ","))
        return "" if value.lower() in NOTHING else value

    def named(self, row: Sequence[str], column: str) -> str:
        value = self.text(row, column)
        return "" if value.lower() in NOBODY else value

    def count(self, row: Sequence[str], column: str) -> int | None:
        found = plain(self.cell(row, column))
        if found.lower() in NOTHING:
            return None
        value = _number(found)
        if value is None:
            raise _SetAside("quantity_unreadable", column, found)
        if value < 0:
            raise _SetAside("quantity_negative", column, found)
        if value != int(value):
            raise _SetAside("quantity_broken", column, found)
        if value > _MOST_PIECES:
            raise _SetAside("quantity_absurd", column, found)
        return int(value)

    def stretch(self, row: Sequence[str]) -> tuple[datetime, datetime]:
        start, end = self.moment(row, "start"), self.moment(row, "end")
        if start is None or end is None:
            start, end = self.with_duration(row, start, end)
        for column, moment in (("start", start), ("end", end)):
            if (moment.tzinfo is not None) != self.aware:
                raise _SetAside("zone_odd", column, self.cell(row, column))
            if moment.year not in _YEARS:
                raise _SetAside("far", column, self.cell(row, column))
        if end < start:
            raise _SetAside("ends_before_start", "end", self.cell(row, "end"))
        if end - start > timedelta(hours=self.wish.longest_h):
            raise _SetAside("too_long", "end", self.cell(row, "end"))
        return start, end

    def with_duration(
        self, row: Sequence[str], start: datetime | None, end: datetime | None
    ) -> tuple[datetime, datetime]:
        minutes = plain(self.cell(row, "duration"))
        if start is None and end is None:
            raise _SetAside("no_start", "start", "")
        if minutes.lower() in NOTHING:
            missing = "start" if start is None else "end"
            raise _SetAside(f"no_{missing}", missing, "")
        number = _number(minutes)
        if number is None or not 0 <= number < _MOST_UNITS:
            raise _SetAside("duration_unreadable", "duration", minutes)
        length = timedelta(seconds=round(number * self.unit_s))
        if start is None:
            assert end is not None  # noqa: S101 - one of the two is there
            return end - length, end
        return start, start + length

    def moment(self, row: Sequence[str], column: str) -> datetime | None:
        found = self.cell(row, column)
        if plain(found).lower() in NOTHING:
            return None
        moment = read_moment(found)
        at = moment.at(self.order) if moment else None
        if at is None and moment is not None and moment.clock_s is not None and moment.numbers is None:
            at = self.on_the_day(row, column, moment)
        if at is None:
            raise _SetAside("date_unreadable", column, found)
        return at

    def on_the_day(self, row: Sequence[str], column: str, clock: Moment) -> datetime | None:
        """A clock time on the row's date; an end that is not after the start is on the next day."""
        day = read_moment(self.cell(row, "date"))
        midnight = day.at(self.order) if day else None
        if midnight is None or clock.clock_s is None:
            return None
        first = read_moment(self.cell(row, "start"))
        next_day = (
            column == "end" and first is not None and first.clock_s is not None and clock.clock_s <= first.clock_s
        )
        return midnight.replace(hour=0, minute=0, second=0) + timedelta(seconds=clock.clock_s + DAY_S * next_day)

    def notes(self, *, encoding: str, separator: str, order: str) -> LogNotes:
        seen = Counter(tuple(r) for _, r in self.body)
        return LogNotes(
            rows=len(self.body),
            kept=len(self.body) - len(self.aside),
            encoding=encoding,
            separator=separator,
            date_order=order,
            columns=MappingProxyType({c: self.header[i] for c, i in self.at.items()}),
            aside=tuple(self.aside),
            reasons=MappingProxyType(dict(self.reasons)),
            duplicates=sum(seen.values()) - len(seen),
            unknown_kinds=MappingProxyType(self.unknown_kinds),
        )


def _number(text: str) -> float | None:
    """A number as people write it: 1,200 and 1 200 are thousands, 2,5 is two and a half; a unit may follow."""
    m = _NUMBER.fullmatch(text) if len(text) <= _LONGEST else None
    if m is None:
        return None
    digits = m[2].replace(" ", "")
    grouped = re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", digits)
    return float(m[1] + (digits.replace(",", "") if grouped else digits.replace(",", ".")))


def _unit(header: str) -> int:
    """Seconds of one unit of a duration column: its header says hours or seconds, else minutes."""
    text = plain(header).lower()
    return next((s for words, s in _UNITS if any(w in text for w in words)), 60)
