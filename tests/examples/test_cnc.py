"""The machine shop is what its page says it is, for any seed, week and language."""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from fong.errors import UsageError
from fong.examples import EXAMPLES, cnc, load, midweek
from fong.examples.earliest import Earliest
from fong.examples.figures import marked
from fong.examples.hours import Hours, worked
from fong.lang import LANGUAGES, text
from fong.model import AtGap, Message, Step, Workshop
from fong.model.build import build
from fong.model.faults import find_faults

NOW = datetime(2026, 11, 21, 22, 0, tzinfo=ZoneInfo("Asia/Hong_Kong"))  # a Saturday
SEEDS = (1, 2, 3)
DAY_S = 86_400


@cache
def of_seed(seed: int) -> Workshop:
    return load("cnc", NOW, seed)


def rows(workshop: Workshop) -> dict[str, list[Step]]:
    out: dict[str, list[Step]] = defaultdict(list)
    for s in workshop.factory.routing:
        out[s.item].append(s)
    return out


# ---------------------------------------------------------------------------------------- machines, people, time
def test_machines(cnc_1: Workshop) -> None:
    """Eight 3-axis mills, four 5-axis, four bar-fed lathes, two EDM, one measuring machine, one bench; the first four kinds tended."""
    assert Counter(m.group for m in cnc_1.factory.machines) == {
        "3-axis mills": 8,
        "5-axis mills, 10 pallets": 4,
        "bar-fed lathes": 4,
        "sinker EDM": 2,
        "measuring machine": 1,
        "deburring bench": 1,
    }
    assert sum(m.zone == "machine hall" for m in cnc_1.factory.machines) == 18
    places = [(m.x_m, m.y_m) for m in cnc_1.factory.machines]
    assert len(set(places)) == len(places)


def test_four_people(cnc_1: Workshop) -> None:
    """Two setters, one operator who tends all eighteen machines, one inspector."""
    people = cnc_1.factory.people
    assert len(people) == 4
    assert [(p.tends, p.max_machines, p.skills) for p in people if p.tends] == [("machine hall", 18, frozenset())]
    assert sum("milling set-up" in p.skills for p in people) == 2
    assert sum("measuring" in p.skills for p in people) == 1


def test_one_unattended_weekend(cnc_1: Workshop) -> None:
    """Nobody comes from this Friday evening to Monday morning; on later Saturdays somebody does."""
    now = cnc_1.factory.settings.now
    open_ = Hours(cnc_1.factory).people(cnc_1.factory.people)
    gaps = [(after - before, before) for (_, before), (after, _) in pairwise(open_)]
    long = [now + timedelta(seconds=before) for gap, before in gaps if gap > 48 * 3600]
    assert [f"{t:%a}" for t in long] == ["Fri"]
    assert long[0] - now < timedelta(days=4)
    assert "Sat" in {f"{now + timedelta(seconds=a):%a}" for a, _ in open_}


def test_the_van_comes_weekly(cnc_1: Workshop) -> None:
    """What is plated leaves on Thursdays, in half an hour, and takes five days."""
    outside = [s for s in cnc_1.factory.routing if s.outside_s is not None]
    assert {s.outside_s for s in outside} == {5 * DAY_S}
    assert len({s.collect for s in outside}) == 1
    windows = Hours(cnc_1.factory).calendar(outside[0].collect)
    now = cnc_1.factory.settings.now
    assert {f"{now + timedelta(seconds=a):%a %H:%M}" for a, _ in windows} == {"Thu 14:00"}
    assert {b - a for a, b in windows} == {1800}


# ---------------------------------------------------------------------------------------- parts
def test_parts_and_families(cnc_1: Workshop) -> None:
    """Twenty-four parts in six families; each family has its set-up family on the machines of the hall."""
    parts = rows(cnc_1)
    assert len(parts) == 24
    assert Counter(p.split("-")[0] for p in parts) == dict.fromkeys(("BRK", "HSG", "MAN", "FLG", "SFT", "INS"), 4)
    tended = {m.name for m in cnc_1.factory.machines if m.zone}
    assert all(
        s.setup_family == s.item.split("-")[0] for s in cnc_1.factory.routing if s.machines and s.machines[0] in tended
    )


def test_two_ways_to_make_a_prismatic_part(cnc_1: Workshop) -> None:
    """Three sides on 3-axis mills, or one set-up on a 5-axis mill; the sequence names the variant; the rest is the same."""
    group = {m.name: m.group for m in cnc_1.factory.machines}
    for part, steps in rows(cnc_1).items():
        assert len({s.sequence for s in steps}) == len(steps)
        ways = {v: [s for s in steps if s.variant == v] for v in {s.variant for s in steps}}
        if part.split("-")[0] not in {"BRK", "HSG", "MAN"}:
            assert set(ways) == {"A"}
            continue
        cut = {
            v: [group[s.machines[0]] for s in way if s.machines and s.setup_family != part] for v, way in ways.items()
        }
        assert cut["A"][:3] == ["3-axis mills"] * 3
        assert cut["B"][:1] == ["5-axis mills, 10 pallets"]
        assert [s.name for s in ways["A"][3:]] == [s.name for s in ways["B"][1:]]
        assert [s.sequence + 100 for s in ways["A"][3:]] == [s.sequence for s in ways["B"][1:]]


