"""Tables become nouns: groups, calendars, line numbers, size matrices; another moment than the input's own."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fong.errors import InputFault
from fong.formats.matrix import _shares
from fong.formats.nouns import to_workshop
from fong.formats.reading import read_tables
from fong.model import Fault, Workshop

Tables = dict[str, list[list[Any]]]
Read = Callable[..., Workshop]
Faults = Callable[..., list[Fault]]
HK = ZoneInfo("Asia/Hong_Kong")


def codes(faults: list[Fault]) -> list[tuple[str, int | None, str]]:
    return [(f.message.code.partition(".")[2], f.place.row, f.place.column) for f in faults]


# Groups and machines.


@pytest.mark.parametrize(
    ("cell", "machines"),
    [
        ("knit", ("K1", "K2")),
        ("K2", ("K2",)),
        ("K2;K1", ("K2", "K1")),
        ("K1; knit", ("K1", "K2")),
        ("S1", ("S1",)),
        (None, ()),
    ],
)
def test_groups_become_machines(
    cell: str | None, machines: tuple[str, ...], base: Tables, folder: Callable[..., dict[str, bytes]], workshop: Read
) -> None:
    """A cell names a group, machines, or both, in the order written; a machine's own name may be its group's."""
    base["machines"].append(["S1", "S1", None])
    base["routing"].append(["A", 30, "x", cell, None, None, 1, None, "link"])
    assert workshop(folder(base)).factory.routing[2].machines == machines


# Calendars.


def test_calendar_rows_come_together(base: Tables, folder: Callable[..., dict[str, bytes]], workshop: Read) -> None:
    """Rows of one calendar, wherever they stand, are one calendar; a date without hours is a day off."""
    base["calendars"] = [
        ["calendar", "day", "start", "end"],
        ["day", "Mon", "13:00", "18:00"],
        ["late", "Mon", "22:00", "06:00"],
        ["day", "Mon", "08:00", "12:00"],
        ["day", "2026-04-03", None, None],
        ["day", "2026-04-04", "10:00", "11:00"],
    ]
    day, late = workshop(folder(base)).factory.calendars
    assert day.week[0] == ((28_800, 43_200), (46_800, 64_800))
    assert dict(day.dates) == {date(2026, 4, 3): (), date(2026, 4, 4): ((36_000, 39_600),)}
    assert late.week == (((79_200, 108_000),), (), (), (), (), (), ())


# Order lines.


def lines(
    base: Tables, folder: Callable[..., dict[str, bytes]], workshop: Read, rows: list[list[Any]]
) -> list[tuple[Any, ...]]:
    base["orders"] = rows
    return [(o.order, o.line, o.colour, o.size, o.quantity) for o in workshop(folder(base)).orders]


def test_lines_without_number_count_on(base: Tables, folder: Callable[..., dict[str, bytes]], workshop: Read) -> None:
    """A line without a number takes the next of its order, after the highest so far."""
    rows: list[list[Any]] = [
        ["order", "line", "item", "quantity"],
        ["1", None, "A", 1],
        ["1", 5, "A", 2],
        ["1", None, "A", 3],
        ["2", None, "A", 4],
    ]
    assert [x[:2] for x in lines(base, folder, workshop, rows)] == [("1", 1), ("1", 5), ("1", 6), ("2", 1)]


def test_size_matrix_becomes_lines(base: Tables, folder: Callable[..., dict[str, bytes]], workshop: Read) -> None:
    """Colour × size: one line for each size with pieces, counted on within the order; plain rows may stand between."""
    rows: list[list[Any]] = [
        ["order", "item", "colour", "S", "M", "XL", "合計"],
        ["1", "A", "red", 3, 4, None, 7],
        ["1", "A", "navy", "-", 0, 5, None],
        ["2", "A", "sand", None, None, None, 9],
    ]
    assert lines(base, folder, workshop, rows) == [
        ("1", 1, "red", "S", 3),
        ("1", 2, "red", "M", 4),
        ("1", 3, "navy", "XL", 5),
        ("2", 1, "sand", "", 9),
    ]


@pytest.mark.parametrize(
    "heads",
    [
        ["36", "38", "40"],
        ["size S", "size M", "size L"],
        ["均碼", "加大", "2XL"],
        ["XS/S", "M/L", "XXL"],
        [36, 37.5, 38],
    ],
)
def test_headers_that_are_sizes(
    heads: list[Any], base: Tables, folder: Callable[..., dict[str, bytes]], workshop: Read
) -> None:
    """Numbers, letters and Chinese words for sizes are known as such."""
    rows: list[list[Any]] = [["order", "item", *heads], ["1", "A", 1, 2, 3]]
    found = lines(base, folder, workshop, rows)
    assert [x[3:] for x in found] == [(str(h).removeprefix("size "), n) for h, n in zip(heads, (1, 2, 3), strict=True)]


@pytest.mark.parametrize("title_above", [True, False])
def test_any_header_under_a_merged_size_title(
    title_above: bool,  # noqa: FBT001 - two layouts
    base: Tables,
    book: Callable[..., bytes],
    workshop: Read,
) -> None:
    """Under a merged "size 尺碼" any header is a size, whether the other headers stand in the upper or the lower row."""
    upper = [None, None, "size 尺碼", None] if title_above else ["order", "item", "size 尺碼", None]
    lower = ["order", "item", "9-10Y", "11-12Y"] if title_above else [None, None, "9-10Y", "11-12Y"]
    base["orders"] = [upper, lower, ["1", "A", 2, 3]]

    def merge(made: Any) -> None:
        made["orders"].merge_cells("C1:D1")

    found = workshop(book(base, merge))
    assert [(o.size, o.quantity) for o in found.orders] == [(lower[2], 2), (lower[3], 3)]


def test_late_cost_is_shared_out(base: Tables, folder: Callable[..., dict[str, bytes]], workshop: Read) -> None:
    """The late cost of a row with sizes is that of all its pieces together."""
    base["orders"] = [["order", "item", "S", "M", "late_cost_per_day"], ["1", "A", 1, 2, 100]]
    assert [o.late_cost_per_day_cents for o in workshop(folder(base)).orders] == [3333, 6667]


@given(st.integers(0, 10**9), st.lists(st.integers(1, 1000), min_size=1, max_size=20))
def test_shares_add_up(cents: int, pieces: list[int]) -> None:
    """Nothing is lost in sharing out, and nobody is off by a cent or more."""
    shares = _shares(cents, pieces)
    assert sum(shares) == cents
    assert all(abs(s - cents * n / sum(pieces)) < 1 for s, n in zip(shares, pieces, strict=True))


MATRIX_FAULTS: dict[str, tuple[list[list[Any]], tuple[str, int, str]]] = {
    "wrong total": ([["order", "item", "S", "M", "qty"], ["1", "A", 1, 2, 4]], ("other_total", 2, "qty")),
    "size and sizes": ([["order", "item", "S", "M", "size"], ["1", "A", 1, 2, "L"]], ("size_and_sizes", 2, "size")),
    "no pieces": ([["order", "item", "S", "M"], ["1", "A", None, 0]], ("required", 2, "quantity")),
    "half a piece": ([["order", "item", "S", "M"], ["1", "A", 1, 2.5]], ("not_whole", 2, "M")),
    "negative": ([["order", "item", "S", "M"], ["1", "A", 1, -2]], ("too_small", 2, "M")),
    "line twice": (
        [["order", "line", "item", "S", "M"], ["1", 1, "A", 1, 1], ["1", 2, "A", 1, None]],
        ("twice", 3, "S"),
    ),
}


@pytest.mark.parametrize("case", MATRIX_FAULTS)
def test_matrix_fault(case: str, base: Tables, folder: Callable[..., dict[str, bytes]], faults: Faults) -> None:
    """What is wrong in a matrix is told with the header of its size."""
    base["orders"], wanted = MATRIX_FAULTS[case]
    assert codes(faults(folder(base))) == [wanted]


def test_unknown_header_is_no_size(base: Tables, folder: Callable[..., dict[str, bytes]], faults: Faults) -> None:
    """A header that is no size word stays unknown."""
    base["orders"] = [["order", "item", "S", "huge"], ["1", "A", 1, 2]]
    assert codes(faults(folder(base))) == [("unknown_column", 1, "huge")]


# Another moment.


@pytest.mark.parametrize("now", [datetime(2026, 5, 1, 6, tzinfo=UTC), datetime(2026, 5, 1, 14)])  # noqa: DTZ001 - local time
def test_another_now(now: datetime, base: Tables, folder: Callable[..., dict[str, bytes]]) -> None:
    """A moment given from outside takes the place of the input's own, even where that is missing."""
    base["settings"] = [["key", "value"], ["currency", "TWD"]]
    found = to_workshop(read_tables("x", folder(base)), now=now)
    assert found.factory.settings.now == datetime(2026, 5, 1, 14, tzinfo=HK)
    assert found.factory.settings.currency == "TWD"


