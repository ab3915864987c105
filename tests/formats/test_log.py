"""Time logs: any separator, encoding and date order; columns by name and content; nothing is dropped in silence."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fong.errors import InputFault, Limit
from fong.formats.log import LogNotes, read_log
from fong.formats.log_columns import LogColumns
from fong.formats.log_dates import date_orders, read_moment
from fong.lang import LANGUAGES, catalogue
from fong.model.message import Fault
from fong.model.performance import Performance

HEAD = "order,step,machine,worker,start,end,quantity,scrap,flag\n"
ROW = "A1,Turn,L1,An,2026-01-05 08:00,2026-01-05 09:30,12,1,setup\n"


def read(text: str, **columns: str) -> tuple[Performance, LogNotes]:
    return read_log(text.encode(), LogColumns(**columns))  # type: ignore[arg-type]


def faults(text: str | bytes, **columns: str) -> list[Fault]:
    with pytest.raises(InputFault) as caught:
        read_log(text if isinstance(text, bytes) else text.encode(), LogColumns(**columns))  # type: ignore[arg-type]
    return [f for f in caught.value.faults if isinstance(f, Fault)]


def test_a_row_becomes_an_event() -> None:
    """Every column finds its place."""
    (event,) = read(HEAD + ROW)[0].events
    assert (event.order, event.step, event.machine, event.person) == ("A1", "Turn", "L1", "An")
    assert (event.start, event.end) == (
        datetime.fromisoformat("2026-01-05T08:00"),
        datetime.fromisoformat("2026-01-05T09:30"),
    )
    assert (event.kind, event.good, event.scrap) == ("setup", 12, 1)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_separator_and_encoding_are_found(separator: str, encoding: str) -> None:
    """Comma, semicolon and tab; UTF-8 with and without mark, UTF-16."""
    data = (HEAD + ROW).replace(",", separator).encode(encoding)
    performance, notes = read_log(data)
    assert performance.events[0].machine == "L1"
    assert notes.separator == separator


CHINESE = {
    "big5": "工單,工序,機台,人員,開始時間,結束時間,數量,類型\nA1,車床加工,機台一,陳大文,2026/1/5 08:00,2026/1/5 09:00,5,換線\n",
    "gb18030": "工单,工序,机台,人员,开始时间,结束时间,数量,类型\nA1,车床加工,机台一,陈大文,2026/1/5 08:00,2026/1/5 09:00,5,换线\n",
}


@pytest.mark.parametrize("encoding", CHINESE)
@pytest.mark.parametrize("as_utf8", [True, False])
def test_chinese_logs(encoding: str, as_utf8: bool) -> None:  # noqa: FBT001 - a case of the table
    """Headers and flags in 繁體 and 简体, in their own encodings and in UTF-8."""
    text = CHINESE[encoding]
    performance, notes = read_log(text.encode("utf-8" if as_utf8 else encoding))
    (event,) = performance.events
    assert (event.kind, event.good, event.machine) == ("setup", 5, "机台一" if encoding == "gb18030" else "機台一")
    assert notes.encoding == ("utf-8" if as_utf8 else encoding)


def test_excels_own_hint_is_no_row() -> None:
    """A first line ``sep=;`` names the separator."""
    performance, notes = read("sep=;\n" + (HEAD + ROW).replace(",", ";"))
    assert (len(performance.events), notes.separator) == (1, ";")


# ------------------------------------------------------------------ dates


@pytest.mark.parametrize(
    "cell",
    [
        "2026-01-30 08:05",
        "2026/1/30 08:05:00",
        "2026-01-30T08:05:00.000",
        "30.01.2026 08:05",
        "30 Jan 2026 8:05 am",
        "Jan 30, 2026 08:05",
        "20260130 0805",
        "2026年1月30日 上午8:05",
        "民國115年1月30日 8時5分",
        "115/01/30 08:05",
        "２０２６/０１/３０　０８：０５",
        "46052.336805555555",
    ],
)
def test_moments_as_people_write_them(cell: str) -> None:
    """ISO, dots, month names, compact, Chinese, years of the Republic, full-width, a spreadsheet's number."""
    moment = read_moment(cell)
    assert moment is not None
    (order,) = date_orders([moment])
    assert moment.at(order) == datetime.fromisoformat("2026-01-30T08:05")


@pytest.mark.parametrize(
    "cell", ["", "12", "32.13.2026 25:00", "2026-13-01", "hello", "8:61", "13:00 pm", "31/31/2026"]
)
def test_no_moments(cell: str) -> None:
    """What is no moment under any order is None, never a guess."""
    moment = read_moment(cell)
    assert moment is None or all(moment.at(order) is None for order in ("ymd", "dmy", "mdy"))


