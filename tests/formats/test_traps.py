"""Trap → message: files as they come from real desks, and the one fault that each is told, with sheet, row and column.

Each trap starts from the sound workshop of ``conftest.py`` and changes one thing.
"""

import json
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from fong import lang
from fong.errors import InputFault, Limit
from fong.formats.limits import Limits
from fong.formats.raw import shown
from fong.formats.reading import read_tables
from fong.model import Fault, Workshop

Tables = dict[str, list[list[Any]]]
Where = tuple[str, str, int | None, str]
Make = Callable[..., bytes]
Folder = Callable[..., dict[str, bytes]]
Faults = Callable[..., list[Fault]]


def where(faults: list[Fault]) -> list[Where]:
    """Code, sheet, row and column of each fault."""
    return [(f.message.code.partition(".")[2], f.place.source, f.place.row, f.place.column) for f in faults]


def say(faults: list[Fault]) -> None:
    """Every fault has its sentence and its advice in every language."""
    for f in faults:
        for language in lang.LANGUAGES:
            assert lang.text(f.message.code, f.message.params, language)
            assert lang.text(f"{f.message.code}.how", f.message.params, language)


def put(table: str, row: int, column: str, value: Any) -> Callable[[Tables], None]:
    """Put a value into a row (1 is the first below the header) of a column, which is added if need be."""

    def change(tables: Tables) -> None:
        rows = tables[table]
        if column not in rows[0]:
            for i, r in enumerate(rows):
                r.append(None if i else column)
        rows[row][rows[0].index(column)] = value

    return change


def rename(table: str, old: str, new: str) -> Callable[[Tables], None]:
    def change(tables: Tables) -> None:
        tables[table][0][tables[table][0].index(old)] = new

    return change


def drop(table: str) -> Callable[[Tables], None]:
    def change(tables: Tables) -> None:
        del tables[table]

    return change


def style(sheet: str, cell: str, code: str) -> Callable[[Any], None]:
    def touch(book: Any) -> None:
        book[sheet][cell].number_format = code

    return touch


def merge(sheet: str, cells: str) -> Callable[[Any], None]:
    return lambda book: book[sheet].merge_cells(cells)


