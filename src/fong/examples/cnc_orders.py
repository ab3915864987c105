"""The order book of ``cnc``, what is under way at the start, the dates that were promised, and the stock on the rack."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import ROUND_UP, Decimal

from fong.examples.dates import Collections, minute_at
from fong.examples.dice import Dice, quantities
from fong.examples.earliest import Earliest
from fong.examples.figures import Tree, cents, of_day
from fong.examples.hours import DAY_S, HOUR_S, Hours, at, began, day_after, finish, worked
from fong.examples.routes import Routes
from fong.model import Factory, OrderLine, Receipt, State, Step, WorkInProgress, Workshop

INSERTS = "INS"
FIVE, DEBURR, PLATE = 110, 40, 60
TENTH = Decimal("0.1")


@dataclass(slots=True)
class Draft:
    """One order of one part while it is being written; ``rows``: its work in progress."""

    number: str
    part: Tree
    quantity: int
    due: datetime | None = None
    rows: list[WorkInProgress] = field(default_factory=list)

    @property
    def family(self) -> str:
        """The part's set-up family."""
        return str(self.part["code"].split("-")[0])


def filled(f: Tree, factory: Factory, seed: int) -> Workshop:
    """The factory with its orders, work in progress, dates and stock."""
    dice = Dice(seed)
    book = drafts(f, dice)
    factory = Floor(f, factory, book, dice).begin()
    factory = with_stock(f, factory, book)
    Promises(f, factory, book).make()
    book.sort(key=lambda d: int(d.number))
    return Workshop(
        factory=factory,
        orders=tuple(order_line(f, d) for d in book),
        state=State(work=tuple(r for d in book for r in d.rows)),
    )


