"""The knitwear cell is what its page says it is, for any seed, week and language."""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from itertools import combinations
from math import sqrt
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from fong.examples import knit, load, midweek
from fong.examples.earliest import Earliest
from fong.examples.figures import figures, marked
from fong.examples.hours import Hours, worked
from fong.lang import LANGUAGES
from fong.model import OrderLine, Step, WorkInProgress, Workshop
from fong.model.build import build
from fong.model.faults import find_faults
from fong.model.zones import exact_wait

NOW = datetime(2026, 11, 21, 22, 0, tzinfo=ZoneInfo("Asia/Hong_Kong"))  # a Saturday
SEEDS = (1, 2, 3)
FINISHING = {"linking", "mending", "washing", "pressing", "inspection", "packing"}
KNIT, LINK = 20, 40
HAND = {40, 50, 80, 90, 100}


@cache
def of_seed(seed: int) -> Workshop:
    return load("knit", NOW, seed)


def step(workshop: Workshop, item: str, sequence: int) -> Step:
    return next(s for s in workshop.factory.routing if (s.item, s.sequence) == (item, sequence))


def per_garment(workshop: Workshop, value: Callable[[OrderLine], float]) -> tuple[float, float]:
    """Mean and standard deviation over the garments of the order book."""
    total = sum(o.quantity for o in workshop.orders)
    mean = sum(value(o) * o.quantity for o in workshop.orders) / total
    return mean, sqrt(sum((value(o) - mean) ** 2 * o.quantity for o in workshop.orders) / total)


# ---------------------------------------------------------------------------------------- floor and people
def test_thirty_machines_of_two_gauges(knit_1: Workshop) -> None:
    """Thirty flat machines, all in one zone, in two groups; washers and dryers hold 20 kg."""
    tended = [m for m in knit_1.factory.machines if m.zone]
    assert Counter(m.group for m in tended) == {"flat machines E7": 16, "flat machines E12": 14}
    assert len({m.zone for m in tended}) == 1
    batch = {m.group: (int(m.capacity), m.batch_unit) for m in knit_1.factory.machines if m.batch_unit}
    assert batch == {"washers 20 kg": (20, "kg"), "tumble dryers 20 kg": (20, "kg")}


def test_the_room_holds_the_machines(knit_1: Workshop) -> None:
    """About 320 m²; no machine overlaps another, stands in the main aisle, or outside the room."""
    floor = figures("knit", "en")["floor"]
    width, depth = float(floor["width_m"]), float(floor["depth_m"])
    assert 315 < width * depth < 325
    low, high = map(float, floor["main_aisle_x_m"])
    flat = [(m.x_m or 0, m.y_m or 0) for m in knit_1.factory.machines if m.zone]
    assert all(1.5 <= x <= width - 1.5 and 0.575 <= y <= depth for x, y in flat)
    assert all(x + 1.5 <= low or x - 1.5 >= high for x, _ in flat)
    assert all(abs(a[0] - b[0]) >= 3 or abs(a[1] - b[1]) >= 1.15 + 1.0 for a, b in combinations(flat, 2))
    places = [(m.x_m, m.y_m) for m in knit_1.factory.machines]
    assert len(set(places)) == len(places)


def test_one_tender_a_shift_for_thirty_machines(knit_1: Workshop) -> None:
    """From 07:00 to 23:00, Monday to Saturday, exactly one tender is on duty, for thirty machines; at night and on Sunday nobody."""
    tenders = [p for p in knit_1.factory.people if p.tends]
    assert [p.max_machines for p in tenders] == [30, 30]
    hours = Hours(knit_1.factory)
    each = sum(worked(hours.calendar(p.calendar), 14 * 86_400) for p in tenders)
    together = worked(hours.people(tenders), 14 * 86_400)
    assert each == together
    assert together == (12 * 16 * 3600)


def test_finishers_a_shift(knit_1: Workshop) -> None:
    """Eleven finishers a shift beside the tender and the setter; some have two skills; every skill is there in both shifts."""
    shifts = defaultdict(list)
    for p in knit_1.factory.people:
        if p.skills & FINISHING:
            shifts[p.calendar].append(p)
    assert [len(people) for people in shifts.values()] == [11, 11]
    for people in shifts.values():
        assert set().union(*(p.skills for p in people)) == FINISHING
        assert sum(len(p.skills) == 2 for p in people) >= 4
    setters = [p for p in knit_1.factory.people if p.skills == {"machine setting"} and not p.tends]
    assert len({p.calendar for p in setters}) == 2


