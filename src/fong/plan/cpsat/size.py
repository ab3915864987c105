"""How large a model would be, told before it is built."""

from __future__ import annotations

from collections.abc import Sequence

from fong.plan.cpsat.changeovers import Changeovers
from fong.plan.cpsat.shop import Lot, Shop

MOST_LINES = 250_000
"""Lines of a model: above, a prover would take about 1 GB (3 to 4 kB a line, measured) and mostly find no plan within minutes."""
_MOST_LOTS = 20_000


def too_large(shop: Shop, lots: Sequence[Lot]) -> bool:
    """Whether the model is not worth building."""
    return len(lots) > _MOST_LOTS or lines(shop, lots) > MOST_LINES


def lines(shop: Shop, lots: Sequence[Lot]) -> int:
    """About how many variables and constraints the model has."""
    p = shop.problem
    windows = len(p.win_open_s) // max(1, len(p.cal_ptr) - 1)
    ordered = len(p.setup_s) > 0 or len(p.step_family) > 0
    total = 0
    users: dict[int, int] = {}
    for lot in lots:
        ways = sum(1 for _ in lot.ways)
        crews = max(1, len(shop.runners(lot)))
        total += 4 + 4 * ways + (3 * ways * crews * min(windows, 6) if windows else 2 * ways * (crews - 1))
        for w in lot.ways if ordered or len(p.machine_batch_milli) else ():
            users[w.machine] = users.get(w.machine, 0) + 1
    if sum(3 * n * n for n in users.values()) > MOST_LINES:
        return MOST_LINES + 1
    return total + 3 * Changeovers(shop, lots).arcs()
