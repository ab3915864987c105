"""The model: one method a rule of the shop, each at most as strict as the rule, so that the model's best is never above a legal plan's."""

from __future__ import annotations

from collections.abc import Sequence

from fong.plan.cpsat.draft import Draft, Held
from fong.plan.cpsat.goal import Goal
from fong.plan.cpsat.machines import Machines
from fong.plan.cpsat.order import Order
from fong.plan.cpsat.placing import Placing
from fong.plan.cpsat.setups import Setups
from fong.plan.cpsat.sheet import FAR, At, fixed
from fong.plan.cpsat.shop import Lot, Shop
from fong.plan.cpsat.supplies import Supplies


class Model(Draft):
    """All lots of a shop, for one objective, better than ``upper``.

    Parameters
    ----------
    lots
        What is to be done.
    upper
        Plans as costly as this are left out; None: none is.
    least
        A value that no plan beats.
    held
        Lots that stay where they are, by their number.
    least_run
        Seconds that a lot's run takes at least, by its number (for what the model cannot know, such as waits in zones).
    """

    def __init__(
        self,
        shop: Shop,
        goal: Goal,
        lots: Sequence[Lot],
        upper: int | None = None,
        *,
        least: int | None = None,
        held: dict[int, Held] | None = None,
        least_run: dict[int, int] | None = None,
    ) -> None:
        super().__init__(shop, lots, held or {}, least_run or {})
        self.partial = held is not None
        self.goal = goal
        self.latest = [min(x, self.horizon) for x in goal.deadlines(upper)]
        if any(end > last for end, last in zip(shop.job_end, self.latest, strict=True)):
            self.sheet.broken = True
        Placing(self).write()
        Order(self).write()
        Machines(self).write()
        Setups(self).write()
        Supplies(self).write()
        self._objective(upper, least)

    def _objective(self, upper: int | None, least: int | None) -> None:
        """The costs of all jobs, less than those of the plan to beat."""
        kind = [self.shop.at("op_variant", op, 0) for op in range(self.problem.operations)]
        followed = {a for a, b in self.shop.pairs if kind[a] == kind[b]}
        ends: list[list[tuple[At, tuple[int, ...]]]] = [[] for _ in range(self.problem.jobs)]
        for placed in self.placed:
            if placed.lot.op not in followed or self.shop.of("step_box", placed.lot.op, 0) > 0:
                ends[placed.lot.job].append((placed.end, placed.there))
        for op, end in self.shop.running.items():
            ends[self.shop.job[op]].append((fixed(end), ()))
        self.goal.write(self.sheet, ends, self.latest)
        objective = self.sheet.proto.objective
        low = 0 if least is None else self.goal.least_raw(least)
        high = FAR if upper is None else self.goal.least_raw(upper) - 1
        terms = list(zip(objective.coeffs, objective.vars, strict=True))
        if low > high or high < 0:
            self.sheet.broken = True
        elif terms:
            self.sheet.linear(terms, [(low, high)])