# What is refused: the change, what is done to the workbook's cells, and the fault.
TRAPS: dict[str, tuple[Callable[[Tables], None] | None, Callable[[Any], None] | None, Where]] = {
    "unknown column": (rename("orders", "due", "xyzzy"), None, ("unknown_column", "orders", 1, "xyzzy")),
    "misspelt column": (rename("orders", "due", "due daet"), None, ("unknown_column_near", "orders", 1, "due daet")),
    "column twice": (rename("orders", "due", "Qty"), None, ("two_columns", "orders", 1, "Qty")),
    "missing column": (rename("orders", "quantity", "note"), None, ("missing_column", "orders", 1, "quantity")),
    "nameless column": (lambda t: t["orders"][2].append("?"), None, ("nameless_column", "orders", 3, "")),
    "missing sheet": (drop("people"), None, ("missing_table", "", None, "")),
    "unknown sheet": (lambda t: t.update(banana=[["a"], [1]]), None, ("unknown_table", "banana", None, "")),
    "misspelt sheet": (lambda t: t.update(recipts=[["a"], [1]]), None, ("unknown_table_near", "recipts", None, "")),
    "sheet twice": (lambda t: t.update({"訂單": t["orders"]}), None, ("two_tables", "訂單", None, "")),
    "no header": (lambda t: t.update(orders=t["orders"][1:]), None, ("no_header", "orders", None, "")),
    "no number": (put("orders", 1, "quantity", "a few"), None, ("not_number", "orders", 2, "quantity")),
    "negative pieces": (put("orders", 1, "quantity", -5), None, ("too_small", "orders", 2, "quantity")),
    "negative time": (put("routing", 1, "cycle_min", -40), None, ("too_small_in", "routing", 2, "cycle_min")),
    "absurd time": (put("routing", 1, "cycle_min", 1e7), None, ("too_large_in", "routing", 2, "cycle_min")),
    "empty key": (put("orders", 2, "item", None), None, ("required", "orders", 3, "item")),
    "two-way date": (put("orders", 2, "due", "6/3/2026"), None, ("ambiguous_date", "orders", 3, "due")),
    "date without year": (put("orders", 2, "due", "3月6日"), None, ("no_year", "orders", 3, "due")),
    "date as bare number": (put("orders", 2, "due", 46087), None, ("date_serial", "orders", 3, "due")),
    "error cell": (put("orders", 2, "quantity", "#N/A"), None, ("error_cell", "orders", 3, "quantity")),
    "broken reference": (put("orders", 2, "item", "#REF!"), None, ("error_cell", "orders", 3, "item")),
    "formula without value": (put("orders", 2, "quantity", "=4+4"), None, ("formula", "orders", 3, "quantity")),
    "truth for a number": (put("orders", 2, "quantity", True), None, ("not_number", "orders", 3, "quantity")),
    "part number as 1E+05": (
        put("orders", 2, "order", 100_000),
        style("orders", "A3", "0.00E+00"),
        ("digits_lost", "orders", 3, "order"),
    ),
    "part number as a date": (put("orders", 2, "order", date(2026, 3, 6)), None, ("turned_into", "orders", 3, "order")),
    "too many digits": (put("orders", 2, "order", 1234567890123456789), None, ("digits_lost", "orders", 3, "order")),
    "no now": (put("settings", 1, "value", None), None, ("missing_setting", "settings", 2, "now")),
    "unknown setting": (lambda t: t["settings"].append(["nwo", 1]), None, ("unknown_setting", "settings", 3, "key")),
    "setting twice": (lambda t: t["settings"].append(["現在", 1]), None, ("setting_twice", "settings", 3, "key")),
    "no time zone": (
        lambda t: t["settings"].append(["time_zone", "Mars"]),
        None,
        ("no_such_zone", "settings", 3, "time_zone"),
    ),
    "half a shift": (put("calendars", 1, "end", None), None, ("half_hours", "calendars", 2, "end")),
    "no hour": (put("calendars", 1, "end", "25:00"), None, ("not_clock", "calendars", 2, "end")),
    "closed and open": (
        lambda t: t["calendars"].append(["day", "Tue", None, None]),
        None,
        ("closed_and_open", "calendars", 3, "day"),
    ),
    "calendar without hours": (
        lambda t: t["calendars"].append(["shut", "Mon", None, None]),
        None,
        ("no_hours", "calendars", 3, "start"),
    ),
    "number merged over rows": (
        put("orders", 2, "quantity", None),
        merge("orders", "C2:C3"),
        ("merged_number", "orders", 2, "quantity"),
    ),
    "merged over columns": (None, merge("orders", "A2:B2"), ("merged_across", "orders", 2, "order")),
    "same line twice": (lambda t: t["orders"].append(t["orders"][1]), None, ("repeated_line", "orders", 4, "order")),
    "dangling item": (put("orders", 2, "item", "AA"), None, ("no_such_item_near", "orders", 3, "item")),
    "dangling machine": (put("routing", 1, "group", "knitt"), None, ("no_such_machine_near", "routing", 2, "group")),
    "nobody for a step": (put("routing", 2, "run_skill", None), None, ("nobody", "routing", 3, "group")),
    "circle": (put("routing", 1, "after", "20"), None, ("circle", "routing", 2, "after")),
    "never enough material": (put("orders", 2, "quantity", 500), None, ("material_short", "items", 3, "on_hand")),
}


@pytest.mark.parametrize("trap", TRAPS)
def test_trap_is_told(trap: str, base: Tables, book: Make, faults: Faults) -> None:
    """The workbook is refused with just this fault, at this sheet, row and column."""
    change, touch, wanted = TRAPS[trap]
    if change is not None:
        change(base)
    found = faults(book(base, touch), "workshop.xlsx")
    beside = {"required"} if trap in {"number merged over rows", "merged over columns"} else set()
    assert [w for w in where(found) if w[0] not in beside] == [wanted]
    say(found)


