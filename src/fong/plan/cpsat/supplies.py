"""People, tools and material: what lots share besides machines."""

from __future__ import annotations

from collections import defaultdict

from fong.plan.cpsat.draft import Draft, Placed
from fong.plan.cpsat.sheet import fixed


class Supplies:
    """What the lots of a draft share besides machines."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.sheet = draft.sheet
        self.shop = draft.shop

    def write(self) -> None:
        """All of it."""
        self._people()
        self._tools()
        self._materials()

    def _people(self) -> None:
        """Nobody is held twice at a time; people who are alike are counted."""
        holds: dict[int, list[int]] = defaultdict(list)
        for placed in self.draft.placed:
            if placed.lot.loose:
                continue
            for crew, when in placed.run_by.items():
                if all(w.run_s > 0 for w in placed.lot.ways):
                    holds[crew].append(self.sheet.interval(placed.start, placed.end, when))
            for crew, when in placed.set_by.items():
                if placed.moves or placed.begin != placed.ready:
                    holds[crew].append(self.sheet.interval(placed.begin, placed.ready, when))
        for crew, intervals in holds.items():
            self.draft.share(intervals, [], len(self.shop.crews[crew].people))

    def _tools(self) -> None:
        """No more tools of a kind are held than there are, from set-up start to run end; work in progress holds its own."""
        if not len(self.draft.problem.step_tool):
            return
        users: dict[int, list[int]] = defaultdict(list)
        for placed in self.draft.placed:
            tool = self.shop.of("step_tool", placed.lot.op, -1)
            if tool >= 0 and not placed.lot.loose and all(w.run_s > 0 for w in placed.lot.ways):
                users[tool].append(self.sheet.interval(placed.begin, placed.end, placed.there))
        for tool, intervals in users.items():
            ends = [e for op, e in self.shop.running.items() if self.shop.of("step_tool", op, -1) == tool and e > 0]
            quantity = self.shop.at("tool_quantity", tool, 0)
            if quantity <= 0:
                self.sheet.broken = True
            self.draft.share(intervals, ends, quantity)

    def _materials(self) -> None:
        """All that has been taken has come: what is yet to come is held by its receipts until then, what is taken is held for good."""
        p = self.draft.problem
        if not len(p.use_ptr):
            return
        users: dict[int, list[tuple[Placed, int]]] = defaultdict(list)
        for placed in self.draft.placed:
            lot = placed.lot
            for u in range(self.shop.at("use_ptr", lot.step, 0), self.shop.at("use_ptr", lot.step + 1, 0)):
                micro = lot.pieces * self.shop.at("use_micro", u, 0)
                if micro > 0 and not lot.loose:
                    users[self.shop.at("use_item", u, 0)].append((placed, micro))
        for item, some in users.items():
            self._material(item, some)

    def _material(self, item: int, users: list[tuple[Placed, int]]) -> None:
        shop, sheet = self.shop, self.sheet
        forever = self.draft.horizon + 1
        total = shop.at("stock_micro", item, 0)
        intervals, demands = [], []
        for r in range(shop.at("receipt_ptr", item, 0), shop.at("receipt_ptr", item + 1, 0)):
            at, micro = shop.at("receipt_at_s", r, 0), shop.at("receipt_micro", r, 0)
            total += micro
            if at > 0:
                intervals.append(sheet.interval(fixed(0), fixed(min(at, forever))))
                demands.append(micro)
        for placed, micro in users:
            intervals.append(sheet.interval(placed.start, fixed(forever), placed.there))
            demands.append(micro)
        if total < 0:
            sheet.broken = True
        else:
            sheet.within(intervals, demands, total)
