"""The six objectives as whole numbers: raw costs that the solver adds up, and what they are worth in the objective's unit.

A value to beat becomes a latest completion of each job: whoever is later makes the plan no better by himself, for the others cost at
least what they cost alone.
"""

from __future__ import annotations

import math

from fong.model import NEVER
from fong.plan.cpsat.sheet import FAR, At, Sheet, fixed
from fong.plan.cpsat.shop import Shop

_DAY_S = 86_400


class Goal:
    """One objective of one problem."""

    def __init__(self, shop: Shop, objective: str) -> None:
        p = shop.problem
        self.shop = shop
        self.objective = objective
        jobs = range(p.jobs)
        self.due = [shop.at("job_due_s", j, NEVER) for j in jobs]
        self.release = sum(shop.at("job_release_s", j, 0) for j in jobs)
        name, default = {
            "weighted_tardiness": ("job_weight_milli", 1000),
            "late_cost": ("job_late_cents_day", 0),
        }.get(objective, ("", 1))
        self.weight = [shop.at(name, j, default) if name else default for j in jobs]
        names = p.names.orders
        self.order = [names[j][0] if names else str(j) for j in jobs]
        self.unit = math.gcd(*self.weight) or 1 if objective == "weighted_tardiness" else 1

    # ------------------------------------------------------------ raw costs and values
    def value(self, raw: int) -> int:
        """What raw costs are worth."""
        if self.objective == "weighted_tardiness":
            return raw * self.unit // 1000
        return raw - self.release if self.objective == "flow_time" else raw

    def least_raw(self, value: int) -> int:
        """The least raw costs that are worth so much."""
        if self.objective == "weighted_tardiness":
            return -(-1000 * value // self.unit)
        return value + self.release if self.objective == "flow_time" else value

    def cost(self, job: int, end: int) -> int:
        """Raw costs of a job that is done at ``end``."""
        if self.objective in {"makespan", "flow_time"}:
            return end
        late = max(0, end - self.due[job]) if self.due[job] < NEVER else 0
        if self.objective == "weighted_tardiness":
            return late * self.weight[job] // self.unit
        if self.objective == "late_cost":
            return (2 * late * self.weight[job] + _DAY_S) // (2 * _DAY_S)
        return late

    def deadlines(self, upper: int | None) -> list[int]:
        """Latest completion of each job in any plan better than ``upper``."""
        jobs = range(len(self.due))
        if upper is None or self.objective == "late_orders":
            return [FAR for _ in jobs]
        most = self.least_raw(upper) - 1
        if self.objective == "makespan":
            return [most for _ in jobs]
        alone = [self.cost(j, self.shop.job_end[j]) for j in jobs]
        rest = sum(alone)
        return [self._latest(j, most - rest + alone[j]) for j in jobs]

    def _latest(self, job: int, most: int) -> int:
        """Latest completion of a job at no more than such costs."""
        if self.objective == "flow_time":
            return most
        if self.due[job] >= NEVER or self.weight[job] == 0:
            return FAR
        if most < 0:
            return -1
        if self.objective == "late_cost":
            late = (2 * _DAY_S * (most + 1) - _DAY_S - 1) // (2 * self.weight[job])
        else:
            late = most * self.unit // self.weight[job]
        return self.due[job] + late

    # ------------------------------------------------------------ lines of the model
    def write(self, sheet: Sheet, ends: list[list[tuple[At, tuple[int, ...]]]], latest: list[int]) -> list[int]:
        """Write the costs of all jobs.

        Parameters
        ----------
        ends
            Of each job: its last ends, and the literals under which each of them counts.
        latest
            Latest completion of each job.

        Returns
        -------
        list[int]
            The variables whose weighted sum is minimised; weights as in the sheet's objective.
        """
        if self.objective == "makespan":
            terms = self._makespan(sheet, ends, latest)
        elif self.objective == "flow_time":
            terms = self._flow_time(sheet, ends, latest)
        elif self.objective == "late_orders":
            terms = self._late_orders(sheet, ends)
        else:
            terms = self._late(sheet, ends, latest)
        sheet.minimize(terms)
        return [v for _, v in terms]

    def _makespan(
        self, sheet: Sheet, ends: list[list[tuple[At, tuple[int, ...]]]], latest: list[int]
    ) -> list[tuple[int, int]]:
        """The last end of all."""
        most = sheet.var(max(self.shop.job_end, default=0), max(latest, default=0))
        for some in ends:
            for end, when in some:
                sheet.before(end, At(most), 0, when)
        return [(1, most)]

    def _flow_time(
        self, sheet: Sheet, ends: list[list[tuple[At, tuple[int, ...]]]], latest: list[int]
    ) -> list[tuple[int, int]]:
        """The completion of each job."""
        out = []
        for j, some in enumerate(ends):
            done = sheet.var(self.shop.job_end[j], latest[j])
            for end, when in some:
                sheet.before(end, At(done), 0, when)
            out.append((1, done))
        return out

    def _late_orders(self, sheet: Sheet, ends: list[list[tuple[At, tuple[int, ...]]]]) -> list[tuple[int, int]]:
        """An order is in time if all its lines are."""
        late: dict[str, int] = {}
        for j, some in enumerate(ends):
            if self.due[j] >= NEVER:
                continue
            if self.order[j] not in late:
                late[self.order[j]] = sheet.literal()
            mine = late[self.order[j]]
            if self.shop.job_end[j] > self.due[j]:
                sheet.some([mine])
            for end, when in some:
                sheet.before(end, fixed(self.due[j]), 0, (*when, -1 - mine))
        return [(1, x) for x in late.values()]

    def _late(
        self, sheet: Sheet, ends: list[list[tuple[At, tuple[int, ...]]]], latest: list[int]
    ) -> list[tuple[int, int]]:
        """Seconds late, weighted; or cents, each job's rounded to the nearest."""
        out = []
        for j, some in enumerate(ends):
            if self.due[j] >= NEVER or self.weight[j] == 0 or latest[j] <= self.due[j]:
                continue
            least = max(0, self.shop.job_end[j] - self.due[j])
            late = sheet.var(least, latest[j] - self.due[j])
            for end, when in some:
                sheet.before(end, At(late, self.due[j]), 0, when)
            if self.objective != "late_cost":
                out.append((self.weight[j] // self.unit, late))
                continue
            cents = sheet.var(self.cost(j, self.shop.job_end[j]), self.cost(j, latest[j]))
            sheet.linear([(2 * _DAY_S, cents), (-2 * self.weight[j], late)], [(1 - _DAY_S, 2**62)])
            out.append((1, cents))
        return out