# ---------------------------------------------------------------------------------------- how a garment is made
@pytest.mark.parametrize("seed", SEEDS)
def test_knitting_takes_40_minutes_give_or_take_12(seed: int) -> None:
    """Mean and spread over the garments of the order book agree with the marked figures."""
    w, k = of_seed(seed), figures("knit", "en")["knitting"]
    mean, spread = per_garment(w, lambda o: step(w, o.item, KNIT).cycle_s / 60)
    assert mean == pytest.approx(float(k["mean_min"]), rel=0.08)
    assert spread == pytest.approx(float(k["spread_min"]), abs=2)


def test_calls_of_the_tender(knit_1: Workshop) -> None:
    """0.2 stops of 1.5 min, a cone change of 2 min each 7 garments, 0.07 min to carry off: about 27 min an hour at 42 garments."""

    def calls_min(o: OrderLine) -> float:
        s = step(knit_1, o.item, KNIT)
        stops = float(s.stops_per_hour) * s.cycle_s / 3600 * s.stop_s
        return (s.attend_s / (s.unattended_cycles + 1) + stops) / 60

    mean, spread = per_garment(knit_1, calls_min)
    assert mean == pytest.approx(0.2 * 1.5 + 2 / 7 + 0.07, rel=0.01)
    assert spread < 0.01
    assert 26 < 42 * mean < 29


def test_one_tender_can_do_it(knit_1: Workshop) -> None:
    """With all thirty machines at 40 min a garment the tender is busy less than half of the time, and machines hardly wait."""
    s = next(s for s in knit_1.factory.routing if s.sequence == KNIT and s.cycle_s == 36 * 60)
    run = 40 * 60.0 * (s.unattended_cycles + 1)
    service = s.attend_s + 0.2 * 90 * (s.unattended_cycles + 1)
    zone = exact_wait(1, [run] * 30, [service] * 30, [0.5] * 30)
    assert 0.4 < zone.use < 0.5
    assert zone.efficiency > 0.97


@pytest.mark.parametrize("seed", SEEDS)
def test_seventy_per_cent_are_whole_garments(seed: int) -> None:
    """Seven in ten garments need no linking."""
    w = of_seed(seed)
    linked = {s.item for s in w.factory.routing if s.sequence == LINK}
    share, _ = per_garment(w, lambda o: o.item not in linked)
    assert share == pytest.approx(0.7, abs=0.02)


def test_handwork_a_garment(knit_1: Workshop) -> None:
    """The steps by hand add up to what the source says: 15 min a whole garment, 32.5 min fully fashioned."""
    f = figures("knit", "en")
    for style in f["styles"]:
        steps = [s for s in knit_1.factory.routing if s.item.startswith(style["code"]) and s.sequence in HAND]
        each = sum(s.cycle_s for s in steps) / 60 / len(style["colours"])
        assert each == pytest.approx(float(f["kinds"][style["kind"]]["hand_min"]))


def test_new_styles_wait_for_approval(knit_1: Workshop) -> None:
    """Only styles marked new begin with an inspector's approval, of the same length for any lot."""
    f = figures("knit", "en")
    approved = {s.item.split("-")[0] for s in knit_1.factory.routing if s.sequence < KNIT}
    assert approved == {s["code"] for s in f["styles"] if s.get("new", False)}
    assert {s.pieces_per_cycle for s in knit_1.factory.routing if s.sequence < KNIT} == {10_000}


# ---------------------------------------------------------------------------------------- orders
@pytest.mark.parametrize("seed", SEEDS)
def test_order_book(seed: int) -> None:
    """Sixty orders of 5 to 300 garments, about 80 on average; each line is one style, colour and size."""
    w, o = of_seed(seed), figures("knit", "en")["orders"]
    sizes: Counter[str] = Counter()
    for line in w.orders:
        sizes[line.order] += line.quantity
    assert (len(sizes), min(sizes.values()), max(sizes.values())) == (60, 5, 300)
    assert sum(sizes.values()) / 60 == pytest.approx(float(o["mean"]), rel=0.03)
    assert len({(x.order, x.item, x.size) for x in w.orders}) == len(w.orders)
    assert all(x.colour and x.size and x.customer and x.due and (x.price_cents or 0) > 0 for x in w.orders)
    assert all(x.late_cost_per_day_cents > 0 for x in w.orders)


