"""How large a model would be, told before it is built."""

from __future__ import annotations

from collections.abc import Container, Sequence

from fong.plan.cpsat.changeovers import Changeovers
from fong.plan.cpsat.machines import BATCH_PAIRS
from fong.plan.cpsat.shop import Lot, Shop

MOST_LINES = 250_000
"""Lines of a model: above, a prover would take about 1 GB (3 to 4 kB a line, measured) and mostly find no plan within minutes."""
_MOST_LOTS = 20_000


def too_large(shop: Shop, lots: Sequence[Lot], moving: Container[int] | None = None) -> bool:
    """Whether the model is not worth building. ``moving``: numbers of the lots that may move, None: all."""
    return len(lots) > _MOST_LOTS or lines(shop, lots, moving) > MOST_LINES


def lines(shop: Shop, lots: Sequence[Lot], moving: Container[int] | None = None) -> int:
    """About how many variables and constraints the model has."""
    p = shop.problem
    windows = len(p.win_open_s) // max(1, len(p.cal_ptr) - 1)
    total, free, together = 0, 0, dict[int, int]()
    for i, lot in enumerate(lots):
        if moving is not None and i not in moving:
            total += 2
            continue
        free += 1
        ways, crews = len(lot.ways), max(1, len(shop.runners(lot)))
        total += 4 + 4 * ways + (3 * ways * crews * min(windows, 6) if windows else 2 * ways * (crews - 1))
        for w in lot.ways:
            if w.batch:
                together[w.machine] = together.get(w.machine, 0) + 1
    pairs = sum(min(BATCH_PAIRS, n * len(lots)) for n in together.values())
    return total + 6 * pairs + 3 * Changeovers(shop, lots).arcs(free)
