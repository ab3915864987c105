"""What is written is read back as the same: workbook ↔ workshop ↔ JSON ↔ CSV, for any workshop without faults of form."""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.counts import examples

from fong.errors import InputFault
from fong.formats.cells import clean
from fong.formats.nouns import _Assembly, to_workshop
from fong.formats.reading import read_tables
from fong.formats.words import ALWAYS, plain
from fong.formats.writing import safe, write_csv, write_json, write_workbook
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

WRITERS: dict[str, Callable[[Workshop], Any]] = {"x.xlsx": write_workbook, "x.json": write_json, "x": write_csv}
ZONES = ("Asia/Hong_Kong", "Europe/Berlin", "America/New_York", "Asia/Kathmandu")
DAY_S = 86_400


def readable(name: str) -> bool:
    """Names that a list column can hold, that no spreadsheet has spoiled, and that say nothing else than themselves."""
    return (
        clean(name) == name != ""
        and not set(name) & set(";；、\n")
        and not name.startswith("#")
        and name not in set("-–—―－")
        and "E+" not in name.upper()
        and name.casefold() not in {"none", "n/a", "nil", "無", "无"}
        and plain(name) not in ALWAYS
    )


NAMES = st.one_of(
    st.sampled_from(
        ["K1", "007", "=1+1", "+852", "-x", "@me", "1E5", "縫盤", "a'b", '"', "'=x", "''", "1,5", "2026-03-06", "x y"]
    ),
    st.text(min_size=1, max_size=8).map(clean).filter(readable),
)
WORDS = st.one_of(st.just(""), NAMES)
SECONDS = st.integers(0, 31 * DAY_S)
SIX = st.decimals(0, 10**6, places=6)
POSITIVE = st.decimals(Decimal("0.000001"), 10**6, places=6)
CENTS = st.integers(0, 10**10)
FLOATS = st.none() | st.integers(0, 10**12).map(lambda n: n / 10**6)  # workbooks keep fifteen digits


@st.composite
def moments(draw: st.DrawFn, zone: ZoneInfo) -> datetime:
    """A moment of whole seconds, often a midnight, also one of the hour that the clocks repeat."""
    seconds = draw(st.one_of(st.integers(0, 4 * 10**8), st.integers(0, 4000).map(lambda d: d * DAY_S)))
    at = datetime(2020, 1, 1, tzinfo=zone) + timedelta(seconds=seconds)
    repeated = datetime(2026, 10, 25, 2, 30, tzinfo=zone, fold=draw(st.integers(0, 1)))
    return draw(st.sampled_from([at.astimezone(ZoneInfo("UTC")).astimezone(zone), repeated]))


def spans() -> st.SearchStrategy[tuple[tuple[int, int], ...]]:
    one = st.tuples(st.integers(0, DAY_S - 1), st.integers(1, DAY_S)).map(lambda s: (s[0], s[0] + s[1]))
    return st.lists(one, max_size=3, unique=True).map(lambda x: tuple(sorted(x)))


