"""Set-up times between lots on each machine: none, the same whatever ran before, or by order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from fong.plan.cpsat.shop import Lot, Shop

Key = tuple[int, int]


class Changeovers:
    """All set-up times of some lots. A machine that may do lots which the model does not know one by one has the least times only."""

    def __init__(self, shop: Shop, lots: Sequence[Lot]) -> None:
        self.shop = shop
        self.lots = lots
        self._constant: dict[Key, int] = {}
        self._table: dict[int, dict[Key, int]] = {}
        self.relaxed: set[int] = set()
        p = shop.problem
        if not len(p.mode_setup_s) and not len(p.setup_s):
            return
        users: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for i, lot in enumerate(lots):
            for way in lot.ways:
                if way.machine >= 0:
                    users[way.machine].append((i, way.mode))
                    if lot.loose or way.run_s <= 0:
                        self.relaxed.add(way.machine)
        for machine, some in users.items():
            self._measure(machine, [u for u in some if not lots[u[0]].loose])

    def _measure(self, machine: int, users: list[tuple[int, int]]) -> None:
        shop = self.shop
        if shop.at("machine_batch_milli", machine, 0) > 0:
            if any(shop.at("mode_setup_s", m, 0) for _, m in users) or len(shop.problem.setup_s):
                self.relaxed.add(machine)
            return
        if shop.at("machine_slots", machine, 1) > 1:
            self._constant.update({(machine, i): shop.at("mode_setup_s", m, 0) for i, m in users})
            return
        if machine in self.relaxed:
            self._constant.update({(machine, i): shop.spared[m] if shop.spared else 0 for i, m in users})
            return
        table: dict[Key, int] = {}
        for i, mode in users:
            for j in (-1, *(j for j, _ in users if j != i)):
                table[j, i] = shop.changeover(machine, self.lots[j] if j >= 0 else None, self.lots[i], mode)
        needs: dict[int, set[int]] = defaultdict(set)
        for (_, i), seconds in table.items():
            needs[i].add(seconds)
        if all(len(x) == 1 for x in needs.values()):
            self._constant.update({(machine, i): next(iter(x)) for i, x in needs.items()})
        else:
            self._table[machine] = table

    # ------------------------------------------------------------ questions
    def ordered(self, machine: int) -> bool:
        """Whether set-ups on a machine depend on what ran before."""
        return machine in self._table

    def constant(self, machine: int, lot: int) -> int:
        """Set-up of a lot on a machine where order does not matter."""
        return self._constant.get((machine, lot), 0)

    def seconds(self, machine: int, before: int, lot: int) -> int:
        """Set-up of a lot after another one (-1: none)."""
        table = self._table.get(machine)
        return self.constant(machine, lot) if table is None else table[before, lot]

    def arcs(self) -> int:
        """How many pairs of lots may follow each other where order matters."""
        return sum(len(t) for t in self._table.values())

    def apart(self, lot: int) -> bool:
        """Whether the set-up of a lot is a hold of its own, with its own hours or people, and need not lie right before the run."""
        shop, mine = self.shop, self.lots[lot]
        if mine.loose:
            return False
        some = [
            w.machine
            for w in mine.ways
            if self.constant(w.machine, lot) > 0
            or (w.machine in self._table and any(s > 0 for (_, i), s in self._table[w.machine].items() if i == lot))
        ]
        if not some:
            return False
        closed = any(shop.at("machine_calendar", m, -1) >= 0 for m in some)
        return closed or shop.of("step_setup_skill", mine.op, -1) >= 0 or shop.of("step_tool", mine.op, -1) >= 0
