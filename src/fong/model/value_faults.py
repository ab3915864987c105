"""Faults of single values and keys, for workshops that no reader has checked: numbers out of range, names twice."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from operator import le, lt
from types import MappingProxyType
from zoneinfo import ZoneInfo

from fong.model.directory import Directory, fault
from fong.model.message import Fault

_FARTHEST = timedelta(days=20_000)
_POSITIVE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "receipts": ("quantity",),
        "bom": ("quantity",),
        "machines": ("capacity",),
        "routing": ("pieces_per_cycle", "split_over", "batch_per_piece", "transfer_batch", "max_lot"),
        "tools": ("quantity",),
        "places": ("capacity",),
        "people": ("max_machines",),
        "orders": ("quantity",),
    }
)
_NOT_NEGATIVE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "routing": (
            *("setup_s", "cycle_s", "attend_s", "unattended_cycles", "stops_per_hour", "stop_s"),
            *("lag_s", "max_wait_s", "outside_s", "overtime_s", "service_cv"),
        ),
        "setups": ("setup_s",),
        "speeds": ("cycle_s", "setup_s"),
        "items": ("on_hand",),
        "orders": ("weight_milli",),
        "wip": ("done_pieces",),
    }
)
_COLUMNS = {
    "weight_milli": "weight",
    "setup_s": "setup_min",
    "cycle_s": "cycle_min",
    "attend_s": "attend_min",
    "stop_s": "stop_min",
    "lag_s": "lag_min",
    "max_wait_s": "max_wait_min",
    "outside_s": "subcontract_days",
    "overtime_s": "at_gap",
}


def value_faults(d: Directory) -> Iterator[Fault]:
    """Values out of range and keys that stand twice."""
    yield from _settings(d)
    yield from _ranges(d)
    yield from _moments(d)
    f = d.factory
    yield from _twice("machines", "machine", [m.name for m in f.machines])
    yield from _twice("calendars", "calendar", [c.name for c in f.calendars])
    yield from _twice("items", "item", [i.name for i in f.items])
    yield from _twice("routing", "sequence", [(s.item, s.sequence) for s in f.routing])
    yield from _twice("speeds", "machine", [(s.item, s.sequence, s.machine) for s in f.speeds])
    yield from _twice("setups", "to_family", [(s.group, s.from_family, s.to_family) for s in f.setups])
    yield from _twice("tools", "tool", [t.name for t in f.tools])
    yield from _twice("places", "place", [p.name for p in f.places])
    yield from _twice("orders", "line", [(o.order, o.line) for o in d.workshop.orders])
    yield from _twice("wip", "sequence", [(w.order, w.line, w.sequence) for w in d.workshop.state.work])


def _settings(d: Directory) -> Iterator[Fault]:
    s = d.settings
    if s.now.tzinfo is None:
        yield fault("naive_now", "settings", "now", None, found=s.now.isoformat())
    if s.horizon_days < 1:
        yield fault("not_positive", "settings", "horizon_days", None, found=s.horizon_days)
    try:
        ZoneInfo(s.time_zone)
    except (KeyError, ValueError, OSError):
        yield fault("no_such_time_zone", "settings", "time_zone", None, found=s.time_zone)


def _ranges(d: Directory) -> Iterator[Fault]:
    f = d.factory
    rows: Mapping[str, Sequence[object]] = {
        "receipts": f.receipts,
        "bom": f.bill,
        "machines": f.machines,
        "routing": f.routing,
        "tools": f.tools,
        "places": f.places,
        "people": f.people,
        "setups": f.setups,
        "speeds": f.speeds,
        "items": f.items,
        "orders": d.workshop.orders,
        "wip": d.workshop.state.work,
    }
    for code, names, wrong in (("not_positive", _POSITIVE, le), ("negative", _NOT_NEGATIVE, lt)):
        for table, fields in names.items():
            for i, row in enumerate(rows[table]):
                for name in fields:
                    value = getattr(row, name)
                    if value is not None and wrong(value, 0):
                        yield fault(code, table, _COLUMNS.get(name, name), i, found=str(value))
    for i, s in enumerate(f.routing):
        if not 0 <= s.scrap_pct < 100:  # noqa: PLR2004 - per cent
            yield fault("scrap", "routing", "scrap_pct", i, found=str(s.scrap_pct))


def _moments(d: Directory) -> Iterator[Fault]:
    """Moments so far off that they must be slips of the pen; orders released after the planned days."""
    now = d.settings.now
    if now.tzinfo is None:
        return
    end = now + timedelta(days=d.settings.horizon_days)
    for table, column, i, at in _all_moments(d):
        if at.tzinfo is None:
            yield fault("naive_moment", table, column, i, found=at.isoformat())
        elif abs(at - now) > _FARTHEST:
            yield fault("far_moment", table, column, i, found=at)
        elif column == "release" and at >= end:
            days = (at - now).days + 1
            yield fault(
                "released_too_late", table, column, i, found=at, horizon_days=d.settings.horizon_days, days=days
            )


def _all_moments(d: Directory) -> Iterator[tuple[str, str, int, datetime]]:
    for i, o in enumerate(d.workshop.orders):
        if o.due is not None:
            yield "orders", "due", i, o.due
        if o.release is not None and o.status == "open":
            yield "orders", "release", i, o.release
    for i, r in enumerate(d.factory.receipts):
        yield "receipts", "date", i, r.at
    for i, w in enumerate(d.workshop.state.work):
        if w.started is not None:
            yield "wip", "started", i, w.started
        if w.ends is not None:
            yield "wip", "ends", i, w.ends


def _twice(table: str, column: str, keys: Sequence[Hashable]) -> Iterable[Fault]:
    first: dict[Hashable, int] = {}
    for i, key in enumerate(keys):
        if first.setdefault(key, i) != i:
            parts = key if isinstance(key, tuple) else (key,)
            yield fault("twice", table, column, i, found=" · ".join(str(p) for p in parts if p is not None))
