"""Whole-input validation: each way in which a workshop can contradict itself is told, with its place; a sound one passes."""

import ast
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

import fong.model
from fong import lang
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
    Speed,
    State,
    Step,
    Store,
    Tool,
    WorkInProgress,
    Workshop,
)
from fong.model.directory import in_order, intersection, pieces_to_start, union
from fong.model.faults import find_faults

NOW = datetime(2026, 3, 2, 8, tzinfo=ZoneInfo("Asia/Hong_Kong"))  # a Monday
H = 3600
DAY = Calendar(name="day", week=(((8 * H, 12 * H), (13 * H, 18 * H)),) * 5 + ((), ()))
NIGHT = Calendar(name="night", week=(((22 * H, 30 * H),),) * 5 + ((), ()))

SOUND = Workshop(
    factory=Factory(
        settings=Settings(now=NOW),
        machines=(
            Machine(name="K1", group="knit", zone="hall"),
            Machine(name="K2", group="knit", zone="hall", calendar="day"),
            Machine(name="W1", group="wash", capacity=Decimal(20), batch_unit="kg"),
            Machine(name="S1", group="saw"),
        ),
        people=(
            Person(name="Mei", calendar="day", skills=frozenset({"setup"}), tends="hall"),
            Person(name="Ka", calendar="day", skills=frozenset({"link", "wash"})),
        ),
        calendars=(DAY, NIGHT),
        items=(Item(name="A"), Item(name="B"), Item(name="yarn", make=False, unit="kg", on_hand=Decimal(10))),
        receipts=(Receipt(item="yarn", quantity=Decimal(5), at=NOW + timedelta(days=2)),),
        bill=(BillLine(item="A", component="yarn", quantity=Decimal("0.5")),),
        routing=(
            Step(
                item="A", sequence=10, machines=("K1", "K2"), setup_s=900, setup_skill="setup", cycle_s=600, attend_s=60
            ),
            Step(
                item="A",
                sequence=20,
                machines=("W1",),
                cycle_s=3600,
                attend_s=300,
                run_skill="wash",
                batch_per_piece=Decimal("0.4"),
            ),
            Step(item="A", sequence=30, cycle_s=600, run_skill="link"),
            Step(item="B", sequence=10, machines=("S1",), cycle_s=60),
        ),
        speeds=(Speed(item="A", sequence=10, machine="K2", cycle_s=500),),
        setups=(Setup(group="knit", from_family="a", to_family="b", setup_s=60),),
        tools=(Tool(name="jig", quantity=1),),
        places=(Store(name="rack", capacity=4),),
    ),
    orders=(
        OrderLine(order="1", item="A", quantity=20, due=NOW - timedelta(days=1)),
        OrderLine(order="2", item="B", quantity=5),
    ),
    state=State(work=(WorkInProgress(order="1", sequence=10, done_pieces=4),)),
)


def told(workshop: Workshop) -> list[tuple[str, str, str, int | None]]:
    """Code, table, column and row of each fault."""
    return [
        (f.message.code.partition(".")[2], f.place.table, f.place.column, f.place.index) for f in find_faults(workshop)
    ]


def having(**tables: Any) -> Workshop:
    """The sound workshop with other tables."""
    return replace(SOUND, factory=replace(SOUND.factory, **tables))


def changed(table: str, row: int, **values: Any) -> Workshop:
    """The sound workshop with another row."""
    rows = list(getattr(SOUND.factory, table))
    rows[row] = replace(rows[row], **values)
    return having(**{table: tuple(rows)})


def steps(*more: Step, drop: int | None = None) -> Workshop:
    """The sound workshop with more routing rows."""
    rows = [s for i, s in enumerate(SOUND.factory.routing) if i != drop]
    return having(routing=(*rows, *more))


def ordered(*orders: OrderLine) -> Workshop:
    return replace(SOUND, orders=orders, state=State())


def working(*rows: WorkInProgress) -> Workshop:
    return replace(SOUND, state=State(work=rows))


def by_hand(sequence: int, **values: Any) -> Step:
    return Step(item="A", sequence=sequence, cycle_s=60, run_skill="link", **values)


