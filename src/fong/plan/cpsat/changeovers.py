"""Set-up times between lots on each machine: none, the same whatever ran before, or by order."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from fong.plan.cpsat.shop import Lot, Shop

Key = tuple[int, int]


class Changeovers:
    """All set-up times of some lots. A machine that may do lots which the model does not know one by one has the least times only."""

    def __init__(self, shop: Shop, lots: Sequence[Lot]) -> None:
        self.shop = shop
        self.lots = lots
        self._constant: dict[Key, int] = {}
        self._needs: dict[Key, set[int]] = {}  # of a lot on a machine where order matters
        self._mode: dict[Key, int] = {}
        self._users: dict[int, int] = {}
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
        needs = self._by_kind(machine, users)
        if all(len(x) == 1 for x in needs.values()):
            self._constant.update({(machine, i): next(iter(x)) for i, x in needs.items()})
            return
        self._users[machine] = len(users)
        self._mode.update({(machine, i): mode for i, mode in users})
        self._needs.update({(machine, i): x for i, x in needs.items()})

    def _by_kind(self, machine: int, users: list[tuple[int, int]]) -> dict[int, set[int]]:
        """All times that each lot's set-up may take. Lots of one family and own time are alike."""
        shop, lots = self.shop, self.lots
        families = Counter(shop.last_family(machine, lots[i]) for i, _ in users)
        operations = Counter(lots[i].op for i, _ in users)
        made: dict[tuple[int, int, bool], set[int]] = {}
        out = {}
        for i, mode in users:
            own = shop.last_family(machine, lots[i])
            key = (own, shop.at("mode_setup_s", mode, 0), families[own] > 1)
            if key not in made:
                before = [shop.last_family(machine, None), *(f for f, n in families.items() if f != own or n > 1)]
                made[key] = {shop.between(machine, f, lots[i], mode) for f in before}
            out[i] = made[key] | ({0} if operations[lots[i].op] > 1 else set())
        return out

    # ------------------------------------------------------------ questions
    def ordered(self, machine: int) -> bool:
        """Whether set-ups on a machine depend on what ran before."""
        return machine in self._users

    def constant(self, machine: int, lot: int) -> int:
        """Set-up of a lot on a machine where order does not matter."""
        return self._constant.get((machine, lot), 0)

    def seconds(self, machine: int, before: int, lot: int) -> int:
        """Set-up of a lot after another one (-1: none)."""
        if machine not in self._users:
            return self.constant(machine, lot)
        first = self.lots[before] if before >= 0 else None
        return self.shop.changeover(machine, first, self.lots[lot], self._mode[machine, lot])

    def arcs(self, moving: int) -> int:
        """How many pairs of lots may follow each other where order matters, if so many lots may move."""
        return sum(n * min(n, 2 * moving + 2) for n in self._users.values())

    def apart(self, lot: int) -> bool:
        """Whether the set-up of a lot is a hold of its own, with its own hours or people, and need not lie right before the run."""
        shop, mine = self.shop, self.lots[lot]
        if mine.loose:
            return False
        some = [
            w.machine
            for w in mine.ways
            if self.constant(w.machine, lot) > 0 or max(self._needs.get((w.machine, lot), ()), default=0) > 0
        ]
        if not some:
            return False
        closed = any(shop.at("machine_calendar", m, -1) >= 0 for m in some)
        return closed or shop.of("step_setup_skill", mine.op, -1) >= 0 or shop.of("step_tool", mine.op, -1) >= 0