@st.composite
def workshops(draw: st.DrawFn) -> Workshop:
    """Any workshop that tables can say, sound or not."""
    zone = ZoneInfo(draw(st.sampled_from(ZONES)))
    several = {"max_size": 3}

    def some(make: Callable[[str], Any]) -> tuple[Any, ...]:
        return tuple(make(n) for n in draw(st.lists(NAMES, unique_by=lambda n: n, **several)))  # type: ignore[arg-type]

    def one(strategy: st.SearchStrategy[Any]) -> Any:
        return draw(strategy)

    def maybe(strategy: st.SearchStrategy[Any]) -> Any:
        return draw(st.none() | strategy)

    def seconds() -> int:
        return int(one(SECONDS))

    names = draw(st.lists(NAMES, unique=True, min_size=4, max_size=9))
    groups, machine_names = names[:2], names[2:]
    machines = tuple(
        Machine(
            name=n,
            group=one(st.sampled_from(groups)),
            zone=maybe(NAMES),
            calendar=maybe(NAMES),
            capacity=one(POSITIVE),
            batch_unit=one(st.sampled_from([None, "kg", "pieces"])),
            batch_wait_s=seconds(),
            present_family=maybe(NAMES),
            x_m=maybe(st.integers(-(10**9), 10**9).map(lambda n: n / 10**6)),
            kw_run=one(FLOATS),
            mtbf_h=one(FLOATS),
            cost_per_hour_cents=one(CENTS),
        )
        for n in machine_names
    )
    by_group: dict[str, list[str]] = {}
    for m in machines:
        by_group.setdefault(m.group, []).append(m.name)
    choices = st.one_of(
        st.lists(st.sampled_from(machine_names), unique=True, max_size=3).map(tuple),
        st.sampled_from([tuple(g) for g in by_group.values()]),
    )

    def step(item: str, sequence: int) -> Step:
        gap = one(st.sampled_from(AtGap))
        return Step(
            item=item,
            sequence=sequence,
            name=one(WORDS),
            machines=one(choices),
            setup_s=seconds(),
            setup_skill=maybe(NAMES),
            setup_family=maybe(NAMES),
            cycle_s=seconds(),
            pieces_per_cycle=one(st.integers(1, 99)),
            attend_s=seconds(),
            unattended_cycles=one(st.integers(0, 99)),
            service_cv=one(st.decimals(0, 10, places=3)),
            stops_per_hour=one(st.decimals(0, 100, places=6)),
            stop_s=seconds(),
            run_skill=maybe(NAMES),
            batch_per_piece=one(POSITIVE),
            after=maybe(st.lists(st.integers(0, 99), unique=True, max_size=3).map(tuple)),
            transfer_batch=maybe(st.integers(1, 99)),
            lag_s=seconds(),
            max_wait_s=maybe(SECONDS),
            scrap_pct=one(st.decimals(0, 99, places=3)),
            split_over=one(st.integers(1, 9)),
            max_lot=maybe(st.integers(1, 99)),
            at_gap=gap,
            overtime_s=one(st.integers(0, DAY_S)) if gap is AtGap.OVERTIME else 0,
            outside_s=maybe(st.integers(0, 100 * DAY_S)),
            collect=maybe(NAMES),
            tool=maybe(NAMES),
            place=maybe(NAMES),
            variant=one(NAMES),
            same_machine=maybe(NAMES),
            note=one(WORDS),
        )

    def order(name: str) -> OrderLine:
        return OrderLine(
            order=name,
            line=one(st.integers(1, 99)),
            customer=one(WORDS),
            item=one(NAMES),
            quantity=one(st.integers(1, 10**6)),
            due=maybe(moments(zone)),
            release=maybe(moments(zone)),
            weight_milli=one(st.integers(0, 10**6)),
            late_cost_per_day_cents=one(CENTS),
            price_cents=maybe(CENTS),
            colour=one(WORDS),
            size=one(WORDS),
            status=one(st.sampled_from(["open", "held", "done"])),
        )

    def item(name: str) -> Item:
        return Item(
            name=name,
            description=one(WORDS),
            make=one(st.booleans()),
            unit=one(NAMES),
            on_hand=one(SIX),
            lead_time_days=maybe(st.integers(0, 99)),
            cost_cents=one(CENTS),
            weight_kg=maybe(SIX),
            price_cents=one(CENTS),
        )

    def person(name: str) -> Person:
        skills = one(st.frozensets(NAMES | st.sampled_from(machine_names), max_size=3))
        limit = maybe(st.integers(1, 99))
        return Person(name=name, calendar=maybe(NAMES), skills=skills, tends=maybe(NAMES), max_machines=limit)

    days = st.dictionaries(st.dates(date(2020, 1, 1), date(2030, 1, 1)), spans(), max_size=3)
    factory = Factory(
        settings=Settings(
            now=one(moments(zone)),
            time_zone=zone.key,
            currency=one(NAMES),
            horizon_days=one(st.integers(1, 20_000)),
            top_up=one(st.booleans()),
        ),
        machines=machines,
        people=some(person),
        calendars=some(
            lambda n: Calendar(name=n, week=one(st.tuples(*[spans()] * 7)), dates=MappingProxyType(one(days)))
        ),
        items=some(item),
        receipts=some(lambda n: Receipt(item=n, quantity=one(POSITIVE), at=one(moments(zone)))),
        bill=some(
            lambda n: BillLine(item=n, component=one(NAMES), quantity=one(POSITIVE), sequence=maybe(st.integers(0, 99)))
        ),
        routing=some(lambda n: step(n, one(st.integers(0, 999)))),
        speeds=some(
            lambda n: Speed(item=n, sequence=1, machine=one(NAMES), cycle_s=maybe(SECONDS), setup_s=maybe(SECONDS))
        ),
        setups=some(lambda n: Setup(group=n, from_family=one(NAMES), to_family=one(NAMES), setup_s=seconds())),
        tools=some(lambda n: Tool(name=n, quantity=one(st.integers(1, 99)))),
        places=some(lambda n: Store(name=n, capacity=one(st.integers(1, 99)))),
    )
    work = some(
        lambda n: WorkInProgress(
            order=n,
            line=one(st.integers(1, 9)),
            sequence=one(st.integers(0, 99)),
            done_pieces=one(st.integers(0, 99)),
            machine=maybe(NAMES),
            started=maybe(moments(zone)),
            ends=maybe(moments(zone)),
        )
    )
    return Workshop(factory=factory, orders=some(order), state=State(work=work))