# What is understood: the change, what is done to the cells, and what the workshop then holds.
def first_order(workshop: Workshop) -> object:
    return workshop.orders[0].order


def first_due(workshop: Workshop) -> object:
    due = workshop.orders[0].due
    return None if due is None else due.isoformat()


HELP: dict[
    str, tuple[Callable[[Tables], None] | None, Callable[[Any], None] | None, Callable[[Workshop], object], object]
] = {
    "leading zeros": (put("orders", 1, "order", 123), style("orders", "A2", "000000"), first_order, "000123"),
    "zeros with letters": (put("orders", 1, "order", 7), style("orders", "A2", '"SO-"000'), first_order, "SO-007"),
    "number as name": (put("orders", 1, "order", 1001.0), None, first_order, "1001"),
    "full-width digits": (put("orders", 1, "quantity", "２０"), None, lambda w: w.orders[0].quantity, 20),
    "thousands": (
        put("machines", 1, "cost_per_hour", "1,200"),
        None,
        lambda w: w.factory.machines[0].cost_per_hour_cents,
        120_000,
    ),
    "trailing blanks": (put("orders", 1, "item", " A  "), None, lambda w: w.orders[0].item, "A"),
    "real date": (
        put("orders", 1, "due", date(2026, 3, 6)),
        None,
        first_due,
        "2026-03-07T00:00:00+08:00",
    ),
    "ROC year": (
        put("orders", 1, "due", "115/3/6"),
        None,
        first_due,
        "2026-03-07T00:00:00+08:00",
    ),
    "midnight shown": (
        put("orders", 1, "due", datetime(2026, 3, 6)),  # noqa: DTZ001 - a cell
        style("orders", "D2", "yyyy-mm-dd hh:mm"),
        first_due,
        "2026-03-06T00:00:00+08:00",
    ),
    "per cent": (
        put("routing", 1, "scrap_pct", 0.03),
        style("routing", "J2", "0%"),
        lambda w: w.factory.routing[0].scrap_pct,
        3,
    ),
    "clock cell": (
        put("calendars", 1, "start", time(7, 30)),
        None,
        lambda w: w.factory.calendars[0].week[0],
        ((27_000, 64_800),),
    ),
    "time cell as a duration": (
        put("routing", 1, "setup_min", time(0, 15)),
        None,
        lambda w: w.factory.routing[0].setup_s,
        900,
    ),
    "unit in the header": (
        rename("routing", "cycle_min", "單件工時（秒）"),
        None,
        lambda w: w.factory.routing[0].cycle_s,
        40,
    ),
    "blank rows": (lambda t: t["orders"].insert(2, [None] * 4), None, lambda w: len(w.orders), 2),
    "titles above": (lambda t: t["orders"].insert(0, ["Order book 2026"]), None, lambda w: len(w.orders), 2),
    "two languages": (
        lambda t: t["orders"].insert(1, ["訂單編號", "品號", "數量", "交期"]),
        None,
        lambda w: len(w.orders),
        2,
    ),
    "row of units": (
        lambda t: t["routing"].insert(1, [None] * 6 + ["(sec)", "秒", None]),
        None,
        lambda w: (w.factory.routing[0].cycle_s, w.factory.routing[0].attend_s),
        (40, 1),
    ),
    "row of marks": (
        lambda t: t["orders"].insert(1, ["REQUIRED", "required", "必填", "optional"]),
        None,
        lambda w: len(w.orders),
        2,
    ),
    "days counted from 1904": (
        put("orders", 1, "due", date(2026, 3, 6)),
        lambda book: setattr(book, "epoch", CALENDAR_MAC_1904),
        first_due,
        "2026-03-07T00:00:00+08:00",
    ),
    "columns in any order": (
        lambda t: t.update(orders=[r[::-1] for r in t["orders"]]),
        None,
        lambda w: w.orders[1].quantity,
        8,
    ),
    "Chinese sheet": (lambda t: t.update({"訂單": t.pop("orders")}), None, lambda w: len(w.orders), 2),
    "numbered sheet": (lambda t: t.update({"7. Orders 訂單": t.pop("orders")}), None, lambda w: len(w.orders), 2),
    "sheet for people": (
        lambda t: t.update(readme=[["hello"]], _own=[["x"]], 說明=[["y"]]),
        None,
        lambda w: len(w.orders),
        2,
    ),
    "note column": (put("orders", 1, "備註", "urgent"), None, lambda w: len(w.orders), 2),
    "empty extra sheet": (lambda t: t.update(Sheet3=[]), None, lambda w: len(w.orders), 2),
    "text that looks like a formula": (
        put("orders", 1, "customer", "+852 Wong"),
        None,
        lambda w: w.orders[0].customer,
        "+852 Wong",
    ),
    "merged order number": (
        lambda t: t.update(orders=[t["orders"][0], ["1001", "A", 20, None], [None, "A", 5, None]]),
        merge("orders", "A2:A3"),
        lambda w: [(o.order, o.line, o.quantity) for o in w.orders],
        [("1001", 1, 20), ("1001", 2, 5)],
    ),
    "day list": (
        lambda t: t["calendars"].append(["day", "Sat;Sun", "09:00", "12:00"]),
        None,
        lambda w: w.factory.calendars[0].week[6],
        ((32_400, 43_200),),
    ),
    "night shift": (
        put("calendars", 1, "end", "02:00"),
        None,
        lambda w: w.factory.calendars[0].week[0],
        ((28_800, 93_600),),
    ),
    "whole day": (
        lambda t: t["calendars"].append(["all", "daily", "00:00", "00:00"]),
        None,
        lambda w: w.factory.calendars[1].week[6],
        ((0, 86_400),),
    ),
    "dash for nothing": (put("machines", 1, "calendar", "–"), None, lambda w: w.factory.machines[0].calendar, None),
    "none for nothing": (
        put("routing", 1, "max_wait_min", "none"),
        None,
        lambda w: w.factory.routing[0].max_wait_s,
        None,
    ),
    "無 for nothing": (put("routing", 1, "tool", "無"), None, lambda w: w.factory.routing[0].tool, None),
    "always": (put("machines", 1, "calendar", "always"), None, lambda w: w.factory.machines[0].calendar, None),
}


