"""Headers with units, in two languages, in brackets."""

import pytest

from fong.formats.headers import Meaning, meaning


@pytest.mark.parametrize(
    ("table", "header", "column", "unit"),
    [
        ("routing", "setup (hr)", "setup_min", "h"),
        ("routing", "Setup Time [sec]", "setup_min", "s"),
        ("routing", "cycle sec", "cycle_min", "s"),
        ("routing", "setup_h", "setup_min", "h"),
        ("routing", "準備時間(小時)", "setup_min", "h"),
        ("routing", "單件工時（秒）", "cycle_min", "s"),
        ("routing", "工時 分/件", "cycle_min", "min"),
        ("routing", "min/件", "cycle_min", "min"),
        ("routing", "秒/pc", "cycle_min", "s"),
        ("routing", "subcontract (hours)", "subcontract_days", "h"),
        ("routing", "cycle_min", "cycle_min", ""),
        ("routing", "cycle (A)", "cycle_min", ""),
        ("routing", "scrap (%)", "scrap_pct", ""),
        ("items", "weight (g)", "weight_kg", "g"),
        ("items", "lead time (days)", "lead_time_days", ""),
        ("machines", "x (mm)", "x_m", "mm"),
        ("machines", "MTBF (min)", "mtbf_h", "min"),
        ("orders", "order 訂單編號", "order", ""),
        ("orders", "數量/Qty", "quantity", ""),
        ("orders", "Qty\n數量", "quantity", ""),
        ("orders", "交期 (YYYY/MM/DD)", "due", ""),
        ("orders", "  ＱＴＹ ", "quantity", ""),
        ("orders", "Due Date *", "due", ""),
    ],
)
def test_header_is_understood(table: str, header: str, column: str, unit: str) -> None:
    """A header leads to its column and states its unit."""
    assert meaning(table, header) == Meaning(column, unit)


@pytest.mark.parametrize(
    ("table", "header"),
    [
        ("routing", "cycle (weeks)"),
        ("items", "lead time (weeks)"),
        ("orders", "數量(打)"),
        ("orders", "qty (dozen)"),
        ("orders", "客戶 PO"),
        ("orders", "due 備註"),
        ("machines", "area (ft2)"),
        ("orders", "cycle_min"),
    ],
)
def test_header_is_not_guessed(table: str, header: str) -> None:
    """A unit that the column does not know, or two words that disagree, are no match."""
    assert meaning(table, header) is None