@pytest.mark.parametrize("seed", SEEDS)
def test_about_seven_days_of_knitting(seed: int) -> None:
    """All thirty machines in two shifts would knit the book in about seven days."""
    w = of_seed(seed)
    hours = sum(step(w, o.item, KNIT).cycle_s * o.quantity * 1.02 / 3600 for o in w.orders)
    assert 6.0 < hours / 30 / 16 < 8.0


@pytest.mark.parametrize("seed", SEEDS)
def test_two_are_late_whatever_one_does(seed: int) -> None:
    """Two orders are due before their lower bound; five to eight have less than 20 working hours beyond it, the rest far more."""
    w = of_seed(seed)
    slack = slack_h(w)
    assert sum(s < 0 for s in slack.values()) == 2
    assert 5 <= sum(0 <= s < 20 for s in slack.values()) <= 8
    assert sum(20 <= s < 30 for s in slack.values()) <= 1


def slack_h(w: Workshop) -> dict[str, float]:
    """Working hours between the earliest end and the date of each order; minus 1 if it is due before."""
    earliest = Earliest(w.factory)
    open_ = earliest.hours.people([p for p in w.factory.people if not p.tends])
    rows: dict[tuple[str, int], list[WorkInProgress]] = defaultdict(list)
    ends: dict[str, int] = defaultdict(int)
    due: dict[str, int] = {}
    for r in w.state.work:
        rows[r.order, r.line].append(r)
    for o in w.orders:
        assert o.due is not None
        ends[o.order] = max(ends[o.order], earliest.end(o, rows[o.order, o.line]))
        due[o.order] = round((o.due - w.factory.settings.now).total_seconds())
    return {n: (worked(open_, due[n]) - worked(open_, e)) / 3600 if due[n] >= e else -1.0 for n, e in ends.items()}


# ---------------------------------------------------------------------------------------- the moment it starts
@pytest.mark.parametrize("seed", SEEDS)
def test_midweek_with_one_machine_down(seed: int) -> None:
    """Wednesday, 10:20: K17 has stood since this morning and runs again tomorrow; its lot waits half done."""
    w = of_seed(seed)
    now = w.factory.settings.now
    assert f"{now:%a %H:%M}" == "Wed 10:20"
    down = next(m for m in w.factory.machines if m.name == "K17")
    opened = Hours(w.factory).calendar(down.calendar)[0][0]
    assert now + timedelta(seconds=opened) == now.replace(hour=14, minute=0) + timedelta(days=1)
    lot = next(r for r in w.state.work if r.machine == "K17")
    assert lot.ends is None
    others = {m.calendar for m in w.factory.machines if m.name != "K17"}
    assert others == {None}


@pytest.mark.parametrize("seed", SEEDS)
def test_most_machines_run(seed: int) -> None:
    """All but the broken one and a few run a lot that ends within a day; each has the set-up of the lot that is on it."""
    w = of_seed(seed)
    now = w.factory.settings.now
    running = [r for r in w.state.work if r.ends and r.sequence == KNIT]
    assert 22 <= len(running) <= 27
    assert len({r.machine for r in running}) == len(running)
    assert all(r.started and r.started <= now < (r.ends or now) <= now + timedelta(hours=16) for r in running)
    item = {(o.order, o.line): o.item for o in w.orders}
    family = {m.name: m.present_family for m in w.factory.machines}
    assert [r for r in running if family[r.machine or ""] != item[r.order, r.line]] == []
    assert [r for r in running if r.machine not in step(w, item[r.order, r.line], KNIT).machines] == []
    assert all(m.present_family for m in w.factory.machines if m.zone)


