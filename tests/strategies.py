"""Hypothesis strategies: small random workshops that use everything a workshop can have, without a fault in the input."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

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
    Speed,
    State,
    Step,
    Store,
    Tool,
    WorkInProgress,
    Workshop,
)

HONG_KONG = ZoneInfo("Asia/Hong_Kong")
MONDAY = datetime(2026, 3, 2, 8, tzinfo=HONG_KONG)
H = 3600
FEATURES = (
    "batches",
    "calendars",
    "gaps",
    "graph",
    "hand",
    "lags",
    "materials",
    "max_wait",
    "outside",
    "paced",
    "places",
    "release",
    "same_machine",
    "scrap",
    "setups",
    "slots",
    "speeds",
    "splitting",
    "tools",
    "transfer",
    "variants",
    "wip",
    "zones",
)
"""What a drawn workshop may have besides machines, items and orders; it shrinks towards having none."""


def _week(*spans: Span, days: int = 5) -> tuple[tuple[Span, ...], ...]:
    return tuple(spans if day < days else () for day in range(7))


CALENDARS = (
    Calendar(name="day", week=_week((8 * H, 12 * H), (13 * H, 18 * H))),
    Calendar(name="early", week=_week((6 * H, 14 * H), days=6)),
    Calendar(name="late", week=_week((14 * H, 22 * H), days=6)),
    Calendar(name="long", week=_week((7 * H, 23 * H), days=7)),
    Calendar(name="night", week=_week((20 * H, 28 * H), days=6)),
    Calendar(name="van", week=_week((10 * H, 11 * H), (16 * H, 17 * H))),
)
FAMILIES = ("red", "blue")


@dataclass(frozen=True, kw_only=True)
class Shop:
    """What the steps of a drawn workshop may use."""

    has: frozenset[str]
    machines: tuple[Machine, ...]
    people: tuple[Person, ...]

    def group(self, name: str) -> tuple[str, ...]:
        """Machines of a group."""
        return tuple(m.name for m in self.machines if m.group == name)


@st.composite
def workshops(draw: st.DrawFn, features: Sequence[str] = FEATURES, most_orders: int = 5) -> Workshop:
    """A workshop with some of ``features``, a few items and up to ``most_orders`` order lines, all of which can be made."""
    has = frozenset(draw(st.sets(st.sampled_from(features)))) if features else frozenset[str]()
    shop = draw(shops(has))
    routing = tuple(s for i in range(draw(st.integers(1, 2))) for s in draw(routings(shop, f"item{i}")))
    items = tuple(dict.fromkeys(s.item for s in routing))
    now = MONDAY + timedelta(minutes=draw(st.integers(0, 6 * 24 * 60)))
    orders = draw(order_lines(has, items, now, most_orders))
    bill, stock, receipts = draw(materials(has, routing, now))
    factory = Factory(
        settings=Settings(now=now, horizon_days=60, top_up=draw(st.booleans())),
        machines=shop.machines,
        people=shop.people,
        calendars=CALENDARS,
        items=(*(Item(name=i) for i in items), *stock),
        receipts=receipts,
        bill=bill,
        routing=routing,
        speeds=tuple(draw(speeds(routing))) if "speeds" in has else (),
        setups=tuple(draw(matrices(shop))) if "setups" in has else (),
        tools=(Tool(name="jig", quantity=draw(st.integers(1, 2))),) if "tools" in has else (),
        places=(Store(name="rack", capacity=draw(st.integers(1, 3))),) if "places" in has else (),
    )
    work = draw(running(routing, orders, now)) if "wip" in has else ()
    return Workshop(factory=factory, orders=orders, state=State(work=work))


# ------------------------------------------------------------ machines and people
@st.composite
def shops(draw: st.DrawFn, has: frozenset[str]) -> Shop:
    """Machines and people for all kinds of steps in ``has``."""
    machines = [
        Machine(
            name=f"M{i}",
            group="plain",
            calendar=draw(st.sampled_from((None, "day", "long"))) if "calendars" in has else None,
            capacity=Decimal(draw(st.integers(1, 2))) if "slots" in has else Decimal(1),
            present_family=draw(st.sampled_from((None, *FAMILIES))),
        )
        for i in range(draw(st.integers(1, 3)))
    ]
    people = [Person(name="setter", calendar=draw(shift), skills=frozenset({"set"}))]
    people += [
        Person(name=f"worker{i}", calendar=draw(shift), skills=frozenset(draw(skills)) | {"run"})
        for i in range(draw(st.integers(1, 3)))
    ]
    if "zones" in has:
        machines += draw(zone_machines)
        people += draw(tenders)
    if "batches" in has:
        room = Decimal(draw(st.integers(4, 12)))
        wait = draw(st.sampled_from((0, 1800)))
        machines += [
            Machine(name=f"W{i}", group="wash", capacity=room, batch_unit="kg", batch_wait_s=wait)
            for i in range(draw(st.integers(1, 2)))
        ]
    return Shop(has=has, machines=tuple(machines), people=tuple(people))


shift = st.sampled_from((None, "day", "early", "late", "long"))
skills = st.sets(st.sampled_from(("set", "load")))


@st.composite
def _zone_machines(draw: st.DrawFn) -> list[Machine]:
    calendar = draw(st.sampled_from((None, None, "long")))
    return [
        Machine(
            name=f"K{i}", group="knit", zone="Z", calendar=calendar, present_family=draw(st.sampled_from((None, "red")))
        )
        for i in range(draw(st.integers(1, 4)))
    ]


@st.composite
def _tenders(draw: st.DrawFn) -> list[Person]:
    return [
        Person(
            name=f"tender{i}",
            calendar=draw(st.sampled_from(("day", "early", "late", "long", None))),
            skills=frozenset({"set"}),
            tends="Z",
            max_machines=draw(st.sampled_from((None, 1, 2, 3))),
        )
        for i in range(draw(st.integers(1, 3)))
    ]


zone_machines = _zone_machines()
tenders = _tenders()


# ------------------------------------------------------------ routings
@st.composite
def routings(draw: st.DrawFn, shop: Shop, item: str) -> list[Step]:
    """The routing of one item: a chain or a graph, with a second variant now and then."""
    steps = draw(chains(shop, item, "A", 10))
    if "graph" in shop.has and len(steps) > 2:
        after = {
            s.sequence: draw(st.sets(st.sampled_from([x.sequence for x in steps[:i]])))
            for i, s in enumerate(steps)
            if i
        }
        steps = [s if s.sequence not in after else replace(s, after=tuple(sorted(after[s.sequence]))) for s in steps]
    if "variants" in shop.has and draw(st.booleans()):
        steps += draw(chains(shop, item, "B", 110))
    return steps


@st.composite
def chains(draw: st.DrawFn, shop: Shop, item: str, variant: str, first: int) -> list[Step]:
    """One to four steps one after the other."""
    kinds = ["plain", "plain"]
    kinds += [
        k for k, feature in (("knit", "zones"), ("wash", "batches"), ("outside", "outside")) if feature in shop.has
    ]
    kinds += [k for k in ("paced", "hand") if k in shop.has]
    chosen = draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=4))
    return [draw(one_step(shop, kind, item, variant, first + 10 * i)) for i, kind in enumerate(chosen)]


@st.composite
def one_step(draw: st.DrawFn, shop: Shop, kind: str, item: str, variant: str, sequence: int) -> Step:
    """A step of a kind, with what goes well with it."""
    has = shop.has
    step = Step(item=item, sequence=sequence, name=kind, variant=variant, cycle_s=60 * draw(st.integers(1, 15)))
    step = replace(step, **draw(_flow(has)))
    if kind == "outside":
        return replace(
            step, cycle_s=0, outside_s=H * draw(st.integers(1, 72)), collect=draw(st.sampled_from((None, "van")))
        )
    if kind == "hand":
        return replace(step, run_skill="run", max_wait_s=None)
    if kind == "wash":
        return replace(step, **draw(_wash(shop)))
    step = replace(
        step, machines=shop.group("knit" if kind == "knit" else "plain"), **draw(_setup(has)), **draw(_lots(has))
    )
    if kind == "knit":
        return replace(step, **draw(_calls()))
    if kind == "paced":
        step = replace(step, run_skill="run")
    if "gaps" in has:
        step = replace(step, at_gap=draw(st.sampled_from(AtGap)), overtime_s=1200)
    if "same_machine" in has:
        step = replace(step, same_machine=draw(st.sampled_from((None, "pair"))))
    return step


@st.composite
def _flow(draw: st.DrawFn, has: frozenset[str]) -> dict[str, Any]:
    """What follows a step, and what it takes away."""
    out: dict[str, Any] = {}
    if "lags" in has:
        out["lag_s"] = draw(st.sampled_from((0, 600, 5 * H)))
    if "max_wait" in has:
        out["max_wait_s"] = draw(st.sampled_from((None, 8 * H, 72 * H)))
    if "transfer" in has:
        out["transfer_batch"] = draw(st.sampled_from((None, 1, 3)))
    if "scrap" in has:
        out["scrap_pct"] = Decimal(draw(st.sampled_from(("0", "2.5", "20"))))
    if "tools" in has:
        out["tool"] = draw(st.sampled_from((None, "jig")))
    if "places" in has:
        out["place"] = draw(st.sampled_from((None, "rack")))
    return out


@st.composite
def _setup(draw: st.DrawFn, has: frozenset[str]) -> dict[str, Any]:
    if "setups" not in has:
        return {}
    return {
        "setup_s": 60 * draw(st.integers(0, 40)),
        "setup_skill": draw(st.sampled_from((None, "set"))),
        "setup_family": draw(st.sampled_from((None, *FAMILIES))),
    }


@st.composite
def _lots(draw: st.DrawFn, has: frozenset[str]) -> dict[str, Any]:
    out: dict[str, Any] = {"pieces_per_cycle": draw(st.sampled_from((1, 1, 3)))}
    if "splitting" in has:
        out |= {"split_over": draw(st.integers(1, 3)), "max_lot": draw(st.sampled_from((None, 2, 4)))}
    return out


@st.composite
def _calls(draw: st.DrawFn) -> dict[str, Any]:
    stops = draw(st.sampled_from(("0", "0.3")))
    return {
        "attend_s": draw(st.sampled_from((60, 150, 0))),
        "unattended_cycles": draw(st.sampled_from((0, 2, 9))),
        "service_cv": Decimal(draw(st.sampled_from(("0.5", "0", "1")))),
        "stops_per_hour": Decimal(stops),
        "stop_s": 0 if stops == "0" else 90,
    }


@st.composite
def _wash(draw: st.DrawFn, shop: Shop) -> dict[str, Any]:
    load = draw(st.sampled_from((None, 120)))
    return {
        "machines": shop.group("wash"),
        "cycle_s": 60 * draw(st.sampled_from((20, 45))),
        "setup_family": draw(st.sampled_from((None, *FAMILIES))),
        "run_skill": "run" if load else None,
        "attend_s": load or 0,
        "max_lot": draw(st.sampled_from((None, 3))),
        "batch_per_piece": Decimal(draw(st.sampled_from(("1", "0.5")))),
    }


# ------------------------------------------------------------ the rest
@st.composite
def materials(
    draw: st.DrawFn, has: frozenset[str], routing: Sequence[Step], now: datetime
) -> tuple[tuple[BillLine, ...], tuple[Item, ...], tuple[Receipt, ...]]:
    """Yarn for some steps: some on hand, and enough within three days."""
    if "materials" not in has:
        return (), (), ()
    takers = draw(st.sets(st.sampled_from([(s.item, s.sequence) for s in routing])))
    bill = tuple(
        BillLine(item=item, component="yarn", quantity=Decimal(draw(st.sampled_from(("1", "0.25")))), sequence=sequence)
        for item, sequence in sorted(takers)
    )
    at = now + timedelta(hours=draw(st.integers(1, 72)))
    receipts = (
        Receipt(item="yarn", quantity=Decimal(10_000), at=at),
        Receipt(item="yarn", quantity=Decimal(3), at=now),
    )
    return bill, (Item(name="yarn", make=False, on_hand=Decimal(draw(st.integers(0, 12)))),), receipts


@st.composite
def order_lines(
    draw: st.DrawFn, has: frozenset[str], items: Sequence[str], now: datetime, most: int
) -> tuple[OrderLine, ...]:
    """A few lines of a few pieces, due within a week; two lines share an order now and then."""
    out: list[OrderLine] = []
    for i in range(draw(st.integers(1, most))):
        same = bool(out) and draw(st.booleans())
        release = now + timedelta(minutes=draw(st.integers(-500, 3000))) if "release" in has else None
        out.append(
            OrderLine(
                order=out[-1].order if same else f"10{i}",
                line=out[-1].line + 1 if same else 1,
                item=draw(st.sampled_from(items)),
                quantity=draw(st.integers(1, 9)),
                due=draw(st.none() | st.integers(-24, 200).map(lambda h: now + timedelta(hours=h))),
                release=release,
                weight_milli=draw(st.sampled_from((1000, 1000, 2500, 333))),
                late_cost_per_day_cents=draw(st.sampled_from((0, 12_345))),
            )
        )
    return tuple(out)


@st.composite
def speeds(draw: st.DrawFn, routing: Sequence[Step]) -> list[Speed]:
    """Some machines have their own cycle or set-up time."""
    places = [(s.item, s.sequence, m) for s in routing for m in s.machines]
    if not places:
        return []
    chosen = draw(st.sets(st.sampled_from(places), max_size=3))
    return [
        Speed(
            item=i,
            sequence=q,
            machine=m,
            cycle_s=60 * draw(st.integers(15, 45)),
            setup_s=draw(st.sampled_from((None, 300))),
        )
        for i, q, m in sorted(chosen)
    ]


@st.composite
def matrices(draw: st.DrawFn, shop: Shop) -> list[Setup]:
    """A changeover matrix with holes."""
    cells = [(g, a, b) for g in ("plain", "knit", "wash") if shop.group(g) for a in FAMILIES for b in FAMILIES]
    chosen = draw(st.sets(st.sampled_from(cells)))
    return [
        Setup(group=g, from_family=a, to_family=b, setup_s=60 * draw(st.integers(0, 50))) for g, a, b in sorted(chosen)
    ]


@st.composite
def running(
    draw: st.DrawFn, routing: Sequence[Step], orders: Sequence[OrderLine], now: datetime
) -> tuple[WorkInProgress, ...]:
    """Work in progress: the first step of some order lines runs, or is partly done. No machine runs two."""
    out: list[WorkInProgress] = []
    taken: set[str] = set()
    for line in draw(
        st.sets(st.sampled_from(orders), max_size=2).map(lambda x: sorted(x, key=lambda o: (o.order, o.line)))
    ):
        step = next(s for s in routing if s.item == line.item)
        machine = next((m for m in step.machines if m not in taken), None)
        work = WorkInProgress(order=line.order, line=line.line, sequence=step.sequence)
        if step.machines and machine is not None and draw(st.booleans()):
            taken.add(machine)
            started, ends = (timedelta(minutes=draw(st.integers(1, 400))) for _ in range(2))
            out.append(replace(work, machine=machine, started=now - started, ends=now + ends))
        elif step.outside_s is None:
            out.append(replace(work, done_pieces=draw(st.integers(0, line.quantity))))
    return tuple(out)