def test_a_sound_workshop_has_no_fault() -> None:
    """Nothing is wrong with it; an order that is late already is none of these faults."""
    assert find_faults(SOUND) == ()


# One row each: what is wrong, and the one fault that says so.
CASES: dict[str, tuple[Workshop, tuple[str, str, str, int | None]]] = {
    # names
    "machine's calendar": (
        changed("machines", 1, calendar="dya"),
        ("no_such_calendar_near", "machines", "calendar", 1),
    ),
    "person's calendar": (changed("people", 1, calendar="x"), ("no_such_calendar", "people", "calendar", 1)),
    "zone nobody tends": (changed("machines", 3, zone="yard"), ("no_such_tender", "machines", "zone", 3)),
    "zone without machines": (
        having(people=(*SOUND.factory.people, Person(name="Jo", calendar="day", tends="yard"))),
        ("no_such_zone", "people", "tends", 2),
    ),
    "receipt's item": (changed("receipts", 0, item="wool"), ("no_such_item", "receipts", "item", 0)),
    "bill's component": (changed("bill", 0, component="Yarn"), ("no_such_item_near", "bom", "component", 0)),
    "bill's step": (changed("bill", 0, sequence=15), ("no_such_sequence", "bom", "sequence", 0)),
    "made of itself": (changed("bill", 0, component="A"), ("made_of_itself", "bom", "component", 0)),
    "routing's item": (
        steps(Step(item="C", sequence=10, cycle_s=60, run_skill="link")),
        ("no_such_item", "routing", "item", 4),
    ),
    "routing's machine": (
        changed("routing", 3, machines=("S1", "S12")),
        ("no_such_machine_near", "routing", "group", 3),
    ),
    "set-up skill": (changed("routing", 0, setup_skill="magic"), ("no_such_skill", "routing", "setup_skill", 0)),
    "run skill": (changed("routing", 2, run_skill="Link"), ("no_such_skill_near", "routing", "run_skill", 2)),
    "tool": (changed("routing", 3, tool="jog"), ("no_such_tool_near", "routing", "tool", 3)),
    "place": (changed("routing", 3, place="shelf"), ("no_such_place", "routing", "place", 3)),
    "collection": (
        steps(Step(item="A", sequence=40, outside_s=86_400, collect="van")),
        ("no_such_calendar", "routing", "collect", 4),
    ),
    "speed's step": (changed("speeds", 0, sequence=11), ("no_such_sequence", "speeds", "sequence", 0)),
    "speed's machine": (changed("speeds", 0, machine="S1"), ("other_machine", "speeds", "machine", 0)),
    "set-up's group": (changed("setups", 0, group="weave"), ("no_such_group", "setups", "group", 0)),
    "order's item": (ordered(OrderLine(order="1", item="Z", quantity=1)), ("no_such_item", "orders", "item", 0)),
    "item without routing": (
        ordered(OrderLine(order="1", item="yarn", quantity=1)),
        ("no_routing", "orders", "item", 0),
    ),
    # keys twice
    "machine twice": (
        having(machines=(*SOUND.factory.machines, Machine(name="S1", group="saw"))),
        ("twice", "machines", "machine", 4),
    ),
    "step twice": (
        steps(Step(item="B", sequence=10, machines=("S1",), cycle_s=60)),
        ("twice", "routing", "sequence", 4),
    ),
    "order line twice": (
        ordered(OrderLine(order="1", item="B", quantity=1), OrderLine(order="1", item="A", quantity=1)),
        ("twice", "orders", "line", 1),
    ),
    "work twice": (
        working(*[WorkInProgress(order="1", sequence=10, done_pieces=1)] * 2),
        ("twice", "wip", "sequence", 1),
    ),
    # routings
    "after nothing": (changed("routing", 2, after=(25,)), ("no_such_sequence", "routing", "after", 2)),
    "circle": (changed("routing", 0, after=(30,)), ("circle", "routing", "after", 0)),
    "after itself": (changed("routing", 3, after=(10,)), ("circle", "routing", "after", 3)),
    "other variant": (steps(by_hand(40, variant="B", after=(30,))), ("other_variant", "routing", "after", 4)),
    "nobody": (changed("routing", 3, machines=()), ("nobody", "routing", "group", 3)),
    "outside and inside": (
        changed("routing", 3, outside_s=86_400),
        ("outside_and_inside", "routing", "subcontract_days", 3),
    ),
    "collected inside": (changed("routing", 3, collect="day"), ("collect_inside", "routing", "collect", 3)),
    "no time": (changed("routing", 3, cycle_s=0), ("no_cycle", "routing", "cycle_min", 3)),
    "batch and not": (changed("routing", 3, machines=("S1", "W1")), ("mixed_batch", "routing", "group", 3)),
    "no machine in common": (
        steps(
            Step(item="B", sequence=20, machines=("K1",), cycle_s=60, same_machine="x"),
            replace(SOUND.factory.routing[3], same_machine="x"),
            drop=3,
        ),
        ("no_same_machine", "routing", "same_machine", 4),
    ),
    "calls without zone": (changed("routing", 3, attend_s=60), ("calls_without_zone", "routing", "attend_min", 3)),
    "stops without zone": (
        changed("routing", 3, stops_per_hour=Decimal(1)),
        ("calls_without_zone", "routing", "stops_per_hour", 3),
    ),
    "calls by hand": (changed("routing", 2, attend_s=60), ("calls_by_hand", "routing", "attend_min", 2)),
    "piece above batch": (
        changed("routing", 1, batch_per_piece=Decimal(21)),
        ("piece_above_batch", "routing", "batch_per_piece", 1),
    ),
    "loading above batch": (changed("routing", 1, attend_s=4000), ("loading_above_batch", "routing", "attend_min", 1)),
    "wait below lag": (
        changed("routing", 0, lag_s=60, max_wait_s=30),
        ("wait_below_lag", "routing", "max_wait_min", 0),
    ),
    "part of a lot": (changed("machines", 3, capacity=Decimal("1.5")), ("part_capacity", "machines", "capacity", 3)),
    # hours
    "closed calendar": (
        having(calendars=(DAY, NIGHT, Calendar(name="shut"))),
        ("no_hours", "calendars", "start", 2),
    ),
    "hours past the horizon": (
        having(calendars=(DAY, NIGHT, Calendar(name="xmas", dates=MappingProxyType({date(2026, 12, 25): ((0, H),)})))),
        ("no_hours", "calendars", "start", 2),
    ),
    "never tended": (changed("machines", 1, calendar="night"), ("never_tended", "machines", "zone", 1)),
    "never together": (
        having(
            machines=(*SOUND.factory.machines[:3], replace(SOUND.factory.machines[3], calendar="night")),
            routing=(*SOUND.factory.routing[:3], replace(SOUND.factory.routing[3], run_skill="link")),
        ),
        ("never_together", "routing", "run_skill", 3),
    ),
    "two places": (
        having(people=(*SOUND.factory.people, Person(name="Ka", calendar=None, skills=frozenset({"press"})))),
        ("two_places", "people", "calendar", 2),
    ),
    "two places always": (
        having(people=(*SOUND.factory.people, *[Person(name="Jo", calendar=None)] * 2)),
        ("two_places_always", "people", "calendar", 3),
    ),
    "row of a person twice": (
        having(people=(*SOUND.factory.people, SOUND.factory.people[1])),
        ("two_places", "people", "calendar", 2),
    ),
    "longer than any window": (
        changed("routing", 2, at_gap=AtGap.FIT, cycle_s=2000),
        ("longer_than_window_of", "routing", "at_gap", 2),
    ),
    "longer than any window on the only machine": (
        having(
            routing=(*SOUND.factory.routing[:3], replace(SOUND.factory.routing[3], at_gap=AtGap.FIT)),
            machines=(*SOUND.factory.machines[:3], replace(SOUND.factory.machines[3], calendar="night")),
            speeds=(Speed(item="B", sequence=10, machine="S1", cycle_s=20 * H),),
        ),
        ("longer_than_window_of", "routing", "at_gap", 3),
    ),
    "wait over a closed time": (
        having(
            machines=(*SOUND.factory.machines[:3], Machine(name="S1", group="saw", calendar="night")),
            routing=(
                *SOUND.factory.routing[:3],
                Step(item="B", sequence=10, cycle_s=60, run_skill="link", max_wait_s=2 * H),
                Step(item="B", sequence=20, machines=("S1",), cycle_s=60),
            ),
        ),
        ("wait_never_fits", "routing", "max_wait_min", 3),
    ),
    # material, work, values
    "material short": (
        ordered(OrderLine(order="1", item="A", quantity=31)),
        ("material_short", "items", "on_hand", 2),
    ),
    "unknown order": (working(WorkInProgress(order="9", sequence=10)), ("no_such_order", "wip", "order", 0)),
    "unknown step": (working(WorkInProgress(order="1", sequence=11)), ("no_such_sequence", "wip", "sequence", 0)),
    "unknown machine": (
        working(WorkInProgress(order="1", sequence=10, machine="K9")),
        ("no_such_machine", "wip", "machine", 0),
    ),
    "wrong machine": (
        working(WorkInProgress(order="1", sequence=10, machine="S1")),
        ("other_machine", "wip", "machine", 0),
    ),
    "more than ordered": (
        working(WorkInProgress(order="1", sequence=10, done_pieces=21)),
        ("more_than_ordered", "wip", "done_pieces", 0),
    ),
    "runs nowhere": (
        working(WorkInProgress(order="1", sequence=10, ends=NOW + timedelta(hours=1))),
        ("runs_nowhere", "wip", "machine", 0),
    ),
    "ended": (
        working(WorkInProgress(order="1", sequence=10, machine="K1", ends=NOW)),
        ("ended_before_now", "wip", "ends", 0),
    ),
    "starts later": (
        working(
            WorkInProgress(order="1", sequence=10, machine="K1", started=NOW + timedelta(1), ends=NOW + timedelta(2))
        ),
        ("starts_after_now", "wip", "started", 0),
    ),
    "no pieces": (ordered(OrderLine(order="1", item="B", quantity=0)), ("not_positive", "orders", "quantity", 0)),
    "no tool": (changed("tools", 0, quantity=0), ("not_positive", "tools", "quantity", 0)),
    "negative cycle": (changed("routing", 3, cycle_s=-1), ("negative", "routing", "cycle_min", 3)),
    "all scrap": (changed("routing", 3, scrap_pct=Decimal(100)), ("scrap", "routing", "scrap_pct", 3)),
    "far date": (
        ordered(OrderLine(order="1", item="B", quantity=1, due=NOW.replace(year=2099))),
        ("far_moment", "orders", "due", 0),
    ),
    "released too late": (
        ordered(OrderLine(order="1", item="B", quantity=1, release=NOW + timedelta(days=61))),
        ("released_too_late", "orders", "release", 0),
    ),
    "naive date": (
        ordered(OrderLine(order="1", item="B", quantity=1, due=datetime(2026, 3, 9))),  # noqa: DTZ001 - the fault
        ("naive_moment", "orders", "due", 0),
    ),
    "no horizon": (
        having(settings=replace(SOUND.factory.settings, horizon_days=0)),
        ("not_positive", "settings", "horizon_days", None),
    ),
    "no such time zone": (
        having(settings=replace(SOUND.factory.settings, time_zone="Asia/Atlantis")),
        ("no_such_time_zone", "settings", "time_zone", None),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_each_fault_is_told_at_its_place(case: str) -> None:
    """What is wrong is told, at its row and column; nothing is told that is not wrong."""
    workshop, wanted = CASES[case]
    found = told(workshop)
    assert wanted in found
    beside = {"no horizon": {"no_hours"}}.get(case, set())
    assert {f[0] for f in found} - {wanted[0]} <= beside


def test_every_sentence_can_be_said() -> None:
    """Each of these faults makes a sentence and an advice in every language."""
    for workshop, _ in CASES.values():
        for fault in find_faults(workshop):
            for language in lang.LANGUAGES:
                for code in (fault.message.code, f"{fault.message.code}.how"):
                    assert "{" not in lang.text(code, fault.message.params, language)


def codes() -> Iterator[str]:
    """Codes that the checks name in their sources: first arguments of ``fault``."""
    for file in Path(fong.model.__file__).parent.glob("*_faults.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "fault":
                code = node.args[0]
                if isinstance(code, ast.Constant) and isinstance(code.value, str):
                    yield code.value


def test_every_code_has_a_case_and_a_sentence() -> None:
    """No fault without a test that finds it, and none without its words."""
    known = {f[0] for workshop, _ in CASES.values() for f in told(workshop)}
    assert set(codes()) - known <= {"naive_now"}
    assert {f"model_faults.{c}" for c in codes()} <= set(lang.catalogue("en"))


def test_all_faults_at_once() -> None:
    """Several things that are wrong are told together."""
    workshop = replace(changed("routing", 3, machines=()), state=State(work=(WorkInProgress(order="9", sequence=1),)))
    assert [f[0] for f in told(workshop)] == ["nobody", "no_such_order"]


def test_naive_now_is_told_and_stops_nothing() -> None:
    """Without a zone of time the rest is still looked at."""
    workshop = having(settings=replace(SOUND.factory.settings, now=NOW.replace(tzinfo=None)))
    assert ("naive_now", "settings", "now", None) in told(workshop)


# Material.


def needs(quantity: int, *, on_hand: str, **step: Any) -> list[str]:
    """What a workshop says that makes Q of two variants: the first takes 2 of m, the second 3; each has two steps."""
    routing = tuple(
        Step(item="Q", sequence=q, cycle_s=60, run_skill="link", variant=v, **step)
        for v, q in (("A", 10), ("A", 20), ("B", 30), ("B", 40))
    )
    bill = (
        BillLine(item="Q", component="m", quantity=Decimal(2), sequence=10),
        BillLine(item="Q", component="m", quantity=Decimal(3), sequence=30),
    )
    items = (Item(name="Q"), Item(name="m", on_hand=Decimal(on_hand)))
    factory = replace(SOUND.factory, items=items, bill=bill, routing=routing, receipts=(), speeds=())
    workshop = Workshop(factory=factory, orders=(OrderLine(order="7", item="Q", quantity=quantity),))
    return [str(f.message.params["short"]) for f in find_faults(workshop)]


def test_need_is_that_of_the_cheaper_variant() -> None:
    """Ten pieces by the variant that takes two each need twenty."""
    assert needs(10, on_hand="20") == []
    assert needs(10, on_hand="19.5") == ["0.5"]


def test_need_counts_scrap() -> None:
    """With 20 % scrap in each of two steps, ten good pieces need 17 to be started."""
    assert needs(10, on_hand="34", scrap_pct=Decimal(20)) == []
    assert needs(10, on_hand="33", scrap_pct=Decimal(20)) == ["1"]


@pytest.mark.parametrize(
    ("work", "short"),
    [
        ((), ["1"]),
        ((WorkInProgress(order="1", sequence=10, done_pieces=2),), []),
        ((WorkInProgress(order="1", sequence=20, done_pieces=2),), []),
        ((WorkInProgress(order="1", sequence=10, machine="K1", ends=NOW + timedelta(hours=1)),), []),
        ((WorkInProgress(order="1", sequence=10, done_pieces=1),), ["0.5"]),
    ],
)
def test_started_pieces_have_taken_their_material(work: tuple[WorkInProgress, ...], short: list[str]) -> None:
    """32 pieces of half a kilo need 16 kg; there are 15. What is finished at a step or after it needs nothing more."""
    workshop = Workshop(
        factory=SOUND.factory, orders=(OrderLine(order="1", item="A", quantity=32),), state=State(work=work)
    )
    assert [str(f.message.params["short"]) for f in find_faults(workshop)] == short


def test_held_orders_need_nothing() -> None:
    """Only open lines are planned, and only they need material or a routing."""
    held = OrderLine(order="1", item="A", quantity=9999, status="held")
    assert find_faults(ordered(held, OrderLine(order="2", item="Z", quantity=1, status="done"))) == ()


# Hours.


@pytest.mark.parametrize(
    ("values", "sound"),
    [
        ({"cycle_s": 900}, True),  # 20 pieces are five hours, as long as an afternoon
        ({"cycle_s": 901}, False),
        ({"cycle_s": 1000, "split_over": 2}, True),
        ({"cycle_s": 5 * H, "max_lot": 10}, True),
        ({"cycle_s": 5 * H + 1, "max_lot": 10}, False),
        ({"cycle_s": 1800, "pieces_per_cycle": 2}, True),
    ],
)
def test_fit_is_judged_by_the_smallest_lot(values: dict[str, int], sound: bool) -> None:  # noqa: FBT001 - a value to compare
    """A step that must fit into one window is impossible only if its smallest sub-lot does not fit."""
    found = told(changed("routing", 2, at_gap=AtGap.FIT, **values))
    assert (found == []) is sound


def test_machines_of_all_hours_fit_anything() -> None:
    """Without people and calendar there is no window to fit into."""
    assert told(changed("routing", 3, at_gap=AtGap.FIT, cycle_s=10**6)) == []


def test_a_wait_may_run_over_night() -> None:
    """From the afternoon's end to the night shift's begin are four hours: a wait of four will do, a shorter one not."""

    def waits(hours: int) -> list[str]:
        rows = (
            *SOUND.factory.routing[:3],
            Step(item="B", sequence=10, cycle_s=60, run_skill="link", max_wait_s=hours * H),
            Step(item="B", sequence=20, machines=("S1",), cycle_s=60),
        )
        machines = (*SOUND.factory.machines[:3], Machine(name="S1", group="saw", calendar="night"))
        return [f[0] for f in told(having(routing=rows, machines=machines))]

    assert waits(4) == []
    assert waits(3) == ["wait_never_fits"]


def test_two_rows_of_a_person_may_alternate() -> None:
    """Tender by day, finisher by night: that is one person in two rows."""
    more = Person(name="Mei", calendar="night", skills=frozenset({"link"}))
    assert told(having(people=(*SOUND.factory.people, more))) == []


def test_rows_of_one_person_that_meet() -> None:
    """Of three rows each that meets an earlier one is told, with both calendars and the first hours in common."""
    late = Calendar(name="late", week=(((17 * H, 22 * H),),) * 7)
    more = (Person(name="Mei", calendar="late"), Person(name="Mei", calendar="day", skills=frozenset({"link"})))
    workshop = having(people=(*SOUND.factory.people, *more), calendars=(DAY, late))
    first, second = find_faults(workshop)
    assert (first.place.table, first.place.column, first.place.index) == ("people", "calendar", 2)
    assert {k: first.message.params[k] for k in ("found", "first", "second")} == {
        "found": "Mei",
        "first": "day",
        "second": "late",
    }
    assert first.message.params["opens"] == NOW.replace(hour=17)
    assert first.message.params["closes"] == NOW.replace(hour=18)
    assert (second.message.code, second.place.index) == ("model_faults.two_places", 3)


WINDOWS = st.lists(st.tuples(st.integers(0, 50), st.integers(1, 9)), max_size=6)


@given(WINDOWS, WINDOWS)
def test_intersection_and_union_by_the_minute(a: list[tuple[int, int]], b: list[tuple[int, int]]) -> None:
    """Both are what one finds by looking at every moment."""
    first, second = (union([[(s, s + n)] for s, n in x]) or [] for x in (a, b))

    def inside(windows: Any, t: int) -> bool:
        return any(s <= t < e for s, e in windows or ())

    both, either = intersection(first, second), union([first, second])
    for t in range(-1, 62):
        assert inside(both, t) == (inside(first, t) and inside(second, t))
        assert inside(either, t) == (inside(first, t) or inside(second, t))
    assert intersection(None, first) == first
    assert union([None, first]) is None


@given(st.integers(1, 10_000), st.lists(st.integers(0, 50), min_size=1, max_size=5))
def test_scrap_is_counted_backwards(good: int, scrap: list[int]) -> None:
    """Along a chain each step starts enough that the next has its pieces, and no piece more than need be."""
    rows = [(i, by_hand(10 * i, scrap_pct=Decimal(p))) for i, p in enumerate(scrap)]
    stages = in_order(rows)
    assert stages is not None
    pieces = pieces_to_start(stages, good)
    wanted = good
    for i in range(len(scrap) - 1, -1, -1):
        started = pieces[10 * i]
        assert started * (100 - scrap[i]) >= wanted * 100
        assert (started - 1) * (100 - scrap[i]) < wanted * 100
        wanted = started
