"""The example workshop ``cnc``: mills with and without pallets, bar-fed lathes, EDM; two setters as the neck."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType

from fong.examples.cnc_orders import filled
from fong.examples.equipment import LARGEST_LOT, equipment
from fong.examples.figures import Tree, cents, figures, of_day, seconds
from fong.examples.hours import DAY_S, day_after, settings, shift_spans
from fong.model import AtGap, BillLine, Calendar, Factory, Item, Machine, Person, Setup, Step, Tool, Workshop

SIDES = (10, 20, 30)
FIVE, TURN, FLANGE_SIDE, SINK = 110, 10, 20, 20
DEBURR, MEASURE, PLATE, PACK = 40, 50, 60, 70
OTHER_VARIANT = 100
"""Added to the sequences that follow a 5-axis step: a sequence names its variant."""
SATURDAY = 5


def cnc(now: datetime, seed: int = 1, *, language: str = "en") -> Workshop:
    """The machine shop on the Wednesday, 10:20, of the week of ``now``.

    Parameters
    ----------
    now
        An aware moment; every date of the example follows from it.
    seed
        Which order book: another seed draws other parts and dates of the same number and sizes.
    language
        ``en``, ``zh-Hant`` or ``zh-Hans``: names of people, customers, steps, groups and tools. Codes stay.
    """
    f = figures("cnc", language)
    return filled(f, _factory(f, now), seed)


def _factory(f: Tree, now: datetime) -> Factory:
    """All that does not depend on the order book."""
    base = Factory(settings=settings(now))
    machines = tuple(m for kind in f["equipment"] for m in equipment(kind, f["zone"]["name"]))
    return replace(
        base,
        machines=machines,
        calendars=tuple(_calendars(f, base.settings.now)),
        people=tuple(_people(f)),
        items=tuple(_items(f)),
        bill=tuple(
            BillLine(item=p["code"], component=p["material"], quantity=Decimal(p["quantity"])) for p in f["parts"]
        ),
        routing=tuple(s for p in f["parts"] for s in Routing(f, p, machines).steps()),
        setups=tuple(_setups(f)),
        tools=tuple(Tool(name=x["tool"], quantity=x["quantity"]) for x in f["families"].values() if "tool" in x),
    )


def _calendars(f: Tree, now: datetime) -> Iterator[Calendar]:
    """Whole days from Monday to Friday, Saturday mornings, but nobody on this week's Saturday; and the van's window."""
    days, saturday = f["week"]["days"], of_day(f["week"]["saturday_end"])
    closed = MappingProxyType({day_after(now, SATURDAY - now.weekday(), 7): ()})
    for shift in f["shifts"].values():
        spans = shift_spans(shift)
        week = [spans if i < days else () for i in range(7)]
        week[SATURDAY] = ((spans[0][0], saturday),)
        yield Calendar(name=shift["name"], week=tuple(week), dates=closed)
    van = f["plating"]
    window = (of_day(van["van_start"]), of_day(van["van_end"]))
    yield Calendar(name=van["van"], week=tuple((window,) if i == van["van_weekday"] else () for i in range(7)))


def _people(f: Tree) -> Iterator[Person]:
    for p in f["people"]:
        tends = p.get("tends", False)
        yield Person(
            name=p["name"],
            calendar=f["shifts"][p["shift"]]["name"],
            skills=frozenset(f["skills"][s] for s in p["skills"]),
            tends=f["zone"]["name"] if tends else None,
            max_machines=f["zone"]["machines_per_tender"] if tends else None,
            cost_per_hour_cents=cents(p["cost_per_hour"]),
        )


def _items(f: Tree) -> Iterator[Item]:
    for p in f["parts"]:
        yield Item(name=p["code"], description=p["name"], price_cents=cents(p["price"]))
    for code, m in f["materials"].items():
        yield Item(name=code, description=m["name"], make=False, unit=m["unit"], cost_cents=cents(m["cost"]))


def _setups(f: Tree) -> Iterator[Setup]:
    groups = {kind["key"]: kind["group"] for kind in f["equipment"]}
    for matrix in f["changeovers"]:
        for a, row in zip(matrix["families"], matrix["minutes"], strict=True):
            for b, minutes in zip(matrix["families"], row, strict=True):
                yield Setup(group=groups[matrix["key"]], from_family=a, to_family=b, setup_s=seconds(minutes))


class Routing:
    """The routing of one part."""

    def __init__(self, f: Tree, part: Tree, machines: tuple[Machine, ...]) -> None:
        self.f, self.part = f, part
        self.family: str = part["code"].split("-")[0]
        self.of: Tree = f["families"][self.family]
        groups = {kind["key"]: kind["group"] for kind in f["equipment"]}
        self.machines = {key: tuple(m.name for m in machines if m.group == g) for key, g in groups.items()}

    def steps(self) -> Iterator[Step]:
        """All rows, both variants of a prismatic part."""
        yield from getattr(self, f"_{self.of['route']}")()

    def _prismatic(self) -> Iterator[Step]:
        for i, (sequence, minutes) in enumerate(zip(SIDES, self.part["sides_min"], strict=True)):
            yield self._mill(sequence, i + 1, minutes, first=i == 0)
        yield from self._finishing()
        yield self._five()
        yield from (replace(s, sequence=s.sequence + OTHER_VARIANT, variant="B") for s in self._finishing())

    def _flange(self) -> Iterator[Step]:
        yield self._turn()
        yield self._mill(FLANGE_SIDE, 1, self.part["sides_min"][0], first=False)
        yield from self._finishing()

    def _shaft(self) -> Iterator[Step]:
        yield self._turn()
        yield from self._finishing()

    def _insert(self) -> Iterator[Step]:
        yield self._mill(SIDES[0], 1, self.part["sides_min"][0], first=False)
        yield self._sink()
        yield self._measure(one_in=1)
        yield self._pack()

    def _base(self, key: str, sequence: int, machine: str, cycle_s: int) -> Step:
        """A step with calls on machines of the hall."""
        step = self.f["steps"][key]
        return Step(
            item=self.part["code"],
            sequence=sequence,
            name=step["name"],
            machines=self.machines[machine],
            setup_s=seconds(step["setup_min"]),
            setup_skill=self.f["skills"][step["skill"]],
            setup_family=self.family,
            cycle_s=cycle_s,
            service_cv=Decimal(self.f["machining"]["service_cv"]),
            stops_per_hour=Decimal(step.get("stops_per_hour", 0)),
            stop_s=seconds(step.get("stop_min", 0)),
        )

    def _scrap(self) -> Decimal:
        return Decimal(self.f["machining"]["scrap_pct"])

    def _mill(self, sequence: int, side: int, minutes: Decimal, *, first: bool) -> Step:
        """One side on a 3-axis mill, ``in_vice`` pieces a cycle; the operator changes them after each cycle."""
        mill, pieces = self.f["steps"]["mill"], self.part["in_vice"]
        step = self._base("mill", sequence, "three", seconds(minutes * pieces))
        return replace(
            step,
            name=step.name.format(side=side),
            pieces_per_cycle=pieces,
            attend_s=seconds(mill["attend_min"] + mill["attend_piece_min"] * pieces),
            tool=self.of.get("tool"),
            scrap_pct=self._scrap() if first else Decimal(0),
        )

    def _five(self) -> Step:
        five = self.f["steps"]["five"]
        step = self._base("five", FIVE, "five", seconds(self.part["five_min"]))
        return replace(
            step,
            attend_s=seconds(five["attend_min"]),
            unattended_cycles=five["pallets"] - 1,
            scrap_pct=self._scrap(),
            variant="B",
        )

    def _turn(self) -> Step:
        """A magazine of bars is one call, however many pieces it holds."""
        turn = self.f["steps"]["turn"]
        step = self._base("turn", TURN, "lathe", seconds(self.part["turn_min"]))
        pieces = int(turn["magazine_m"] / self.part["quantity"])
        return replace(
            step, attend_s=seconds(turn["attend_min"]), unattended_cycles=pieces - 1, scrap_pct=self._scrap()
        )

    def _sink(self) -> Step:
        step = self._base("sink", SINK, "edm", seconds(self.part["sink_min"]))
        return replace(step, attend_s=seconds(self.f["steps"]["sink"]["attend_min"]))

    def _finishing(self) -> Iterator[Step]:
        yield replace(self._hand("deburr", DEBURR, self.part["deburr_min"]), machines=self.machines["deburr"])
        yield self._measure(one_in=self.f["steps"]["measure"]["one_in"])
        if self.part.get("plated", False):
            plating = self.f["plating"]
            outside_s = plating["days"] * DAY_S
            yield replace(self._plain(PLATE, plating["name"]), outside_s=outside_s, collect=plating["van"])
        yield self._pack()

    def _pack(self) -> Step:
        pack = self.f["steps"]["pack"]
        return replace(self._hand("pack", PACK, pack["minutes"]), pieces_per_cycle=LARGEST_LOT)

    def _measure(self, *, one_in: int) -> Step:
        """One part in so many on the measuring machine, by the inspector, who sets it up and does not leave it half done."""
        measure = self.f["steps"]["measure"]
        return replace(
            self._hand("measure", MEASURE, measure["minutes"]),
            machines=self.machines["cmm"],
            pieces_per_cycle=one_in,
            setup_s=seconds(measure["setup_min"]),
            setup_skill=self.f["skills"][measure["skill"]],
            setup_family=self.part["code"],
            at_gap=AtGap.FIT,
        )

    def _plain(self, sequence: int, name: str) -> Step:
        return Step(item=self.part["code"], sequence=sequence, name=name)

    def _hand(self, key: str, sequence: int, minutes: Decimal) -> Step:
        step = self.f["steps"][key]
        return replace(
            self._plain(sequence, step["name"]),
            cycle_s=seconds(minutes),
            run_skill=self.f["skills"][step["skill"]],
        )