@given(
    st.lists(
        st.datetimes(datetime.fromisoformat("2001-01-01"), datetime.fromisoformat("2099-12-31")),
        min_size=1,
        max_size=20,
    ),
    st.sampled_from(["dmy", "mdy"]),
)
def test_date_order_is_never_guessed_wrong(moments: list[datetime], order: str) -> None:
    """The true order is always among those found, and alone as soon as one day is above 12."""
    shape = "%d/%m/%Y %H:%M" if order == "dmy" else "%m/%d/%Y %H:%M"
    found = date_orders([m for t in moments if (m := read_moment(t.strftime(shape)))])
    assert order in found
    assert found == (order,) or all(t.day <= 12 for t in moments)


def test_one_telling_row_decides_all() -> None:
    """3/4 is April where another row says 13/4."""
    text = "order,step,start,end\nA,T,03/04/2026 08:00,03/04/2026 09:00\nA,T,13/04/2026 08:00,13/04/2026 09:00\n"
    assert read(text)[0].events[0].start == datetime.fromisoformat("2026-04-03T08:00")


def test_ambiguous_dates_ask() -> None:
    """Nothing decides: a fault names the option; the option decides."""
    text = "order,step,start,end\nA,T,03/04/2026 08:00,03/04/2026 09:00\n"
    (fault,) = faults(text)
    assert fault.message.code == "learn.log_date_ambiguous"
    assert fault.message.params["wanted"] == "dmy, mdy"
    assert read(text, date_order="mdy")[0].events[0].start == datetime.fromisoformat("2026-03-04T08:00")


def test_clock_times_on_a_date() -> None:
    """A date column and two clock times; an end before the start is on the next day."""
    text = "日期,工單,工序,開始,結束\n2026/1/30,A,T,22:00,02:30\n"
    (event,) = read(text)[0].events
    assert (event.start, event.end) == (
        datetime.fromisoformat("2026-01-30T22:00"),
        datetime.fromisoformat("2026-01-31T02:30"),
    )


def test_end_and_length_give_the_start() -> None:
    """A log with the end and the minutes, or the hours if its header says so."""
    text = "order,step,Complete Timestamp,duration{}\nA,T,2026-01-30 10:00,1.5\n"
    assert read(text.format(""))[0].events[0].start == datetime.fromisoformat("2026-01-30T09:58:30")
    assert read(text.format(" (h)"))[0].events[0].start == datetime.fromisoformat("2026-01-30T08:30")


def test_offsets_make_aware_times() -> None:
    """Times with a zone stay aware; one without among them is set aside."""
    row = "A,T,2026-01-30T08:00+08:00,2026-01-30T09:00+08:00\n"
    performance, notes = read("order,step,start,end\n" + 3 * row + "A,T,2026-01-30 08:00,2026-01-30 09:00\n")
    assert {e.start.utcoffset() for e in performance.events} == {timedelta(hours=8)}
    assert notes.reasons == {"zone_odd": 1}


# ------------------------------------------------------------------ columns


def test_columns_by_content() -> None:
    """Moments and flags are known by what they are, the earlier column as the start."""
    text = "job,op,x,y,z\n" + "".join(f"A,T,2026-01-30 1{i}:00,2026-01-30 0{i}:00,run\n" for i in range(5))
    performance, notes = read(text)
    assert dict(notes.columns) == {"order": "job", "step": "op", "start": "y", "end": "x", "kind": "z"}
    assert performance.events[0].kind == "run"


def test_columns_by_option() -> None:
    """A header or a number, without regard to case and blanks."""
    text = "a,b,c,d\nA,T,2026-01-30 08:00,2026-01-30 09:00\n"
    (event,) = read(text, order="A", step="2")[0].events
    assert (event.order, event.step) == ("A", "T")


def test_all_missing_columns_at_once() -> None:
    """Faults are not served one by one."""
    codes = {f.message.code for f in faults("a,b\n1,2\n", machine="nothing")}
    assert codes == {
        "learn.log_no_such_column",
        "learn.log_no_order",
        "learn.log_no_step",
        "learn.log_no_start",
        "learn.log_no_end",
    }


def test_a_log_without_header_is_read_by_number() -> None:
    """A first row with a date is data."""
    text = "A,T,2026-01-30 08:00,2026-01-30 09:00\n"
    (event,) = read(text, order="1", step="2")[0].events
    assert event.end == datetime.fromisoformat("2026-01-30T09:00")


@pytest.mark.parametrize(("flags", "kinds"), [("SDB", ["setup", "run", "down"]), ("SRD", ["setup", "run", "down"])])
def test_a_lone_d_is_done_unless_something_else_is(flags: str, kinds: list[str]) -> None:
    """S/D/B is set-up, done, breakdown; S/R/D is set-up, run, down."""
    rows = "".join(f"A,T,2026-01-30 0{i}:00,2026-01-30 0{i}:30,{f}\n" for i, f in enumerate(flags))
    assert [e.kind for e in read("order,step,start,end,kind\n" + rows)[0].events] == kinds