@pytest.mark.parametrize("trap", HELP)
def test_trap_is_understood(trap: str, base: Tables, book: Make, workshop: Callable[..., Workshop]) -> None:
    """The workbook is read as its owner meant it."""
    change, touch, look, wanted = HELP[trap]
    if change is not None:
        change(base)
    assert look(workshop(book(base, touch), "workshop.xlsx")) == wanted


# Hidden things.


def hide(book: Any) -> None:
    book["orders"].row_dimensions[3].hidden = True
    book["routing"].column_dimensions["H"].hidden = True
    book["old"].sheet_state = "hidden"


def test_hidden_rows_columns_and_sheets_are_not_there(
    base: Tables, book: Make, workshop: Callable[..., Workshop]
) -> None:
    """What is hidden is not read, and a note says so."""
    base["old"] = [["what"], ["ever"]]
    data = book(base, hide)
    found = workshop(data)
    assert [o.order for o in found.orders] == ["1001"]
    assert found.factory.routing[0].attend_s == 0
    notes = read_tables("x", data).notes
    assert [n.code for n in notes] == [
        "formats.note_hidden_columns",
        "formats.note_hidden_rows",
        "formats.note_hidden_sheet",
    ]
    assert all(lang.text(n.code, n.params, language) for n in notes for language in lang.LANGUAGES)