def test_work_is_judged_by_the_other_now(base: Tables, folder: Callable[..., dict[str, bytes]]) -> None:
    """What ends after the input's now may have ended before the other one."""
    base["wip"] = [["order", "sequence", "machine", "ends"], ["1001", 10, "K1", "2026-03-02T12:00"]]
    tables = read_tables("x", folder(base))
    assert to_workshop(tables).state.work[0].machine == "K1"
    with pytest.raises(InputFault, match="ended_before_now"):
        to_workshop(tables, now=datetime(2026, 3, 3, tzinfo=HK))


# Real inputs.


@pytest.mark.parametrize(
    "case",
    ["01", "02a", "02b", "03a", "03b", "03c", "03d", "03e", "04a", "04b", "05", "06", "07", "08", "09", "11a", "11b"],
)
@pytest.mark.may_skip("sample data may be absent")
def test_golden_cases_are_sound(case: str, shared: Path) -> None:
    """Each golden case is read without a fault, with as many orders as its plan has."""
    source = shared / "tools" / "golden" / f"case{case}"
    found = to_workshop(read_tables("x", {f.name: f.read_bytes() for f in source.glob("*.csv")}))
    plan = json.loads((source / "expected.json").read_text(encoding="utf-8"))
    assert {o.order for o in found.orders} == {t["order"] for t in plan["tasks"]}