def test_unknown_flags_are_told() -> None:
    """A word that is no flag is counted and stays empty; the owner may say what it means."""
    text = "order,step,start,end,kind\nA,T,2026-01-30 08:00,2026-01-30 09:00,warm-up\n"
    performance, notes = read(text)
    assert (performance.events[0].kind, notes.unknown_kinds) == ("", {"warm-up": 1})
    performance, _ = read_log(text.encode(), LogColumns(kinds={"Warm-Up": "setup"}))
    assert performance.events[0].kind == "setup"


def test_names_that_name_nobody() -> None:
    """``other`` is no machine, ``n/a`` no person, and a name may not hold the separator of skills."""
    text = HEAD + "A;1,Turn,other,n/a,2026-01-05 08:00,2026-01-05 09:30,,,\n"
    (event,) = read(text)[0].events
    assert (event.order, event.machine, event.person, event.good) == ("A,1", "", "", None)


# ------------------------------------------------------------------ rows set aside

BAD = {
    "ends_before_start": "A1,Turn,L1,An,2026-01-05 10:00,2026-01-05 09:30,12,1,s",
    "no_end": "A1,Turn,L1,An,2026-01-05 10:00,,12,1,s",
    "no_start": "A1,Turn,L1,An,,2026-01-05 09:30,12,1,s",
    "no_order": ",Turn,L1,An,2026-01-05 08:00,2026-01-05 09:30,12,1,s",
    "no_step": "A1,,L1,An,2026-01-05 08:00,2026-01-05 09:30,12,1,s",
    "quantity_negative": "A1,Turn,L1,An,2026-01-05 08:00,2026-01-05 09:30,-3,1,s",
    "quantity_broken": "A1,Turn,L1,An,2026-01-05 08:00,2026-01-05 09:30,2.5,1,s",
    "quantity_unreadable": "A1,Turn,L1,An,2026-01-05 08:00,2026-01-05 09:30,many,1,s",
    "date_unreadable": "A1,Turn,L1,An,2026-13-05 08:00,2026-01-05 09:30,1,1,s",
    "quantity_absurd": "A1,Turn,L1,An,2026-01-05 08:00,2026-01-05 09:30,1000000001,1,s",
    "far_from_rest": "A1,Turn,L1,An,2090-01-05 08:00,2090-01-05 09:30,12,1,s",
    "far": "A1,Turn,L1,An,1999-12-31 08:00,1999-12-31 09:30,1,1,s",
    "digits_lost": "1E+05,Turn,L1,An,2026-01-05 08:00,2026-01-05 09:30,12,1,s",
    "too_long": "A1,Turn,L1,An,2025-01-05 08:00,2026-01-05 09:30,1,1,s",
    "cells": "A1,Turn,L1,An,2026-01-05 08:00,2026-01-05 09:30,1,1,s,and more",
}


@pytest.mark.parametrize("reason", BAD)
def test_bad_rows_are_set_aside_with_place_and_count(reason: str) -> None:
    """Each with its reason, row and column; the good rows stay."""
    performance, notes = read(HEAD + ROW + BAD[reason] + "\n" + ROW.replace("A1", "A2"))
    assert [e.order for e in performance.events] == ["A1", "A2"]
    assert notes.reasons == {reason: 1}
    (fault,) = notes.aside
    assert (fault.message.code, fault.place.row) == (f"learn.row_{reason}", 3)
    assert fault.place.column or reason == "cells"
    assert notes.rows == notes.kept + 1


@pytest.mark.parametrize("reason", BAD)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_has_its_sentences(reason: str, language: str) -> None:
    """The fault, its advice and the count, in each language."""
    known = catalogue(language)
    assert all(f"learn.{code}" in known for code in (f"row_{reason}", f"row_{reason}.how", f"aside_{reason}"))


def test_a_log_of_bad_rows_is_a_fault() -> None:
    """More than half of the rows set aside: the log was misread, and every row is named."""
    text = HEAD + ROW + "\n".join([BAD["no_end"], BAD["ends_before_start"]]) + "\n"
    assert [f.place.row for f in faults(text)] == [3, 4]


@pytest.mark.parametrize(
    ("cell", "value"),
    [("12", 12), ("1,200", 1200), ("1 200", 1200), ("12.0", 12), ("12,0", 12), ("12 pcs", 12), ("１２件", 12)],
)
def test_numbers_as_people_write_them(cell: str, value: int) -> None:
    """Thousands, decimal commas, units, full-width digits."""
    text = f'order;step;start;end;quantity\nA;T;2026-01-30 08:00;2026-01-30 09:00;"{cell}"\n'
    assert read(text)[0].events[0].good == value