def test_a_hidden_needed_column_is_missing(base: Tables, book: Make, faults: Faults) -> None:
    """A column that is hidden is not read, even if it is needed; the fault says so."""

    def hide_items(book: Any) -> None:
        book["orders"].column_dimensions["B"].hidden = True

    assert ("missing_column", "orders", 1, "item") in where(faults(book(base, hide_items)))


# Many faults at once, and no shadows of them.


def test_all_faults_are_told_at_once(base: Tables, book: Make, faults: Faults) -> None:
    """Faults of form, of cells and of meaning come together, in the order of tables and rows."""
    put("orders", 1, "quantity", "x")(base)
    put("orders", 2, "due", "soon")(base)
    put("machines", 1, "calendar", "nihgt")(base)
    rename("items", "on_hand", "onn_hand")(base)
    found = where(faults(book(base)))
    assert found == [
        ("no_such_calendar", "machines", 2, "calendar"),
        ("unknown_column_near", "items", 1, "onn_hand"),
        ("not_number", "orders", 2, "quantity"),
        ("not_date", "orders", 3, "due"),
    ]


def test_shortage_is_told_beside_other_faults(base: Tables, book: Make, faults: Faults) -> None:
    """An order that cannot be read makes no shortage smaller; stock that cannot be read may well make one."""
    put("orders", 1, "quantity", "x")(base)
    put("orders", 2, "quantity", 500)(base)
    assert [w[0] for w in where(faults(book(base)))] == ["material_short", "not_number"]
    put("items", 2, "on_hand", "y")(base)
    assert [w[0] for w in where(faults(book(base)))] == ["not_number", "not_number"]


def test_a_broken_table_casts_no_shadow(base: Tables, book: Make, faults: Faults) -> None:
    """With the machines' names unread, no step is blamed for naming machines that are not there."""
    rename("machines", "machine", "xyzzy")(base)
    found = {w[0] for w in where(faults(book(base)))}
    assert found == {"unknown_column", "missing_column"}


def test_thousands_of_like_faults_are_counted(base: Tables, folder: Folder, faults: Faults) -> None:
    """After 500 faults of one kind in one column the rest is counted."""
    base["orders"] += [[f"X{i}", "A", "many", None] for i in range(1700)]
    found = faults(folder(base))
    assert len(found) == 501
    last = [f for f in found if f.message.code == "formats.more_like_these"]
    assert [f.message.params["n"] for f in last] == [1200]


# CSV.


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp950", "big5hkscs", "gb18030"])
def test_encodings(encoding: str, base: Tables, folder: Folder, workshop: Callable[..., Workshop]) -> None:
    """Chinese tables are read in each encoding that Hong Kong, Taiwan and the Mainland use."""
    name = "针织毛衣订单" if encoding == "gb18030" else "針織毛衣訂單"
    base["orders"] = [
        ["订单编号", "品号", "数量"] if encoding == "gb18030" else ["訂單編號", "品號", "數量"],
        [name, "A", 3],
    ]
    put("orders", 1, "customer", "客户" if encoding == "gb18030" else "客戶")(base)
    found = workshop(folder(base, encoding))
    assert found.orders[0].order == name


def test_chinese_without_known_headers_is_told_apart(
    base: Tables, folder: Folder, workshop: Callable[..., Workshop]
) -> None:
    """With English headers, the commonness of the characters decides between Big5 and GB18030."""
    for encoding, words in (("cp950", "全自動橫機一號"), ("gb18030", "全自动横机一号")):
        put("orders", 1, "customer", words)(base)
        assert workshop(folder(base, encoding)).orders[0].customer == words


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiters(delimiter: str, base: Tables, folder: Folder, workshop: Callable[..., Workshop]) -> None:
    """Comma, semicolon and tab part cells; with semicolons the decimal sign may be a comma."""
    put("routing", 1, "setup_skill", "setup")(base)
    put("routing", 1, "cycle_min", "1,5" if delimiter == ";" else "1.5")(base)
    assert workshop(folder(base, delimiter=delimiter)).factory.routing[0].cycle_s == 90