def back(data: bytes | dict[str, bytes], name: str) -> Workshop:
    """What was written, read back; whether it makes sense is not asked."""
    tables = read_tables(name, data)
    assembly = _Assembly(tables, None)
    workshop = assembly.workshop()
    assert assembly.findings.faults == []
    return workshop


def differences(a: Any, b: Any, path: str = "") -> list[str]:
    """Where two workshops differ, for people to read."""
    if hasattr(a, "__dataclass_fields__") and type(a) is type(b):
        return [d for f in fields(a) for d in differences(getattr(a, f.name), getattr(b, f.name), f"{path}.{f.name}")]
    if isinstance(a, tuple) and isinstance(b, tuple) and len(a) == len(b):
        return [d for i, (x, y) in enumerate(zip(a, b, strict=True)) for d in differences(x, y, f"{path}[{i}]")]
    if isinstance(a, datetime) and isinstance(b, datetime):
        return [] if a.timestamp() == b.timestamp() else [f"{path}: {a!r} != {b!r}"]
    return [] if a == b else [f"{path}: {a!r} != {b!r}"]


@given(workshops())
@settings(max_examples=examples(30))
@pytest.mark.parametrize("name", WRITERS)
def test_round_trip(name: str, workshop: Workshop) -> None:
    """A workshop written in a format is read back as the same workshop."""
    assert differences(workshop, back(WRITERS[name](workshop), name)) == []


@given(workshops())
@settings(max_examples=examples(10))
def test_formats_agree(workshop: Workshop) -> None:
    """From any format to any other, what is written the second time is the same."""
    texts = {name: write_json(back(write(workshop), name)) for name, write in WRITERS.items()}
    assert len(set(texts.values())) == 1


@given(workshops())
@settings(max_examples=examples(10))
def test_equal_workshops_give_equal_bytes(workshop: Workshop) -> None:
    """Nothing of the moment of writing is in a file."""
    again = replace(workshop)
    assert all(write(workshop) == write(again) for write in WRITERS.values())


@given(st.text(max_size=20).map(clean))
def test_csv_text_is_safe_and_comes_back(text: str) -> None:
    """No cell begins as a formula, but a lone dash; and the reader takes off just what was put on."""
    from fong.formats.delimited import _bare

    written = safe(text)
    assert written == "-" or not written.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert _bare(written) == text


def test_formulas_stay_text_in_a_workbook() -> None:
    """A name that begins with = is text in the workbook, and marked as such for the spreadsheet."""
    import io

    import openpyxl

    workshop = Workshop(
        factory=Factory(settings=Settings(now=datetime(2026, 3, 2, tzinfo=ZoneInfo("Asia/Hong_Kong")))),
        orders=(OrderLine(order="=1+1", item="#N/A", quantity=1, customer="@x"),),
    )
    sheet = openpyxl.load_workbook(io.BytesIO(write_workbook(workshop)))["orders"]
    cells = [sheet["A2"], sheet["C2"], sheet["D2"]]
    assert [(c.value, c.data_type) for c in cells] == [("=1+1", "s"), ("@x", "s"), ("#N/A", "s")]
    assert [c.quotePrefix for c in cells] == [True, True, False]


@pytest.mark.may_skip("sample data may be absent")
def test_a_generated_workshop_comes_back(shared: Path, tmp_path: Path) -> None:
    """A workshop of a thousand tasks goes through all three formats unchanged, and without faults."""
    import subprocess
    import sys

    tool = shared / "tools" / "generate_workshop.py"
    subprocess.run([sys.executable, tool, tmp_path / "w", "--tasks", "1000", "--seed", "5"], check=True)
    first = to_workshop(read_tables("w", {f.name: f.read_bytes() for f in (tmp_path / "w").glob("*.csv")}))
    for name, write in WRITERS.items():
        try:
            assert differences(first, to_workshop(read_tables(name, write(first)))) == []
        except InputFault as fault:  # pragma: no cover - only to show which
            pytest.fail(str(fault))