def test_a_decimal_comma_is_no_thousand() -> None:
    """An hour and a half, not fifteen."""
    text = "order;step;Complete Timestamp;duration (h)\nA;T;2026-01-30 10:00;1,5\n"
    assert read(text)[0].events[0].start.strftime("%H:%M") == "08:30"


def test_endless_cells_take_no_time() -> None:
    """A cell of a hundred thousand blanks or digits is no moment and no number; what is shown of it is short."""
    for junk in (" 1" * 50_000, "9" * 100_000, "1/" + " " * 100_000 + "1"):
        _, notes = read(HEAD + 3 * ROW + ROW.replace("2026-01-05 08:00", junk) + ROW.replace(",12,", f",{junk},"))
        assert notes.reasons == {"date_unreadable": 1, "quantity_unreadable": 1}
        assert all(len(str(f.message.params["found"])) <= 60 for f in notes.aside)


def test_repeated_rows_are_kept_and_counted() -> None:
    """Word for word the same."""
    performance, notes = read(HEAD + ROW + ROW)
    assert (len(performance.events), notes.duplicates) == (2, 1)


@pytest.mark.parametrize("data", [b"", b"\n\n", b"order,step,start,end\n", b"\x81\xff\x00\x80"])
def test_nothing_to_read(data: bytes) -> None:
    """Empty or no text: one clear fault."""
    assert faults(data)[0].message.code in {"learn.log_empty", "learn.log_encoding"}


@given(st.binary(max_size=300))
def test_any_bytes_give_events_or_faults(data: bytes) -> None:
    """No other exception escapes."""
    try:
        performance, notes = read_log(data)
    except InputFault:
        return
    assert len(performance.events) == notes.kept


@given(st.text(alphabet=',;\n0123456789:/-. ATS"月', max_size=120))
def test_any_rows_are_kept_or_set_aside(body: str) -> None:
    """Rows in = events + rows set aside, always."""
    try:
        performance, notes = read(HEAD + 3 * ROW + body, separator=",")
    except InputFault:
        return
    assert notes.rows == len(performance.events) + sum(notes.reasons.values())


def test_events_are_in_order() -> None:
    """By start, then end, then order."""
    rows = [ROW.replace("A1", "B"), ROW, ROW.replace("2026-01-05 08", "2026-01-05 07")]
    assert [(e.start.hour, e.order) for e in read(HEAD + "".join(rows))[0].events] == [(7, "A1"), (8, "A1"), (8, "B")]


# ------------------------------------------------------------------ a real shop's logs


def test_real_logs_are_read_whole(shared: Path) -> None:
    """A job shop's two logs: all rows used, columns by name, both date styles."""
    folder = shared / "data" / "factory" / "production_4tu"
    raw, raw_notes = read_log((folder / "production_start_end.csv").read_bytes())
    rich, rich_notes = read_log((folder / "production_enriched.csv").read_bytes())
    assert (len(raw.events), len({e.order for e in raw.events}), len({e.person for e in raw.events})) == (4503, 225, 46)
    assert (len(rich.events), len({e.order for e in rich.events})) == (2489, 220)
    assert (raw_notes.date_order, rich_notes.date_order) == ("ymd", "dmy")
    assert (raw_notes.reasons, rich_notes.reasons, raw_notes.duplicates) == ({}, {}, 51)
    assert {e.kind for e in rich.events} == {"setup", "run", "down"}


def test_error_cells_say_nothing() -> None:
    """What a spreadsheet could not work out is no name of a machine, and no order."""
    assert read(HEAD + ROW.replace("L1", "#N/A"))[0].events[0].machine == ""
    assert [f.message.code for f in faults(HEAD + ROW.replace("A1", "#REF!"))] == ["learn.row_no_order"]


def test_endless_headers() -> None:
    """Of very many headers the first are named; more than any spreadsheet has are not read at all."""
    (first, *_) = faults(",".join(f"c{i}" for i in range(500)) + "\n" + ",".join(["x"] * 500) + "\n")
    assert len(str(first.message.params["found"])) < 500
    with pytest.raises(Limit):
        read("a," * 20_000 + "\n1,2\n")


def test_an_endless_cell_is_called_so() -> None:
    """Not "no CSV": the row is named, and what may be wrong with it."""
    (fault,) = faults(HEAD + "A1," + "x" * 200_000 + ",L1,An,2026-01-05 08:00,2026-01-05 09:30,1,1,s\n")
    assert (fault.message.code, fault.place.row) == ("formats.long_cell", 2)