def test_row_map_survives_dropped_rows(base: Tables, folder: Callable[..., dict[str, bytes]], faults: Faults) -> None:
    """After a row that had to be left out, and blank ones, the rows of later faults are still right."""
    base["orders"] = [["order", "item", "quantity"], ["1", None, 5], [None, None, None], ["2", "A", 1], ["3", "ZZZ", 1]]
    assert codes(faults(folder(base))) == [("required", 2, "item"), ("no_such_item", 5, "item")]


# A bad cell hides nothing else.


ROUTING = ["item", "sequence", "step", "group", "setup_min", "setup_skill", "cycle_min", "attend_min", "run_skill"]
BESIDE: dict[str, tuple[str, list[list[Any]], list[tuple[str, int, str]]]] = {
    "quantity": (
        "orders",
        [["order", "item", "quantity"], ["1", "Y", -10], ["1", "A", 1], ["1", "A", "x"], ["1", "A", "x"]],
        [("too_small", 2, "quantity"), ("no_such_item", 2, "item"), *(("not_number", n, "quantity") for n in (4, 5))],
    ),
    "no order number": (
        "orders",
        [["order", "item", "quantity"], [None, "Y", 5]],
        [("required", 2, "order"), ("no_such_item", 2, "item")],
    ),
    "line": (
        "orders",
        [["order", "line", "item", "quantity"], ["1", 1, "A", 5], ["1", "x", "Y", 5], ["1", 2, "A", 5]],
        [("not_number", 3, "line"), ("no_such_item", 3, "item")],
    ),
    "sizes": (
        "orders",
        [["order", "item", "S", "M"], ["1", "Y", -1, None], ["2", "Y", None, None]],
        [("too_small", 2, "S"), ("no_such_item", 2, "item"), ("required", 3, "quantity"), ("no_such_item", 3, "item")],
    ),
    "no column": (
        "orders",
        [["order", "item"], ["1", "Y"]],
        [("missing_column", 1, "quantity"), ("no_such_item", 2, "item")],
    ),
    "sequence": (
        "routing",
        [ROUTING, ["A", "x", "knit", "knot", 15, "art", 40, 1, None], ["A", 20, "k", "knit", 0, None, 5, 1, None]],
        [("not_number", 2, "sequence"), ("no_such_machine", 2, "group"), ("no_such_skill", 2, "setup_skill")],
    ),
    "cycle": (
        "routing",
        [ROUTING, ["A", 10, "knit", "press", 15, "setup", -6, 1, None]],
        [("too_small_in", 2, "cycle_min"), ("no_such_machine", 2, "group")],
    ),
    "person": (
        "people",
        [["person", "calendar", "skills", "tends"], [None, "nights", "setup;link", "hall"]],
        [("required", 2, "person"), ("no_such_calendar", 2, "calendar")],
    ),
    "machine": (
        "machines",
        [["machine", "group", "zone"], [None, "knit", "loft"]],
        [("required", 2, "machine"), ("no_such_tender", 2, "zone")],
    ),
    "day": (
        "calendars",
        [["calendar", "day", "start", "end"], ["day", "Xday", "08:00", "18:00"]],
        [("not_day", 2, "day")],
    ),
    "half a day": (
        "calendars",
        [["calendar", "day", "start", "end"], ["day", "Mon-Fri", "08:00", "18:00"], ["day", "Mon", "19:00", None]],
        [("half_hours", 3, "end")],
    ),
    "bill": (
        "bom",
        [["item", "component", "quantity"], ["A", "wool", "much"]],
        [("not_number", 2, "quantity"), ("no_such_item", 2, "component")],
    ),
    "set-up": (
        "setups",
        [["group", "from_family", "to_family", "minutes"], ["weld", "a", "b", "long"]],
        [("not_number", 2, "minutes"), ("no_such_group", 2, "group")],
    ),
}


@pytest.mark.parametrize("case", BESIDE)
def test_a_bad_cell_hides_no_other(
    case: str, base: Tables, folder: Callable[..., dict[str, bytes]], faults: Faults
) -> None:
    """The other cells of its row are judged, too; nothing is told that may only follow from the bad cell."""
    table, rows, wanted = BESIDE[case]
    base[table] = rows
    found = codes(faults(folder(base)))
    told = [(code.removesuffix("_near"), row, column) for code, row, column in found]
    assert sorted(told, key=str) == sorted(wanted, key=str)


def test_work_on_an_order_without_item(base: Tables, folder: Callable[..., dict[str, bytes]], faults: Faults) -> None:
    """Its steps are not known, so that none is missing."""
    base["orders"] = [["order", "item", "quantity"], ["1001", None, 5]]
    base["wip"] = [["order", "sequence", "done_pieces"], ["1001", 10, 1], ["1002", 10, 1]]
    assert codes(faults(folder(base))) == [("required", 2, "item"), ("no_such_order", 3, "order")]