def drafts(f: Tree, dice: Dice) -> list[Draft]:
    """All orders without their dates, in the order in which they were promised: every part at least once."""
    o = f["orders"]
    sizes = quantities(o["count"], float(o["median"]), float(o["sigma"]), o["smallest"], o["largest"])
    rounds = -(-len(sizes) // len(f["parts"]))
    parts = [p for _ in range(rounds) for p in dice.shuffled(f["parts"])][: len(sizes)]
    inserts = [p for p in parts if p["code"].startswith(INSERTS)]
    others = [p for p in parts if not p["code"].startswith(INSERTS)]
    small = [min(q, o["largest_insert"]) for q in sizes[: len(inserts)]]
    pairs = [*zip(inserts, small, strict=True), *zip(others, dice.shuffled(sizes[len(inserts) :]), strict=True)]
    numbers = dice.shuffled([str(o["first_number"] + i) for i in range(len(pairs))])
    return dice.shuffled([Draft(n, p, q) for n, (p, q) in zip(numbers, pairs, strict=True)])


def order_line(f: Tree, draft: Draft) -> OrderLine:
    """The order's row in the table ``orders``."""
    customer, price = f["customers"][draft.part["customer"]], cents(draft.part["price"])
    return OrderLine(
        order=draft.number,
        customer=customer["name"],
        item=draft.part["code"],
        quantity=draft.quantity,
        due=draft.due,
        weight_milli=int(customer["weight"] * 1000),
        late_cost_per_day_cents=round(price * draft.quantity * customer["late_pct_day"] / 100),
        price_cents=price,
    )


class Floor:
    """What is under way: lots behind the machines, at the plater's, and on the machines."""

    def __init__(self, f: Tree, factory: Factory, book: list[Draft], dice: Dice) -> None:
        self.f, self.base, self.book, self.dice = f, factory, book, dice
        self.now = factory.settings.now
        self.routes = Routes(factory)
        self.present: dict[str, str] = {}

    def begin(self) -> Factory:
        """Write the rows, and return the factory with each machine's present set-up."""
        self._behind_the_machines()
        self._at_the_plater()
        self._on_the_machines()
        machines = tuple(replace(m, present_family=self.present.get(m.name)) for m in self.base.machines)
        return replace(self.base, machines=machines)

    def _fresh(self) -> list[Draft]:
        late = self.f["stock"]["late_material"]
        return [d for d in self.book if not d.rows and d.part["material"] != late and d.family != INSERTS]

    def _behind_the_machines(self) -> None:
        """Machined and not yet deburred; the first lot half deburred."""
        for i, draft in enumerate(self._fresh()[: self.f["story"]["finishing_orders"]]):
            last = max(s.sequence for s in self.routes.steps[draft.part["code"]] if s.sequence < DEBURR)
            draft.rows.append(self._row(draft, last, self._started(draft, last)))
            if i == 0 and draft.quantity > 1:
                draft.rows.append(self._row(draft, DEBURR, draft.quantity // 2))

    def _at_the_plater(self) -> None:
        """Fetched by last week's van, brought back by this week's."""
        van = self.f["plating"]
        day = day_after(self.now, (van["van_weekday"] - self.now.weekday()) % 7, 7)
        back = at(day, self.now, of_day(van["van_end"]))
        plated = [d for d in self._fresh() if d.part.get("plated", False)]
        for draft in plated[: self.f["story"]["plating_orders"]]:
            draft.rows.append(replace(self._row(draft, PLATE, 0), started=back - timedelta(days=7), ends=back))

    def _on_the_machines(self) -> None:
        """Lots on some machines of each kind; the others stand with the set-up of what they ran last."""
        for kind in self.f["equipment"]:
            key, names = kind["key"], self.dice.shuffled(kind["names"])
            able = [s for s in self.base.routing if names[0] in s.machines and s.setup_family]
            if not kind.get("zone", False):
                continue
            for name in names[: self.f["story"]["running"][key]]:
                self._put_on(name)
            for name in names:
                self.present.setdefault(name, self.dice.pick(able).setup_family or "")

    def _put_on(self, machine: str) -> None:
        for draft in self.book:
            step = next((s for s in self.routes.steps[draft.part["code"]] if machine in s.machines), None)
            ready = not draft.rows and draft.part["material"] != self.f["stock"]["late_material"]
            first = step is not None and step.sequence == min(
                s.sequence for s in self.routes.steps[step.item] if s.variant == step.variant
            )
            sunk = step is not None and draft.family == INSERTS and not first
            if step is not None and ready and (first or sunk):
                self._running(draft, step, machine)
                return

    def _running(self, draft: Draft, step: Step, machine: str) -> None:
        """The lot has as much left as can be done in ``longest_left_h``, or less."""
        whole = self._started(draft, step.sequence)
        cycles = -(-whole // step.pieces_per_cycle)
        most = max(1, min(cycles, int(float(self.f["story"]["longest_left_h"]) * HOUR_S / step.cycle_s)))
        left = 1 + self.dice.below(most)
        on = next(m for m in self.base.machines if m.name == machine)
        row = self._row(draft, step.sequence, max(0, whole - left * step.pieces_per_cycle))
        since = began(self.base, on, step, (cycles - left + 1) * step.cycle_s)
        until = minute_at(self.now, left * step.cycle_s)
        draft.rows.append(replace(row, machine=machine, started=since, ends=until))
        self.present[machine] = step.setup_family or ""

    def _row(self, draft: Draft, sequence: int, done: int) -> WorkInProgress:
        return WorkInProgress(order=draft.number, sequence=sequence, done_pieces=done)

    def _started(self, draft: Draft, sequence: int) -> int:
        return self.routes.started(draft.part["code"], draft.quantity)[sequence]


def with_stock(f: Tree, factory: Factory, book: list[Draft]) -> Factory:
    """Stock for the lots that have not begun; one material is late, parts of two others are on their way."""
    stock, now, days = f["stock"], factory.settings.now, f["week"]["days"]
    need: dict[str, Decimal] = defaultdict(Decimal)
    for draft in book:
        if not draft.rows:
            # One piece more than ordered covers the scrap of the smallest lots as well.
            need[draft.part["material"]] += draft.part["quantity"] * (draft.quantity + 1 + draft.quantity // 20)
    on_hand = {m: (n * stock["cover"]).quantize(TENTH, ROUND_UP) for m, n in need.items()}
    late = stock["late_material"]
    late_at = at(day_after(now, stock["late_days"], days), now, of_day(stock["late_at"]))
    receipts = [Receipt(item=late, quantity=on_hand.pop(late), at=late_at)]
    short_at = at(day_after(now, stock["short_days"], days), now, of_day(stock["late_at"]))
    for m in stock["short_materials"]:
        here = (on_hand[m] * stock["short_share"]).quantize(TENTH, ROUND_UP)
        receipts.append(Receipt(item=m, quantity=on_hand[m] - here, at=short_at))
        on_hand[m] = here
    items = tuple(i if i.make else replace(i, on_hand=on_hand.get(i.name, Decimal(0))) for i in factory.items)
    return replace(factory, items=items, receipts=tuple(receipts))


class Promises:
    """Dates: what the people of set-ups and benches could bear when they were given, at the customers' hour of collection.

    Some are tight; three are late whatever one does: one overdue, one whose material is late, one that misses the van.
    """

    def __init__(self, f: Tree, factory: Factory, book: list[Draft]) -> None:
        self.f, self.factory, self.book = f, factory, book
        hands = [p for p in factory.people if p.skills]
        hours = Hours(factory)
        self.open, self.crew = hours.people(hands), hours.crew(hands)
        self.skilled = {s: hours.crew([p for p in hands if s in p.skills]) for p in hands for s in sorted(p.skills)}
        self.collections = Collections(factory.settings.now, f["week"]["days"])
        self.hour: int = f["customer_common"]["cutoff_hour"]
        self.earliest = Earliest(factory)

    def make(self) -> None:
        """Give each order its date."""
        self._by_load()
        self._tight(self._late())

    def _by_load(self) -> None:
        """Each order after those promised before it, as fast as all hands together and those of each skill can work."""
        o, work = self.f["orders"], dict.fromkeys(self.skilled, 0)
        for draft in sorted(self.book, key=lambda d: not d.rows):
            for skill, hand in self.hand_s(draft).items():
                work[skill] += hand
            longest = max(sum(work.values()) / self.crew, *(work[s] / crew for s, crew in self.skilled.items()))
            free = finish(self.open, 0, round(longest / float(o["neck_load"])))
            draft.due = self.collections.after(self._done(draft, free, round(float(o["margin_h"]) * HOUR_S)), self.hour)

    def _done(self, draft: Draft, free: int, margin: int) -> int:
        """When the order can be promised, if people are free for it at ``free``: what is plated goes with the next van after that."""
        if not draft.part.get("plated", False) or any(r.sequence == PLATE for r in draft.rows):
            return finish(self.open, max(free, self.bound(draft)), margin)
        ready = self.earliest.end(order_line(self.f, draft), draft.rows, before=PLATE)
        ready = finish(self.open, max(free, ready), margin)
        van = next(a for a, _ in self.earliest.hours.calendar(self.f["plating"]["van"]) if a >= ready)
        return finish(self.open, van + self.f["plating"]["days"] * DAY_S, margin // 2)

    def _late(self) -> set[str]:
        overdue = next(d for d in self.book if any(r.sequence == DEBURR for r in d.rows))
        overdue.due = self.collections.before(0, self.hour)
        fresh = [d for d in self.book if not d.rows]
        waits = next(d for d in fresh if d.part["material"] == self.f["stock"]["late_material"])
        misses = next(d for d in fresh if d.part.get("plated", False))
        for draft in (waits, misses):
            draft.due = self.collections.before(self.bound(draft), self.hour)
        return {overdue.number, waits.number, misses.number}

    def _tight(self, late: set[str]) -> None:
        """Orders that are collected soon after the quickest way through, the last promised first."""
        o, left = self.f["orders"], self.f["orders"]["tight"]
        least, most = (int(h) * HOUR_S for h in o["tight_slack_h"])
        for draft in reversed(self.book):
            if draft.rows or draft.number in late or not left:
                continue
            bound = self.bound(draft)
            due = self.collections.after(finish(self.open, bound, least), self.hour)
            if worked(self.open, self.collections.seconds(due)) - worked(self.open, bound) <= most:
                draft.due = due
                left -= 1

    def bound(self, draft: Draft) -> int:
        """Seconds before which the order cannot be finished."""
        return self.earliest.end(order_line(self.f, draft), draft.rows)

    def hand_s(self, draft: Draft) -> dict[str, int]:
        """Seconds of set-ups and handwork that are left, by skill, by the first variant."""
        done = max((r.sequence for r in draft.rows), default=-1)
        work: dict[str, int] = defaultdict(int)
        for s in self.earliest.routes.steps[draft.part["code"]]:
            if s.variant == "A" and s.sequence > done % FIVE:
                if s.run_skill:
                    work[s.run_skill] += s.cycle_s * -(-draft.quantity // s.pieces_per_cycle)
                if s.setup_skill:
                    work[s.setup_skill] += s.setup_s
        return work