def test_pallets_and_bars_run_alone(cnc_1: Workshop) -> None:
    """A 5-axis mill calls every ten pallets, a lathe when its magazine of bars is empty, a 3-axis mill after each cycle."""
    by_machine: dict[str, set[int]] = defaultdict(set)
    for s in cnc_1.factory.routing:
        for m in s.machines[:1]:
            by_machine[m].add(s.unattended_cycles)
    assert by_machine["P01"] == {9}
    assert by_machine["M01"] == {0}
    assert min(by_machine["T01"]) > 60


def test_changeovers(cnc_1: Workshop) -> None:
    """Between 10 and 90 minutes, never less to another family than within one, and complete on each group."""
    minutes = {(s.group, s.from_family, s.to_family): s.setup_s / 60 for s in cnc_1.factory.setups}
    assert (min(minutes.values()), max(minutes.values())) == (10, 90)
    group = {m.name: m.group for m in cnc_1.factory.machines if m.zone}
    used: dict[str, set[str]] = defaultdict(set)
    for s in cnc_1.factory.routing:
        for m in s.machines[:1]:
            if m in group:
                used[group[m]].add(s.setup_family or "")
    assert set(minutes) == {(g, a, b) for g, families in used.items() for a in families for b in families}
    assert all(t >= minutes[g, a, a] for (g, a, _), t in minutes.items())


def test_fixtures_are_limits(cnc_1: Workshop) -> None:
    """Each step on a 3-axis mill holds a fixture of its family, and there are fewer of each than mills."""
    tools = {t.name: t.quantity for t in cnc_1.factory.tools}
    assert all(1 <= n < 8 for n in tools.values())
    assert {s.tool for s in cnc_1.factory.routing if "M01" in s.machines} == set(tools)


def test_inspection_is_not_left_half_done(cnc_1: Workshop) -> None:
    """One part in five is measured, of mould inserts each; a run on the measuring machine fits into working time."""
    measured = [s for s in cnc_1.factory.routing if s.machines == ("C01",)]
    assert {s.at_gap for s in measured} == {AtGap.FIT}
    assert {s.pieces_per_cycle for s in measured if s.item.startswith("INS")} == {1}
    assert {s.pieces_per_cycle for s in measured if not s.item.startswith("INS")} == {5}


# ---------------------------------------------------------------------------------------- orders
@pytest.mark.parametrize("seed", SEEDS)
def test_order_book(seed: int) -> None:
    """Forty-five orders of 1 to 60 of all 24 parts, mould inserts in small numbers; all with date, price and penalty."""
    w = of_seed(seed)
    assert len({o.order for o in w.orders}) == len(w.orders) == 45
    assert {o.item for o in w.orders} == set(rows(w))
    assert 1 <= min(o.quantity for o in w.orders) <= 3
    assert max(o.quantity for o in w.orders) == 60
    assert max(o.quantity for o in w.orders if o.item.startswith("INS")) <= 6
    assert all(o.due and o.customer and (o.price_cents or 0) > 0 and o.late_cost_per_day_cents > 0 for o in w.orders)


@pytest.mark.parametrize("seed", SEEDS)
def test_three_are_late_whatever_one_does(seed: int) -> None:
    """Three orders are due before their lower bound (overdue, without titanium, too late for the van); a few others are tight."""
    w = of_seed(seed)
    earliest = Earliest(w.factory)
    open_ = earliest.hours.people([p for p in w.factory.people if p.skills])
    slack = []
    for o in w.orders:
        assert o.due is not None
        end = earliest.end(o, [r for r in w.state.work if r.order == o.order])
        due = round((o.due - w.factory.settings.now).total_seconds())
        slack.append((worked(open_, due) - worked(open_, end)) / 3600 if due >= end else -1)
    assert sum(s < 0 for s in slack) == 3
    assert 3 <= sum(0 <= s < 12 for s in slack) <= 8


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_under_way(seed: int) -> None:
    """At 10:20 on Wednesday lots are on machines, behind them, and at the plater's; running lots have their machine's set-up."""
    w = of_seed(seed)
    now = w.factory.settings.now
    assert f"{now:%a %H:%M}" == "Wed 10:20"
    item = {o.order: o.item for o in w.orders}
    family = {m.name: m.present_family for m in w.factory.machines}
    running = [r for r in w.state.work if r.machine]
    assert 10 <= len(running) <= 12
    assert len({r.machine for r in running}) == len(running)
    assert all(r.started and r.started <= now < (r.ends or now) for r in running)
    assert [r for r in running if family[r.machine or ""] != item[r.order].split("-")[0]] == []
    away = [r for r in w.state.work if r.ends and not r.machine]
    assert {f"{r.ends:%a %H:%M}" for r in away} == {"Thu 14:30"}
    assert len(away) == 2
    assert all(m.present_family for m in w.factory.machines if m.zone)


