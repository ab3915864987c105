"""Every reason has its sentences and stands in the reference."""

import re
from pathlib import Path

from fong.lang import catalogue

ROOT = Path(__file__).parents[2]
REASON = re.compile(r"plan\.((?:waits|stands)_[a-z_]+)")
CODES = {m.group(1) for code in catalogue("en") if (m := REASON.fullmatch(code))}
NAMED = {code.removesuffix("_more") for code in CODES if "{order}" in catalogue("en")[f"plan.{code}"]}


def test_what_names_an_order_can_name_several() -> None:
    """With one order and with more, and so for each combination that is joined."""
    assert {f"waits_queue{group}{choice}" for group in ("", "_group") for choice in ("", "_choice")} <= NAMED
    assert {code + more for code in NAMED for more in ("", "_more")} <= CODES
    assert all("{more}" in catalogue("en")[f"plan.{code}_more"] for code in NAMED)


def test_every_reason_stands_in_the_reference() -> None:
    """The page names each reason, but not its combinations."""
    page = (ROOT / "docs" / "reference" / "reasons.md").read_text(encoding="utf-8")
    reasons = {re.sub(r"_more$", "", re.sub(r"^waits_queue_.*", "waits_queue", code)) for code in CODES}
    assert set(re.findall(r"`((?:waits|stands)_[a-z_]+)`", page)) == reasons
