"""The first noun: what a workshop has and can do (ISA-95: operations capability and operations definition).

Frozen values. Durations are whole seconds, money is whole cents, quantities of material are :class:`~decimal.Decimal`.
Names are the workshop's own and are turned into indices in :mod:`fong.model.build` and its columns only.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType

Span = tuple[int, int]
"""Working time of a day: (start, end) in seconds after midnight; ``end`` > 86,400 runs past midnight."""


class AtGap(enum.IntEnum):
    """What a step does when working time ends before it does."""

    RESUME = 0
    FIT = 1
    RUN_ON = 2
    OVERTIME = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """When and where: ``now`` is aware; ``time_zone`` is an IANA name; ``top_up``: magazines are filled before people leave."""

    now: datetime
    time_zone: str = "Asia/Hong_Kong"
    currency: str = "HKD"
    horizon_days: int = 60
    top_up: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Working time (ISA-95: work calendar): seven weekdays, Monday first, and dates that replace their weekday."""

    name: str
    week: tuple[tuple[Span, ...], ...] = ((),) * 7
    dates: Mapping[date, tuple[Span, ...]] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """One machine (ISA-95: equipment). ``zone`` None: nobody tends it. ``calendar`` None: always open.

    ``capacity`` is lots at once, or units of ``batch_unit`` (``kg``, ``pieces``) of a batch machine.
    """

    name: str
    group: str
    zone: str | None = None
    calendar: str | None = None
    capacity: Decimal = Decimal(1)
    batch_unit: str | None = None
    batch_wait_s: int = 0
    present_family: str | None = None
    x_m: float | None = None
    y_m: float | None = None
    area_m2: float | None = None
    cost_per_hour_cents: int = 0
    kw_run: float | None = None
    kw_idle: float | None = None
    mtbf_h: float | None = None
    mttr_h: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One person (ISA-95: person; a skill is a personnel class). ``tends``: the zone this person is tender of."""

    name: str
    calendar: str | None
    skills: frozenset[str] = frozenset()
    tends: str | None = None
    max_machines: int | None = None
    cost_per_hour_cents: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What is made or bought (ISA-95: material definition)."""

    name: str
    description: str = ""
    make: bool = True
    unit: str = "pc"
    on_hand: Decimal = Decimal(0)
    lead_time_days: int | None = None
    cost_cents: int = 0
    weight_kg: Decimal | None = None
    price_cents: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Material that will come: ``at`` is aware."""

    item: str
    quantity: Decimal
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BillLine:
    """One line of a bill of materials; ``sequence`` None: taken at the first step."""

    item: str
    component: str
    quantity: Decimal
    sequence: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One routing step (ISA-95: operations segment). All the columns of the table ``routing``.

    ``machines`` holds machine names (a group is already resolved); empty: done outside or by hand. ``after``: sequences that come
    before; None: the previous sequence of the same variant; empty: starts with the order.
    """

    item: str
    sequence: int
    name: str = ""
    machines: tuple[str, ...] = ()
    setup_s: int = 0
    setup_skill: str | None = None
    setup_family: str | None = None
    cycle_s: int = 0
    pieces_per_cycle: int = 1
    attend_s: int = 0
    unattended_cycles: int = 0
    service_cv: Decimal = Decimal("0.5")
    stops_per_hour: Decimal = Decimal(0)
    stop_s: int = 0
    run_skill: str | None = None
    batch_per_piece: Decimal = Decimal(1)
    after: tuple[int, ...] | None = None
    transfer_batch: int | None = None
    lag_s: int = 0
    max_wait_s: int | None = None
    scrap_pct: Decimal = Decimal(0)
    split_over: int = 1
    max_lot: int | None = None
    at_gap: AtGap = AtGap.RESUME
    overtime_s: int = 0
    outside_s: int | None = None
    collect: str | None = None
    tool: str | None = None
    place: str | None = None
    variant: str = "A"
    same_machine: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    """A machine's own cycle or set-up time for one step; None keeps the step's."""

    item: str
    sequence: int
    machine: str
    cycle_s: int | None = None
    setup_s: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """A cell of a set-up matrix (changeover): machines of ``group`` from one family to another."""

    group: str
    from_family: str
    to_family: str
    setup_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """Tools or fixtures of one kind."""

    name: str
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """A limited place between steps: rack, pallet, buffer. ``capacity`` in lots."""

    name: str
    capacity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Factory:
    """What the workshop has and knows how to make."""

    settings: Settings
    machines: tuple[Machine, ...] = ()
    people: tuple[Person, ...] = ()
    calendars: tuple[Calendar, ...] = ()
    items: tuple[Item, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    bill: tuple[BillLine, ...] = ()
    routing: tuple[Step, ...] = ()
    speeds: tuple[Speed, ...] = ()
    setups: tuple[Setup, ...] = ()
    tools: tuple[Tool, ...] = ()
    places: tuple[Store, ...] = ()
