"""The fourth noun: what happened (ISA-95: operations performance), an ordered run of work events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkEvent:
    """One stretch of work that was reported. Times are aware or all naive (a log without a zone).

    ``kind``: ``run``, ``setup``, ``down`` or ``""`` where the log does not say. ``good`` and ``scrap`` are pieces, None: not said.
    """

    order: str
    step: str
    start: datetime
    end: datetime
    machine: str = ""
    person: str = ""
    kind: str = ""
    good: int | None = None
    scrap: int | None = None
    item: str = ""
    order_quantity: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Performance:
    """What happened, ordered by start, then end, then order."""

    events: tuple[WorkEvent, ...] = ()
