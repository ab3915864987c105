"""The lower bound of an order's end, worked by hand on a small shop."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from fong.examples.earliest import Earliest
from fong.model import (
    BillLine,
    Calendar,
    Factory,
    Item,
    Machine,
    OrderLine,
    Person,
    Receipt,
    Settings,
    Step,
    WorkInProgress,
)

NOW = datetime(2026, 3, 4, 8, tzinfo=UTC)
DAY = Calendar(name="day", week=(((8 * 3600, 12 * 3600), (13 * 3600, 17 * 3600)),) * 7)
VAN = Calendar(name="van", week=((), (), (), ((50_400, 52_200),), (), (), ()))  # Thursdays at 14:00


def shop(*steps: Step, stock: int = 100, receipts: tuple[Receipt, ...] = ()) -> Earliest:
    return Earliest(
        Factory(
            settings=Settings(now=NOW, time_zone="UTC"),
            machines=(
                Machine(name="M1", group="mill"),
                Machine(name="M2", group="mill"),
                Machine(name="W", group="washer", capacity=Decimal(20), batch_unit="kg"),
            ),
            people=(Person(name="Ann", calendar="day", skills=frozenset({"hand"})),),
            calendars=(DAY, VAN),
            items=(Item(name="part"), Item(name="bar", on_hand=Decimal(stock))),
            bill=(BillLine(item="part", component="bar", quantity=Decimal(1)),),
            receipts=receipts,
            routing=steps,
        )
    )


def step(sequence: int, **more: object) -> Step:
    return Step(item="part", sequence=sequence, **more)  # type: ignore[arg-type]


LINE = OrderLine(order="1", item="part", quantity=10)
MILL = step(10, machines=("M1", "M2"), cycle_s=600)


@pytest.mark.parametrize(
    ("changes", "expected_h"),
    [
        pytest.param({}, 10 / 6, id="ten cycles of ten minutes"),
        pytest.param({"pieces_per_cycle": 4}, 0.5, id="three cycles of four pieces"),
        pytest.param({"split_over": 2}, 5 / 6, id="over two machines"),
        pytest.param({"scrap_pct": Decimal(10)}, 2, id="twelve pieces for ten good ones"),
    ],
)
def test_machine_time(changes: dict[str, object], expected_h: float) -> None:
    """Machine time counts whole cycles, split as far as may be, with scrap."""
    made = step(10, **({"machines": ("M1", "M2"), "cycle_s": 600} | changes))
    assert shop(made).end(LINE) == round(expected_h * 3600)


def test_handwork_rests_when_nobody_is_there() -> None:
    """Five hours of handwork from 08:00 end at 14:00: lunch does not count."""
    assert shop(step(10, run_skill="hand", cycle_s=1800)).end(LINE) == 6 * 3600


def test_a_batch_is_loaded_in_working_time_and_runs_alone() -> None:
    """After milling to 12:30 the washer is loaded at 13:00 and ends at 13:45."""
    slow = step(10, machines=("M1",), cycle_s=1620)
    wash = step(20, machines=("W",), cycle_s=2700, run_skill="hand", attend_s=300)
    assert shop(slow, wash).end(LINE) == (5 * 60 + 45) * 60


def test_the_van_and_the_plater() -> None:
    """Milled by 09:40 on Wednesday, fetched on Thursday at 14:00, back five days later."""
    plate = step(20, outside_s=5 * 86_400, collect="van")
    assert shop(MILL, plate).end(LINE) == 30 * 3600 + 5 * 86_400
    assert shop(MILL, plate).end(LINE, before=20) == 6000


def test_boxes_let_the_next_step_begin() -> None:
    """With boxes the next step may run beside the one before, but not end before it; without, one follows the other."""
    hand = step(20, run_skill="hand", cycle_s=60)
    boxed = step(10, machines=("M1",), cycle_s=600, transfer_batch=2)
    assert shop(MILL, hand).end(LINE) == 6000 + 600
    assert shop(boxed, hand).end(LINE) == 6000


def test_material_has_a_date() -> None:
    """The step waits for the receipt that makes the stock enough."""
    coming = Receipt(item="bar", quantity=Decimal(6), at=NOW + timedelta(hours=3))
    assert shop(MILL, stock=4, receipts=(coming,)).end(LINE) == 3 * 3600 + 6000


def test_work_in_progress() -> None:
    """What is done is done; what runs ends when it ends; of a lot half done the rest is left."""
    hand = step(20, run_skill="hand", cycle_s=60)
    e = shop(MILL, hand)

    def row(sequence: int, done: int = 0, ends_h: int | None = None) -> WorkInProgress:
        ends = None if ends_h is None else NOW + timedelta(hours=ends_h)
        return WorkInProgress(order="1", sequence=sequence, done_pieces=done, ends=ends)

    assert e.end(LINE, [row(10, 10)]) == 600
    assert e.end(LINE, [row(10, 7)]) == 3 * 600 + 600
    assert e.end(LINE, [row(10, 0, ends_h=1)]) == 3600 + 600
    assert e.end(LINE, [row(10, 10), row(20, 4)]) == 360
    assert e.end(LINE, [row(20, 10)]) == 0


def test_the_better_variant_counts() -> None:
    """Of two variants the quicker one bounds; one that has begun is the only one."""
    other = step(110, machines=("M1",), cycle_s=300, variant="B")
    assert shop(MILL, other).end(LINE) == 3000
    begun = WorkInProgress(order="1", sequence=10, done_pieces=5)
    assert shop(MILL, other).end(LINE, [begun]) == 3000
    assert shop(MILL, step(110, machines=("M1",), cycle_s=60, variant="B")).end(LINE, [begun]) == 3000
