"""Machines of one kind, from a row of an example's table ``equipment``."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from fong.examples.figures import Tree, cents, seconds
from fong.model import Machine

LARGEST_LOT = 10_000
"""More pieces than any lot has: a cycle of so many takes the same time whatever the lot."""


def equipment(kind: Tree, zone: str | None = None) -> Iterator[Machine]:
    """Machines of one kind, each at its place; in ``zone`` if the row says that they are tended."""
    for name, x, y in zip(kind["names"], kind["x_m"], kind["y_m"], strict=True):
        yield Machine(
            name=name,
            group=kind["group"],
            zone=zone if kind.get("zone", False) else None,
            calendar=kind.get("calendar"),
            capacity=Decimal(kind.get("capacity", 1)),
            batch_unit=kind.get("batch_unit"),
            batch_wait_s=seconds(kind.get("batch_wait_min", 0)),
            x_m=float(x),
            y_m=float(y),
            area_m2=float(kind["area_m2"]),
            cost_per_hour_cents=cents(kind["cost_per_hour"]),
            kw_run=float(kind["kw_run"]),
            kw_idle=float(kind["kw_idle"]),
            mtbf_h=_optional(kind.get("mtbf_h")),
            mttr_h=_optional(kind.get("mttr_h")),
        )


def _optional(value: Decimal | int | None) -> float | None:
    return None if value is None else float(value)