CSV_TRAPS: dict[str, tuple[str, bytes, Where]] = {
    "open quote": ("orders.csv", b'order,item,quantity\n1,"A,5\n2,A,6\n', ("open_quote", "orders.csv", None, "")),
    "unquoted thousands": ("orders.csv", b"order,item,quantity\n1,A,1,000\n", ("nameless_column", "orders.csv", 2, "")),
    "not text": ("orders.csv", bytes(range(128, 256)) * 3, ("encoding", "orders.csv", None, "")),
    "zero bytes": ("orders.csv", b"order,item,quantity\n1,A,\0\n", ("encoding", "orders.csv", None, "")),
    "1E+05": ("orders.csv", b"order,item,quantity\n1E+05,A,1\n", ("digits_lost", "orders.csv", 2, "order")),
    "hashes": ("orders.csv", b"order,item,quantity,due\n1,A,1,########\n", ("hashes", "orders.csv", 2, "due")),
    "two-way comma": (
        "orders.csv",
        b"order;item;quantity\n1;A;1,234\n",
        ("ambiguous_number", "orders.csv", 2, "quantity"),
    ),
    "unknown file": ("banana.csv", b"a,b\n1,2\n", ("unknown_table", "banana.csv", None, "")),
}


@pytest.mark.parametrize("trap", CSV_TRAPS)
def test_csv_trap_is_told(trap: str, base: Tables, folder: Folder, faults: Faults) -> None:
    """The folder is refused with this fault."""
    name, data, wanted = CSV_TRAPS[trap]
    found = [f for f in faults({**folder(base), name: data}) if f.message.code != "formats.missing_table"]
    assert where(found) == [wanted]
    say(found)


def test_excel_names_its_delimiter(base: Tables, folder: Folder, workshop: Callable[..., Workshop]) -> None:
    """A first line sep=; is obeyed."""
    files = folder(base)
    files["orders.csv"] = b"sep=;\r\norder;item;quantity\r\n9;A;2\r\n"
    assert workshop(files).orders[0].order == "9"


# JSON.

JSON_TRAPS: dict[str, tuple[bytes, str]] = {
    "no JSON": (b'{"orders": [', "bad_json"),
    "too deep": (b"[" * 100_000, "deep_json"),
    "not a number": (b'{"orders": [{"order": NaN}]}', "not_finite"),
    "name twice": (b'{"orders": [], "orders": []}', "doubled_json"),
    "a list": (b"[1, 2]", "json_shape"),
    "a plan": (b'{"epoch": "2026-03-02T08:00", "tasks": []}', "plan_for_workshop"),
    "no rows": (b'{"orders": {"order": 1}}', "json_rows"),
    "endless number": (b'{"orders": [{"order": ' + b"9" * 10_000 + b"}]}", "long_number"),
    "not UTF-8": (b'{"orders": "\xff"}', "not_utf8"),
}


@pytest.mark.parametrize("trap", JSON_TRAPS)
def test_json_trap_is_told(trap: str, faults: Faults) -> None:
    """The object is refused with this fault."""
    data, code = JSON_TRAPS[trap]
    found = [f for f in faults(data, "x.json") if f.message.code != "formats.missing_table"]
    assert [f.message.code for f in found] == [f"formats.{code}"]
    say(found)


def test_json_rows_are_numbered_from_one(base: Tables, faults: Faults) -> None:
    """The first object of an array is row 1; lists of names and truth values are understood."""
    rows = {t: [dict(zip(r[0], x, strict=True)) for x in r[1:]] for t, r in base.items() if t != "settings"}
    rows["orders"][1]["quantity"] = "x"
    rows["people"][1]["skills"] = ["link", "press"]
    data = {"settings": {"now": "2026-03-02T08:00", "top_up": True}, "$schema": 1, **rows}
    assert where(faults(json.dumps(data).encode(), "x.json")) == [("not_number", "orders", 2, "quantity")]


# Hostile workbooks.


