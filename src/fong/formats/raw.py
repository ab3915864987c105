"""What a cell holds before anyone has asked what it means, and what is wrong with one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Literal

from fong.model import Param


@dataclass(frozen=True, slots=True)
class Odd:
    """A cell of a workbook whose value alone misleads.

    ``kind``: ``error`` (#N/A), ``formula`` (no cached value), ``padded`` (number format 000123), ``scientific`` (1E+05),
    ``percent`` (0.03 shown as 3 %), ``moment`` (midnight shown with its time), ``boolean``. ``text`` is what the cell shows.
    """

    kind: Literal["error", "formula", "padded", "scientific", "percent", "moment", "boolean"]
    value: float | datetime | bool | None
    text: str


Raw = str | int | float | Decimal | date | datetime | time | timedelta | Odd | None
"""A cell. ``None`` and ``""`` are empty. A bool comes as :class:`Odd`, for ``True == 1`` would mix up caches."""

_SHOWN = 60


class Bad(Exception):
    """A cell that cannot be read: the fault's code and its parameters (``found`` is always there)."""

    def __init__(self, code: str, found: Raw, **params: Param) -> None:
        super().__init__(code)
        self.code = code
        self.params: dict[str, Param] = {"found": shown(found), **params}


def shown(raw: Raw) -> str:
    """A cell as its owner sees it, cut where it is long."""
    if raw is None:
        return ""
    if isinstance(raw, Odd):
        return raw.text
    if isinstance(raw, float) and raw.is_integer() and abs(raw) < 1e15:  # noqa: PLR2004 - doubles are exact so far
        return str(int(raw))
    if isinstance(raw, timedelta):
        minutes = int(raw.total_seconds()) // 60
        return f"{minutes // 60}:{minutes % 60:02d}"
    text = str(raw)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def empty(raw: Raw) -> bool:
    """Whether a cell holds nothing."""
    return raw is None or (isinstance(raw, str) and not raw.strip())
