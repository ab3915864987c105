"""A model in the making: what all its parts read and write."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from fong.model import NEVER
from fong.plan.cpsat.changeovers import Changeovers
from fong.plan.cpsat.sheet import At, Sheet, fixed
from fong.plan.cpsat.shop import Lot, Shop


class Held(NamedTuple):
    """Where a lot that does not move lies; without a set-up ``begin`` and ``ready`` are its start. People: -1 nobody."""

    machine: int
    start: int
    end: int
    begin: int
    ready: int
    person: int
    setter: int
    batch: int = -1


@dataclass(slots=True, kw_only=True)
class Placed:
    """Variables of a lot. Literals under which something holds are tuples: empty means always."""

    lot: Lot
    start: At
    end: At
    begin: At  # set-up start, or run start
    ready: At  # set-up end, or run start
    there: tuple[int, ...] = ()
    ways: dict[int, tuple[int, ...]] = field(default_factory=dict)  # number of the way → literals; missing: impossible
    size: dict[int, int] = field(default_factory=dict)  # number of the way → its one duration
    run_by: dict[int, tuple[int, ...]] = field(default_factory=dict)  # crew → literals
    set_by: dict[int, tuple[int, ...]] = field(default_factory=dict)
    moves: bool = True
    lead: dict[int, int] = field(default_factory=dict)  # number of the way → constant set-up right before the run
    own_setup: bool = False  # begin and ready are variables of their own


class Draft:
    """Lots and their variables, on one sheet.

    ``latest``: of each job. ``partial``: the lots are those of a plan, of which only some may move. ``least_run``: seconds that a lot's run takes at least, by its number, where the model cannot know.
    """

    def __init__(self, shop: Shop, lots: Sequence[Lot], held: dict[int, Held], least_run: dict[int, int]) -> None:
        self.shop = shop
        self.problem = shop.problem
        self.sheet = Sheet()
        self.lots = lots
        self.held = held
        self.least_run = least_run
        self.by_op: dict[int, list[int]] = defaultdict(list)
        for i, lot in enumerate(lots):
            self.by_op[lot.op].append(i)
        self.horizon = _horizon(shop, lots, held, least_run)
        self.latest: list[int] = []
        self.partial = False
        self.changeovers = Changeovers(shop, lots)
        self.placed: list[Placed] = []
        self.users: dict[int, list[tuple[int, int]]] = defaultdict(
            list
        )  # machine → lots that may run there, and their way

    def share(self, intervals: list[int], busy_until: list[int], capacity: int) -> None:
        """Stretches of time share so many places, some of which are taken until certain moments (what is too much now is a fact)."""
        taken = sorted(busy_until, reverse=True)[:capacity]
        held = [self.sheet.interval(fixed(0), fixed(e)) for e in taken if e > 0]
        if capacity == 1:
            self.sheet.apart([*held, *intervals])
        elif capacity > 0:
            self.sheet.within([*held, *intervals], [1] * (len(held) + len(intervals)), capacity)

    def free_at(self, machine: int) -> int:
        """When the work that runs on a machine ends."""
        p = self.problem
        return max((int(e) for m, e in zip(p.wip_machine, p.wip_end_s, strict=True) if m == machine), default=0)


def _horizon(shop: Shop, lots: Sequence[Lot], held: dict[int, Held], least_run: dict[int, int]) -> int:
    """A moment by which all is done in any plan that wastes no time.

    After the last closing and the last thing that comes, some lot runs, is set up for, or lies out its lag at every moment: where nothing
    happens all that follows could be earlier.
    """
    p = shop.problem
    if any(w.calls for lot in lots for w in lot.ways):
        return NEVER - 1  # waits in zones are not known
    columns = (p.job_release_s, p.win_close_s, p.receipt_at_s)
    begin = [0, *shop.running.values(), *(h.end for h in held.values()), *(int(c.max()) for c in columns if len(c))]
    matrix = int(p.setup_s.max()) if len(p.setup_s) else 0
    work = sum(least_run.values())
    for lot in lots:
        own = max((shop.at("mode_setup_s", w.mode, 0) for w in lot.ways), default=0)
        extra = shop.of("step_attend_s", lot.op, 0) + shop.of("step_overtime_s", lot.op, 0)
        longest = max(shop.cycles(lot.op, lot.pieces) * w.cycle_s + w.run_s for w in lot.ways)
        sublots = lot.pieces if lot.loose else 1
        work += longest * sublots + max(own, matrix) * sublots + shop.of("step_lag_s", lot.op, 0) + extra
    return min(max(begin) + work + 1, NEVER - 1)