@pytest.mark.parametrize("seed", SEEDS)
def test_stock_covers_the_book(seed: int) -> None:
    """Bars and blocks suffice for every lot with its scrap; titanium comes days from now, two others in part."""
    w = of_seed(seed)
    begun = {r.order for r in w.state.work}
    bill = {b.item: b for b in w.factory.bill}
    need: dict[str, float] = defaultdict(float)
    for o in w.orders:
        if o.order not in begun:
            need[bill[o.item].component] += float(bill[o.item].quantity) * -(-o.quantity // 0.98)
    have = {i.name: float(i.on_hand) for i in w.factory.items}
    for r in w.factory.receipts:
        have[r.item] += float(r.quantity)
    assert [m for m, q in need.items() if have[m] < q] == []
    days = {r.item: (r.at - w.factory.settings.now).days for r in w.factory.receipts}
    assert set(days) == {"TI-BLK", "AL-BLK", "SS-R20"}
    assert max(days, key=days.__getitem__) == "TI-BLK"


# ---------------------------------------------------------------------------------------- load
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("variant", ["A", "B"])
def test_people_are_the_neck(seed: int, variant: str, loads: Callable[..., Any]) -> None:
    """Four people, not twenty machines, set the pace: some of them are filled to 75 … 95 %, no machine group more than they."""
    load_ = loads(of_seed(seed), variant)
    print(load_.table())  # noqa: T201 - for the reader of `pytest -s`
    share, _, _, _ = load_.skills()[0]
    assert 0.75 <= share <= 0.95
    assert max(load_.skills(by)[0][0] for by in {w.by for w in load_.work} if by > 8 * 3600) <= 1.0
    tended = {m.group for m in load_.factory.machines if m.zone}
    # Machines of the hall also run at night, so their load against manned hours is an upper figure.
    assert max(h / manned for g, (h, _, manned) in load_.groups().items() if g in tended) <= 1.05


# ---------------------------------------------------------------------------------------- laws
@pytest.mark.parametrize("seed", SEEDS)
def test_no_faults(seed: int) -> None:
    """The example is good input, and compiles."""
    w = of_seed(seed)
    assert find_faults(w) == ()
    assert build(w).jobs == 45


def test_same_seed_same_workshop() -> None:
    """The same seed and week give the same workshop; another seed another book."""
    assert cnc(NOW) == cnc(NOW - timedelta(days=2))
    assert cnc(NOW, 2).orders != cnc(NOW).orders


def test_dates_never_age(cnc_1: Workshop) -> None:
    """A year of weeks later everything is the same, that much later."""
    year = timedelta(weeks=52)
    later = load("cnc", NOW + year)
    assert later.factory.settings.now == midweek(NOW) + year
    assert tuple(replace(o, due=(o.due or NOW) + year) for o in cnc_1.orders) == later.orders
    mine, theirs = Hours(later.factory), Hours(cnc_1.factory)
    assert [mine.calendar(c.name) for c in later.factory.calendars] == [
        theirs.calendar(c.name) for c in cnc_1.factory.calendars
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_languages_differ_in_names_only(cnc_1: Workshop, language: str) -> None:
    """In each language the plan is the same: codes, numbers and dates stay."""
    w = load("cnc", NOW, language=language)
    mine, theirs = build(w), build(cnc_1)
    assert [n for (n, a), (_, b) in zip(mine.columns(), theirs.columns(), strict=True) if a.shape != b.shape] == []
    assert [(o.order, o.item, o.due) for o in w.orders] == [(o.order, o.item, o.due) for o in cnc_1.orders]
    if language != "en":
        assert not {o.customer for o in w.orders} & {o.customer for o in cnc_1.orders}
        assert not {s.name for s in w.factory.routing} & {s.name for s in cnc_1.factory.routing}


def test_every_source_is_used() -> None:
    """A source is named by a figure or beside one."""
    assert set(marked("cnc")["sources"]) == {"streamline"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_unknown_example_is_refused(language: str) -> None:
    """The refusal says what was found and what there is, in each language."""
    with pytest.raises(UsageError) as caught:
        load("bakery", NOW, language=language)
    said = caught.value.message
    assert isinstance(said, Message)
    sentence = text(said.code, said.params, language)
    assert "bakery" in sentence
    assert all(name in sentence for name in EXAMPLES)
