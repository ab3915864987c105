"""What machines can do at once: slots, batches, groups that stay on one machine."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations

from fong.plan.cpsat.draft import Draft, Placed
from fong.plan.cpsat.sheet import fixed, negated

BATCH_PAIRS = 5000
"""Pairs of lots of a batch machine that are told to share a batch or not; above, only its capacity counts."""


class Machines:
    """The machines of a draft; set-ups and slots are in :mod:`fong.plan.cpsat.setups`."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.sheet = draft.sheet
        self.shop = draft.shop

    def write(self) -> None:
        """All that holds but slots."""
        self._modes()
        self._same_machine()
        self._split_over()

    def _modes(self) -> None:
        """Each lot runs on a machine that can do it; a batch machine takes several lots at once, up to its capacity."""
        users = self.draft.users
        for i, placed in enumerate(self.draft.placed):
            for k, way in enumerate(placed.lot.ways):
                if way.machine >= 0 and k in placed.ways and not placed.lot.loose:
                    users[way.machine].append((i, k))
        for machine, some in users.items():
            if self.shop.at("machine_batch_milli", machine, 0) > 0:
                self._batches(machine, some)

    def _batches(self, machine: int, users: list[tuple[int, int]]) -> None:
        """Lots on a batch machine at the same time are one batch: of one family, together from start to end, within the capacity."""
        sheet, shop = self.sheet, self.shop
        room = shop.at("machine_batch_milli", machine, 0)
        free = self.draft.free_at(machine)
        intervals, demands = [], []
        for i, k in users:
            placed = self.draft.placed[i]
            sheet.before(fixed(free), placed.start, 0, placed.ways[k])
            units = placed.lot.pieces * shop.of("step_batch_milli", placed.lot.op, 1000)
            if units > room:
                sheet.never(placed.ways[k])
            elif placed.lot.ways[k].run_s > 0:
                intervals.append(sheet.interval(placed.start, placed.end, placed.ways[k]))
                demands.append(units)
        sheet.within(intervals, demands, room)
        pairs = [
            (a, b) for a, b in combinations(users, 2) if self.draft.placed[a[0]].moves or self.draft.placed[b[0]].moves
        ]
        for (i, k), (j, q) in pairs if len(pairs) <= BATCH_PAIRS else ():
            a, b = self.draft.placed[i], self.draft.placed[j]
            if a.lot.ways[k].run_s > 0 and b.lot.ways[q].run_s > 0:
                self._one_batch_or_two(a, b, (*a.ways[k], *b.ways[q]))

    def _one_batch_or_two(self, a: Placed, b: Placed, when: tuple[int, ...]) -> None:
        """Two lots share a batch, or one is done before the other."""
        sheet = self.sheet
        first, second = sheet.literal(), sheet.literal()
        sheet.before(a.end, b.start, 0, (first,))
        sheet.before(b.end, a.start, 0, (second,))
        ways = [first, second]
        if self.shop.of("step_family", a.lot.op, -1) == self.shop.of("step_family", b.lot.op, -1):
            same = sheet.literal()
            sheet.equal(a.start, b.start, (same,))
            sheet.equal(a.end, b.end, (same,))
            ways.append(same)
        sheet.some([*ways, *(negated(x) for x in when)])

    def _same_machine(self) -> None:
        """All lots of one group on one machine, on that of the group's work in progress if there is any."""
        if not len(self.draft.problem.op_same):
            return
        groups: dict[int, list[Placed]] = defaultdict(list)
        for placed in self.draft.placed:
            group = self.shop.at("op_same", placed.lot.op, -1)
            if group >= 0 and not placed.lot.loose:
                groups[group].append(placed)
        p = self.draft.problem
        decided = {
            self.shop.at("op_same", o, -1): m for o, m in zip(p.wip_op.tolist(), p.wip_machine.tolist(), strict=True)
        }
        for group, some in groups.items():
            if group in decided:
                self._only_on(decided[group], some)
            else:
                self._together(some)

    def _split_over(self) -> None:
        """The lots of one operation are spread over no more machines than the step allows."""
        for op, some in self.draft.by_op.items():
            if len(some) == 1 or not any(self.draft.placed[i].moves for i in some):
                continue
            used = self._machines_of([self.draft.placed[i] for i in some])
            most = self.shop.of("step_split_over", op, 1)
            if len(used) > most:
                self.sheet.linear([(1, x) for x in used.values()], [(0, most)])

    def _only_on(self, machine: int, lots: list[Placed]) -> None:
        for placed in lots:
            for k, when in placed.ways.items():
                if placed.lot.ways[k].machine != machine:
                    self.sheet.never(when or placed.there)

    def _together(self, lots: list[Placed]) -> None:
        for a, b in combinations(self._machines_of(lots).values(), 2):
            self.sheet.never([a, b])

    def _machines_of(self, lots: list[Placed]) -> dict[int, int]:
        """A literal for each machine on which one of these lots may run: true if one does."""
        chosen: dict[int, int] = {}
        for placed in lots:
            for k, when in placed.ways.items():
                machine = placed.lot.ways[k].machine
                if machine not in chosen:
                    chosen[machine] = self.sheet.literal()
                self.sheet.some([chosen[machine], *(negated(y) for y in when)])
        return chosen
