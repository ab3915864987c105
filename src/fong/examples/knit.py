"""The example workshop ``knit``: thirty flat machines, one tender a shift, and finishing as the neck."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from fong.examples.equipment import LARGEST_LOT, equipment
from fong.examples.figures import Tree, cents, figures, of_day, seconds
from fong.examples.hours import DAY_S, day_after, settings, shift_spans, weekly
from fong.examples.knit_floor import filled
from fong.examples.knit_orders import item_name
from fong.model import BillLine, Calendar, Factory, Item, Machine, Person, Setup, Span, Step, Workshop

KNIT = 20
SEQUENCE = {
    "approve": 10,
    "inspect": 30,
    "link": 40,
    "latch": 50,
    "mend": 50,
    "wash": 60,
    "press": 80,
    "final": 90,
    "pack": 100,
}
DRY = 70


def knit(now: datetime, seed: int = 1, *, language: str = "en") -> Workshop:
    """The knitwear cell on the Wednesday, 10:20, of the week of ``now``.

    Parameters
    ----------
    now
        An aware moment; every date of the example follows from it.
    seed
        Which order book: another seed draws other styles, colours and dates of the same amount of work.
    language
        ``en``, ``zh-Hant`` or ``zh-Hans``: names of people, customers, steps, groups, colours and sizes. Codes stay.
    """
    f = figures("knit", language)
    factory = _factory(f, now)
    return filled(f, factory, seed)


def _factory(f: Tree, now: datetime) -> Factory:
    """All that does not depend on the order book."""
    base = Factory(settings=settings(now))
    machines = tuple(_machines(f))
    return replace(
        base,
        machines=machines,
        calendars=tuple(_calendars(f, base.settings.now)),
        people=tuple(_people(f)),
        items=tuple(_items(f)),
        bill=tuple(_bill(f)),
        routing=tuple(_routing(f, machines)),
        setups=tuple(_setups(f)),
    )


# ---------------------------------------------------------------------------------------- machines, people, time
def _machines(f: Tree) -> Iterator[Machine]:
    """The flat machines in rows between aisles, one gauge after the other, then the rest."""
    floor, names = f["floor"], iter(range(1, 1 + len(f["floor"]["rows_y_m"]) * len(f["floor"]["columns_x_m"])))
    places = [(x, y) for y in floor["rows_y_m"] for x in floor["columns_x_m"]]
    for gauge in f["gauges"].values():
        numbers = [next(names) for _ in range(gauge["machines"])]
        kind = f["flat_machine"] | {
            "names": [f"K{n:02}" for n in numbers],
            "group": gauge["group"],
            "zone": True,
            "x_m": [places[n - 1][0] for n in numbers],
            "y_m": [places[n - 1][1] for n in numbers],
            "area_m2": floor["machine_area_m2"],
        }
        for m in equipment(kind, f["zone"]["name"]):
            yield replace(m, calendar=m.name) if m.name == f["story"]["down_machine"] else m
    for kind in f["equipment"]:
        yield from equipment(kind)


def _calendars(f: Tree, now: datetime) -> Iterator[Calendar]:
    days, story = f["week"]["days"], f["story"]
    for shift in f["shifts"].values():
        yield weekly(shift["name"], shift_spans(shift), days)
        yield weekly(shift["tending"], shift_spans(shift, with_break=False), days)
    yield weekly(story["down_machine"], ((0, DAY_S),), 7, down_dates(story, now, days))


def down_dates(story: Tree, now: datetime, days: int) -> dict[date, tuple[Span, ...]]:
    """The machine that stands still: today until it broke, and again from when the mechanic promises it."""
    back = day_after(now, 1, days)
    still = {now.date() + timedelta(days=i): () for i in range(1, (back - now.date()).days)}
    return {now.date(): ((0, of_day(story["down_since"])),), **still, back: ((of_day(story["down_until"]), DAY_S),)}


def _people(f: Tree) -> Iterator[Person]:
    for p in f["people"]:
        tends = p.get("tends", False)
        yield Person(
            name=p["name"],
            calendar=f["shifts"][p["shift"]]["tending" if tends else "name"],
            skills=frozenset(f["skills"][s] for s in p["skills"]),
            tends=f["zone"]["name"] if tends else None,
            max_machines=f["zone"]["machines_per_tender"] if tends else None,
            cost_per_hour_cents=cents(p["cost_per_hour"]),
        )


# ---------------------------------------------------------------------------------------- products
def dye_lots(f: Tree) -> dict[tuple[str, str], int]:
    """The dye lot that lies in the store, by quality and colour: one garment never mixes two."""
    kinds = dict.fromkeys((s["yarn"], c) for s in f["styles"] for c in s["colours"])
    first: int = f["yarn"]["first_dye_lot"]
    return {kind: first + i for i, kind in enumerate(kinds)}


def yarn_name(quality: str, colour: str, lot: int) -> str:
    """A lot of yarn: quality, colour, dye lot."""
    return f"{quality}-{colour}-{lot}"


def _items(f: Tree) -> Iterator[Item]:
    for s in f["styles"]:
        for c in s["colours"]:
            yield Item(
                name=item_name(s, c),
                description=f"{s['name']} · {f['colours'][c]['name']}",
                weight_kg=Decimal(s["kg"]),
                price_cents=cents(s["price"]),
            )
    for (quality, colour), lot in dye_lots(f).items():
        yarn = f["yarns"][quality]
        words = (yarn["name"], f["colours"][colour]["name"], f"{f['yarn']['dye_lot']} {lot}")
        yield Item(
            name=yarn_name(quality, colour, lot),
            description=" · ".join(words),
            make=False,
            unit="kg",
            cost_cents=cents(yarn["cost_per_kg"]),
        )


def _bill(f: Tree) -> Iterator[BillLine]:
    waste, lots = 1 + Decimal(f["yarn"]["waste_pct"]) / 100, dye_lots(f)
    for s in f["styles"]:
        for c in s["colours"]:
            yarn = yarn_name(s["yarn"], c, lots[s["yarn"], c])
            yield BillLine(item=item_name(s, c), component=yarn, quantity=s["kg"] * waste, sequence=KNIT)


def _setups(f: Tree) -> Iterator[Setup]:
    """Same style, other colour; between styles the step's own time holds."""
    change = seconds(f["flat_machine"]["colour_change_min"])
    for s in f["styles"]:
        group = f["gauges"][s["gauge"]]["group"]
        for a in s["colours"]:
            for b in s["colours"]:
                if a != b:
                    yield Setup(group=group, from_family=item_name(s, a), to_family=item_name(s, b), setup_s=change)