def repack(data: bytes, change: Callable[[str, bytes], bytes | None], more: dict[str, bytes] | None = None) -> bytes:
    """The same zip with changed parts."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            content = change(info.filename, old.read(info))
            if content is not None:
                new.writestr(info.filename, content)
        for name, content in (more or {}).items():
            new.writestr(name, content)
    return out.getvalue()


def entity(name: str, content: bytes) -> bytes:
    if name != "xl/workbook.xml":
        return content
    return b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>' + content


def entity_in_utf16(name: str, content: bytes) -> bytes:
    if name != "xl/worksheets/sheet1.xml":
        return content
    text = content.decode().replace('encoding="UTF-8"', 'encoding="UTF-16"')
    return ("<!DOCTYPE x [<!ENTITY a 'b'>]>" + text).encode("utf-16")


def same(_: str, content: bytes) -> bytes:
    return content


def cut_sheet(name: str, content: bytes) -> bytes:
    return content[: len(content) // 2] if name.startswith("xl/worksheets") else content


HOSTILE: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "entities": (lambda d: repack(d, entity), "entities"),
    "entities in UTF-16": (lambda d: repack(d, entity_in_utf16), "entities"),
    "macros": (lambda d: repack(d, same, {"xl/vbaProject.bin": b"x"}), "macros"),
    "binary workbook": (
        lambda d: repack(d, lambda n, c: None if n == "xl/workbook.xml" else c, {"xl/workbook.bin": b"x"}),
        "old_workbook",
    ),
    "old workbook": (lambda _: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old_workbook"),
    "other zip": (lambda _: repack(b"PK\x05\x06" + bytes(18), same, {"a.txt": b"x"}), "not_a_workbook"),
    "cut off": (lambda d: d[: len(d) // 2], "broken_zip"),
    "cut XML": (lambda d: repack(d, cut_sheet), "broken_xml"),
    "garbage": (lambda _: b"PK\x03\x04" + bytes(100), "broken_zip"),
}


@pytest.mark.parametrize("trap", HOSTILE)
def test_hostile_workbook_is_refused(trap: str, base: Tables, book: Make, faults: Faults) -> None:
    """It is refused by name, before anything in it is believed."""
    spoil, code = HOSTILE[trap]
    found = faults(spoil(book(base)), "x.xlsx")
    assert [f.message.code for f in found] == [f"formats.{code}"]
    say(found)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_parts_of_one_name_are_refused(base: Tables, book: Make, faults: Faults) -> None:
    """Two readers could see two different sheets."""
    data = repack(book(base), same, {"xl/worksheets/sheet1.xml": b"<x/>"})
    assert [f.message.code for f in faults(data)] == ["formats.broken_zip"]


def bomb(mb: int) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("xl/workbook.xml", b" " * (mb << 20))
    return out.getvalue()


def lying_bomb(mb: int) -> bytes:
    """A bomb whose directory says that it is small."""
    data = bytearray(bomb(mb))
    size = (mb << 20).to_bytes(4, "little")
    small = (1000).to_bytes(4, "little")
    assert data.count(size) == 2
    return bytes(data).replace(size, small)


@pytest.mark.parametrize("data", [bomb(30), lying_bomb(30)], ids=["honest", "lying"])
def test_zip_bomb_is_refused(data: bytes) -> None:
    """A small file that unpacks to a large one meets the limit, even if its directory lies."""
    with pytest.raises(Limit) as limit:
        read_tables("x.xlsx", data, limits=Limits(unpacked_mb=20))
    assert str(limit.value).startswith("formats.unpacked_too_large")


def test_stray_cell_is_found(base: Tables, book: Make) -> None:
    """One cell in the last corner would make a sheet of 17 thousand million."""

    def stray(book: Any) -> None:
        book["orders"]["XFD1048576"] = "x"

    with pytest.raises(Limit) as limit:
        read_tables("x.xlsx", book(base, stray))
    assert "too_many_cells" in str(limit.value)


def test_a_stray_note_far_below_is_no_row(base: Tables, book: Make, workshop: Callable[..., Workshop]) -> None:
    """A format that reaches far down has no cells."""

    def formats(book: Any) -> None:
        for row in range(5, 3000):
            book["orders"].cell(row, 3).number_format = "0.00"

    assert len(workshop(book(base, formats)).orders) == 2


def test_other_writers_are_read(base: Tables, book: Make, workshop: Callable[..., Workshop]) -> None:
    """Parts with a namespace prefix and rows and cells without references are read alike."""

    def bare(name: str, content: bytes) -> bytes:
        if not name.startswith("xl/worksheets"):
            return content
        text = content.decode()
        for tag in ("worksheet", "sheetData", "row", "c", "v", "is", "t"):
            text = (
                text.replace(f"<{tag}>", f"<x:{tag}>")
                .replace(f"<{tag} ", f"<x:{tag} ")
                .replace(f"</{tag}>", f"</x:{tag}>")
            )
        return text.replace("xmlns=", "xmlns:x=").encode()

    assert workshop(repack(book(base), bare)) == workshop(book(base))


def test_input_fault_holds_faults() -> None:
    """What is raised can be walked through."""
    with pytest.raises(InputFault) as raised:
        read_tables("x.xlsx", b"PK\x03\x04")
    assert all(isinstance(f, Fault) for f in raised.value.faults)


def test_a_table_that_cannot_be_read_is_not_missing(
    base: Tables, folder: Callable[..., dict[str, bytes]], faults: Faults
) -> None:
    """One fault for one cause: a file of which no letter can be read is there all the same."""
    files = folder(base) | {"orders.csv": b"order,item,quantity\n1,\xff\xff\x81,2\n"}
    assert [f.message.code for f in faults(files)] == ["formats.encoding"]
    assert [f.message.code for f in faults(b'{"orders": 5}') if f.place.table == "orders"] == ["formats.json_rows"]


def test_settings_without_rows_have_no_now(
    base: Tables, folder: Callable[..., dict[str, bytes]], faults: Faults
) -> None:
    """An empty table of settings says no moment to plan from, and none is made up."""
    (fault,) = faults(folder(base) | {"settings.csv": b""})
    assert (fault.message.code, fault.place.source, fault.place.column) == (
        "formats.missing_setting",
        "settings.csv",
        "now",
    )


def test_endless_rows_and_cells(base: Tables, folder: Callable[..., dict[str, bytes]], faults: Faults) -> None:
    """A header of a million columns is given up at once; a cell of hundreds of thousands of letters is called so."""
    files = folder(base)
    with pytest.raises(Limit) as raised:
        faults(files | {"orders.csv": b",".join(b"c%d" % i for i in range(20_000))})
    assert getattr(raised.value.message, "code", "") == "formats.too_many_columns"
    (fault,) = faults(files | {"orders.csv": b"order,item,quantity\n1," + b"A" * 200_000 + b",2\n"})
    assert fault.message.code == "formats.long_cell"


def test_a_file_name_with_a_slip(base: Tables, folder: Callable[..., dict[str, bytes]], faults: Faults) -> None:
    """The nearest table is found by the name without its ending."""
    (fault,) = faults(folder(base) | {"ordrs.csv": b"a,b\n1,2\n"})
    assert fault.message.params["wanted"] == "orders"


def test_more_than_a_day_is_shown_as_a_clock_would() -> None:
    """A time above 24 hours is shown as the sheet shows it."""
    assert shown(timedelta(hours=25, minutes=5)) == "25:05"


def test_marks_alone_are_data(base: Tables, folder: Callable[..., dict[str, bytes]]) -> None:
    """A lone person called ' or " is a person; only * below a header is a mark of it."""
    for name, people in (("'", 1), ('"', 1), ("*", 0)):
        files = folder(base | {"people": [["person", "calendar"], [name, None]]})
        assert len(read_tables("x", files).sheets["people"].numbers) == people
