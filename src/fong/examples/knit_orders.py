"""The order book of ``knit`` and the yarn that was bought for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import ROUND_UP, Decimal

from fong.examples.dice import Dice, quantities, shares
from fong.examples.figures import Tree, cents, of_day
from fong.examples.hours import at, day_after
from fong.model import Factory, OrderLine, Receipt

COLOUR_WEIGHTS = (4, 3, 2)
HALF_KILO = Decimal("0.5")


@dataclass(slots=True)
class Draft:
    """One order while it is being written: ``lines`` are (colour, size, garments); ``due`` comes last."""

    number: str
    style: Tree
    quantity: int
    lines: list[tuple[str, str, int]]
    due: datetime | None = None

    def item(self, line: int) -> str:
        """The item of a line, counted from 1: a style in a colour."""
        return item_name(self.style, self.lines[line - 1][0])


def item_name(style: Tree, colour: str) -> str:
    """An item is a style in a colour; the size stands in the order line."""
    return f"{style['code']}-{colour}"


def drafts(f: Tree, dice: Dice) -> list[Draft]:
    """All orders without their dates, in the order in which they were promised."""
    o, story = f["orders"], f["story"]
    sizes = quantities(o["count"], float(o["median"]), float(o["sigma"]), o["smallest"], o["largest"])
    late = min(sizes, key=lambda q: abs(q - story["late_yarn_garments"]))
    sizes.remove(late)
    choice = Choice(f, dice)
    picked = [(q, choice.style(q)) for q in reversed(sizes)]
    picked.append((late, next(s for s in f["styles"] if s.get("story", False))))
    numbers = dice.shuffled([str(o["first_number"] + i) for i in range(len(picked))])
    pairs = dice.shuffled(list(zip(numbers, picked, strict=True)))
    return [Draft(number, style, q, list(_split(f, style, q, dice))) for number, (q, style) in pairs]


class Choice:
    """Styles for quantities, the largest first, so that kinds and gauges get their shares of the work whatever the seed."""

    def __init__(self, f: Tree, dice: Dice) -> None:
        self.styles = [s for s in f["styles"] if not s.get("story", False)]
        self.dice = dice
        self.bulk_from: int = f["orders"]["bulk_from"]
        self.wanted = {k: float(v["share"]) for k, v in f["kinds"].items()}
        self.machines = {g: v["machines"] for g, v in f["gauges"].items()}
        self.garments: dict[str, int] = defaultdict(int)
        self.minutes: dict[str, float] = defaultdict(float)

    def style(self, quantity: int) -> Tree:
        """The style of the next order."""
        kind = min(self.wanted, key=lambda k: (self.garments[k] + quantity / 2) / self.wanted[k])
        gauge = min(self.machines, key=lambda g: self.minutes[g] / self.machines[g])
        fits = [s for s in self.styles if s["kind"] == kind and (quantity < self.bulk_from or s.get("bulk", False))]
        pool = [s for s in fits if s["gauge"] == gauge] or fits
        style: Tree = min(self.dice.shuffled(pool), key=lambda s: self.garments[s["code"]])
        self.garments[kind] += quantity
        self.garments[style["code"]] += quantity
        self.minutes[style["gauge"]] += quantity * float(style["knit_min"])
        return style


def _split(f: Tree, style: Tree, quantity: int, dice: Dice) -> Iterator[tuple[str, str, int]]:
    """The order's lines by colour and size."""
    o = f["orders"]
    most = 1 if quantity < o["one_colour_below"] else 3 if quantity >= o["three_colours_from"] else 2
    colours = dice.shuffled(style["colours"])[:most]
    sizes = f["sizes"][style["sizes"]]
    for colour, pieces in zip(colours, shares(quantity, COLOUR_WEIGHTS[: len(colours)]), strict=True):
        for size, n in zip(sizes["names"], shares(pieces, sizes["shares"]), strict=True):
            if n:
                yield colour, size, n


def order_lines(f: Tree, draft: Draft) -> Iterator[OrderLine]:
    """The lines of the table ``orders``."""
    o, customer = f["orders"], f["customers"][draft.style["customer"]]
    price = cents(draft.style["price"] * (1 + _markup(o, draft.quantity)))
    for i, (colour, size, n) in enumerate(draft.lines, 1):
        yield OrderLine(
            order=draft.number,
            line=i,
            customer=customer["name"],
            item=draft.item(i),
            quantity=n,
            due=draft.due,
            weight_milli=int(customer["weight"] * 1000),
            late_cost_per_day_cents=round(price * n * customer["late_pct_day"] / 100),
            price_cents=price,
            colour=f["colours"][colour]["name"],
            size=size,
        )


def _markup(o: Tree, quantity: int) -> Decimal:
    """Small lots cost more a garment."""
    markup = o["small_markup"] if quantity < o["small_below"] else o["mid_markup"] if quantity < o["mid_below"] else 0
    return Decimal(markup)


# ---------------------------------------------------------------------------------------- yarn
def with_yarn(
    f: Tree, factory: Factory, book: Sequence[Draft], left: dict[tuple[str, int], int], dice: Dice
) -> Factory:
    """Stock and receipts that cover the book; one lot is late, and parts of a few others are still on their way.

    Parameters
    ----------
    f, factory
        Figures, and the factory without stock.
    book
        Orders in the order in which they were promised.
    left
        Garments still to be started by (order, line).
    dice
        Where the draws come from.
    """
    story, yarn, now = f["story"], f["yarn"], factory.settings.now
    per_piece = {b.item: (b.component, b.quantity) for b in factory.bill}
    need: dict[str, Decimal] = defaultdict(Decimal)
    first: dict[str, int] = {}
    late = ""
    for position, draft in enumerate(book):
        for i in range(1, len(draft.lines) + 1):
            lot, quantity = per_piece[draft.item(i)]
            need[lot] += quantity * left[draft.number, i]
            first.setdefault(lot, position)
            late = lot if draft.style["code"] == story["late_yarn_style"] else late
    on_hand = {lot: _half_kilos(n * yarn["cover"]) for lot, n in need.items()}
    late_at = at(day_after(now, story["late_yarn_days"], f["week"]["days"]), now, of_day(story["late_yarn_at"]))
    receipts = [Receipt(item=late, quantity=on_hand.pop(late), at=late_at)]
    candidates = [lot for lot in on_hand if first[lot] >= len(book) // 3 and need[lot]]
    for lot in sorted(dice.shuffled(candidates)[: yarn["receipts"]]):
        here = _half_kilos(on_hand[lot] * yarn["on_hand_share"])
        morning = at(day_after(now, 1 + dice.below(2), f["week"]["days"]), now, 0) + timedelta(hours=10)
        receipts.append(Receipt(item=lot, quantity=on_hand[lot] - here, at=morning))
        on_hand[lot] = here
    items = tuple(replace(i, on_hand=on_hand.get(i.name, Decimal(0))) if not i.make else i for i in factory.items)
    return replace(factory, items=items, receipts=tuple(receipts))


def _half_kilos(quantity: Decimal) -> Decimal:
    return (quantity / HALF_KILO).to_integral_value(ROUND_UP) * HALF_KILO