@pytest.mark.parametrize("seed", SEEDS)
def test_yarn_covers_the_book(seed: int) -> None:
    """Stock and receipts hold the yarn of every lot; one lot has none at all until it comes, days from now."""
    w = of_seed(seed)
    now = w.factory.settings.now
    rows = {(r.order, r.line): r for r in w.state.work}
    need: dict[str, float] = defaultdict(float)
    bill = {b.item: b for b in w.factory.bill}
    for o in w.orders:
        if (o.order, o.line) not in rows:
            need[bill[o.item].component] += float(bill[o.item].quantity) * o.quantity
    have = {i.name: float(i.on_hand) for i in w.factory.items}
    coming: dict[str, float] = defaultdict(float)
    for r in w.factory.receipts:
        coming[r.item] += float(r.quantity)
    assert [lot for lot, kg in need.items() if have[lot] + coming[lot] < kg] == []
    late = [r for r in w.factory.receipts if r.at - now > timedelta(days=3)]
    assert len(late) == 1
    assert have[late[0].item] == 0
    assert len(w.factory.receipts) >= 4


def test_mean_garment_weighs_what_the_source_says(knit_1: Workshop) -> None:
    """300 g give or take a tenth."""
    weight = {i.name: float(i.weight_kg or 0) for i in knit_1.factory.items}
    mean, _ = per_garment(knit_1, lambda o: weight[o.item])
    assert mean == pytest.approx(float(figures("knit", "en")["yarn"]["mean_kg"]), rel=0.1)


# ---------------------------------------------------------------------------------------- load
@pytest.mark.parametrize("seed", SEEDS)
def test_finishing_is_the_neck(seed: int, loads: Callable[..., Any]) -> None:
    """Finishers are filled to 65 … 95 % until the last date, no date asks for more than there is, and knitting has room."""
    load_ = loads(of_seed(seed))
    print(load_.table())  # noqa: T201 - for the reader of `pytest -s`
    share, skills, _, _ = load_.skills()[0]
    assert 0.65 <= share <= 0.95
    assert set(skills) <= FINISHING
    assert max(load_.skills(by)[0][0] for by in {w.by for w in load_.work} if by > 8 * 3600) <= 1.0
    knitting = [hours / manned for g, (hours, _, manned) in load_.groups().items() if g.startswith("flat")]
    assert max(knitting) < 0.75 * share


# ---------------------------------------------------------------------------------------- laws
@pytest.mark.parametrize("seed", SEEDS)
def test_no_faults(seed: int) -> None:
    """The example is good input, and compiles."""
    w = of_seed(seed)
    assert find_faults(w) == ()
    problem = build(w)
    assert problem.jobs == len(w.orders)
    assert 2000 < problem.operations < 4000


def test_same_seed_same_workshop() -> None:
    """The same seed and week give the same workshop; another seed another book of the same size."""
    assert knit(NOW) == knit(NOW - timedelta(days=2))
    other = knit(NOW, 2)
    assert {o.due for o in other.orders} != {o.due for o in knit(NOW).orders}
    assert sum(o.quantity for o in other.orders) == sum(o.quantity for o in knit(NOW).orders)


def test_dates_never_age(knit_1: Workshop) -> None:
    """A year of weeks later everything is the same, that much later."""
    year = timedelta(weeks=52)
    later = load("knit", NOW + year)
    assert later.factory.settings.now == midweek(NOW) + year
    assert tuple(replace(o, due=(o.due or NOW) + year) for o in knit_1.orders) == later.orders
    assert tuple(replace(r, at=r.at + year) for r in knit_1.factory.receipts) == later.factory.receipts
    assert Hours(later.factory).calendar("K17") == Hours(knit_1.factory).calendar("K17")


@pytest.mark.parametrize("language", LANGUAGES)
def test_languages_differ_in_names_only(knit_1: Workshop, language: str) -> None:
    """In each language the plan is the same: codes, numbers and dates stay."""
    w = load("knit", NOW, language=language)
    mine, theirs = build(w), build(knit_1)
    assert [n for (n, a), (_, b) in zip(mine.columns(), theirs.columns(), strict=True) if a.shape != b.shape] == []
    assert [o.order for o in w.orders] == [o.order for o in knit_1.orders]
    assert [o.due for o in w.orders] == [o.due for o in knit_1.orders]
    names = {o.customer for o in w.orders} | {o.colour for o in w.orders} | {p.name for p in w.factory.people}
    if language != "en":
        assert not names & {o.customer for o in knit_1.orders}
        assert sum(any("\u4e00" <= c <= "\u9fff" for c in n) for n in names) == len(names)


def test_every_source_is_used() -> None:
    """A source that no figure names is no source."""
    text = str({k: v for k, v in marked("knit").items() if k != "sources"})
    assert [s for s in marked("knit")["sources"] if s not in text] == []