def _routing(f: Tree, machines: tuple[Machine, ...]) -> Iterator[Step]:
    groups: dict[str, tuple[str, ...]] = {}
    for m in machines:
        groups[m.group] = (*groups.get(m.group, ()), m.name)
    by_first = {names[0][0]: names for names in groups.values()}
    for s in f["styles"]:
        for c in s["colours"]:
            item = item_name(s, c)
            if s.get("new", False):
                yield _hand(f, item, "approve", pieces_per_cycle=LARGEST_LOT)
            yield _knit_step(f, s, item, groups[f["gauges"][s["gauge"]]["group"]])
            for key in f["kinds"][s["kind"]]["steps"]:
                if key == "wash":
                    yield from _washing(f, s, c, item, by_first)
                elif key == "press":
                    minutes = f["hand"]["press"]["panel_minutes" if s["kind"] == "fashioned" else "minutes"]
                    yield _hand(
                        f, item, key, cycle_s=seconds(minutes), machines=by_first["S"], split_over=len(by_first["S"])
                    )
                elif key == "link":
                    box, several = f["linking"]["box"], len(by_first["L"])
                    yield _hand(f, item, key, machines=by_first["L"], transfer_batch=box, split_over=several)
                else:
                    yield _hand(f, item, key)


def _hand(f: Tree, item: str, key: str, **more: object) -> Step:
    hand = f["hand"][key]
    base = Step(
        item=item,
        sequence=SEQUENCE[key],
        name=hand["name"],
        cycle_s=seconds(hand["minutes"]),
        run_skill=f["skills"][hand["skill"]],
        max_lot=None if key == "approve" else f["bundles"]["garments"],
    )
    return replace(base, **more)  # type: ignore[arg-type]


def _knit_step(f: Tree, s: Tree, item: str, machines: tuple[str, ...]) -> Step:
    """One call each ``garments_per_cone_change``: change the cones and carry off what has dropped; yarn breaks come on top."""
    k = f["knitting"]
    garments = k["garments_per_cone_change"]
    return Step(
        item=item,
        sequence=KNIT,
        name=f["knit_step"]["name"],
        machines=machines,
        setup_s=seconds(f["gauges"][s["gauge"]]["setup_min"]),
        setup_skill=f["skills"]["setting"],
        setup_family=item,
        cycle_s=seconds(s["knit_min"]),
        attend_s=seconds(k["cone_change_min"] + garments * k["doff_min"]),
        unattended_cycles=garments - 1,
        service_cv=Decimal(k["service_cv"]),
        stops_per_hour=(k["stops_per_garment"] * 60 / s["knit_min"]).quantize(Decimal("0.001")),
        stop_s=seconds(k["stop_min"]),
        scrap_pct=Decimal(k["scrap_pct"]),
        split_over=k["split_over"],
        max_lot=f["bundles"]["garments"],
    )


def _washing(f: Tree, s: Tree, colour: str, item: str, machines: dict[str, tuple[str, ...]]) -> Iterator[Step]:
    fibre, depth = f["yarns"][s["yarn"]]["fibre"], f["colours"][colour]["depth"]
    wash, dry, skill = f["wash"], f["dry"], f["skills"]["washing"]
    common = Step(item=item, sequence=SEQUENCE["wash"], run_skill=skill, batch_per_piece=Decimal(s["kg"]))
    yield replace(
        common,
        name=wash["name"],
        machines=machines["W"],
        setup_family=f"{fibre}-{depth}",
        cycle_s=seconds(wash["batch_min"]),
        attend_s=seconds(wash["load_min"]),
        max_wait_s=seconds(wash["max_wait_min"]),
        split_over=len(machines["W"]),
    )
    yield replace(
        common,
        sequence=DRY,
        name=dry["name"],
        machines=machines["D"],
        setup_family=fibre,
        cycle_s=seconds(dry["batch_min"]),
        attend_s=seconds(dry["load_min"]),
        lag_s=seconds(dry["rest_min"]),
        split_over=len(machines["D"]),
    )
