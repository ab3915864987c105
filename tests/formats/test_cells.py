"""Single cells: what is understood, and what is refused with which words."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fong.formats.cells import Context, clean, read_name, read_names, read_sequences, read_text, read_yes_no, reader
from fong.formats.numerals import number
from fong.formats.raw import Bad, Odd, Raw
from fong.formats.tables import SETTINGS, TABLES
from fong.model import AtGap

HK = ZoneInfo("Asia/Hong_Kong")


def read(place: str, raw: Raw, unit: str = "", *, comma: bool = False, zone: ZoneInfo = HK) -> object:
    """Read a cell of ``table.column``."""
    table, name = place.split(".")
    column = SETTINGS.columns[2] if table == "settings" else TABLES[table].column(name)
    return reader(column, unit, Context(zone, comma))(raw)


@pytest.mark.parametrize(
    ("place", "raw", "unit", "value"),
    [
        ("orders.quantity", "1,234", "", 1234),
        ("orders.quantity", "１２", "", 12),
        ("orders.quantity", "20 pcs", "", 20),
        ("orders.quantity", "20件", "", 20),
        ("orders.quantity", 20.0, "", 20),
        ("orders.quantity", Odd("padded", 20.0, "0020"), "", 20),
        ("routing.cycle_min", 0.75, "", 45),
        ("routing.cycle_min", "45", "s", 45),
        ("routing.cycle_min", "90 s", "", 90),
        ("routing.cycle_min", "1.5 h", "", 5400),
        ("routing.cycle_min", "15分", "", 900),
        ("routing.cycle_min", 2, "h", 7200),
        ("routing.cycle_min", time(0, 15), "", 900),
        ("routing.cycle_min", timedelta(minutes=15), "", 900),
        ("routing.cycle_min", 0.008, "", 0),
        ("routing.cycle_min", 0.009, "", 1),
        ("routing.subcontract_days", "2.5", "", 216_000),
        ("routing.subcontract_days", 48, "h", 172_800),
        ("routing.scrap_pct", "3%", "", Decimal(3)),
        ("routing.scrap_pct", 2.5, "", Decimal("2.5")),
        ("routing.scrap_pct", Odd("percent", 0.03, "3%"), "", Decimal(3)),
        ("routing.at_gap", "overtime:20", "", (AtGap.OVERTIME, 1200)),
        ("routing.at_gap", "加班 30 分", "", (AtGap.OVERTIME, 1800)),
        ("routing.at_gap", "Run on", "", (AtGap.RUN_ON, 0)),
        ("routing.after", "20；30", "", (20, 30)),
        ("routing.after", 20.0, "", (20,)),
        ("routing.after", "–", "", ()),
        ("machines.cost_per_hour", "HK$1,234.50", "", 123_450),
        ("machines.cost_per_hour", "80元", "", 8000),
        ("machines.cost_per_hour", 0.125, "", 13),
        ("items.weight_kg", 250, "g", Decimal("0.25")),
        ("items.weight_kg", "250 g", "", Decimal("0.25")),
        ("items.on_hand", "0.1234567", "", Decimal("0.123457")),
        ("items.type", "自製", "", "make"),
        ("items.type", "PURCHASED", "", "buy"),
        ("machines.x_m", 3500, "mm", 3.5),
        ("orders.weight", 1.5, "", 1500),
        ("orders.status", "已完成", "", "done"),
        ("calendars.start", "0830", "", 30_600),
        ("calendars.day", "星期一至星期五", "", (0, 1, 2, 3, 4)),
    ],
)
def test_cell_is_understood(place: str, raw: Raw, unit: str, value: object) -> None:
    """A cell becomes just this value."""
    assert read(place, raw, unit) == value


@pytest.mark.parametrize(
    ("place", "raw", "code"),
    [
        ("orders.quantity", "many", "not_number"),
        ("orders.quantity", 1.5, "not_whole"),
        ("orders.quantity", -3, "too_small"),
        ("orders.quantity", 0, "too_small"),
        ("orders.quantity", 1e12, "too_large"),
        ("orders.quantity", "1e999", "too_large"),
        ("orders.quantity", date(2026, 3, 6), "date_for_number"),
        ("orders.quantity", Odd("boolean", True, "TRUE"), "not_number"),
        ("orders.quantity", Odd("error", None, "#N/A"), "error_cell"),
        ("orders.quantity", Odd("formula", None, "=…"), "formula"),
        ("orders.quantity", "#REF!", "error_cell"),
        ("orders.quantity", "1.234,5", "decimal_comma"),
        ("orders.quantity", "########", "hashes"),
        ("orders.order", "1E+05", "digits_lost"),
        ("orders.order", Odd("scientific", 100000.0, "1.00E+05"), "digits_lost"),
        ("orders.order", 1.234567890123457e18, "digits_lost"),
        ("orders.order", date(2026, 3, 6), "turned_into"),
        ("orders.order", Odd("error", None, "#NAME?"), "error_cell"),
        ("routing.cycle_min", -1, "too_small_in"),
        ("routing.cycle_min", 100_000, "too_large_in"),
        ("routing.cycle_min", "1:30", "ambiguous_time"),
        ("routing.cycle_min", "9" * 400, "too_large_in"),
        ("routing.scrap_pct", "120%", "too_large"),
        ("routing.at_gap", "overtime", "not_choice"),
        ("routing.at_gap", "fit:20", "not_choice"),
        ("routing.at_gap", "overtime:3000", "too_large_in"),
        ("routing.after", "10.5", "not_whole"),
        ("bom.quantity", 0, "must_exceed"),
        ("items.type", "lease", "not_choice"),
        ("orders.due", "soon", "not_date"),
        ("orders.due", 46087, "date_serial"),
        ("orders.due", float("inf"), "not_date"),
        ("orders.quantity", float("nan"), "not_number"),
        ("orders.due", "6/3/2026", "ambiguous_date"),
        ("orders.due", "3月6日", "no_year"),
        ("orders.due", "26/3/6", "short_year"),
        ("orders.due", "1890-01-01", "far_date"),
        ("calendars.start", "8", "not_clock"),
        ("calendars.day", "someday", "not_day"),
    ],
)
def test_cell_is_refused(place: str, raw: Raw, code: str) -> None:
    """A cell that cannot be read, or in two ways, is named as such; the fault shows what was found."""
    with pytest.raises(Bad) as bad:
        read(place, raw)
    assert bad.value.code == f"formats.{code}"
    assert bad.value.params["found"]
    assert len(str(bad.value.params["found"])) <= 60


def test_decimal_comma_only_where_semicolons_part_cells() -> None:
    """In a file with ; between cells 1,5 is one and a half, and 1,234 could be either."""
    assert number("1,5", comma=True) == Decimal("1.5")
    assert number("1.234,5", comma=True) == Decimal("1234.5")
    assert number("1,234") == Decimal(1234)
    with pytest.raises(Bad, match="ambiguous_number"):
        number("1,234", comma=True)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (12.0, "12"),
        (1001, "1001"),
        (0.5, "0.5"),
        (Odd("padded", 123.0, "000123"), "000123"),
        (Decimal("1.5"), "1.5"),
        ("  K-1 ", "K-1"),
        ("Ｋ１－０２", "K1-02"),
        ("a\u3000b  c", "a b c"),
        ("織（一）", "織（一）"),
        ("a\x00b\x1fc", "abc"),
        ("1E5", "1E5"),
        ("2E10-X", "2E10-X"),
    ],
)
def test_names(raw: Raw, text: str) -> None:
    """Names keep their digits and marks, in one width, without stray blanks."""
    assert read_name(raw) == text


def test_free_text_may_look_like_lost_digits() -> None:
    """Only names are refused for 1E+05, not a remark."""
    assert read_text("1E+05") == "1E+05"


def test_names_with_semicolons() -> None:
    """Any of the usual marks parts names; a comma belongs to the name."""
    assert read_names("a; b；c、a\nd") == ("a", "b", "c", "d")
    assert read_names("Lathe, small") == ("Lathe, small",)
    assert read_names(7.0) == ("7",)
    assert read_sequences("10, 20") == (10, 20)


@pytest.mark.parametrize(
    ("raw", "value"), [("是", True), ("No", False), (1.0, True), (Odd("boolean", False, "FALSE"), False)]
)
def test_yes_and_no(raw: Raw, value: bool) -> None:  # noqa: FBT001 - a value to compare
    """Yes and no in many words."""
    assert read_yes_no(raw) is value


def test_moments_are_aware_and_dates_have_two_ends() -> None:
    """A due date ends with its day, a release begins with it; written offsets are kept."""
    assert read("orders.due", "2026-03-06") == datetime(2026, 3, 7, tzinfo=HK)
    assert read("orders.due", date(2026, 3, 6)) == datetime(2026, 3, 7, tzinfo=HK)
    assert read("orders.due", Odd("moment", datetime(2026, 3, 6), "")) == datetime(2026, 3, 6, tzinfo=HK)  # noqa: DTZ001 - a cell
    assert read("orders.due", "2026-03-06T10:00+01:00") == datetime(2026, 3, 6, 17, tzinfo=HK)
    assert read("orders.release", "115/3/6") == datetime(2026, 3, 6, tzinfo=HK)


def test_clock_that_is_left_out_moves_on() -> None:
    """A time that the change of clocks leaves out becomes one that is."""
    berlin = ZoneInfo("Europe/Berlin")
    assert read("orders.due", "2026-03-29T02:30", zone=berlin) == datetime(2026, 3, 29, 3, 30, tzinfo=berlin)


@given(st.text())
def test_clean_is_idempotent(text: str) -> None:
    """Words once made plain stay as they are, and hold nothing unprintable that XML forbids."""
    once = clean(text)
    assert clean(once) == once
    assert once == once.strip()


@given(st.one_of(st.text(), st.integers(), st.floats(), st.dates(), st.times(), st.timedeltas()))
def test_any_cell_is_read_or_refused(raw: Raw) -> None:
    """Whatever stands in a cell of whatever column, it is read or refused by name; nothing else escapes."""
    for table in TABLES.values():
        for column in table.columns:
            try:
                reader(column, "", Context(HK))(raw)
            except Bad as bad:
                assert bad.code.startswith("formats.")  # noqa: PT017 - it may also be read
