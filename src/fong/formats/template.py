"""The workbook of ``fong new``: a small true example in every sheet, to be overwritten."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from fong import lang
from fong.formats.writing import write_workbook
from fong.model import (
    AtGap,
    BillLine,
    Calendar,
    Factory,
    Item,
    Machine,
    OrderLine,
    Person,
    Receipt,
    Settings,
    Setup,
    Span,
    Step,
    Workshop,
)

_HOURS: tuple[Span, ...] = ((8 * 3600, 12 * 3600), (13 * 3600, 18 * 3600))
_LINES = 6
"""Sentences of the readme sheet in each language."""


def template(now: datetime, *, language: str = "en") -> bytes:
    """The annotated workbook with the example, its dates counted from ``now``.

    Parameters
    ----------
    now
        When the example plans from: an aware moment in an IANA time zone; minutes are cut off.
    language
        Language of the headers' comments; the sheet ``readme`` speaks all languages.
    """
    preface: list[str] = []
    for each in lang.LANGUAGES:
        preface += [lang.text(f"formats.readme_{i}", {}, each) for i in range(1, _LINES + 1)] + [""]
    return write_workbook(example(now), language=language, preface=preface)


def example(now: datetime) -> Workshop:
    """Two flat machines and a washer, three people, a jumper and a scarf, four orders."""
    now = now.replace(minute=0, second=0, microsecond=0)
    midnight = now.replace(hour=0)

    def after(days: int) -> datetime:
        return midnight + timedelta(days=days)

    factory = Factory(
        settings=Settings(now=now, time_zone=str(now.tzinfo)),
        machines=(
            Machine(name="K1", group="knit", zone="hall", cost_per_hour_cents=4500),
            Machine(name="K2", group="knit", zone="hall", cost_per_hour_cents=4500),
            Machine(name="W1", group="wash", capacity=Decimal(20), batch_unit="kg", batch_wait_s=1800),
        ),
        people=(
            Person(name="Mei", calendar="day", skills=frozenset({"setup"}), tends="hall", max_machines=8),
            Person(name="Ka", calendar="day", skills=frozenset({"finish", "wash"}), cost_per_hour_cents=8000),
            Person(name="Sum", calendar="day", skills=frozenset({"finish", "setup"}), cost_per_hour_cents=8000),
        ),
        calendars=(Calendar(name="day", week=(_HOURS,) * 5 + ((_HOURS[0],), ())),),
        items=(
            Item(name="jumper", description="jumper, 12 gauge", weight_kg=Decimal("0.4"), price_cents=42000),
            Item(name="scarf", description="scarf, 7 gauge", weight_kg=Decimal("0.25"), price_cents=18000),
            Item(name="yarn", description="wool yarn", make=False, unit="kg", on_hand=Decimal(30), cost_cents=9000),
        ),
        receipts=(Receipt(item="yarn", quantity=Decimal(40), at=after(2)),),
        bill=(
            BillLine(item="jumper", component="yarn", quantity=Decimal("0.42")),
            BillLine(item="scarf", component="yarn", quantity=Decimal("0.27")),
        ),
        routing=(
            *_route("jumper", 40, "jumper", 12, Decimal("0.4")),
            *_route("scarf", 24, "scarf", 4, Decimal("0.25")),
        ),
        setups=(
            Setup(group="knit", from_family="jumper", to_family="scarf", setup_s=1500),
            Setup(group="knit", from_family="scarf", to_family="jumper", setup_s=1800),
        ),
    )
    orders = (
        OrderLine(
            order="1001", customer="Lane & Co", item="jumper", quantity=24, due=after(6), colour="navy", size="M"
        ),
        OrderLine(
            order="1001",
            line=2,
            customer="Lane & Co",
            item="jumper",
            quantity=16,
            due=after(6),
            colour="navy",
            size="L",
        ),
        OrderLine(
            order="1002", customer="Wong's", item="scarf", quantity=60, due=after(9), late_cost_per_day_cents=20000
        ),
        OrderLine(
            order="1003",
            customer="Atelier 7",
            item="jumper",
            quantity=8,
            due=after(5),
            weight_milli=2000,
            colour="red",
            size="S",
        ),
        OrderLine(order="1004", customer="Lane & Co", item="scarf", quantity=40, due=after(13), release=after(2)),
    )
    return Workshop(factory=factory, orders=orders)


def _route(item: str, knit_min: int, family: str, finish_min: int, weight: Decimal) -> tuple[Step, ...]:
    """Knitting on either machine, washing by batches, finishing by hand."""
    return (
        Step(
            item=item,
            sequence=10,
            name="knit",
            machines=("K1", "K2"),
            setup_s=1200,
            setup_skill="setup",
            setup_family=family,
            cycle_s=knit_min * 60,
            attend_s=60,
            unattended_cycles=4,
            stops_per_hour=Decimal("0.2"),
            stop_s=90,
            scrap_pct=Decimal(2),
        ),
        Step(
            item=item,
            sequence=20,
            name="wash",
            machines=("W1",),
            cycle_s=3600,
            attend_s=300,
            run_skill="wash",
            batch_per_piece=weight,
            max_lot=int(20 / weight),
            lag_s=7200,
            at_gap=AtGap.RUN_ON,
        ),
        Step(item=item, sequence=30, name="finish", cycle_s=finish_min * 60, run_skill="finish", transfer_batch=10),
    )
